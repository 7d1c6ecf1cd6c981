// A span of time that comes again each week, on the clocks of a place: opening hours, and shifts of a rota.
import { dayAt, type Day, minutesOf, toInstant, type Weekday, weekdayOf } from './local-time.js';

/** From `from` of each of these days until `to`; on the next day where `to` is earlier. */
export interface Weekly {
  readonly days: readonly Weekday[];
  /** `HH:MM` */
  readonly from: string;
  /** `HH:MM`, or `24:00` */
  readonly to: string;
}

/** The day on which the span began that holds this instant (ms since 1970), or null outside of them all. */
export function spanAt(weekly: Weekly, zone: string, at: number): Day | null {
  const today = dayAt(zone, at);
  const holds = [today, today - 1].find((day) => {
    if (!weekly.days.includes(weekdayOf(day))) return false;
    const [from, to] = [minutesOf(weekly.from), minutesOf(weekly.to)];
    return toInstant(zone, day, from) <= at && at < toInstant(zone, from < to ? day : day + 1, to);
  });
  return holds ?? null;
}
