// How often a code may be guessed. With three valid codes of a million at any moment, ten tries succeed once in 33,000 attacks
// (once in 10,000 against a token, of which ten codes are looked at).
// NIST SP 800-63B allows 100 wrong tries in a row; these numbers stay far below.
import { addMs, HOUR_MS, MINUTE_MS } from '../lib/clock.js';
import type { Reservation, Scope } from './authenticator-store.js';

/** Tries in a row that disable an authenticator until its owner enrols again. */
export const AUTHENTICATOR_TRIES = 10;
/** Tries that end a request, or an approver's vote on it. */
export const REQUEST_TRIES = 3;
/** Tries that end an approver's vote where a number of two digits is asked for as well: one of 90 may be guessed twice. */
export const NUMBER_MATCH_TRIES = 2;
/** Wrong tries of one person in one day (UTC), over all requests. */
export const DAILY_TRIES = 20;
/** Tries of one stranger's account in one day (UTC). */
export const LINK_TRIES = 5;
/** Tries of one administrator in one day (UTC), over all imports of cards. */
export const IMPORT_TRIES = 5;
/** Wrong tries of sealed codes in one day (UTC), by whomever: they are guessed by nobody, but misread by people in a hurry. */
export const SEALED_TRIES = 20;
/** Tries of proving one new authenticator. */
export const ENROLMENT_TRIES = 5;

// From this try in a row on, the next one has to wait so long. The longest comes first.
const LOCKS = [
  { fromTry: 8, ms: HOUR_MS },
  { fromTry: 5, ms: 5 * MINUTE_MS },
];
/** Vouchers that one person gives in 24 hours: a day of newcomers at the helpdesk. */
export const VOUCHERS_OF_GIVER = 20;
/** Vouchers that are given for one person in 24 hours, by whomever. */
export const VOUCHERS_FOR_PERSON = 6;

const REPEAT_MS = 2 * MINUTE_MS;

/** Until when an authenticator is locked after its `tries`th try in a row, made at `at`; null while it is not. */
export function lockAfter(tries: number, at: Date): Date | null {
  const lock = LOCKS.find(({ fromTry }) => tries >= fromTry);
  return lock === undefined ? null : addMs(at, lock.ms);
}

/**
 * All that the requester, or an agent for the requester, types for one request. It goes by the form that opens the
 * request: the first guess comes before there is one.
 */
export function requestScope(formId: string): Scope {
  return { key: `request:${formId}`, limit: REQUEST_TRIES };
}

/** What one approver types for a vote on one request. */
export function voteScope(requestId: string, approverId: string, limit = REQUEST_TRIES): Scope {
  return { key: `vote:${requestId}:${approverId}`, limit };
}

/** What is typed while one new authenticator is proved: its own codes, and apart from them the old one's. */
export function enrolmentScope(authenticatorId: string, whose: 'new' | 'old'): Scope {
  return { key: `enrolment-${whose}:${authenticatorId}`, limit: ENROLMENT_TRIES };
}

/** What a stranger's chat account types in a day (UTC) to be linked to a person. */
export function linkScope(account: string, at: Date): Scope {
  return { key: `link:${account}:${dayOf(at)}`, limit: LINK_TRIES };
}

/** What an administrator types in a day (UTC) to bring in, commit or drop imports of cards. */
export function importScope(personId: string, at: Date): Scope {
  return { key: `import:${personId}:${dayOf(at)}`, limit: IMPORT_TRIES };
}

/** What is typed as sealed codes in a day (UTC), by whomever. */
export function sealedScope(at: Date): Scope {
  return { key: `sealed:${dayOf(at)}`, limit: SEALED_TRIES };
}

/** What one person types in a day: own codes, and apart from them those of others (an agent's callers). */
export function dayScope(actorId: string, whose: 'own' | 'others', at: Date): Scope {
  return { key: `day-${whose}:${actorId}:${dayOf(at)}`, limit: DAILY_TRIES };
}

/** The day in UTC, such as 2026-12-24. */
function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/**
 * The moment as of which a reserved guess is checked, or null when it is not. A delivery that comes again within two minutes
 * is judged as it was the first time: sending a guess again and again tells nothing new and costs no try.
 */
export function momentToCheck(reservation: Reservation, at: Date): Date | null {
  switch (reservation.kind) {
    case 'reserved':
      return at;
    case 'repeated':
      return at.getTime() - reservation.firstAt.getTime() <= REPEAT_MS ? reservation.firstAt : null;
    case 'not-checked':
      return null;
  }
}
