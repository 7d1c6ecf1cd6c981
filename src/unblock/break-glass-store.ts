// What break-glass asks of storage beside the codes themselves: uses, their reports, and who acknowledged them.
import type { SpentCode } from '../stepup/authenticator-store.js';
import type { Refused } from '../lib/refusal.js';
import type { SealedStore } from '../stepup/sealed-codes.js';
import type { BreakGlassSettings } from '../approval/policy.js';
import type { GlassReading } from './break-glass.js';
import type { LoadedPolicy } from './decision.js';

export type AcknowledgeRefusal = 'code-not-accepted' | 'no-such-report' | 'not-your-report' | 'policy-not-in-force' | 'report-acknowledged';

export interface Acknowledging {
  readonly useId: string;
  /** Who acknowledges, and the code of theirs that is spent with it. */
  readonly personId: string;
  readonly spend: SpentCode;
  /** The policy that says who reads it. */
  readonly loaded: LoadedPolicy;
  readonly at: Date;
}

export interface BreakGlassStore extends SealedStore {
  /** A use and who reads its report; null: there is none. Read without locks, so nothing is granted on it alone. */
  reading(useId: string, settings: BreakGlassSettings): Promise<GlassReading | null>;
  /** Null: it is done. */
  acknowledge(acknowledging: Acknowledging): Promise<Refused<AcknowledgeRefusal> | null>;
}
