// Who may vouch for a colleague who sets up an authenticator, when two of them stand in for a lost one, and what ends with it.
import type { Person } from '../directory/person.js';
import { isRefused } from '../lib/refusal.js';
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

/**
 * Another authenticator took the place of the one before: what was proved with that one ends. So does what nobody proved
 * yet: its rule was chosen while the new one was not there.
 */
export function decideReplaced(request: UnblockRequest, at: number): Decision<DeskRefusal> {
  const why = 'authenticator-replaced';
  const isProved = request.state !== 'opened';
  const next = advance(request, isProved ? { kind: 'deny', at, by: null, why } : { kind: 'cancel', at, by: request.requesterId, why: 'requester' });
  return isRefused(next) ? next : { request: next, entries: [requestEntry(isProved ? 'denied' : 'cancelled', next, 'system', { why })] };
}
