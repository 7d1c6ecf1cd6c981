// What a vote decides, as pure functions from the request and the facts to a change or a refusal.
import type { Standing } from '../approval/decide.js';
import { isRefused, refuse } from '../lib/refusal.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import { advance } from './advance.js';
import { type DeskRefusal, paidWith, stop } from './decision.js';
import { requestEntry } from './entries.js';
import { decideNumberMissed, hasNumberTriesLeft, isNumber, numberMatchOf, type TypedNumber } from './number-match.js';
import type { Decision, Facts } from './request-store.js';
import type { UnblockRequest } from './request.js';
import { standingOf, verdictOn } from './standing.js';

export interface Approving {
  readonly by: string;
  readonly spend: SpentCode;
  readonly number?: TypedNumber | null;
}

/** `number`: what was typed where the rule asks for a number; a wrong one is as wrong as a wrong code. */
export function decideApprove(request: UnblockRequest, facts: Facts, { by, spend, number = null }: Approving): Decision<DeskRefusal> {
  const stopped = stop(request, facts);
  if (stopped !== null) return stopped;
  const standing = standingOf(request, facts.people, by);
  if (standing === null || spend.personId !== by) return refuse('not-your-decision');
  if (request.approvals.some(({ approverId }) => approverId === by)) return refuse('already-approved');
  if (request.requirement.numberMatch === true) {
    const match = numberMatchOf(request, by);
    if (match === null || number === null) return refuse('not-now');
    if (!hasNumberTriesLeft(match) || !isNumber(match, number.typed)) return decideNumberMissed(request, facts, by, number);
  }
  const verdict = verdictOn(request, facts.people, [{ approverId: by, verdict: 'approve', at: new Date(facts.at) }]);
  const next = advance(request, { kind: 'approve', at: facts.at, by, complete: verdict.kind === 'granted' });
  if (isRefused(next)) return next;
  const vote = requestEntry('vote', next, by, { verdict: 'approve', ...votedAs(standing), factor: spend.kind });
  const complete = requestEntry('approval-complete', next, by, { by: next.approvals.map(({ approverId }) => approverId) });
  return { request: next, entries: verdict.kind === 'granted' ? [vote, complete] : [vote], ...paidWith(spend, facts, by) };
}

/** A no needs no code: it fails safe. Whoever approved may take it back in the same way until the response was shown. */
export function decideDeny(request: UnblockRequest, facts: Facts, by: string, why: string): Decision<DeskRefusal> {
  if (facts.auditTrouble !== null) return refuse('audit-unavailable');
  const standing = standingOf(request, facts.people, by);
  if (standing === null) return refuse('not-your-decision');
  const revoked = request.approvals.some(({ approverId }) => approverId === by);
  const next = advance(request, { kind: revoked && request.state === 'approved' ? 'revoke' : 'deny', at: facts.at, by, why });
  if (isRefused(next)) return next;
  return { request: next, entries: [requestEntry('denied', next, by, { ...votedAs(standing), why, revoked })] };
}

function votedAs({ source, inPlaceOf }: Standing): { readonly as: string; readonly inPlaceOf?: string } {
  return inPlaceOf === null ? { as: source } : { as: source, inPlaceOf };
}
