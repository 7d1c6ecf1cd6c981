// A stage of a rule as a request keeps it: with its wider circle, asked or not yet.
import { type ApproverSource, differentSources, type Stage } from './policy.js';

/** `late`: nobody decided in time; `nobody`: there was nobody to ask, or nobody was left. */
export type EscalatedWhy = 'late' | 'nobody';

/** What a stage keeps of its escalation: its `from` ends with these from then on. */
export interface Escalated {
  readonly to: readonly ApproverSource[];
  readonly minutes: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly why: EscalatedWhy;
}

/** A stage as a request keeps it. */
export interface KeptStage extends Stage {
  readonly escalated?: Escalated;
}

/** A stage as the policy had it, whatever happened since. */
export function beforeEscalation({ escalated, from, ...stage }: KeptStage): Stage {
  if (escalated === undefined) return { from, ...stage };
  const { to, minutes } = escalated;
  return { ...stage, from: from.slice(0, from.length - to.length), escalateTo: to, escalateMinutes: minutes };
}

/** All whom a stage asks, now or later. */
export function allSources({ from, escalateTo = [] }: Stage): readonly ApproverSource[] {
  return [...from, ...escalateTo];
}

/** Whether the wider circle is wider. */
export function addsSomebody({ from, escalateTo = [] }: Stage): boolean {
  return differentSources([...from, ...escalateTo]).length > differentSources(from).length;
}
