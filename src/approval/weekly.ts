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

const LOOK_AHEAD_DAYS = 14;

/** When the next of these spans begins after this instant (ms since 1970), on a day that `counts`; null: none within two weeks. */
export function nextBeginning(spans: readonly Weekly[], zone: string, at: number, counts: (day: Day) => boolean = () => true): number | null {
  const today = dayAt(zone, at);
  const days = Array.from({ length: LOOK_AHEAD_DAYS + 1 }, (_, ahead) => today + ahead).filter(counts);
  const begins = days.flatMap((day) => spans.filter((span) => span.days.includes(weekdayOf(day))).map((span) => toInstant(zone, day, minutesOf(span.from))));
  const later = begins.filter((begin) => begin > at);
  return later.length === 0 ? null : Math.min(...later);
}
