// A small organisation as a value: four people, two cards, a request for each. It stores what was decided and decides nothing.
import type { Person } from '../../../src/directory/person.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.js';
import type { LoadedPolicy } from '../../../src/unblock/decision.js';
import type { CardFacts, Change, Counts, Facts } from '../../../src/unblock/request-store.js';
import type { UnblockRequest } from '../../../src/unblock/request.js';
import { CARD, minute, person } from '../support.js';

export const NAMES = ['emma', 'dana', 'sam', 'priya'] as const;
export type Name = (typeof NAMES)[number];
/** Emma's card and Priya's. */
export const CARDS = [0, 1] as const;
export type CardIndex = (typeof CARDS)[number];

export interface Somebody {
  readonly active: boolean;
  readonly managerId: Name | null;
  readonly groups: readonly string[];
  /** Whom they have passed their say on to, since when and until when (ms since 1970); null: it still is. */
  readonly away: { readonly to: Name; readonly since: number; readonly until: number | null } | null;
  /** They have an authenticator that works. */
  readonly hasCode: boolean;
}

/** A vote as it was given. `says`: those in whose name it was, by the rules of `consent.ts`. */
export interface Yes {
  readonly by: Name;
  readonly says: readonly Name[];
}

/** What happened to a request, written down beside it by who played it: what is checked is checked against this. */
export interface Story {
  /** A code of the requester was accepted. */
  readonly proved: boolean;
  /** When the latest one was (ms since 1970). */
  readonly provedAt: number | null;
  readonly yes: readonly Yes[];
  readonly no: boolean;
  readonly steppedDown: readonly Name[];
  /** It was opened for a card near its limit. */
  readonly guarded: boolean;
  /** Its wider circle was asked. */
  readonly wider: boolean;
  readonly answers: number;
  /** When the first of them was shown (ms since 1970). */
  readonly firstAnswerAt: number | null;
  readonly endings: number;
}

export interface Told {
  readonly request: UnblockRequest;
  readonly story: Story;
}

export interface CardNow {
  readonly state: CardFacts['state'];
  readonly refusedResponses: number;
  readonly holderId: Name | null;
  /** Challenges (hex, 'PUK' for the PUK) that were answered, and when. */
  readonly answered: readonly { readonly challenge: string; readonly at: number }[];
}

export interface World {
  readonly at: number;
  readonly people: Readonly<Record<Name, Somebody>>;
  readonly cards: readonly [CardNow, CardNow];
  /** The latest request for each card. */
  readonly told: readonly [Told | null, Told | null];
  /** Requests of each, with a right code and without. */
  readonly proved: Readonly<Record<Name, number>>;
  readonly unproved: Readonly<Record<Name, number>>;
  readonly breakerOpen: boolean;
  readonly auditBroken: boolean;
  readonly policyReplaced: boolean;
}

/** What does not change while a world is explored. */
export interface Setting {
  readonly loaded: LoadedPolicy;
  /** What is particular about the two cards. */
  readonly cards: readonly [Partial<CardFacts>, Partial<CardFacts>];
  readonly authenticatorSince: number;
  readonly requesterInChat: boolean;
  readonly needsNewAuthenticator: boolean;
}

export const BEGIN = minute(0);
const NONE = { emma: 0, dana: 0, sam: 0, priya: 0 };
const AT_WORK: Somebody = { active: true, managerId: null, groups: [], away: null, hasCode: true };

/** Emma and Priya report to Dana; Sam and Priya are the helpdesk. `second`: who holds the second card. */
export function firstWorld(refusedResponses: readonly [number, number] = [0, 0], second: Name = 'priya'): World {
  const cardOf = (holderId: Name, refused: number): CardNow => ({ state: 'active', refusedResponses: refused, holderId, answered: [] });
  return {
    at: BEGIN,
    people: {
      emma: { ...AT_WORK, managerId: 'dana' },
      dana: AT_WORK,
      sam: { ...AT_WORK, groups: ['helpdesk'] },
      priya: { ...AT_WORK, managerId: 'dana', groups: ['helpdesk'] },
    },
    cards: [cardOf('emma', refusedResponses[0]), cardOf(second, refusedResponses[1])],
    told: [null, null],
    proved: NONE,
    unproved: NONE,
    breakerOpen: false,
    auditBroken: false,
    policyReplaced: false,
  };
}

export function isName(id: string | null | undefined): id is Name {
  return NAMES.some((name) => name === id);
}

export const CLOSED_STATES: readonly UnblockRequest['state'][] = ['done', 'denied', 'cancelled', 'expired', 'failed'];

export function isClosed({ request }: Told): boolean {
  return CLOSED_STATES.includes(request.state);
}

/** The facts of a step, as storage would read them. `challenge`: what is asked about, null for the PUK. */
export function factsOf(world: World, setting: Setting, { card, challenge, personId }: { readonly card: CardIndex; readonly challenge: string | null; readonly personId: Name | null }): Facts {
  const { at, cards, breakerOpen, auditBroken, policyReplaced } = world;
  const { state, refusedResponses, holderId, answered } = cards[card];
  return {
    at,
    card: { ...CARD, id: `card-${card}`, state, refusedResponses, holderId, ...setting.cards[card] },
    people: peopleOf(world.people),
    counts: countsOf(world, card, personId),
    authenticatorSince: setting.authenticatorSince,
    requesterInChat: setting.requesterInChat,
    ...(setting.needsNewAuthenticator ? { needsNewAuthenticator: true } : {}),
    challengeAnswered: answered.some((one) => one.challenge === (challenge ?? 'PUK')),
    auditTrouble: auditBroken ? 'audit-behind' : null,
    breaker: breakerOpen ? { why: 'hour', since: BEGIN } : null,
    policyInForce: policyReplaced ? 'another policy' : null,
  };
}

