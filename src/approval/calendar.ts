// iCalendar files (RFC 5545): what is going on at an instant, repeated events included.
// By ical.js, which Thunderbird's calendar is built on: no dependencies, 268 kB, runs from Node 10 on, MPL-2.0.
import ICAL from 'ical.js';
import { z } from 'zod';
import { DAY_MS, SECOND_MS } from '../lib/clock.js';
import { inertText } from '../lib/inert-text.js';
import { beginningsOf, lengthOf, problemInAllSeries, problemInSeries, wallOf } from './calendar-series.js';
import { fromWallClock, isTimeZone } from './local-time.js';

/** One event at one of its times. */
export interface Occurrence {
  /** It has dates and no times. */
  readonly allDay: boolean;
  readonly summary: string;
  /** The addresses of those who were invited and did not decline, as they are written. */
  readonly attendees: readonly string[];
  readonly organizer: string | null;
}

export interface Calendar {
  /** What is going on at this instant (ms since 1970). `zone` is that of whatever names none: dates, for one. */
  during(at: number, zone: string): readonly Occurrence[];
}

/** By the name of their file. */
export type Calendars = ReadonlyMap<string, Calendar>;

const MAX_CHARACTERS = 2 * 1024 * 1024;
const MAX_EVENTS = 5_000;
/** As much of a title as tells which event is meant. */
const TITLE_LENGTH = 60;

/** Reads the text of an iCalendar file; `problem` follows the name of the setting that names the file. */
export function parseCalendar(text: string): { readonly calendar: Calendar } | { readonly problem: string } {
  if (text.length > MAX_CHARACTERS) return { problem: `is longer than ${MAX_CHARACTERS} characters` };
  const events = readEvents(text);
  if (events === null) return { problem: 'is not an iCalendar file that can be read' };
  if (events.length > MAX_EVENTS) return { problem: `has more than ${MAX_EVENTS} events` };
  const problem = events.map(problemIn).find((one) => one !== null) ?? problemInAllSeries(events);
  if (problem !== null) return { problem };
  return { calendar: calendarOf(withExceptions(events)) };
}

type Lookup = (at: number) => readonly Occurrence[];

/** What was counted once is kept: a series is counted from its beginning, and each opening of a request asks. */
function calendarOf(events: readonly ICAL.Event[]): Calendar {
  const byZone = new Map<string, readonly Lookup[]>();
  return {
    during: (at, zone) => {
      const lookups = byZone.get(zone) ?? events.map((event) => lookupOf(event, zone));
      byZone.set(zone, lookups);
      return lookups.flatMap((lookup) => lookup(at));
    },
  };
}

function readEvents(text: string): ICAL.Event[] | null {
  try {
    const calendar = ICAL.Component.fromString(text.replace(/^\uFEFF/, ''));
    if (calendar.name !== 'vcalendar') return null;
    // Each event by itself: which are exceptions of which is found out below, by the ids that are written.
    return calendar.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component, { strictExceptions: true }));
  } catch {
    return null;
  }
}

function problemIn(event: ICAL.Event): string | null {
  const name = `has the event "${inertText(titleOf(event), TITLE_LENGTH)}", which`;
  try {
    if (!(event.startDate instanceof ICAL.Time)) return `${name} has no beginning`;
    if (!(event.endDate instanceof ICAL.Time)) return `${name} has no end`;
    const series = problemInSeries(event);
    if (series !== null) return `${name} ${series}`;
    // Values are read when they are first asked for: a broken exception must not wait for the first request.
    if (event.isRecurring()) event.iterator();
    const zone = zoneNamed(event);
    return event.startDate.zone.tzid === 'floating' && zone !== null && !isTimeZone(zone) ? `${name} is in a time zone that is not known` : null;
  } catch {
    return `${name} cannot be read`;
  }
}

/** The events that stand by themselves, each with those that take the place of single ones of its times. */
function withExceptions(events: readonly ICAL.Event[]): ICAL.Event[] {
  const masters = events.filter((event) => !event.isRecurrenceException());
  const known = new Map(masters.map((event) => [event.uid, event]));
  const strays = events.filter((event) => {
    if (!event.isRecurrenceException()) return false;
    const master = known.get(event.uid);
    if (master === undefined) return true;
    master.relateException(event);
    return false;
  });
  return [...masters, ...strays];
}

