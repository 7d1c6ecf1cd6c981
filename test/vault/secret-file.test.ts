// A file with a PIN, a token or a passphrase: its first line, and nothing that others may read.
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createSecretFile, readSecretFile, readSecretLine } from '../../src/vault/secret-file.js';
import { inNewFolder, vaultError } from './support.js';

async function lineOf(content: string, mode = 0o600): Promise<string> {
  return await inNewFolder(async (folder) => {
    await writeFile(join(folder, 'secret'), content, { mode });
    return await readSecretLine(join(folder, 'secret'));
  });
}

describe('the line of a secret file', () => {
  it.each([
    ['1234', '1234'],
    ['1234\n', '1234'],
    [' 12 34 \r\nnot this\n', '12 34'],
  ])('%j is read as %j', async (content, line) => {
    await expect(lineOf(content)).resolves.toBe(line);
  });

  it.each(['', '\n1234', '  \n'])('%j is none', async (content) => {
    await expect(lineOf(content)).rejects.toThrow(vaultError('kek-malformed', /first line/));
  });

  it.each([0o640, 0o604, 0o610])('is not read from a file of mode %d', async (mode) => {
    await expect(lineOf('1234', mode)).rejects.toThrow(vaultError('kek-permissions', /chmod 600/));
  });
});

describe('a new secret file', () => {
  it('belongs to its owner alone, and is never written over another one', async () => {
    await inNewFolder(async (folder) => {
      const path = join(folder, 'secret');
      await createSecretFile(path, 'first');
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      await expect(createSecretFile(path, 'second')).rejects.toThrow(vaultError('kek-exists'));
      expect(Buffer.from(await readSecretFile(path)).toString()).toBe('first');
    });
  });
});
