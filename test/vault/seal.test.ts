// Sealed secrets: they open where they were sealed, and nowhere else.
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { fromHex, toHex, utf8 } from '../../src/lib/bytes.js';
import { type Binding, cardBinding, vaultKeyBinding } from '../../src/vault/binding.js';
import { openKekFile } from '../../src/vault/kek-file.js';
import { holdKeks, type KekProvider, type Keks } from '../../src/vault/kek.js';
import { type Sealed, sealSecret, withOpened } from '../../src/vault/seal.js';
import { flipped, inNewFolder, newKek, vaultError } from './support.js';

const binding = cardBinding({ cardId: 'c1', serial: 's1', profile: 'gids', unlock: 'cryptogram', keyVersion: 1 });
const secret = utf8('a secret of a card');

let kek: KekProvider;
let keks: Keks;

beforeAll(async () => {
  kek = await newKek();
  keks = holdKeks(kek);
});

function opened(sealed: Sealed, boundTo: Binding = binding): Promise<string> {
  return withOpened(sealed, boundTo, keks, toHex);
}

describe('a sealed secret', () => {
  it('opens to itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.string(), async (bytes, rowId) => {
        const sealed = await sealSecret(bytes, vaultKeyBinding(rowId), kek);
        expect(await opened(sealed, vaultKeyBinding(rowId))).toBe(toHex(bytes));
      }),
    );
  });

  it('does not open when any byte of it was changed', async () => {
    const whole = await sealSecret(secret, binding, kek);
    for (let place = 0; place < whole.sealed.length; place += 1) {
      const changed = { ...whole, sealed: flipped(whole.sealed, place) };
      await expect(opened(changed)).rejects.toThrow(vaultError('sealed-damaged', /^Card c1, sealedKey: /));
    }
  });

  it('does not open when any byte of its wrapped key was changed', async () => {
    const whole = await sealSecret(secret, binding, kek);
    for (let place = 0; place < whole.wrappedKey.length; place += 1) {
      const changed = { ...whole, wrappedKey: flipped(whole.wrappedKey, place) };
      await expect(opened(changed)).rejects.toThrow(vaultError('sealed-damaged', /^Card c1, sealedKey: /));
    }
  });

  it('does not open when it is cut short or longer', async () => {
    const whole = await sealSecret(secret, binding, kek);
    const cut = { ...whole, sealed: whole.sealed.slice(0, -1) };
    const longer = { ...whole, wrappedKey: new Uint8Array([...whole.wrappedKey, 0]) };
    await expect(opened(cut)).rejects.toThrow(vaultError('sealed-damaged'));
    await expect(opened(longer)).rejects.toThrow(vaultError('sealed-damaged'));
  });

  it.each<Partial<Binding>>([
    { table: 'Authenticator' },
    { column: 'sealedSeed' },
    { rowId: 'c2' },
    { keyVersion: 2 },
    { facts: ['s2', 'gids', 'cryptogram'] },
    { facts: ['s1', 'piv-3des', 'cryptogram'] },
    { facts: ['s1', 'gids', 'puk'] },
    { facts: [] },
  ])('does not open under %j', async (change) => {
    const sealed = await sealSecret(secret, binding, kek);
    await expect(opened(sealed, { ...binding, ...change })).rejects.toThrow(vaultError('sealed-damaged'));
  });

  it('names a KEK that is not ours', async () => {
    const other = await newKek();
    const sealed = await sealSecret(secret, binding, other);
    await expect(opened(sealed)).rejects.toThrow(vaultError('kek-unknown', new RegExp(other.id)));
  });

  it('does not open under another KEK that is ours', async () => {
    const other = await newKek();
    const sealed = await sealSecret(secret, binding, kek);
    const both = holdKeks(kek, other);
    await expect(withOpened({ ...sealed, kekId: other.id }, binding, both, toHex)).rejects.toThrow(vaultError('sealed-damaged'));
  });

  it('still opens when its KEK is an older one', async () => {
    const sealed = await sealSecret(secret, binding, kek);
    expect(await withOpened(sealed, binding, holdKeks(await newKek(), kek), toHex)).toBe(toHex(secret));
  });

  it('has a data key of its own', async () => {
    const [one, other] = [await sealSecret(secret, binding, kek), await sealSecret(secret, binding, kek)];
    await expect(opened({ ...one, wrappedKey: other.wrappedKey })).rejects.toThrow(vaultError('sealed-damaged'));
  });
});

describe('what was sealed before', () => {
  const bytes = z.string().transform((text) => fromHex(text) ?? new Uint8Array());
  const kept = z
    .object({ kekFile: z.string(), secret: z.string(), kekId: z.string(), wrappedKey: bytes, sealed: bytes })
    .parse(JSON.parse(readFileSync('test/vectors/sealed-v1.json', 'utf8')));

  it('still opens with its KEK file', async () => {
    const older = await inNewFolder(async (folder) => {
      await writeFile(join(folder, 'kek'), kept.kekFile, { mode: 0o600 });
      return openKekFile(join(folder, 'kek'));
    });
    expect(await withOpened(kept, binding, holdKeks(older), toHex)).toBe(kept.secret);
  });
});

describe('what is lent', () => {
  it('is wiped after use', async () => {
    const sealed = await sealSecret(secret, binding, kek);
    const lent = await withOpened(sealed, binding, keks, (bytes) => ({ bytes, length: bytes.filter((byte) => byte !== 0).length }));
    expect(lent.length).toBe(secret.length);
    expect(lent.bytes).toEqual(new Uint8Array(secret.length));
  });

  it('is wiped when its use throws, and the fault goes on', async () => {
    const sealed = await sealSecret(secret, binding, kek);
    const lent: Uint8Array[] = [];
    const use = (bytes: Uint8Array): never => {
      lent.push(bytes);
      throw new RangeError('in use');
    };
    await expect(withOpened(sealed, binding, keks, use)).rejects.toThrow('in use');
    expect(lent).toEqual([new Uint8Array(secret.length)]);
  });

  it('is not wiped before an asynchronous use is done', async () => {
    const sealed = await sealSecret(secret, binding, kek);
    const late = async (bytes: Uint8Array): Promise<string> => {
      await Promise.resolve();
      return toHex(bytes);
    };
    expect(await withOpened(sealed, binding, keks, late)).toBe(toHex(secret));
  });
});

describe('a data key', () => {
  it('is wiped after sealing and after opening', async () => {
    const seen: Uint8Array[] = [];
    const watched: KekProvider = {
      id: kek.id,
      wrap: (dataKey, boundTo) => {
        seen.push(dataKey);
        return kek.wrap(dataKey, boundTo);
      },
      unwrap: async (wrapped, boundTo) => {
        const dataKey = await kek.unwrap(wrapped, boundTo);
        seen.push(dataKey);
        return dataKey;
      },
    };
    const sealed = await sealSecret(secret, binding, watched);
    await withOpened(sealed, binding, holdKeks(watched), toHex);
    expect(seen).toEqual([new Uint8Array(32), new Uint8Array(32)]);
  });

  it('that a KEK does not give is not called damage', async () => {
    const away: KekProvider = { id: kek.id, wrap: () => fail(), unwrap: () => fail() };
    const sealed = await sealSecret(secret, binding, kek);
    await expect(withOpened(sealed, binding, holdKeks(away), toHex)).rejects.toBeInstanceOf(TypeError);
    await expect(sealSecret(secret, binding, away)).rejects.toBeInstanceOf(TypeError);
  });
});

function fail(): Promise<never> {
  return Promise.reject(new TypeError('the key service does not answer'));
}