/** One event at one of its times. */
interface Placed extends Span {
  readonly event: ICAL.Event;
}

/** More than any zone's clocks are from UTC, and than two zones' are from one another. */
const FAR_MS = 2 * DAY_MS;

function lookupOf(event: ICAL.Event, zone: string): Lookup {
  const exceptions = Object.values(event.exceptions);
  // An exception may have moved anywhere: it is looked at by itself, and left out of the series.
  const single = (event.isRecurring() ? exceptions : [event, ...exceptions]).map((one) => placed(one, one));
  const regular = event.isRecurring() ? regularTimes(event, exceptions) : () => [];
  return (at) =>
    [...single, ...regular(at)]
      .filter((one) => covers(one, at, zone))
      .map((one) => one.event)
      // Left out here and not before: a cancelled exception still takes the place of its time in the series.
      .filter(({ component }) => component.getFirstPropertyValue('status') !== 'CANCELLED')
      .map(toOccurrence);
}

/** The times of a repeated event around `at`. */
function regularTimes(event: ICAL.Event, exceptions: readonly ICAL.Event[]): (at: number) => readonly Placed[] {
  const beginnings = beginningsOf(event);
  const before = lengthOf(event) + FAR_MS;
  const known = new Map<ICAL.Time, Placed>();
  const placedAt = (time: ICAL.Time): Placed => {
    const details = detailsSchema.parse(event.getOccurrenceDetails(time));
    return placed(details, details.item);
  };
  return (at) =>
    beginnings(at - before, at + FAR_MS)
      .map((time) => {
        const one = known.get(time) ?? placedAt(time);
        known.set(time, one);
        return one;
      })
      .filter((one) => !exceptions.includes(one.event));
}

function placed({ startDate, endDate }: Span, event: ICAL.Event): Placed {
  return { startDate, endDate, event };
}

/** By the wall clock first: asking for the offset of a zone takes a hundred times as long, and most times are far off. */
function covers({ startDate, endDate, event }: Placed, at: number, zone: string): boolean {
  if (wallOf(startDate) - FAR_MS > at || at > wallOf(endDate) + FAR_MS) return false;
  return instantOf(startDate, event, zone) <= at && at < instantOf(endDate, event, zone);
}

interface Span {
  readonly startDate: ICAL.Time;
  readonly endDate: ICAL.Time;
}

// What the types of ical.js do not say.
const detailsSchema = z.object({ item: z.instanceof(ICAL.Event), startDate: z.instanceof(ICAL.Time), endDate: z.instanceof(ICAL.Time) });

/** By the zone that is named if Node knows it, else by the file's own definition of it, else in `zone`. */
function instantOf(time: ICAL.Time, event: ICAL.Event, zone: string): number {
  const wall = wallOf(time);
  if (time.isDate) return fromWallClock(zone, wall);
  const { tzid } = time.zone;
  if (tzid === 'UTC') return wall;
  const named = tzid === 'floating' ? zoneNamed(event) : tzid;
  if (named === null) return fromWallClock(zone, wall);
  return isTimeZone(named) ? fromWallClock(named, wall) : time.toUnixTime() * SECOND_MS;
}

/** The TZID of its beginning: ical.js takes a time for floating where the file does not define its zone. */
function zoneNamed(event: ICAL.Event): string | null {
  return event.component.getFirstProperty('dtstart')?.getFirstParameter('tzid') ?? null;
}

function toOccurrence(event: ICAL.Event): Occurrence {
  const invited = event.attendees.filter((attendee) => attendee.getFirstParameter('partstat') !== 'DECLINED');
  const organizer: unknown = event.organizer;
  return {
    allDay: event.startDate.isDate,
    summary: titleOf(event),
    attendees: invited.map((attendee) => withoutScheme(String(attendee.getFirstValue()))),
    organizer: typeof organizer === 'string' ? withoutScheme(organizer) : null,
  };
}

/** An event need not have one, whatever the types say. */
function titleOf(event: ICAL.Event): string {
  const summary: unknown = event.summary;
  return typeof summary === 'string' ? summary : '';
}

function withoutScheme(address: string): string {
  return address.replace(/^mailto:/i, '');
}
