// The table of card profiles agrees with itself and with the ciphers.
import { describe, expect, it } from '@jest/globals';
import { BLOCK_BYTES, KEY_BYTES } from '../../src/card/cipher.js';
import { CARD_PROFILES, findProfile, responseLimit, UNKNOWN_RESPONSE_LIMIT } from '../../src/card/profile.js';

describe('CARD_PROFILES', () => {
  it('has the PIV, GIDS and custom profiles', () => {
    const ids = CARD_PROFILES.map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining(['piv-3des', 'piv-aes-128', 'piv-aes-192', 'piv-aes-256', 'gids', 'custom']),
    );
  });

  it('has lower-case ids, each once', () => {
    const ids = CARD_PROFILES.map(({ id }) => id);
    expect(ids.filter((id) => !/^[a-z0-9-]+$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(CARD_PROFILES.filter(({ cipher }) => cipher !== null))('sizes $id as its cipher does', (profile) => {
    const cipher = profile.cipher ?? '3des';
    expect(profile.challengeBytes).toBe(BLOCK_BYTES[cipher]);
    expect(KEY_BYTES[cipher]).toEqual(expect.arrayContaining([...profile.keyBytes]));
  });

  it.each(CARD_PROFILES)('tells of $id where its facts come from and what to do', (profile) => {
    const texts = [profile.name, profile.source, profile.challengeOnScreen, profile.newChallenge, ...profile.afterResponse];
    expect(texts.filter((text) => text.trim() === '')).toEqual([]);
    expect(profile.afterResponse.length).toBeGreaterThan(1);
  });

  it('says of every PIV profile that it is not confirmed to reset a PIN', () => {
    const piv = CARD_PROFILES.filter(({ id }) => id.startsWith('piv-'));
    expect(piv.map(({ confirmed }) => confirmed)).toEqual(piv.map(() => false));
    expect(piv.filter(({ warnings }) => !warnings.join(' ').includes('PUK'))).toEqual([]);
  });
});

describe('findProfile', () => {
  it('finds each profile by its id, in either case', () => {
    expect(CARD_PROFILES.map(({ id }) => findProfile(id))).toEqual(CARD_PROFILES);
    expect(findProfile(' GIDS ')?.id).toBe('gids');
  });

  it.each(['', 'yubikey 5', 'constructor', '__proto__'])('is null for %j', (id) => {
    expect(findProfile(id)).toBeNull();
  });
});

describe('responseLimit', () => {
  it('counts an unknown limit as five', () => {
    const [profile] = CARD_PROFILES;
    expect(profile && responseLimit({ ...profile, wrongResponseLimit: null })).toBe(UNKNOWN_RESPONSE_LIMIT);
    expect(profile && responseLimit({ ...profile, wrongResponseLimit: 3 })).toBe(3);
    expect(UNKNOWN_RESPONSE_LIMIT).toBe(5);
  });
});
