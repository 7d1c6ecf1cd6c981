// What makes the helpdesk agree to an opening, whatever the rule says.
import type { Policy } from '../approval/policy.js';
import { type Requirement, withHelpdesk } from '../approval/requirement.js';
import { HOUR_MS } from '../lib/clock.js';
import type { Facts } from './request-store.js';
import { isAgent, isNearLimit } from './standing.js';

/** `near-limit`: the card may lock for good; `new-authenticator`: it still cools off, so it may not unlock alone. */
export type Guard = 'near-limit' | 'new-authenticator';

export function guardsOf(policy: Policy, facts: Pick<Facts, 'at' | 'card' | 'authenticatorSince'>): readonly Guard[] {
  const guards: Guard[] = [];
  if (isNearLimit(facts.card)) guards.push('near-limit');
  if (coolsOffUntil(policy, facts) !== null) guards.push('new-authenticator');
  return guards;
}

/** The helpdesk has a place; and who vouched there for a new authenticator may have it in hand, so another one fills it. */
export function guarded(requirement: Requirement, guards: readonly Guard[], { people, vouchedBy = [] }: Pick<Facts, 'people' | 'vouchedBy'>): Requirement {
  if (guards.length === 0) return requirement;
  const asked = withHelpdesk(requirement);
  const notBy = guards.includes('new-authenticator') ? vouchedBy.filter((id) => isAgent(people.get(id))) : [];
  return notBy.length === 0 ? asked : { ...asked, notBy };
}

/** When the requester's authenticator is no longer new (ms since 1970), or null where it is not new now. */
export function coolsOffUntil({ stepUp }: Policy, { at, authenticatorSince }: Pick<Facts, 'at' | 'authenticatorSince'>): number | null {
  if (authenticatorSince === null) return null;
  const until = authenticatorSince + stepUp.coolingOffHours * HOUR_MS;
  return at < until ? until : null;
}
