// Who may still do what about a request, by the directory and the card as they stand now.
import { decideApproval, mayApprove, type ApprovalVerdict, type Approver, type Requester, type Vote } from '../approval/decide.js';
import type { ApproverSource } from '../approval/policy.js';
import { findProfile, responseLimit, UNKNOWN_RESPONSE_LIMIT } from '../card/profile.js';
import type { Person } from '../directory/person.js';
import { MINUTE_MS } from '../lib/clock.js';
import { refuse, type Refused } from '../lib/refusal.js';
import type { CardFacts, Facts } from './request-store.js';
import type { RequestIn, UnblockRequest } from './request.js';

/** So many refused responses before the card's own limit, no more is answered: the rest belongs to a person at the desk. */
const KEPT_BACK_RESPONSES = 2;

export type Unfit =
  | 'not-your-card'
  | 'card-frozen'
  | 'card-near-limit'
  | 'person-inactive';

/** Whether this person may have this card answered at all. Null: yes. */
export function unfit(card: CardFacts, holder: Person | undefined): Refused<Unfit> | null {
  if (holder === undefined || !holder.active) return refuse('person-inactive');
  if (card.holderId !== holder.id) return refuse('not-your-card');
  if (card.state === 'frozen') return refuse('card-frozen');
  if (card.refusedResponses >= answerableRefusals(card)) return refuse('card-near-limit');
  return null;
}

/** How many refused responses a card may have had and still be answered. */
function answerableRefusals(card: CardFacts): number {
  const profile = findProfile(card.profile);
  return (profile === null ? UNKNOWN_RESPONSE_LIMIT : responseLimit(profile)) - KEPT_BACK_RESPONSES;
}

export function requesterOf(request: UnblockRequest, people: Facts['people']): Requester {
  return { id: request.requesterId, managerId: people.get(request.requesterId)?.managerId ?? null, excluded: [] };
}

export function approversIn(people: Facts['people']): readonly Approver[] {
  return [...people.values()];
}

/** In which role this person may decide the request, or null. */
export function roleOf(request: UnblockRequest, people: Facts['people'], personId: string): ApproverSource | null {
  const person = people.get(personId);
  return person === undefined ? null : mayApprove(request.requirement, requesterOf(request, people), person);
}

/** The verdict over the approvals given so far; those of people who are no longer entitled do not count. */
export function verdictOn(request: UnblockRequest, people: Facts['people'], more: readonly Vote[] = []): ApprovalVerdict {
  const given = request.approvals.map(({ approverId, at }): Vote => ({ approverId, verdict: 'approve', at: new Date(at) }));
  return decideApproval(request.requirement, requesterOf(request, people), [...given, ...more], approversIn(people));
}

/** Whether the requester must give another code before the response is shown. */
export function proofIsStale(request: RequestIn<'approved'>, at: number): boolean {
  return at - request.provedAt > request.requirement.times.proofFreshMinutes * MINUTE_MS;
}
