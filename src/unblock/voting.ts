// What a vote decides, as pure functions from the request and the facts to a change or a refusal.
import { isRefused, refuse } from '../lib/refusal.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import { advance } from './advance.js';
import { type DeskRefusal, paidWith, stop } from './decision.js';
import { requestEntry } from './entries.js';
import type { Decision, Facts } from './request-store.js';
import type { UnblockRequest } from './request.js';
import { roleOf, verdictOn } from './standing.js';

export function decideApprove(request: UnblockRequest, facts: Facts, by: string, spend: SpentCode): Decision<DeskRefusal> {
  const stopped = stop(request, facts);
  if (stopped !== null) return stopped;
  const role = roleOf(request, facts.people, by);
  if (role === null || spend.personId !== by) return refuse('not-your-decision');
  if (request.approvals.some(({ approverId }) => approverId === by)) return refuse('already-approved');
  const verdict = verdictOn(request, facts.people, [{ approverId: by, verdict: 'approve', at: new Date(facts.at) }]);
  const next = advance(request, { kind: 'approve', at: facts.at, by, complete: verdict.kind === 'granted' });
  if (isRefused(next)) return next;
  const vote = requestEntry('vote', next, by, { verdict: 'approve', as: role, factor: spend.kind });
  const complete = requestEntry('approval-complete', next, by, { by: next.approvals.map(({ approverId }) => approverId) });
  return { request: next, entries: verdict.kind === 'granted' ? [vote, complete] : [vote], ...paidWith(spend, facts, by) };
}

/** A no needs no code: it fails safe. Whoever approved may take it back in the same way until the response was shown. */
export function decideDeny(request: UnblockRequest, facts: Facts, by: string, why: string): Decision<DeskRefusal> {
  if (facts.auditTrouble !== null) return refuse('audit-unavailable');
  const role = roleOf(request, facts.people, by);
  if (role === null) return refuse('not-your-decision');
  const revoked = request.approvals.some(({ approverId }) => approverId === by);
  const next = advance(request, { kind: revoked && request.state === 'approved' ? 'revoke' : 'deny', at: facts.at, by, why });
  if (isRefused(next)) return next;
  return { request: next, entries: [requestEntry('denied', next, by, { as: role, why, revoked })] };
}
