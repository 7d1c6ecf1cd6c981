// The gate before a response, and the challenges that lead to it. Pure functions from the facts to a change or a refusal.
import { hasName } from '../approval/name-key.js';
import { ADMINISTRATORS_GROUP } from '../approval/policy.js';
import { asksHelpdesk } from '../approval/requirement.js';
import { isRefused, refuse } from '../lib/refusal.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import { advance } from './advance.js';
import { stoppedByBreaker } from './breaker.js';
import { alreadyAnswered, type DeskRefusal, hashed, type LoadedPolicy, paidWith, stop, withChallenge } from './decision.js';
import { challengeHash, requestEntry } from './entries.js';
import type { RecipientName } from './recipients.js';
import type { CardFacts, Decision, EventNotice, Facts } from './request-store.js';
import { isOpen, type UnblockRequest } from './request.js';
import { isNearLimit, proofIsStale, unfit } from './standing.js';

export interface Releasing {
  readonly loaded: LoadedPolicy;
  /** Who looks: the requester, or the agent who asks for them. */
  readonly by: string;
  /** The fresh code that a proof older than the policy's minutes needs. */
  readonly spend: SpentCode | null;
  /** A new challenge that came with it. */
  readonly challenge: string | null;
}

/**
 * The gate before a response: everything is looked at again under the locks. Shown again when it was released already.
 */
export function decideRelease(
  request: UnblockRequest,
  facts: Facts,
  { loaded, by, spend, challenge }: Releasing,
): Decision<DeskRefusal> {
  const stopped = stop(request, facts);
  if (stopped !== null) return stopped;
  if (request.state === 'answered') {
    // The response that was released belongs to the old challenge: for a new one this dialog came too late.
    return challenge === null || challenge === request.challenge ? showAgain(request, facts, by) : refuse('not-now');
  }
  if (request.state !== 'approved') return refuse(isOpen(request) ? 'not-now' : 'request-closed');
  const current = challenge === null || challenge === request.challenge ? request : withChallenge(request, facts, challenge);
  if (isRefused(current)) return current;
  if (spend !== null && spend.personId !== request.requesterId) return refuse('not-your-request');
  if (spend === null && (proofIsStale(request, facts.at) || current !== request)) return refuse('code-needed');
  if (facts.challengeAnswered) return refuse(alreadyAnswered(facts.card));
  if (needsHelpdesk(request, facts.card)) return refuse('card-near-limit');
  if (facts.counts.cardResponsesToday >= loaded.policy.limits.challengesPerCardPerDay) return refuse('card-limit');
  const paused = stoppedByBreaker(facts, loaded.policy);
  if (paused !== null) return paused;
  const next = advance(current, { kind: 'release', at: facts.at, fresh: spend !== null });
  if (isRefused(next) || next.state !== 'answered') return isRefused(next) ? next : refuse('not-now');
  const entry = requestEntry('released', next, by, {
    ...hashed(next.cardId, next.challenge),
    method: facts.card.unlock,
    round: next.round,
    approvals: next.approvals.map(({ approverId }) => approverId),
    ...(spend === null ? {} : { factor: spend.kind }),
  });
  const paid = spend === null ? {} : paidWith(spend, facts, request.requesterId);
  const released = { request: next, answered: next.challenge, entries: [entry], ...paid };
  if (next.challenge !== null) return released;
  return { ...released, card: { state: 'puk-shown' }, events: [...(released.events ?? []), ...pukShown(request, facts, by)] };
}

/** A PUK does for one unblocking: whoever looks after the cards has to bring in another one. */
function pukShown({ cardId }: UnblockRequest, { people }: Facts, by: string): readonly EventNotice[] {
  const administrators = [...people.values()].filter(({ active, groups }) => active && hasName(groups, ADMINISTRATORS_GROUP));
  const told: RecipientName[] = ['channel:helpdesk', ...administrators.map(({ id }): RecipientName => `person:${id}`)];
  return told.map((recipient) => ({ kind: 'puk-shown', recipient, params: { person: by, card: cardId } }));
}

/** A card near its limit is answered only where somebody at the helpdesk had to agree. */
function needsHelpdesk({ requirement }: UnblockRequest, card: CardFacts): boolean {
  return isNearLimit(card) && !asksHelpdesk(requirement);
}

/** The agent reads it out once; the same delivery of the same form again is that once. */
function showAgain(request: UnblockRequest, facts: Facts, by: string): Decision<DeskRefusal> {
  if (by === request.agentId && facts.repeated !== true) return refuse(request.state === 'answered' && request.challenge === null ? 'puk-shown' : 'shown-to-agent');
  const next = advance(request, { kind: 'show-again', at: facts.at });
  if (isRefused(next)) return next;
  return { request: next, entries: [requestEntry('shown-again', next, by)] };
}

export function decideNewChallenge(
  request: UnblockRequest,
  facts: Facts,
  { by, challenge, spend }: { readonly by: string; readonly challenge: string; readonly spend: SpentCode },
): Decision<DeskRefusal> {
  const stopped = stop(request, facts);
  if (stopped !== null) return stopped;
  if (spend.personId !== request.requesterId) return refuse('not-your-request');
  const no = unfit(facts.card, facts.people.get(request.requesterId));
  if (no !== null) return no;
  const next = request.state === 'answered' ? nextRound(request, facts, challenge) : withChallenge(request, facts, challenge);
  if (isRefused(next)) return next;
  const entry = requestEntry('challenge-replaced', next, by, {
    challenge: challengeHash(request.cardId, challenge),
    factor: spend.kind,
    nextRound: request.state === 'answered',
  });
  return { request: next, entries: [entry], ...paidWith(spend, facts, request.requesterId) };
}

function nextRound(request: UnblockRequest, facts: Facts, challenge: string) {
  if (facts.challengeAnswered) return refuse('challenge-answered');
  if (isNearLimit(facts.card)) return refuse('card-near-limit');
  return advance(request, { kind: 'next-round', at: facts.at, challenge });
}
