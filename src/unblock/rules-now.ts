// What the policy's rules look at, taken from the facts of an opening, and what of it the audit keeps.
import { holidayAt, openAt } from '../approval/hours.js';
import type { Policy, Rule } from '../approval/policy.js';
import { asksSponsor, type OnCall, onCallLaterNames, onCallNames, type Requirement, requirementOf } from '../approval/requirement.js';
import { isPersonNamed } from '../approval/rota.js';
import type { RuleFacts } from '../approval/rule-facts.js';
import type { AuditDraft } from '../audit/entry.js';
import { FEDERAL_PIV_PROFILES } from '../card/federal-piv.js';
import type { Person } from '../directory/person.js';
import { DAY_MS } from '../lib/clock.js';
import type { CardFacts, Facts } from './request-store.js';

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
    cardTags: card.tags,
    groups: person?.groups ?? [],
    site,
    platform,
    open: openAt(policy, site, at),
    holiday: holidayAt(policy, site, at),
    requestsIn: { 1: counts.personRequestsToday, 7: counts.personRequestsThisWeek, 30: counts.personRequestsThisMonth },
    authenticatorAge: authenticatorSince === null ? null : at - authenticatorSince,
  };
}

/** Whether the policy keeps the rule of FIPS 201-3 (section 2.9.3), which does not allow such a card's PIN to be reset this way. */
export function refusesFederalPiv({ fips201 }: Policy, { profileId }: Pick<CardFacts, 'profileId'>): boolean {
  return fips201 === 'refuse' && FEDERAL_PIV_PROFILES.includes(profileId);
}

/** What a request opened now under this rule keeps. Whoever is on call and not in the directory is left out. */
export function requirementNow(policy: Policy, rule: Rule, { at, people, card }: Pick<Facts, 'at' | 'people' | 'card'>): Requirement {
  const named = Object.entries(onCallNames(policy, [rule], at));
  const onCall: OnCall = Object.fromEntries(named.map(([rota, names]) => [rota, idsOf(names, people)]));
  const later = Object.entries(onCallLaterNames(policy, [rule], at));
  const onCallLater: OnCall = Object.fromEntries(later.map(([rota, names]) => [rota, idsOf(names, people)]));
  const requirement: Requirement = { ...requirementOf(policy, rule, onCall), ...(later.length === 0 ? {} : { onCallLater }) };
  return card.sponsorId === null || !asksSponsor(rule) ? requirement : { ...requirement, sponsor: card.sponsorId };
}

/** Enough to try another policy on the request later, and to see who was on call. */
export function openingFacts(matched: RuleFacts, { onCall }: Requirement): AuditDraft['facts'] {
  const { profile, cardTags, groups, site, platform, open, holiday, requestsIn, authenticatorAge } = matched;
  return {
    profile,
    cardTags,
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
