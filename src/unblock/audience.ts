// Who hears of a request: those who ask, those who are asked, and those who look after the directory.
import { standings } from '../approval/decide.js';
import { hasName } from '../approval/name-key.js';
import { ADMINISTRATORS_GROUP } from '../approval/policy.js';
import type { RecipientName } from './recipients.js';
import type { Facts } from './request-store.js';
import type { UnblockRequest } from './request.js';
import { approversIn, requesterOf } from './standing.js';

/** Everyone who is asked or told from the moment the requester is known: the requester, managers and members, the desk. */
export function audience(request: UnblockRequest, facts: Facts): readonly RecipientName[] {
  const requester = requesterOf(request, facts.people);
  const asked = standings(request.requirement, requester, approversIn(facts.people));
  const sources = request.requirement.stages.flatMap(({ from }) => from);
  // The helpdesk is asked in its channel, not one by one; whoever stands in for somebody there need not be in it.
  const inPerson = [...asked].flatMap(([id, own]) => (own.some(({ source, inPlaceOf }) => source !== 'helpdesk' || inPlaceOf !== null) ? [id] : []));
  const channel: RecipientName[] = sources.includes('helpdesk') ? ['channel:helpdesk'] : [];
  return [...asking(request), ...inPerson.map((id): RecipientName => `person:${id}`), ...channel];
}

/** The requester, and whoever asks for them. */
export function asking({ requesterId, agentId }: UnblockRequest): readonly RecipientName[] {
  return agentId === undefined ? [`person:${requesterId}`] : [`person:${requesterId}`, `person:${agentId}`];
}

/** Whoever can put the directory right; the helpdesk where there is nobody. */
export function administrators({ people }: Facts): readonly RecipientName[] {
  const found = [...people.values()].filter(({ active, groups }) => active && hasName(groups, ADMINISTRATORS_GROUP));
  return found.length === 0 ? ['channel:helpdesk'] : found.map(({ id }): RecipientName => `person:${id}`);
}
