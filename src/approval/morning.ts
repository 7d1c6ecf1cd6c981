// The next morning at a site: when something that has to be read by somebody there is told.
import { type Hours, nextOpening, siteOf } from './hours.js';
import { dayAt, minutesOf, toInstant } from './local-time.js';

/** Where a site has no opening hours. */
const MORNING_MINUTES = minutesOf('08:00');

/**
 * When the site opens next after this instant (both in ms since 1970), or 08:00 on its clocks where it has no hours; on
 * those of `zone` where nobody knows the site.
 */
export function nextMorning(hours: Hours, { site, zone }: { readonly site: string | null; readonly zone: string }, at: number): number {
  const opens = nextOpening(hours, site, at);
  if (opens !== null) return opens;
  const there = siteOf(hours.sites, site)?.timeZone ?? zone;
  const today = dayAt(there, at);
  const thisMorning = toInstant(there, today, MORNING_MINUTES);
  return thisMorning > at ? thisMorning : toInstant(there, today + 1, MORNING_MINUTES);
}
