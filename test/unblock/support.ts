// Requests in every state, and the facts around them, for the tests of the rules.
import { BUILT_IN_PROFILES } from '../../src/card/profiles.js';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import { parsePolicy } from '../../src/approval/policy-file.js';
import type { Policy, Times } from '../../src/approval/policy.js';
import type { Requirement } from '../../src/approval/requirement.js';
import type { Person } from '../../src/directory/person.js';
import { DAY_MS, MINUTE_MS } from '../../src/lib/clock.js';
import type { SpentCode } from '../../src/stepup/authenticator-store.js';
import type { DeskRefusal } from '../../src/unblock/decision.js';
import type { CardFacts, Change, Counts, Decision, Facts } from '../../src/unblock/request-store.js';
import type { RequestIn, UnblockRequest } from '../../src/unblock/request.js';

export const CHALLENGE = '1603EBDF1C8A2E72';
export const OTHER_CHALLENGE = '5E3B90C1A7246DF8';

/** When every request of these tests is opened; `minute` counts from here. */
const OPENED_AT = Date.UTC(2026, 5, 1, 9);

export function minute(count: number): number {
  return OPENED_AT + count * MINUTE_MS;
}

export const TIMES: Times = {
  expireMinutes: 60,
  remindMinutes: null,
  responseShownMinutes: 5,
  unconfirmedMinutes: 15,
  proofFreshMinutes: 10,
  retryMinutes: 10,
};

export const ONE_OF_EITHER: Requirement = {
  rule: 'manager or helpdesk',
  stages: [{ from: ['manager', 'helpdesk'], count: 1 }],
  times: TIMES,
};

export const TWO_AT_THE_DESK: Requirement = { rule: 'two', stages: [{ from: ['helpdesk'], count: 2 }], times: TIMES };
export const NOBODY: Requirement = { rule: 'nobody', stages: [], times: TIMES };

const base = {
  id: 'request-1',
  formId: 'form-1',
  cardId: 'card-1',
  requesterId: 'emma',
  openedAt: OPENED_AT,
  version: 1,
  reason: 'PIN forgotten',
  policyHash: 'policy-1',
  requirement: ONE_OF_EITHER,
  approvals: [],
};

const live = { ...base, challenge: CHALLENGE, expiresAt: minute(60) };
const byDana = [{ approverId: 'dana', at: minute(2) }];

export function opened(more: Partial<RequestIn<'opened'>> = {}): RequestIn<'opened'> {
  return { ...live, state: 'opened', ...more };
}

/** Proved in minute 1. */
export function waiting(more: Partial<RequestIn<'awaiting-approval'>> = {}): RequestIn<'awaiting-approval'> {
  return { ...live, state: 'awaiting-approval', version: 2, provedAt: minute(1), remindedAt: null, ...more };
}

/** Approved by dana in minute 2. */
export function approved(more: Partial<RequestIn<'approved'>> = {}): RequestIn<'approved'> {
  const rounds = { provedAt: minute(1), round: 0, firstRevealedAt: null };
  return { ...live, ...rounds, state: 'approved', version: 3, approvals: byDana, ...more };
}

/** Revealed in minute 3. */
export function answered(more: Partial<RequestIn<'answered'>> = {}): RequestIn<'answered'> {
  return {
    ...approved(),
    state: 'answered',
    version: 4,
    firstRevealedAt: minute(3),
    revealedAt: minute(3),
    shownUntil: minute(8),
    timesShown: 1,
    refusedAt: null,
    ...more,
  };
}

/** A request in each of the states that nothing leaves. */
export const CLOSED: readonly UnblockRequest[] = [
  { ...base, state: 'done', closedAt: minute(4), outcome: 'worked' },
  { ...base, state: 'denied', closedAt: minute(4), by: 'dana', why: 'not now' },
  { ...base, state: 'cancelled', closedAt: minute(4), by: 'emma', why: 'requester' },
  { ...base, state: 'expired', closedAt: minute(60) },
  { ...base, state: 'failed', closedAt: minute(4), why: 'wrong-codes' },
];

/** A right code of this person. */
export function codeOf(personId: string): SpentCode {
  return { kind: 'totp', authenticatorId: `authenticator-of-${personId}`, personId, step: 59_000_000n, counted: [] };
}

/** Emma's, who asks in these tests. */
export const CODE = codeOf('emma');

export const CARD: CardFacts = {
  id: 'card-1',
  serial: 'CARD-EMMA',
  label: "Emma's card",
  profileId: 'gids',
  profile: BUILT_IN_PROFILES.find('gids'),
  unlock: 'cryptogram',
  kcv: '8CA64D',
  keyVersion: 1,
  holderId: 'emma',
  sponsorId: null,
  tags: [],
  state: 'active',
  refusedResponses: 0,
};

export const NO_COUNTS: Counts = { cardResponsesToday: 0, personRequestsToday: 0, personUnprovedToday: 0, personRequestsThisWeek: 0, personRequestsThisMonth: 0, responsesLastHour: 0, responsesTonight: 0 };

export function person(id: string, more: Partial<Person> = {}): Person {
  const fixed = { name: id, email: `${id}@example.com`, managerId: null, groups: [], site: null, locale: null, active: true };
  return { id, ...fixed, ...more };
}

export const PEOPLE: readonly Person[] = [
  person('emma', { managerId: 'dana' }),
  person('dana'),
  person('sam', { groups: ['helpdesk'] }),
  person('priya', { groups: ['helpdesk'] }),
  person('eve'),
];

export function byId(people: readonly Person[]): Facts['people'] {
  return new Map(people.map((one) => [one.id, one]));
}

/** The people, with some of them changed; null: left the organisation. */
export function peopleBut(changes: Readonly<Record<string, Partial<Person> | null>>): Facts['people'] {
  const kept = PEOPLE.filter(({ id }) => changes[id] !== null);
  return byId(kept.map((one) => ({ ...one, ...changes[one.id] })));
}

/** All is well, in minute 5. */
export function facts(more: Partial<Facts> = {}): Facts {
  const well = { card: CARD, people: byId(PEOPLE), counts: NO_COUNTS, authenticatorSince: OPENED_AT - 90 * DAY_MS, requesterInChat: true, challengeAnswered: false, auditTrouble: null, breaker: null, policyInForce: null };
  return { at: minute(5), ...well, ...more };
}

export function policyOf(text: string): Policy {
  const parsed = parsePolicy(text);
  if (!('policy' in parsed)) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

export const loaded = { policy: policyOf(DEFAULT_POLICY_TEXT), hash: 'policy-1' };

/** What a step made; throws where it was refused. */
export function changeOf(decision: Decision<DeskRefusal>): Change {
  if ('refused' in decision) throw new Error(`refused: ${decision.refused}`);
  return decision;
}

/** The kinds of the audit entries that a step made. */
export function kindsOf(decision: Decision<DeskRefusal>): readonly string[] {
  return changeOf(decision).entries.map(({ kind }) => kind);
}
