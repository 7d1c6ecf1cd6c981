// Whether somebody is at work where a person works: opening hours and holidays of a site.
import type { Calendars } from './calendar.js';
import { dayAt, type Day, dayOf, toInstant } from './local-time.js';
import { nameKey } from './name-key.js';
import { nextBeginning, spanAt, type Weekly } from './weekly.js';

export interface Site {
  /** As the directory has it, whatever its case. */
  readonly name: string;
  /** Of the IANA database, for example `Europe/Berlin`. */
  readonly timeZone: string;
  readonly open: readonly Weekly[];
  /** `YYYY-MM-DD`, on the calendar of the site. */
  readonly holidays: readonly string[];
  /** Each all-day event in it is a holiday. */
  readonly holidayFile?: string;
  /** Its hours hold for whoever has no site, or one that the policy does not name. */
  readonly forEveryoneElse?: boolean;
  /** Where people of the site find help when nobody answers: a room, a telephone number. */
  readonly desk?: string;
}

export interface Hours {
  readonly sites: readonly Site[];
  readonly calendars: Calendars;
}

const NOON_MINUTES = 12 * 60;

/** Whether the site is open at this instant (ms since 1970). A span that begins on a holiday is closed to its end. */
export function openAt(hours: Hours, site: string | null, at: number): boolean {
  const found = siteOf(hours.sites, site);
  if (found === null) return false;
  return found.open.some((weekly) => {
    const began = spanAt(weekly, found.timeZone, at);
    return began !== null && !isHoliday(found, began, hours.calendars);
  });
}

/** When the site opens next after this instant (ms since 1970); null: not within two weeks, or nobody knows. */
export function nextOpening({ sites, calendars }: Hours, site: string | null, at: number): number | null {
  const found = siteOf(sites, site);
  if (found === null) return null;
  return nextBeginning(found.open, found.timeZone, at, (day) => !isHoliday(found, day, calendars));
}

/** Whether it is a holiday there, by the date at the site. */
export function holidayAt(hours: Hours, site: string | null, at: number): boolean {
  const found = siteOf(hours.sites, site);
  return found !== null && isHoliday(found, dayAt(found.timeZone, at), hours.calendars);
}

/** The site whose hours hold for people of this one, or null where the policy has none for them. */
export function siteOf(sites: readonly Site[], name: string | null): Site | null {
  const named = name === null ? undefined : sites.find((site) => nameKey(site.name) === nameKey(name));
  return named ?? sites.find(({ forEveryoneElse }) => forEveryoneElse === true) ?? null;
}

/** The time zone of people of this site; null where the policy has none for them. */
export function timeZoneOf(sites: readonly Site[], name: string | null): string | null {
  return siteOf(sites, name)?.timeZone ?? null;
}

function isHoliday(site: Site, day: Day, calendars: Calendars): boolean {
  if (site.holidays.some((date) => dayOf(date) === day)) return true;
  if (site.holidayFile === undefined) return false;
  const noon = toInstant(site.timeZone, day, NOON_MINUTES);
  return calendars.get(site.holidayFile)?.during(noon, site.timeZone).some(({ allDay }) => allDay) ?? false;
}
