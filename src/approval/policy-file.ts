// The policy file, from its text to a policy, with every problem told at once.
import { z } from 'zod';
import type { FileProblem, Path } from '../lib/yaml-file.js';
import { readYaml } from '../lib/yaml-file.js';
import { allKnown, inFileOrder, problemAt, problemsOf } from '../lib/yaml-problems.js';
import { type Calendar, type Calendars, parseCalendar } from './calendar.js';
import type { Policy } from './policy.js';
import { contradictionsIn } from './policy-sense.js';
import type { Contradiction } from './policy-sense-places.js';
import { calendarFile, policySchema } from './policy-shape.js';

/** The texts of the calendar files that a policy names, by their names; one that cannot be read is not among them. */
export type CalendarTexts = ReadonlyMap<string, string>;

const NO_CALENDARS: CalendarTexts = new Map();

/** Reads a policy file (YAML 1.2): the policy, or all that is wrong with it in the order of the file. */
export function parsePolicy(text: string, calendars: CalendarTexts = NO_CALENDARS): { policy: Policy } | { problems: FileProblem[] } {
  const file = readYaml(text, { kind: 'policy' });
  if ('problems' in file) return file;
  const shape = policySchema.safeParse(file.value, { reportInput: true });
  const read = readCalendars(namedIn(file.value), calendars);
  const contradictions = [...contradictionsIn(file.value), ...read.problems];
  if (shape.success && contradictions.length === 0) return { policy: { ...shape.data, calendars: read.calendars } };
  const against = contradictions.map(({ path, complaint }) => problemAt(path, complaint, file));
  return { problems: inFileOrder([...problemsOf(shape.error?.issues ?? [], file, allKnown), ...against]) };
}

/** The names of the calendar files that have to be read before the policy can be; none where it is no policy at all. */
export function calendarFilesOf(text: string): readonly string[] {
  const file = readYaml(text, { kind: 'policy' });
  return 'problems' in file ? [] : [...new Set(namedIn(file.value).map(({ name }) => name))];
}

interface NamedCalendar {
  readonly path: Path;
  readonly name: string;
}

const siteCalendar = z.object({ holidayFile: calendarFile }).transform(({ holidayFile: name }) => name).nullable().catch(null);
const rotaCalendar = z.object({ calendarFile }).transform(({ calendarFile: name }) => name).nullable().catch(null);
const namingParts = z.object({ sites: z.array(siteCalendar).catch([]), rotas: z.array(rotaCalendar).catch([]) });

/** A name that is not allowed is left to the shape: nothing is read for it. */
function namedIn(value: unknown): NamedCalendar[] {
  const read = namingParts.safeParse(value);
  if (!read.success) return [];
  const { sites, rotas } = read.data;
  return [
    ...sites.flatMap((name, index) => (name === null ? [] : [{ path: ['sites', index, 'holidayFile'], name }])),
    ...rotas.flatMap((name, index) => (name === null ? [] : [{ path: ['rotas', index, 'calendarFile'], name }])),
  ];
}

function readCalendars(named: readonly NamedCalendar[], texts: CalendarTexts): { readonly calendars: Calendars; readonly problems: Contradiction[] } {
  const calendars = new Map<string, Calendar>();
  const problems: Contradiction[] = [];
  for (const { path, name } of named) {
    const text = texts.get(name);
    const read = text === undefined ? { problem: 'cannot be read: it has to lie beside the policy' } : parseCalendar(text);
    if ('calendar' in read) calendars.set(name, read.calendar);
    else problems.push({ path, complaint: `names ${name}, which ${read.problem}` });
  }
  return { calendars, problems };
}
