// The card profiles of an installation: those that are built in, and those that a site adds.
import type { CardProfile } from './profile.js';
import { CARD_PROFILES } from './profile-table.js';

export interface CardProfiles {
  readonly all: readonly CardProfile[];
  /** The profile with this id, written in either case and with blanks around it, or null. */
  find(id: string): CardProfile | null;
}

export const BUILT_IN_PROFILES: CardProfiles = profilesOf(CARD_PROFILES);

/** The built-in profiles and a site's own behind them. Throws where an id is taken already. */
export function withOwnProfiles(own: readonly CardProfile[]): CardProfiles {
  return profilesOf([...CARD_PROFILES, ...own]);
}

/** The built-in profile with this id, or null. */
export function findProfile(id: string): CardProfile | null {
  return BUILT_IN_PROFILES.find(id);
}

function profilesOf(all: readonly CardProfile[]): CardProfiles {
  const byId = new Map<string, CardProfile>();
  for (const profile of all) {
    if (byId.has(profile.id)) throw new Error(`there are two card profiles ${profile.id}`);
    byId.set(profile.id, profile);
  }
  return { all, find: (id) => byId.get(id.trim().toLowerCase()) ?? null };
}
