// Repeated events of a calendar: which of their rules are taken, and when an event comes again.
import ICAL from 'ical.js';
import { SECOND_MS } from '../lib/clock.js';

/** More often than daily is no shift and no holiday. */
const PER_YEAR: ReadonlyMap<string, number> = new Map([['DAILY', 366], ['WEEKLY', 53], ['MONTHLY', 12], ['YEARLY', 1]]);
const WITHIN_A_DAY = ['BYHOUR', 'BYMINUTE', 'BYSECOND'];
/** A daily or weekly series is counted through from its beginning. */
const FIRST_YEAR = 1970;
/** A series without an end counts for so many years, when it is looked at how much there is to count. */
const ENDLESS_YEARS = 20;
/** About twenty thousandths of a millisecond each, once for a file. */
const MOST_TIMES = 300_000;

/** What is wrong with how an event comes again, as it follows "which"; null: it can be counted through, and soon. */
export function problemInSeries(event: ICAL.Event): string | null {
  const rules = rulesOf(event);
  if (rules === null) return 'comes again by a rule that cannot be read';
  if (rules.some((rule) => !PER_YEAR.has(rule.freq) || hasPart(rule, WITHIN_A_DAY))) return 'comes again more often than daily';
  if (rules.some((rule) => !isSureToMatch(rule))) return 'comes again by a rule that may never match: repeat it daily, or weekly on its days';
  const isLong = rules.some(({ freq }) => freq === 'DAILY' || freq === 'WEEKLY');
  return isLong && event.startDate.year < FIRST_YEAR ? `begins before ${FIRST_YEAR}` : null;
}

/** What is wrong with all repeated events of a file together. */
export function problemInAllSeries(events: readonly ICAL.Event[]): string | null {
  const times = events.flatMap((event) => (rulesOf(event) ?? []).map((rule) => timesOf(rule, event.startDate))).reduce((sum, one) => sum + one, 0);
  return times > MOST_TIMES ? `repeats its events about ${Math.round(times)} times in all, and ${MOST_TIMES} are looked through: leave out what is over, and what is no shift or holiday` : null;
}

/** Null where one of them cannot be read. */
function rulesOf(event: ICAL.Event): readonly ICAL.Recur[] | null {
  const rules: readonly unknown[] = event.component.getAllProperties('rrule').map((rule) => rule.getFirstValue());
  const read = rules.filter((rule) => rule instanceof ICAL.Recur);
  return read.length === rules.length ? read : null;
}

function hasPart({ parts }: ICAL.Recur, names: readonly string[]): boolean {
  return Object.keys(parts).some((part) => names.includes(part));
}

/**
 * ical.js goes on from time to time until all parts of a rule hold that narrow its frequency down (RFC 5545 section 3.3.10):
 * for ever where they never do. So only those are taken that are sure to hold some day.
 */
function isSureToMatch({ freq, interval, parts }: ICAL.Recur): boolean {
  const { BYDAY = [], BYMONTH } = parts;
  const others = Object.keys(parts).filter((part) => !['BYDAY', 'BYMONTH'].includes(part));
  if (freq === 'YEARLY') return true;
  if (freq === 'MONTHLY') return BYMONTH === undefined;
  const narrows = BYMONTH !== undefined || (freq === 'DAILY' && BYDAY.length > 0);
  return others.length === 0 && BYDAY.every((day) => /^[A-Z]{2}$/.test(day)) && (!narrows || interval === 1);
}

/** About how many times a rule gives; the parts that narrow it down are left aside. */
function timesOf({ freq, interval, parts, count, until }: ICAL.Recur, start: ICAL.Time): number {
  const years = until === null ? ENDLESS_YEARS : Math.max(0, until.year - start.year + 1);
  const eachTime = freq === 'DAILY' ? 1 : Math.max(1, parts.BYDAY?.length ?? 1, parts.BYMONTHDAY?.length ?? 1) * Math.max(1, parts.BYMONTH?.length ?? 1, parts.BYYEARDAY?.length ?? 1);
  const times = (years * (PER_YEAR.get(freq) ?? 0) * eachTime) / Math.max(1, interval);
  return count === null ? times : Math.min(count, times);
}

/** A time at which an event begins; `wall`: its wall clock as if it were UTC, in milliseconds. */
interface Beginning {
  readonly time: ICAL.Time;
  readonly wall: number;
}

/** The times at which a repeated event begins on wall clocks from `from` to `to`, counted on from where the last question ended. */
export function beginningsOf(event: ICAL.Event): (from: number, to: number) => readonly ICAL.Time[] {
  const times = event.iterator();
  const known: Beginning[] = [];
  let countedTo = -Infinity;
  return (from, to) => {
    while (countedTo <= to) {
      const time: unknown = times.next();
      countedTo = time instanceof ICAL.Time ? wallOf(time) : Infinity;
      if (time instanceof ICAL.Time) known.push({ time, wall: countedTo });
    }
    const found: ICAL.Time[] = [];
    // They come in order, and most questions are about the latest ones.
    for (let at = known.length - 1; at >= 0; at -= 1) {
      const one = known[at];
      if (one === undefined || one.wall < from) break;
      if (one.wall <= to) found.push(one.time);
    }
    return found.reverse();
  };
}

/** How long each time of the event lasts, in milliseconds. */
export function lengthOf(event: ICAL.Event): number {
  return event.duration.toSeconds() * SECOND_MS;
}

/** What clocks show at this time, as if it were UTC, in milliseconds. */
export function wallOf(time: ICAL.Time): number {
  return Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
}
