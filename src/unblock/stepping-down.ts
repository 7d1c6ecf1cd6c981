// "This is not my report": a manager whom the directory still names takes themselves off a request.
import { standings } from '../approval/decide.js';
import { isRefused, refuse } from '../lib/refusal.js';
import { advance } from './advance.js';
import { administrators, audience } from './audience.js';
import { type DeskRefusal, stop } from './decision.js';
import { requestEntry } from './entries.js';
import type { Decision, EventNotice, Facts } from './request-store.js';
import type { UnblockRequest } from './request.js';
import { approversIn, requesterOf } from './standing.js';
import { canBeDecided, reach } from './widening.js';

const AS_MANAGER = ['manager', 'manager-of-manager'];

/** It needs no code: it gives nobody anything. The others decide, then the wider circle; with nobody left the request ends. */
export function decideSteppingDown(request: UnblockRequest, facts: Facts, by: string): Decision<DeskRefusal> {
  const stopped = stop(request, facts);
  if (stopped !== null) return stopped;
  if (!isAskedAsManager(request, facts, by)) return refuse('not-your-decision');
  if (request.approvals.some(({ approverId }) => approverId === by)) return refuse('already-approved');
  const off = advance(request, { kind: 'step-down', at: facts.at, by });
  if (isRefused(off)) return off;
  const entry = requestEntry('stepped-down', off, by);
  const told: readonly EventNotice[] = administrators(facts).map((recipient) => ({ kind: 'not-my-report', recipient, params: { person: request.requesterId, other: by } }));
  const reached = reach(off, facts);
  if (canBeDecided(reached.request, facts)) {
    return { request: reached.request, entries: [entry, ...reached.entries], recipients: audience(reached.request, facts), events: told };
  }
  const ended = advance(off, { kind: 'deny', at: facts.at, by: null, why: 'nobody-left' });
  if (isRefused(ended)) return ended;
  return { request: ended, entries: [entry, requestEntry('denied', ended, 'system', { why: 'nobody-left' })], events: told };
}

export function isAskedAsManager(request: UnblockRequest, { people }: Pick<Facts, 'people'>, personId: string): boolean {
  const own = standings(request.requirement, requesterOf(request, people), approversIn(people)).get(personId) ?? [];
  return own.some(({ source, inPlaceOf }) => inPlaceOf === null && AS_MANAGER.includes(source));
}
