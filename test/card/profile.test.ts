// The table of card profiles agrees with itself and with the ciphers.
import { describe, expect, it } from '@jest/globals';
import { BLOCK_BYTES, KEY_BYTES } from '../../src/card/cipher.js';
import { isDefaultKey } from '../../src/card/known-keys.js';
import { responseLimit, UNKNOWN_RESPONSE_LIMIT } from '../../src/card/profile.js';
import type { CardProfile } from '../../src/card/profile.js';
import { CARD_PROFILES } from '../../src/card/profile-table.js';
import { hasUnsafeCharacters } from '../../src/lib/inert-text.js';
import { hex } from './vectors.js';

const byMethod = (...methods: readonly CardProfile['unlock'][]) => CARD_PROFILES.filter(({ unlock }) => methods.includes(unlock));
const withCipher = CARD_PROFILES.flatMap((profile) => (profile.cipher === null ? [] : [{ ...profile, cipher: profile.cipher }]));

describe('CARD_PROFILES', () => {
  it('has a row for every card that a site may have', () => {
    expect(CARD_PROFILES.map(({ id }) => id).sort()).toEqual([
      'canokey', 'charismathics', 'cryptovision', 'custom', 'eidvirtual', 'feitian-epass2003', 'feitian-piv', 'gemalto-piv',
      'gids', 'hid-crescendo-3des', 'hid-crescendo-aes', 'idemia-id-one-3des', 'idemia-id-one-aes-128', 'idprime-md',
      'idprime-net', 'idprime-virtual', 'minidriver-2key-3des', 'minidriver-cbc', 'morpho-piv', 'openfips201-3des',
      'openfips201-aes-128', 'openfips201-aes-192', 'openfips201-aes-256', 'opensc-minidriver', 'piv-3des', 'piv-aes-128',
      'piv-aes-192', 'piv-aes-256', 'piv-puk', 'pivapplet-3des', 'pivapplet-aes-128', 'pivapplet-aes-192',
      'pivapplet-aes-256', 'pointsharp-sokey', 'safenet-etoken', 'safesign', 'starsign', 'taglio-pivkey', 'tpm-virtual',
      'tpm-virtual-puk', 'tpm-virtual-random', 'us-cac', 'yubikey-3des', 'yubikey-aes-128', 'yubikey-aes-192',
      'yubikey-aes-256', 'yubikey-bio-mpe', 'yubikey-pin-derived',
    ]);
  });

  it('has lower-case ids, each once', () => {
    const ids = CARD_PROFILES.map(({ id }) => id);
    expect(ids.filter((id) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(withCipher)('sizes $id as its cipher does', ({ cipher, mode, challengeBytes, keyBytes }) => {
    const block = BLOCK_BYTES[cipher];
    expect(mode === 'one-block-ecb' ? challengeBytes : challengeBytes % block).toBe(mode === 'one-block-ecb' ? block : 0);
    expect(keyBytes.length).toBeGreaterThan(0);
    expect(KEY_BYTES[cipher]).toEqual(expect.arrayContaining([...keyBytes]));
  });

  it('has neither mode, challenge nor key where there is no cipher', () => {
    const without = CARD_PROFILES.filter(({ cipher }) => cipher === null);
    expect(without.length).toBeGreaterThan(0);
    for (const { mode, challengeBytes, keyBytes, defaultKeys } of without) {
      expect({ mode, challengeBytes, keyBytes, defaultKeys }).toEqual({ mode: null, challengeBytes: 0, keyBytes: [], defaultKeys: [] });
    }
  });

  it('has a cipher for every card that takes a response, a rule for every PUK, and a way out for every lost card', () => {
    expect(byMethod('cryptogram').filter(({ cipher, puk, instead }) => cipher === null || puk !== null || instead !== null)).toEqual([]);
    expect(byMethod('puk', 'puk-as-hex').filter(({ puk, instead }) => puk === null || instead !== null)).toEqual([]);
    expect(byMethod('not-recoverable').filter(({ instead, puk, cipher }) => instead === null || puk !== null || cipher !== null)).toEqual([]);
  });

  it.each(withCipher.filter(({ defaultKeys }) => defaultKeys.length > 0))('knows the default keys of $id again', ({ cipher, defaultKeys, keyBytes }) => {
    for (const key of defaultKeys) {
      expect(keyBytes).toContain(key.length / 2);
      expect(key).toMatch(/^[0-9A-F]+$/);
      expect(isDefaultKey(cipher, hex(key))).toBe(true);
    }
  });

  it.each(CARD_PROFILES)('tells of $id where its facts come from and what to do', (profile) => {
    const texts = [profile.name, profile.source, profile.challengeOnScreen, profile.newChallenge, profile.notes, ...profile.afterResponse];
    const all = [...texts, ...profile.warnings, ...profile.assumed, ...(profile.instead === null ? [] : [profile.instead])];
    expect(all.filter((text) => text.trim() === '' || hasUnsafeCharacters(text))).toEqual([]);
    expect(profile.afterResponse.length > 1).toBe(profile.unlock !== 'not-recoverable');
  });

  it('says how many digits the screen shows', () => {
    const ofWindows = byMethod('cryptogram').filter(({ challengeOnScreen }) => challengeOnScreen.includes('Response box'));
    expect(ofWindows.filter(({ challengeBytes, challengeOnScreen }) => !challengeOnScreen.includes(`${challengeBytes * 2} digits`))).toEqual([]);
    expect(ofWindows.map(({ id }) => id)).toEqual(expect.arrayContaining(['gids', 'hid-crescendo-aes', 'minidriver-cbc']));
  });
});

describe('what is not confirmed', () => {
  it('is every card but those that were seen, or said by their vendor, to be unblocked', () => {
    const confirmed = byMethod('cryptogram').filter((profile) => profile.confirmed);
    expect(confirmed.map(({ id }) => id)).toEqual(['gids', 'tpm-virtual', 'feitian-epass2003', 'hid-crescendo-3des', 'hid-crescendo-aes']);
  });

  it('is marked with what is assumed and with a warning, wherever a response is given', () => {
    const unconfirmed = byMethod('cryptogram').filter((profile) => !profile.confirmed);
    expect(unconfirmed.filter(({ assumed }) => assumed.length === 0)).toEqual([]);
    expect(unconfirmed.filter(({ warnings }) => !/spare card/.test(warnings.join(' ')))).toEqual([]);
  });

  it('is that the management key of a PIV card resets a PIN', () => {
    const piv = CARD_PROFILES.filter(({ id }) => /^(?:piv-(?:3|a)|idemia|morpho|feitian-piv)/.test(id));
    expect(piv).toHaveLength(8);
    expect(piv.filter((profile) => profile.confirmed)).toEqual([]);
    const byPuk = byMethod('puk').filter(({ cipher }) => cipher !== null);
    expect(byPuk.filter(({ warnings }) => !warnings.join(' ').includes('does not reset the PIN; only the PUK does'))).toEqual([]);
  });
});

describe('responseLimit', () => {
  const limitOf = (id: string) => CARD_PROFILES.filter((profile) => profile.id === id).map(responseLimit);

  it('is five where the vendor says so, and where nobody knows', () => {
    expect(['taglio-pivkey', 'idprime-md', 'safenet-etoken', 'gids', 'canokey'].flatMap(limitOf)).toEqual([5, 5, 5, 5, 5]);
    expect(UNKNOWN_RESPONSE_LIMIT).toBe(5);
  });

  it('is that of the PUK where the PUK unblocks the card', () => {
    expect(limitOf('yubikey-3des')).toEqual([3]);
  });

  it('is never reached by a card that does not count', () => {
    const [gids] = CARD_PROFILES;
    expect(gids && responseLimit({ ...gids, wrongResponseLimit: 'unlimited' })).toBe(Number.POSITIVE_INFINITY);
    expect(gids && responseLimit({ ...gids, wrongResponseLimit: 3 })).toBe(3);
  });
});
