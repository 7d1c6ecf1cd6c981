// The vault lends a card's key for that card alone, and a person's seed for that person alone.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { toHex, utf8 } from '../../src/lib/bytes.js';
import type { AuthenticatorFacts, CardFacts } from '../../src/vault/binding.js';
import { holdKeks } from '../../src/vault/kek.js';
import { KeyVault } from '../../src/vault/key-vault.js';
import { newKek, vaultError } from './support.js';

const hers: CardFacts = { cardId: 'c1', serial: 's1', profile: 'gids', unlock: 'cryptogram', keyVersion: 1 };
const his: CardFacts = { ...hers, cardId: 'c2', serial: 's2' };
const herApp: AuthenticatorFacts = { authenticatorId: 'a1', personId: 'p1', algorithm: 'totp-sha1-6-30' };
const hisApp: AuthenticatorFacts = { ...herApp, authenticatorId: 'a2', personId: 'p2' };
const damaged = vaultError('sealed-damaged');

let vault: KeyVault;

beforeAll(async () => {
  vault = new KeyVault(holdKeks(await newKek()));
});

describe('a card key', () => {
  it('is lent to its card and wiped after', async () => {
    const sealed = await vault.sealCardKey(hers, utf8('her key'));
    const lent = await vault.withCardKey({ ...hers, sealed }, (key) => ({ key, hex: toHex(key) }));
    expect(lent).toEqual({ hex: toHex(utf8('her key')), key: new Uint8Array(7) });
  });

  it('opens nothing when two cards exchange it, whole or in part', async () => {
    const [hersSealed, hisSealed] = [await vault.sealCardKey(hers, utf8('her key')), await vault.sealCardKey(his, utf8('his key'))];
    for (const sealed of [hisSealed, { ...hersSealed, sealed: hisSealed.sealed }, { ...hersSealed, wrappedKey: hisSealed.wrappedKey }]) {
      await expect(vault.withCardKey({ ...hers, sealed }, toHex)).rejects.toThrow(damaged);
    }
  });

  it.each<Partial<CardFacts>>([{ serial: 's2' }, { profile: 'piv-3des' }, { unlock: 'puk' }, { keyVersion: 2 }, { cardId: 'c2' }])(
    'opens nothing when its card becomes %j',
    async (change) => {
      const sealed = await vault.sealCardKey(hers, utf8('her key'));
      await expect(vault.withCardKey({ ...hers, ...change, sealed }, toHex)).rejects.toThrow(damaged);
    },
  );

  it('does not open as a seed', async () => {
    const sealed = await vault.sealCardKey(hers, utf8('her key'));
    await expect(vault.withSeed({ ...herApp, sealed }, toHex)).rejects.toThrow(damaged);
  });
});

describe('a seed', () => {
  it('is lent to its authenticator and wiped after', async () => {
    const sealed = await vault.sealSeed(herApp, utf8('her seed'));
    const lent = await vault.withSeed({ ...herApp, sealed }, (seed) => ({ seed, hex: toHex(seed) }));
    expect(lent).toEqual({ hex: toHex(utf8('her seed')), seed: new Uint8Array(8) });
  });

  it('opens nothing when two people exchange it', async () => {
    const sealed = await vault.sealSeed(herApp, utf8('her seed'));
    await expect(vault.withSeed({ ...hisApp, sealed }, toHex)).rejects.toThrow(damaged);
    await expect(vault.withSeed({ ...herApp, personId: 'p2', sealed }, toHex)).rejects.toThrow(damaged);
    await expect(vault.withSeed({ ...herApp, algorithm: 'none', sealed }, toHex)).rejects.toThrow(damaged);
  });
});
