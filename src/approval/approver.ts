// Those who take part in a decision: whoever asks, whoever may agree, and the votes.
import type { StandIn } from '../directory/person.js';

/** A person who might approve, as they stand now. */
export interface Approver {
  readonly id: string;
  readonly groups: readonly string[];
  readonly active: boolean;
  /** Who decides in their place. */
  readonly standIn?: StandIn;
}

/** Whom the card would be unblocked for. */
export interface Requester {
  readonly id: string;
  readonly managerId: string | null;
  /** The manager of their manager. */
  readonly managersManagerId: string | null;
  /** Ids of people with another part in this request (the agent who opened it for a caller): they never approve it. */
  readonly excluded: readonly string[];
}

export interface Vote {
  readonly approverId: string;
  readonly verdict: 'approve' | 'deny';
  readonly at: Date;
}
