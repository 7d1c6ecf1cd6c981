// While a request waits, somebody's say may move to a stand-in or come back: whoever may decide by now is asked.
import { candidates } from '../approval/decide.js';
import { isRefused, refuse } from '../lib/refusal.js';
import { advance } from './advance.js';
import { audience } from './audience.js';
import type { DeskRefusal } from './decision.js';
import type { Decision, Facts } from './request-store.js';
import type { UnblockRequest } from './request.js';
import { approversIn, requesterOf } from './standing.js';

/** `moved`: the ids of those whose say moved. Refused where none of them has a say in it. */
export function decideAskedAnew(request: UnblockRequest, facts: Facts, moved: ReadonlySet<string>): Decision<DeskRefusal> {
  const everyone = approversIn(facts.people).map(({ standIn, ...person }) => person);
  const concerned = candidates(request.requirement, requesterOf(request, facts.people), everyone).some((id) => moved.has(id));
  if (!concerned) return refuse('not-now');
  const next = advance(request, { kind: 'ask-anew', at: facts.at });
  return isRefused(next) ? next : { request: next, entries: [], recipients: audience(next, facts) };
}
