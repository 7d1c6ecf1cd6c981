// When the whole organisation stops: too many responses in an hour or a night, until two administrators let it go on.
import type { Policy } from '../approval/policy.js';
import { refuse, type Refused } from '../lib/refusal.js';

/** The limits that open the breaker. */
export const BREAKER_LIMITS = ['hour', 'night'] as const;
export type BreakerLimit = (typeof BREAKER_LIMITS)[number];

/** A breaker that is open, and stays so whatever the time. */
export interface OpenBreaker {
  /** The limit that was reached. */
  readonly why: BreakerLimit;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** What the organisation has released, as the facts of a step have it. */
interface Released {
  readonly breaker: OpenBreaker | null;
  readonly counts: { readonly responsesLastHour: number; readonly responsesTonight: number };
}

/**
 * The breaker is open, or this step would be one too many. The refusal that meets a limit first says which one in its
 * `reached`: whoever saves the step opens the breaker with it.
 */
export function stoppedByBreaker({ breaker, counts }: Released, { limits }: Policy): Refused<'breaker-open'> | null {
  if (breaker !== null) return refuse('breaker-open');
  if (counts.responsesLastHour >= limits.unblocksPerHour) return refuse('breaker-open', { reached: 'hour' });
  if (limits.unblocksPerNight === null || counts.responsesTonight < limits.unblocksPerNight) return null;
  return refuse('breaker-open', { reached: 'night' });
}

/** The limit that a refusal has met first, or null. */
export function limitReached({ refused, detail }: Refused<string>): BreakerLimit | null {
  if (refused !== 'breaker-open') return null;
  return BREAKER_LIMITS.find((limit) => limit === detail?.reached) ?? null;
}
