// The KEK's file: made whole and private, never overwritten, refused in any other shape.
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { utf8 } from '../../src/lib/bytes.js';
import { createKekFile, openKekFile } from '../../src/vault/kek-file.js';
import { flipped, inNewFolder, newKek, vaultError } from './support.js';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';

function openText(text: string, mode = 0o600): Promise<unknown> {
  return inNewFolder(async (folder) => {
    const path = join(folder, 'kek');
    await writeFile(path, text);
    await chmod(path, mode);
    return openKekFile(path);
  });
}

describe('a new KEK file', () => {
  it('is private, says what it is for, and holds one key line', () =>
    inNewFolder(async (folder) => {
      const path = join(folder, 'kek');
      await createKekFile(path);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await readFile(path, 'utf8')).toMatch(/^(# .+\n){2}countersign-kek-v1 [A-Za-z0-9_-]{43}\n$/);
      expect(await readdir(folder)).toEqual(['kek']);
    }));

  it('opens to the same KEK', () =>
    inNewFolder(async (folder) => {
      const made = await createKekFile(join(folder, 'kek'));
      const opened = await openKekFile(join(folder, 'kek'));
      expect(opened.id).toBe(made.id);
      const wrapped = await made.wrap(utf8('data key'), utf8('row'));
      expect(await opened.unwrap(wrapped, utf8('row'))).toEqual(utf8('data key'));
    }));

  it('never overwrites one', () =>
    inNewFolder(async (folder) => {
      const path = join(folder, 'kek');
      const first = await createKekFile(path);
      await expect(createKekFile(path)).rejects.toThrow(vaultError('kek-exists', /never overwritten/));
      expect((await openKekFile(path)).id).toBe(first.id);
      expect(await readdir(folder)).toEqual(['kek']);
    }));

  it('is one, when two are made at once', () =>
    inNewFolder(async (folder) => {
      const path = join(folder, 'kek');
      const outcomes = await Promise.allSettled([createKekFile(path), createKekFile(path)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    }));

  it('needs its folder', () =>
    inNewFolder(async (folder) => {
      await expect(createKekFile(join(folder, 'none', 'kek'))).rejects.toThrow(vaultError('kek-missing'));
    }));
});

describe('openKekFile', () => {
  it('names the key by a digest of it', async () => {
    expect(await openText(`countersign-kek-v1 ${KEY}\n`)).toMatchObject({ id: 'file:71d5cffaf90c7c37' });
  });

  it('bears comments, blank lines, trailing blanks and Windows line ends', async () => {
    const kek = await openText(`# mine\r\n\r\ncountersign-kek-v1 ${KEY} \r\n# end`);
    expect(kek).toMatchObject({ id: 'file:71d5cffaf90c7c37' });
  });

  it.each([
    ['nothing', ''],
    ['comments only', '# countersign-kek-v1\n'],
    ['another version', `countersign-kek-v2 ${KEY}\n`],
    ['a short key', `countersign-kek-v1 ${KEY.slice(1)}\n`],
    ['a long key', `countersign-kek-v1 ${KEY}A\n`],
    ['a key in another alphabet', `countersign-kek-v1 ${KEY.slice(0, -1)}+\n`],
    ['two keys', `countersign-kek-v1 ${KEY}\ncountersign-kek-v1 ${KEY}\n`],
    ['a key and more', `countersign-kek-v1 ${KEY}\nand more\n`],
  ])('refuses %s', async (_, text) => {
    await expect(openText(text)).rejects.toThrow(vaultError('kek-malformed', /one line/));
  });

  it.each([0o640, 0o604, 0o660, 0o602, 0o610])('refuses a file of mode %o and says what to do', async (mode) => {
    await expect(openText(`countersign-kek-v1 ${KEY}\n`, mode)).rejects.toThrow(vaultError('kek-permissions', /chmod 600/));
  });

  it('refuses a file that is not there', () =>
    inNewFolder(async (folder) => {
      await expect(openKekFile(join(folder, 'kek'))).rejects.toThrow(vaultError('kek-missing'));
    }));

  it('refuses what is no file', () =>
    inNewFolder(async (folder) => {
      await mkdir(join(folder, 'kek'), { mode: 0o700 });
      await expect(openKekFile(join(folder, 'kek'))).rejects.toThrow(vaultError('kek-unreadable', /EISDIR/));
    }));
});

describe('a KEK of a file', () => {
  it('unwraps nothing that was changed, moved or wrapped by another', async () => {
    const [kek, other] = [await newKek(), await newKek()];
    const wrapped = await kek.wrap(new Uint8Array(32), utf8('row 1'));
    await expect(kek.unwrap(wrapped, utf8('row 2'))).rejects.toThrow(vaultError('sealed-damaged'));
    await expect(other.unwrap(wrapped, utf8('row 1'))).rejects.toThrow(vaultError('sealed-damaged'));
    for (let place = 0; place < wrapped.length; place += 1) {
      await expect(kek.unwrap(flipped(wrapped, place), utf8('row 1'))).rejects.toThrow(vaultError('sealed-damaged'));
    }
  });

  it('shows its id and no key when printed', async () => {
    const kek = await openText(`countersign-kek-v1 ${KEY}\n`);
    expect(inspect(kek, { depth: 9, showHidden: true })).not.toMatch(/Uint8Array|\b30\b/);
    expect(JSON.stringify(kek)).toBe('{"id":"file:71d5cffaf90c7c37"}');
  });
});
