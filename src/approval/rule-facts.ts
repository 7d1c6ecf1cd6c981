// What rules are matched against, and which condition of a rule does not hold.
import { DAY_MS } from '../lib/clock.js';
import { hasName } from './name-key.js';
import type { CountedDays, When } from './policy.js';

export interface RuleFacts {
  readonly profile: string;
  readonly cardSerial: string;
  readonly cardTags: readonly string[];
  /** The requester's. */
  readonly groups: readonly string[];
  /** The requester's. */
  readonly site: string | null;
  /** Where the request is opened; null where that is not known. */
  readonly platform: string | null;
  /** Whether the requester's site is open now. */
  readonly open: boolean;
  /** Whether it is a holiday there. */
  readonly holiday: boolean;
  /** How many requests the requester opened before this one, in so many days. */
  readonly requestsIn: Readonly<Record<CountedDays, number>>;
  /** How old the requester's authenticator is, in milliseconds; null where there is none. */
  readonly authenticatorAge: number | null;
}

export type Condition = keyof When;

/** Whether a condition holds or is not named. One about something unknown does not; a missing authenticator is a new one. */
const HOLDS: { readonly [C in Condition]-?: (when: When, facts: RuleFacts) => boolean } = {
  profiles: ({ profiles }, { profile }) => isAmong(profile, profiles),
  groups: ({ groups: wanted }, { groups }) => wanted === undefined || groups.some((group) => hasName(wanted, group)),
  sites: ({ sites }, { site }) => isAmong(site, sites),
  cardSerials: ({ cardSerials }, { cardSerial }) => isAmong(cardSerial, cardSerials),
  cardTags: ({ cardTags: wanted }, { cardTags }) => wanted === undefined || cardTags.some((tag) => hasName(wanted, tag)),
  platforms: ({ platforms }, { platform }) => isAmong(platform, platforms),
  hours: ({ hours }, { open }) => hours === undefined || hours === (open ? 'open' : 'closed'),
  holiday: ({ holiday: wanted }, { holiday }) => wanted === undefined || wanted === holiday,
  unblocksInDays: ({ unblocksInDays: wanted }, { requestsIn }) => wanted === undefined || requestsIn[wanted.days] >= wanted.atLeast,
  newAuthenticator: ({ newAuthenticator: wanted }, { authenticatorAge: age }) =>
    wanted === undefined || age === null || age < wanted.days * DAY_MS,
};

export const CONDITIONS = Object.keys(HOLDS).filter(isCondition);

/** The first condition that does not hold, or null where the rule matches. */
export function mismatch(when: When, facts: RuleFacts): Condition | null {
  return CONDITIONS.find((condition) => !HOLDS[condition](when, facts)) ?? null;
}

function isAmong(name: string | null, wanted: readonly string[] | undefined): boolean {
  return wanted === undefined || (name !== null && hasName(wanted, name));
}

function isCondition(name: string): name is Condition {
  return name in HOLDS;
}
