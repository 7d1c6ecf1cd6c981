// Who may vouch for a colleague who sets up an authenticator, when two of them stand in for a lost one, and what ends with it.
import type { Person } from '../directory/person.js';
import { isRefused, refuse } from '../lib/refusal.js';
import { advance } from './advance.js';
import type { DeskRefusal } from './decision.js';
import { requestEntry } from './entries.js';
import type { Decision } from './request-store.js';
import type { UnblockRequest } from './request.js';
import { isAgent } from './standing.js';

export type VoucherRole = 'manager' | 'helpdesk';

/** As whom this person may vouch for that one, or null. Nobody vouches for themselves, and who left vouches for nobody. */
export function voucherRole(giver: Person | undefined, person: Person | undefined): VoucherRole | null {
  if (giver?.active !== true || person?.active !== true || giver.id === person.id) return null;
  if (person.managerId === giver.id) return 'manager';
  return isAgent(giver) ? 'helpdesk' : null;
}

/**
 * Whether a person whose authenticator is lost may replace it without its code: two different people say who they are,
 * one of them at the helpdesk. `first`: who gave the voucher that began it; null: an invitation of the command line.
 */
export function mayReplaceLost(person: Person, first: Person | null, second: Person): boolean {
  if (voucherRole(second, person) === null) return false;
  if (first === null) return isAgent(second);
  return first.id !== second.id && voucherRole(first, person) !== null && (isAgent(first) || isAgent(second));
}

/** A lost authenticator was replaced: what its owner had proved with it ends. What nobody proved yet goes on with the new one. */
export function decideReplaced(request: UnblockRequest, at: number): Decision<DeskRefusal> {
  if (request.state === 'opened') return refuse('not-now');
  const why = 'authenticator-replaced';
  const next = advance(request, { kind: 'deny', at, by: null, why });
  return isRefused(next) ? next : { request: next, entries: [requestEntry('denied', next, 'system', { why })] };
}
