// Profiles are found by id, the built-in ones and a site's own.
import { describe, expect, it } from '@jest/globals';
import type { CardProfile } from '../../src/card/profile.js';
import { CARD_PROFILES } from '../../src/card/profile-table.js';
import { BUILT_IN_PROFILES, withOwnProfiles } from '../../src/card/profiles.js';

const gids = BUILT_IN_PROFILES.find('gids');
const own = (id: string): CardProfile[] => (gids === null ? [] : [{ ...gids, id }]);

describe('BUILT_IN_PROFILES', () => {
  it('finds each profile by its id, in either case', () => {
    expect(BUILT_IN_PROFILES.all).toEqual(CARD_PROFILES);
    expect(CARD_PROFILES.map(({ id }) => BUILT_IN_PROFILES.find(id))).toEqual(CARD_PROFILES);
    expect(BUILT_IN_PROFILES.find(' GIDS ')?.id).toBe('gids');
  });

  it.each(['', 'yubikey 5', 'constructor', '__proto__'])('is null for %j', (id) => {
    expect(BUILT_IN_PROFILES.find(id)).toBeNull();
  });
});

describe('withOwnProfiles', () => {
  it('finds the own profiles and the built-in ones', () => {
    const profiles = withOwnProfiles(own('acme'));
    expect(profiles.find('ACME')?.id).toBe('acme');
    expect(profiles.find('gids')).toBe(gids);
    expect(profiles.all).toHaveLength(CARD_PROFILES.length + 1);
    expect(BUILT_IN_PROFILES.find('acme')).toBeNull();
  });

  it('throws on an id that is taken', () => {
    expect(() => withOwnProfiles(own('gids'))).toThrow('two card profiles gids');
    expect(() => withOwnProfiles([...own('acme'), ...own('acme')])).toThrow('two card profiles acme');
  });
});
