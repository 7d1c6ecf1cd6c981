// Who is on call: shifts in the policy, and those of a calendar file.
import { normaliseEmail } from '../directory/person.js';
import type { Calendars, Occurrence } from './calendar.js';
import { dayOf, minutesOf, toInstant } from './local-time.js';
import { nameKey } from './name-key.js';
import { spanAt, type Weekly } from './weekly.js';

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
  /** Whom the events mean that name nobody by address: those with this title. */
  readonly titles: readonly { readonly title: string; readonly person: string }[];
}

export interface Rotas {
  readonly rotas: readonly Rota[];
  readonly calendars: Calendars;
}

/**
 * The people whom the rota has on call at this instant (ms since 1970), as the policy or the calendar names them: by
 * id or by e-mail address. All of them, where shifts overlap; nobody, where there is a gap or no such rota.
 */
export function onCallAt({ rotas, calendars }: Rotas, name: string, at: number): readonly string[] {
  const rota = rotaNamed(rotas, name);
  if (rota === null) return [];
  const shifts = rota.shifts.filter(({ from, to }) => instantOf(from, rota) <= at && at < instantOf(to, rota));
  const weekly = rota.weekly.filter((shift) => spanAt(shift, rota.timeZone, at) !== null);
  const file = rota.calendarFile === undefined ? undefined : calendars.get(rota.calendarFile);
  const events = file?.during(at, rota.timeZone) ?? [];
  return [...new Set([...[...shifts, ...weekly].map(({ person }) => person), ...events.flatMap((event) => peopleOf(event, rota))])];
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
