// The policy: who must agree before a card is unblocked, within which times and limits.
import { createHash } from 'node:crypto';

/** Who may agree: the requester's manager, members of the group `helpdesk`, or members of a named group. */
export type ApproverSource = 'manager' | 'helpdesk' | `group:${string}`;

/** `count` different people out of any of the sources. No person fills two places of a request. */
export interface Stage {
  readonly from: readonly ApproverSource[];
  readonly count: number;
}

/** Every condition that is named must hold; each holds when one of its entries does. None named: always. */
export interface When {
  readonly profiles?: readonly string[];
  /** The requester is a member of one of them. */
  readonly groups?: readonly string[];
  /** The requester's. */
  readonly sites?: readonly string[];
  readonly cardSerials?: readonly string[];
}

export interface Rule {
  readonly name: string;
  readonly when: When;
  /** Empty only where the file says `iAcceptNoApproval: true`. */
  readonly approvals: readonly Stage[];
  readonly iAcceptNoApproval?: boolean;
}

export interface Times {
  readonly expireMinutes: number;
  /** null: nobody is reminded. */
  readonly remindMinutes: number | null;
  readonly responseShownMinutes: number;
  readonly unconfirmedMinutes: number;
  readonly proofFreshMinutes: number;
  /** From the first reveal: how long a refused response may be followed by another round. */
  readonly retryMinutes: number;
}

export interface Limits {
  readonly challengesPerCardPerDay: number;
  readonly requestsPerPersonPerDay: number;
  /** Over the whole organisation; the breaker opens at the next one. */
  readonly unblocksPerHour: number;
}

export interface Policy {
  readonly version: 1;
  readonly times: Times;
  readonly limits: Limits;
  /** In order; the first that matches decides. */
  readonly rules: readonly Rule[];
}

/** The group whose members are the helpdesk. */
export const HELPDESK_GROUP = 'helpdesk';
/** The group whose members look after the cards and this bot. */
export const ADMINISTRATORS_GROUP = 'administrators';

export const GROUP_PREFIX = 'group:';

/** The group that a `group:NAME` source names. */
export function groupOf(source: `group:${string}`): string {
  return source.slice(GROUP_PREFIX.length);
}

/** SHA-256 of the UTF-8 text in lower-case hex: the name under which a policy is stored and audited. */
export function policyHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
