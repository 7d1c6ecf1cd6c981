// Wall-clock time in a time zone, by the zone rules that come with Node (Intl carries the IANA database).
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../lib/clock.js';

/** A day of a calendar, counted from 1970-01-01, in whatever zone its owner means. */
export type Day = number;

export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const DAYS_A_WEEK = 7;
// 1970-01-01 was a Thursday.
const FIRST_WEEKDAY = 4;

/** Whether this is the name of a time zone in the IANA database, such as `Europe/Berlin` or `UTC`; no bare offset. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The day on the calendars of this zone. */
export function dayAt(zone: string, at: number): Day {
  return Math.floor((at + offsetAt(zone, at)) / DAY_MS);
}

export function weekdayOf(day: Day): Weekday {
  const index = (((day + FIRST_WEEKDAY) % DAYS_A_WEEK) + DAYS_A_WEEK) % DAYS_A_WEEK;
  return WEEKDAYS[index] ?? 'sunday';
}

/**
 * When the clocks of the zone show this many minutes after midnight of the day (ms since 1970). A time that comes
 * twice, in autumn, is the first of the two; one that is left out, in spring, is counted by the offset before the
 * gap (RFC 5545 section 3.3.5). Right where a zone changes its offset at most once in two days.
 */
export function toInstant(zone: string, day: Day, minutes: number): number {
  return fromWallClock(zone, day * DAY_MS + minutes * MINUTE_MS);
}

/** The same for a wall-clock time that is given as if it were UTC, in milliseconds. */
export function fromWallClock(zone: string, wall: number): number {
  const before = offsetAt(zone, wall - DAY_MS);
  const after = offsetAt(zone, wall + DAY_MS);
  const isShownAt = (offset: number): boolean => offsetAt(zone, wall - offset) === offset;
  return wall - (!isShownAt(before) && isShownAt(after) ? after : before);
}

/** `2026-12-25`, or null where there is no such day. */
export function dayOf(date: string): Day | null {
  const ms = Date.parse(`${date}T00:00Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) return null;
  return ms / DAY_MS;
}

/** Minutes after midnight of `HH:MM`; `24:00` is the end of the day. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** Local time minus UTC at this instant, in milliseconds. */
function offsetAt(zone: string, at: number): number {
  const seconds = Math.floor(at / SECOND_MS) * SECOND_MS;
  const parts = formatOf(zone).formatToParts(seconds);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((one) => one.type === type)?.value);
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall - seconds;
}

// Making one takes longer than all that is asked of it afterwards; there are as many as zones are named.
const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Throws a RangeError for a zone that is not known. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(zone);
  if (known !== undefined) return known;
  const whole = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', { ...whole, timeZone: zone, hourCycle: 'h23', calendar: 'gregory' });
  FORMATS.set(zone, format);
  return format;
}
