// Times of day as people read them.
import { MINUTE_MS } from '../lib/clock.js';

export type TimeWords = (at: number) => string;

/** "10:02 CET" in the given IANA time zone; the date too where it is not today's `now`. */
export function timeWords(timeZone: string, locale: string, now: () => number): TimeWords {
  const time = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });
  const day = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short' });
  return (at) => {
    const clock = time.format(at);
    return day.format(at) === day.format(now()) ? clock : `${day.format(at)}, ${clock}`;
  };
}

/** Of a time that ends just before `until`, for people: 23:59 and not midnight of the day after. */
export function lastMinute(until: number): number {
  return until - MINUTE_MS;
}
