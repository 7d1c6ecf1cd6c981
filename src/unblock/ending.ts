// How a request ends: by its outcome, a cancel, a freeze or a deadline. Pure functions from the facts to a change or a refusal.
import type { AuditDraft } from '../audit/entry.js';
import { isRefused, refuse } from '../lib/refusal.js';
import { advance, mayTryAgain, type RequestEvent } from './advance.js';
import { type DeskRefusal, toldAbout } from './decision.js';
import { requestEntry } from './entries.js';
import type { RecipientName } from './recipients.js';
import type { Decision, Facts } from './request-store.js';
import { isOpen, type UnblockRequest } from './request.js';
import { isNearLimit, mayFreeze } from './standing.js';

export function decideOutcome(request: UnblockRequest, facts: Facts, worked: boolean, by: string): Decision<DeskRefusal> {
  if (facts.auditTrouble !== null) return refuse('audit-unavailable');
  if (request.state !== 'answered') return refuse(isOpen(request) ? 'not-now' : 'request-closed');
  // "It worked" after "it was refused" closes the request, and takes back nothing that the card counted.
  const recovered = worked && request.refusedAt === null;
  const refusedResponses = recovered ? 0 : facts.card.refusedResponses + (worked ? 0 : 1);
  const card = { ...facts.card, refusedResponses };
  // Near the limit each try is a request of its own: what the helpdesk agreed to was said about the count of then.
  const again = mayTryAgain(request, facts.at) && !isNearLimit(card);
  const event: RequestEvent = worked
    ? { kind: 'worked', at: facts.at }
    : { kind: 'response-refused', at: facts.at, final: !again };
  const next = advance(request, event);
  if (isRefused(next)) return next;
  const entry = requestEntry('outcome', next, by, { worked, refusedResponses, round: request.round });
  return { request: next, entries: [entry], card: { refusedResponses } };
}

/** `by`: the requester, or the agent who asks for them. */
export function decideCancel(request: UnblockRequest, { at }: Facts, by: string): Decision<DeskRefusal> {
  return cancelled(request, { at, by, why: 'requester' }, {});
}

/** For a request that nobody proved themselves for and that somebody else stands in for now: the holder, or the helpdesk. */
export function decideGivenUp(request: UnblockRequest, { at }: Facts, by: string): Decision<DeskRefusal> {
  if (request.state !== 'opened') return refuse('not-now');
  return cancelled(request, { at, by, why: 'requester' }, { why: 'never-proved' });
}

/** "This was not me", or "not them" by their manager: the card and the person's authenticator stop, whatever state the request is in. */
export function decideFreeze(request: UnblockRequest, facts: Facts, by = request.requesterId): Decision<DeskRefusal> {
  if (!mayFreeze(request, facts.people, by)) return refuse('not-your-request');
  if (facts.card.state === 'frozen') return refuse('card-frozen');
  if (facts.card.holderId !== request.requesterId) return refuse('not-your-card');
  const { requesterId } = request;
  const closed = advance(request, { kind: 'cancel', at: facts.at, by, why: 'frozen' });
  const next = isRefused(closed) ? request : closed;
  const params = { person: requesterId, card: facts.card.id, ...(by === requesterId ? {} : { other: by }) };
  const told: RecipientName[] = ['channel:security', ...toldAbout(requesterId, facts)];
  return {
    request: next,
    card: { state: 'frozen' },
    entries: [requestEntry('frozen', next, by)],
    events: told.map((recipient) => ({ kind: 'card-frozen', recipient, params })),
    disableAuthenticatorOf: requesterId,
  };
}

/** Another open request of somebody who pressed "this was not me" ends too, whichever card it is for. */
export function decideFrozenBeside(request: UnblockRequest, { at }: Facts): Decision<DeskRefusal> {
  return cancelled(request, { at, by: request.requesterId, why: 'frozen' }, { why: 'frozen' });
}

function cancelled(
  request: UnblockRequest,
  cancel: { readonly at: number; readonly by: string; readonly why: 'requester' | 'frozen' },
  facts: AuditDraft['facts'],
): Decision<DeskRefusal> {
  const next = advance(request, { kind: 'cancel', ...cancel });
  return isRefused(next) ? next : { request: next, entries: [requestEntry('cancelled', next, cancel.by, facts)] };
}
