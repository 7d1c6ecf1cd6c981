// Passing one's say on while away: for a while, to one colleague, with a reason.
import { DAY_MS } from '../lib/clock.js';
import { refuse, type Refused } from '../lib/refusal.js';
import { dayAt, dayOf, toInstant } from './local-time.js';

/** Nobody is away for longer without the directory saying so. */
export const LONGEST_DAYS = 92;

export interface Delegation {
  readonly personId: string;
  readonly standInId: string;
  /** ms since 1970; from then on. */
  readonly from: number;
  /** ms since 1970; until just before then. */
  readonly until: number;
  readonly reason: string;
}

export type TimeAway = Pick<Delegation, 'from' | 'until'>;

/** What is wrong with a first day, or with a last one. */
export type DatesRefusal = 'delegate-first' | 'delegate-last' | 'delegate-too-long';

/**
 * The time from the first day to the last, both whole days on the calendars of `zone`; it begins now at the earliest.
 * Dates are ISO 8601 (`2026-12-24`).
 */
export function daysAway({ first, last }: { readonly first: string; readonly last: string }, zone: string, at: number): TimeAway | Refused<DatesRefusal> {
  const [firstDay, lastDay] = [dayOf(first.trim()), dayOf(last.trim())];
  if (firstDay === null) return refuse('delegate-first');
  if (lastDay === null || lastDay < firstDay || lastDay < dayAt(zone, at)) return refuse('delegate-last');
  const [from, until] = [Math.max(at, toInstant(zone, firstDay, 0)), toInstant(zone, lastDay + 1, 0)];
  return until - at > LONGEST_DAYS * DAY_MS ? refuse('delegate-too-long', { days: String(LONGEST_DAYS) }) : { from, until };
}

/** The date that the calendars of `zone` show, as `daysAway` reads it. */
export function dateIn(zone: string, at: number): string {
  return new Date(dayAt(zone, at) * DAY_MS).toISOString().slice(0, 10);
}

/** Whether both are away at some moment: then what is passed on by the one would reach nobody. */
export function overlaps(one: TimeAway, other: TimeAway): boolean {
  return one.from < other.until && other.from < one.until;
}
