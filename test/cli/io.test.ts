// Text files of several makes are read, and a failure is told once.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CliFailure, systemIo, tellFailure } from '../../src/cli/io.js';
import type { Io } from '../../src/cli/io.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-io-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('systemIo.readFile', () => {
  it.each([
    ['UTF-8', Buffer.from('Jürgen')],
    ['UTF-8 with a byte order mark', Buffer.from('\uFEFFJürgen')],
    ['UTF-16 as PowerShell writes it', Buffer.from('\uFEFFJürgen', 'utf16le')],
  ])('reads %s', async (name, bytes) => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    expect(await systemIo.readFile(path)).toBe('Jürgen');
  });

  it('rejects where there is no such file', async () => {
    await expect(systemIo.readFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('tellFailure', () => {
  const told: string[] = [];
  const io: Io = {
    ...systemIo,
    stdout: (text) => void told.push(`out ${text}`),
    stderr: (text) => void told.push(`err ${text}`),
  };

  it('tells a sentence on stderr, or one object on stdout', () => {
    expect(tellFailure(io, new CliFailure(1, 'key-length', 'Too short.'))).toBe(1);
    expect(tellFailure(io, new CliFailure(2, 'profile-unknown', 'No such profile.', { json: true }))).toBe(2);
    expect(told).toEqual(['err Too short.\n', 'out {"refused":"profile-unknown","message":"No such profile."}\n']);
  });
});
