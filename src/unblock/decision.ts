// What all decisions about a request share: their refusals, what stops every step, and who hears of it.
import type { Policy } from '../approval/policy.js';
import { isRefused, refuse } from '../lib/refusal.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import { advance, type RequestEvent } from './advance.js';
import { challengeHash, requestEntry } from './entries.js';
import { personAndManager, type RecipientName } from './recipients.js';
import type { CardFacts, Change, Decision, Facts } from './request-store.js';
import { isOpen, type UnblockRequest } from './request.js';
import { unfit, type Unfit, verdictOn } from './standing.js';

export type DeskRefusal =
  | Unfit
  | 'audit-unavailable'
  | 'authenticator-due'
  | 'authenticator-too-new'
  | 'breaker-open'
  | 'card-limit'
  | 'card-near-limit'
  | 'challenge-answered'
  | 'code-needed'
  | 'fips201'
  | 'no-approver'
  | 'no-rule'
  | 'not-an-agent'
  | 'not-now'
  | 'not-your-decision'
  | 'not-your-request'
  | 'number-needs-chat'
  | 'number-not-accepted'
  | 'policy-not-in-force'
  | 'recovery-code-needed'
  | 'already-approved'
  | 'request-closed'
  | 'request-expired'
  | 'sealed-not-entitled'
  | 'sealed-one-person'
  | 'sealed-own-request'
  | 'shown-to-agent'
  | 'too-many-requests'
  | 'vote-ended';

/** The policy in force and the hash of its text. */
export interface LoadedPolicy {
  readonly policy: Policy;
  readonly hash: string;
}

/**
 * What stops every step: an audit that cannot be kept; and a holder, a card or an approver that lost its standing,
 * which ends the request (a change, so that it is recorded, and everyone who saw it is told).
 */
export function stop(request: UnblockRequest, facts: Facts): Decision<DeskRefusal> | null {
  if (facts.auditTrouble !== null) return refuse('audit-unavailable');
  if (!isOpen(request)) return refuse(request.state === 'expired' ? 'request-expired' : 'request-closed');
  const why = lostStanding(request, facts);
  return why === null ? null : endFor(why, request, facts.at);
}

/** Ends an open request whose card, holder or approver lost its standing, at this moment (ms since 1970). */
export function endFor(why: string, request: UnblockRequest, at: number): Decision<DeskRefusal> {
  const event: RequestEvent = why === 'card-frozen' ? { kind: 'cancel', at, by: null, why: 'frozen' } : { kind: 'deny', at, by: null, why };
  const next = advance(request, event);
  if (isRefused(next)) return next;
  const kind = next.state === 'cancelled' ? 'cancelled' : 'denied';
  return { request: next, entries: [requestEntry(kind, next, 'system', { why })], ended: true };
}

function lostStanding(request: UnblockRequest, facts: Facts): string | null {
  const no = unfit(facts.card, facts.people.get(request.requesterId));
  // Such a card is not answered again, but what was shown may still be looked at and reported.
  const mayReport = request.state === 'answered' && (no?.refused === 'card-stopped' || no?.refused === 'puk-shown');
  if (no !== null && !mayReport) return no.refused;
  if (request.state !== 'approved' && request.state !== 'answered') return null;
  if (request.requirement.stages.length === 0) return null;
  return verdictOn(request, facts.people).kind === 'granted' ? null : 'approver-not-entitled';
}

export function withChallenge(request: UnblockRequest, facts: Facts, challenge: string) {
  if (facts.challengeAnswered) return refuse('challenge-answered');
  return advance(request, { kind: 'replace-challenge', at: facts.at, challenge, fresh: true });
}

/** A PUK that was shown once is as spent as a challenge that was answered. */
export function alreadyAnswered({ unlock }: CardFacts): 'challenge-answered' | 'puk-shown' {
  return unlock === 'cryptogram' ? 'challenge-answered' : 'puk-shown';
}

export function hashed(cardId: string, challenge: string | null): { readonly challenge?: string } {
  return challenge === null ? {} : { challenge: challengeHash(cardId, challenge) };
}

/** The code that pays for a step. Whose recovery code was used hears of it, and so does their manager. */
export function paidWith(spend: SpentCode, facts: Facts, personId: string): Pick<Change, 'spend' | 'events'> {
  if (spend.kind === 'totp' || spend.kind === 'hotp') return { spend };
  const params = { person: personId };
  return { spend, events: toldAbout(personId, facts).map((recipient) => ({ kind: 'recovery-code-used', recipient, params })) };
}

export function toldAbout(personId: string, facts: Facts): readonly RecipientName[] {
  return personAndManager({ id: personId, managerId: facts.people.get(personId)?.managerId ?? null });
}

export function mine(request: UnblockRequest): RecipientName {
  return `person:${request.requesterId}`;
}
