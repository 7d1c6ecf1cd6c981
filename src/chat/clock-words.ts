// Times of day as people read them.

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