function countsOf({ at, cards, proved, unproved }: World, card: CardIndex, personId: Name | null): Counts {
  const requests = personId === null ? 0 : proved[personId];
  const responsesLastHour = cards.flatMap(({ answered }) => answered.filter((one) => one.at > at - HOUR_MS)).length;
  return {
    cardResponsesToday: cards[card].answered.length,
    personRequestsToday: requests,
    personUnprovedToday: personId === null ? 0 : unproved[personId],
    personRequestsThisWeek: requests,
    personRequestsThisMonth: requests,
    responsesLastHour,
    responsesTonight: 0,
  };
}

const PEOPLE_SEEN = new WeakMap<World['people'], Facts['people']>();

function peopleOf(people: World['people']): Facts['people'] {
  const seen = PEOPLE_SEEN.get(people);
  if (seen !== undefined) return seen;
  const made: Facts['people'] = new Map(NAMES.map((name) => [name, personOf(name, people[name])]));
  PEOPLE_SEEN.set(people, made);
  return made;
}

function personOf(name: Name, { active, managerId, groups, away }: Somebody): Person {
  const standIn = away === null ? {} : { standIn: { personId: away.to, from: away.since, until: away.until ?? away.since + DAY_MS, now: away.until === null } };
  return person(name, { active, managerId, groups, ...standIn });
}

/** A pair with one of the two replaced. */
export function replaced<T>(pair: readonly [T, T], index: CardIndex, one: T): readonly [T, T] {
  return index === 0 ? [one, pair[1]] : [pair[0], one];
}

/** The world after a change to the request of this card was saved. */
export function saved(world: World, card: CardIndex, change: Change, story: Story): World {
  const { request, answered, disableAuthenticatorOf: disabled } = change;
  const before = world.cards[card];
  const now: CardNow = {
    ...before,
    ...change.card,
    answered: answered === undefined ? before.answered : [...before.answered, { challenge: answered ?? 'PUK', at: world.at }],
  };
  const people = isName(disabled) ? { ...world.people, [disabled]: { ...world.people[disabled], hasCode: false } } : world.people;
  return { ...world, people, cards: replaced(world.cards, card, now), told: replaced(world.told, card, { request: frozen(request), story }) };
}

/** So that a rule that changes what it was given is found at once. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) frozen(inner);
  return value;
}

/**
 * Two worlds with one key go on in the same way: times count from now and in whole minutes (time passes in whole minutes,
 * and no deadline lies within milliseconds of such a sum), versions and ids are left out.
 */
export function keyOf(world: World): string {
  const { at, people, cards, told, proved, unproved, breakerOpen, auditBroken, policyReplaced } = world;
  const ago = (then: number | null): number | null => (then === null ? null : Math.floor((at - then) / MINUTE_MS));
  const persons = NAMES.map((name) => {
    const { active, groups, away, hasCode } = people[name];
    return [active, groups.length, away === null ? 0 : [away.to, orderOf(world, away.since), away.until === null ? 0 : orderOf(world, away.until)], hasCode];
  });
  const holders = cards.map(({ state, refusedResponses, holderId, answered }) => [state, refusedResponses, holderId, answered.map((one) => [one.challenge, ago(one.at)])]);
  const requests = told.map((one) => (one === null ? 0 : keyOfTold(one, ago)));
  return JSON.stringify([persons, holders, requests, proved, unproved, breakerOpen, auditBroken, policyReplaced]);
}

/** How many of the votes came after somebody passed their say on, or had it back. */
function orderOf({ told }: World, since: number): readonly number[] {
  return told.map((one) => one?.request.approvals.filter((vote) => vote.at >= since).length ?? 0);
}

function keyOfTold({ request, story }: Told, ago: (then: number | null) => number | null): unknown {
  // A request that ended does nothing any more; who asked still counts for "this was not me".
  if (CLOSED_STATES.includes(request.state)) return [request.state, request.requesterId, request.agentId];
  const { state, requesterId, agentId, challenge, requirement, declined, numbers } = { declined: [], numbers: [], challenge: null, ...request };
  const { provedAt, askedAt, remindedAt, reminders, warnedAt, expiresAt, firstRevealedAt, revealedAt, shownUntil, refusedAt, round } = { ...UNSET, ...request };
  const times = [request.openedAt, provedAt, askedAt, remindedAt, warnedAt, expiresAt, firstRevealedAt, revealedAt, shownUntil, refusedAt].map(ago);
  const stages = requirement.stages.map(({ from, count }) => [from, count]);
  return [state, requesterId, agentId, challenge, stages, declined, numbers, times, reminders, round, request.approvals.map(({ approverId }) => approverId), story.yes, story.no, story.answers, ago(story.provedAt)];
}

const UNSET = { provedAt: null, askedAt: null, remindedAt: null, reminders: 0, warnedAt: null, expiresAt: null, firstRevealedAt: null, revealedAt: null, shownUntil: null, refusedAt: null, round: 0 };
