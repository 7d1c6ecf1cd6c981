// Who may still do what about a request, by the directory and the card as they stand now.
import type { Approver, Requester, Vote } from '../approval/approver.js';
import { decideApproval, type ApprovalVerdict, type Standing, standings } from '../approval/decide.js';
import { type ApproverSource, HELPDESK_GROUP } from '../approval/policy.js';
import { hasName } from '../approval/name-key.js';
import type { Requirement } from '../approval/requirement.js';
import { GUARDED_RESPONSES, responseLimit, UNKNOWN_RESPONSE_LIMIT } from '../card/profile.js';
import type { Person } from '../directory/person.js';
import { MINUTE_MS } from '../lib/clock.js';
import { refuse, type Refused } from '../lib/refusal.js';
import type { CardFacts, Facts } from './request-store.js';
import type { RequestIn, UnblockRequest } from './request.js';

export type Unfit =
  | 'not-your-card'
  | 'card-frozen'
  | 'card-stopped'
  | 'card-waiting'
  | 'not-recoverable'
  | 'person-inactive'
  | 'puk-shown';

/** Whether this person may have this card answered at all. Null: yes. */
export function unfit(card: CardFacts, holder: Person | undefined): Refused<Unfit> | null {
  if (holder === undefined || !holder.active) return refuse('person-inactive');
  if (card.holderId !== holder.id) return refuse('not-your-card');
  if (card.state === 'frozen') return refuse('card-frozen');
  if (card.state === 'waiting') return refuse('card-waiting');
  if (card.unlock === 'not-recoverable') return cannotBeUnblocked(card);
  if (triesLeft(card) <= 0) return refuse('card-stopped');
  return card.state === 'puk-shown' ? refuse('puk-shown') : null;
}

/** With what to do instead, where the card's profile says so. */
export function cannotBeUnblocked({ profile }: CardFacts): Refused<'not-recoverable'> {
  const instead = profile?.instead ?? null;
  return instead === null ? refuse('not-recoverable') : refuse('not-recoverable', { instead });
}

/** How many more responses the card may refuse until it blocks for good, as far as is known. */
export function triesLeft({ profile, refusedResponses }: CardFacts): number {
  return (profile === null ? UNKNOWN_RESPONSE_LIMIT : responseLimit(profile)) - refusedResponses;
}

/** Whether the card is so near its limit that somebody at the helpdesk has to agree. */
export function isNearLimit(card: CardFacts): boolean {
  return triesLeft(card) <= GUARDED_RESPONSES;
}

/**
 * What the card counts after a response of which nobody said whether it worked: it may have been refused, so the
 * helpdesk comes in as early as if it was. But it stops no card: that takes refusals that somebody saw.
 */
export function countedAsUnknown(card: CardFacts): number {
  const { refusedResponses } = card;
  return isNearLimit(card) || triesLeft(card) === Infinity ? refusedResponses : refusedResponses + 1;
}

export function requesterOf(request: UnblockRequest, people: Facts['people']): Requester {
  const requester = requesterUnder(request.requirement, requesterAmong(people, request));
  return 'declined' in request ? { ...requester, excluded: [...requester.excluded, ...request.declined] } : requester;
}

/** Beside those who never decide for this requester, those whom the requirement leaves out. */
export function requesterUnder({ notBy = [] }: Pick<Requirement, 'notBy'>, requester: Requester): Requester {
  return notBy.length === 0 ? requester : { ...requester, excluded: [...requester.excluded, ...notBy] };
}

/** Whoever asks, with their managers as the directory has them now; an agent who asks for them has no say. */
export function requesterAmong(people: Facts['people'], asked: { readonly requesterId: string; readonly agentId?: string | undefined }): Requester {
  const managerId = people.get(asked.requesterId)?.managerId ?? null;
  const managersManagerId = managerId === null ? null : (people.get(managerId)?.managerId ?? null);
  return { id: asked.requesterId, managerId, managersManagerId, excluded: asked.agentId === undefined ? [] : [asked.agentId] };
}

export function approversIn(people: Facts['people']): readonly Approver[] {
  return [...people.values()];
}

/** Whether this person is at the helpdesk, which asks for people who call it. */
export function isAgent(person: Person | undefined): boolean {
  return person?.active === true && hasName(person.groups, HELPDESK_GROUP);
}

/** Whether this person may take the requester's steps: the requester, or the agent who asks for them and still is one. */
export function actsFor(request: UnblockRequest, people: Facts['people'], personId: string): boolean {
  return request.requesterId === personId || (request.agentId === personId && isAgent(people.get(personId)));
}

/** Whether this person may say that the request was not the requester's: they themselves, or their manager where an agent asks for them. */
export function mayFreeze(request: UnblockRequest, people: Facts['people'], personId: string): boolean {
  if (request.requesterId === personId) return true;
  const managerId = people.get(request.requesterId)?.managerId;
  return request.agentId !== undefined && managerId === personId && people.get(personId)?.active === true;
}

/** In which role this person may decide the request, or null. */
export function roleOf(request: UnblockRequest, people: Facts['people'], personId: string): ApproverSource | null {
  return standingOf(request, people, personId)?.source ?? null;
}

/** The same, with the person in whose place they decide, if it is not their own. */
export function standingOf(request: UnblockRequest, people: Facts['people'], personId: string): Standing | null {
  const all = standings(request.requirement, requesterOf(request, people), approversIn(people), votesOf(request));
  return all.get(personId)?.[0] ?? null;
}

/** The verdict over the approvals given so far; those of people who are no longer entitled do not count. */
export function verdictOn(request: UnblockRequest, people: Facts['people'], more: readonly Vote[] = []): ApprovalVerdict {
  return decideApproval(request.requirement, requesterOf(request, people), [...votesOf(request), ...more], approversIn(people));
}

function votesOf({ approvals }: UnblockRequest): readonly Vote[] {
  return approvals.map(({ approverId, at }) => ({ approverId, verdict: 'approve', at: new Date(at) }));
}

/** Whether the requester must give another code before the response is shown. */
export function proofIsStale(request: RequestIn<'approved'>, at: number): boolean {
  return at - request.provedAt > request.requirement.times.proofFreshMinutes * MINUTE_MS;
}
