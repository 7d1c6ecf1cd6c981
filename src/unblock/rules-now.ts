// What the policy's rules look at, taken from the facts of an opening, and what of it the audit keeps.
import { holidayAt, openAt } from '../approval/hours.js';
import type { Policy, Rule } from '../approval/policy.js';
import { type OnCall, onCallNames, type Requirement, requirementOf } from '../approval/requirement.js';
import { isPersonNamed } from '../approval/rota.js';
import type { RuleFacts } from '../approval/rule-facts.js';
import type { AuditDraft } from '../audit/entry.js';
import type { Person } from '../directory/person.js';
import { DAY_MS } from '../lib/clock.js';
import type { Facts } from './request-store.js';

export interface Asking {
  readonly policy: Policy;
  readonly person: Person | undefined;
  readonly platform: string | null;
}

export function ruleFactsOf(facts: Facts, { policy, person, platform }: Asking): RuleFacts {
  const { at, card, counts, authenticatorSince } = facts;
  const site = person?.site ?? null;
  return {
    profile: card.profileId,
    cardSerial: card.serial,
    groups: person?.groups ?? [],
    site,
    platform,
    open: openAt(policy, site, at),
    holiday: holidayAt(policy, site, at),
    requestsIn: { 1: counts.personRequestsToday, 7: counts.personRequestsThisWeek, 30: counts.personRequestsThisMonth },
    authenticatorAge: authenticatorSince === null ? null : at - authenticatorSince,
  };
}

/** What a request opened now under this rule keeps. Whoever is on call and not in the directory is left out. */
export function requirementNow(policy: Policy, rule: Rule, { at, people }: Pick<Facts, 'at' | 'people'>): Requirement {
  const named = Object.entries(onCallNames(policy, [rule], at));
  const onCall: OnCall = Object.fromEntries(named.map(([rota, names]) => [rota, idsOf(names, people)]));
  return requirementOf(policy, rule, onCall);
}

/** Enough to try another policy on the request later, and to see who was on call. */
export function openingFacts(matched: RuleFacts, { onCall }: Requirement): AuditDraft['facts'] {
  const { profile, groups, site, platform, open, holiday, requestsIn, authenticatorAge } = matched;
  return {
    profile,
    groups,
    site,
    platform,
    open,
    holiday,
    requestsInDay: requestsIn[1],
    requestsInWeek: requestsIn[7],
    requestsInMonth: requestsIn[30],
    authenticatorDays: authenticatorAge === null ? null : Math.floor(authenticatorAge / DAY_MS),
    ...(onCall === undefined ? {} : { onCall: Object.values(onCall).flat() }),
  };
}

function idsOf(names: readonly string[], people: Facts['people']): string[] {
  return [...people.values()].filter((person) => names.some((name) => isPersonNamed(name, person))).map(({ id }) => id);
}
