// Who is on call: shifts in the policy, those of a calendar file, and schedules that are kept elsewhere.
import { normaliseEmail } from '../directory/person.js';
import { DAY_MS, MINUTE_MS } from '../lib/clock.js';
import type { Calendars, Occurrence } from './calendar.js';
import { dayOf, minutesOf, toInstant } from './local-time.js';
import { nameKey } from './name-key.js';
import { rosterAt, type Schedules, schedulesOf } from './schedules.js';
import { nextBeginning, spanAt, type Weekly } from './weekly.js';

export interface Shift {
  /** An id of the directory, or an e-mail address in it. */
  readonly person: string;
  /** `YYYY-MM-DDTHH:MM` on the clocks of the rota. */
  readonly from: string;
  readonly to: string;
}

export interface Rota {
  readonly name: string;
  /** Of the shifts, and of what names no zone in the calendar. */
  readonly timeZone: string;
  readonly shifts: readonly Shift[];
  /** The same each week. */
  readonly weekly: readonly (Weekly & { readonly person: string })[];
  readonly calendarFile?: string;
  /** The id of a schedule at PagerDuty. */
  readonly pagerDuty?: string;
  /** The id of a schedule at Opsgenie. */
  readonly opsgenie?: string;
  /** Whom the events mean that name nobody by address: those with this title. */
  readonly titles: readonly { readonly title: string; readonly person: string }[];
}

export interface Rotas {
  readonly rotas: readonly Rota[];
  readonly calendars: Calendars;
  /** Absent where no rota is kept elsewhere, or none was asked for. */
  readonly schedules?: Schedules;
}

/** One place that says who is on call at an instant (ms since 1970): ids of the directory, or e-mail addresses. */
type OnCallSource = (at: number) => readonly string[];

const CALENDAR_STEP_MS = 15 * MINUTE_MS;
const CALENDAR_LOOK_MS = 3 * DAY_MS;

/**
 * The people whom the rota has on call at this instant (ms since 1970), as the policy or the calendar names them: by
 * id or by e-mail address. All of them, where shifts overlap; nobody, where there is a gap or no such rota.
 */
export function onCallAt(rotas: Rotas, name: string, at: number): readonly string[] {
  const rota = rotaNamed(rotas.rotas, name);
  return rota === null ? [] : [...new Set(sourcesOf(rota, rotas).flatMap((source) => source(at)))];
}

function sourcesOf(rota: Rota, { calendars, schedules = new Map() }: Rotas): readonly OnCallSource[] {
  const file = rota.calendarFile === undefined ? undefined : calendars.get(rota.calendarFile);
  return [
    (at) => rota.shifts.filter(({ from, to }) => instantOf(from, rota) <= at && at < instantOf(to, rota)).map(({ person }) => person),
    (at) => rota.weekly.filter((shift) => spanAt(shift, rota.timeZone, at) !== null).map(({ person }) => person),
    (at) => file?.during(at, rota.timeZone).flatMap((event) => peopleOf(event, rota)) ?? [],
    ...schedulesOf(rota).map((schedule): OnCallSource => (at) => rosterAt(schedules, schedule, at)),
  ];
}

/** When somebody is on call next after this instant (ms since 1970); null: not within two weeks, or nobody knows. */
export function nextShift({ rotas, calendars }: Rotas, name: string, at: number): number | null {
  const rota = rotaNamed(rotas, name);
  if (rota === null) return null;
  const begins = [
    ...rota.shifts.map(({ from }) => instantOf(from, rota)).filter((from) => from > at),
    nextBeginning(rota.weekly, rota.timeZone, at) ?? Infinity,
    nextInCalendar(rota, calendars, at) ?? Infinity,
  ];
  const next = Math.min(...begins);
  return next === Infinity ? null : next;
}

/** To the quarter of an hour: a calendar tells what is going on, not what comes next. */
function nextInCalendar({ calendarFile, timeZone }: Rota, calendars: Calendars, at: number): number | null {
  const file = calendarFile === undefined ? undefined : calendars.get(calendarFile);
  if (file === undefined) return null;
  const first = Math.ceil((at + 1) / CALENDAR_STEP_MS) * CALENDAR_STEP_MS;
  const steps = Array.from({ length: CALENDAR_LOOK_MS / CALENDAR_STEP_MS }, (_, step) => first + step * CALENDAR_STEP_MS);
  return steps.find((then) => file.during(then, timeZone).length > 0) ?? null;
}

export function rotaNamed(rotas: readonly Rota[], name: string): Rota | null {
  return rotas.find((rota) => nameKey(rota.name) === nameKey(name)) ?? null;
}

/** Whether this is how a rota names that person. */
export function isPersonNamed(named: string, person: { readonly id: string; readonly email: string }): boolean {
  return person.id === named || person.email === normaliseEmail(named);
}

/** The title counts first, since the policy says whom it means; the organizer last: often who keeps the calendar. */
function peopleOf({ summary, attendees, organizer }: Occurrence, { titles }: Rota): readonly string[] {
  const title = titles.find((one) => nameKey(one.title) === nameKey(summary.trim()));
  if (title !== undefined) return [title.person];
  if (attendees.length > 0) return attendees;
  const written = /[^\s<>()]+@[^\s<>()]+/.exec(summary)?.[0];
  if (written !== undefined) return [written];
  return organizer === null ? [] : [organizer];
}

function instantOf(local: string, { timeZone }: Rota): number {
  const [date = '', time = ''] = local.split('T');
  return toInstant(timeZone, dayOf(date) ?? 0, minutesOf(time));
}
