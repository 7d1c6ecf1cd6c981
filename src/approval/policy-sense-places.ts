// What the sites and rotas of a policy file say together with the rules that count on them.
import { z } from 'zod';
import type { Path } from '../lib/yaml-file.js';
import { nameKey } from './name-key.js';
import { ON_CALL_PREFIX } from './policy.js';

export interface Contradiction {
  readonly path: Path;
  /** What follows the path in a sentence. */
  readonly complaint: string;
}

const list = z.array(z.unknown()).catch([]);
const parts = z.object({ sites: list, rotas: list, rules: list });
const whenPart = z.object({ when: z.record(z.string(), z.unknown()) });
const sourcesPart = z.object({ approvals: z.array(z.object({ from: list, escalateTo: list }).partial().catch({})) });
const elsePart = z.object({ forEveryoneElse: z.literal(true) });
const namePart = z.object({ name: z.string() });
const spanPart = z.object({ from: z.string(), to: z.string() });
const openPart = z.object({ open: list });
const rotaPart = z.object({ shifts: list, weekly: list, calendarFile: z.unknown().optional(), pagerDuty: z.unknown().optional(), opsgenie: z.unknown().optional() });

/** Each reads no more than it looks at, so that another problem in the file does not hide what it finds. */
export function contradictionsInPlaces(value: unknown): Contradiction[] {
  const read = parts.safeParse(value);
  if (!read.success) return [];
  const { sites, rotas, rules } = read.data;
  return [
    ...repeatedNames(sites, 'sites'),
    ...repeatedNames(rotas, 'rotas'),
    ...inEveryoneElse(sites),
    ...sites.flatMap(inSite),
    ...rotas.flatMap(inRota),
    ...rules.flatMap((rule, index) => [...unknownRotas(rule, index, rotas), ...hoursOfNowhere(rule, index, sites)]),
  ];
}

export function repeatedNames(entries: readonly unknown[], setting: string): Contradiction[] {
  const first = new Map<string, number>();
  return entries.flatMap((entry, index) => {
    const read = namePart.safeParse(entry);
    if (!read.success) return [];
    const before = first.get(nameKey(read.data.name));
    if (before !== undefined) return [{ path: [setting, index, 'name'], complaint: `is the name of ${setting}[${before}] already` }];
    first.set(nameKey(read.data.name), index);
    return [];
  });
}

function inEveryoneElse(sites: readonly unknown[]): Contradiction[] {
  const found = sites.flatMap((site, index) => (elsePart.safeParse(site).success ? [index] : []));
  const complaint = `can be true for one site only, and is for sites[${found[0] ?? 0}] already`;
  return found.slice(1).map((index) => ({ path: ['sites', index, 'forEveryoneElse'], complaint }));
}

function inSite(site: unknown, index: number): Contradiction[] {
  const { open } = openPart.safeParse(site).data ?? { open: [] };
  return open.flatMap((span, at) => emptySpan(span, ['sites', index, 'open', at, 'to']));
}

function inRota(rota: unknown, index: number): Contradiction[] {
  const at = ['rotas', index];
  const read = rotaPart.safeParse(rota);
  if (!read.success) return [];
  const { shifts, weekly, ...elsewhere } = read.data;
  if (shifts.length === 0 && weekly.length === 0 && Object.values(elsewhere).every((one) => one === undefined)) {
    return [{ path: at, complaint: 'has nobody on call: give it shifts, weekly, a calendarFile or the id of a schedule' }];
  }
  return [
    ...weekly.flatMap((span, one) => emptySpan(span, [...at, 'weekly', one, 'to'])),
    ...shifts.flatMap((span, one) => backwards(span, [...at, 'shifts', one, 'to'])),
  ];
}

function emptySpan(span: unknown, path: Path): Contradiction[] {
  const read = spanPart.safeParse(span);
  return read.success && read.data.from === read.data.to ? [{ path, complaint: "must differ from `from`; a whole day is from '00:00' to '24:00'" }] : [];
}

// Dates and times of this form are in the order of their letters.
function backwards(span: unknown, path: Path): Contradiction[] {
  const read = spanPart.safeParse(span);
  return read.success && read.data.from >= read.data.to ? [{ path, complaint: 'must be later than `from`' }] : [];
}

function unknownRotas(rule: unknown, index: number, rotas: readonly unknown[]): Contradiction[] {
  const known = rotas.flatMap((rota) => namePart.safeParse(rota).data?.name ?? []).map(nameKey);
  const stages = sourcesPart.safeParse(rule).data?.approvals ?? [];
  return stages.flatMap((sources, stage) =>
    (['from', 'escalateTo'] as const).flatMap((setting) =>
      (sources[setting] ?? []).flatMap((source, at) => {
        if (typeof source !== 'string' || !source.startsWith(ON_CALL_PREFIX)) return [];
        if (known.includes(nameKey(source.slice(ON_CALL_PREFIX.length)))) return [];
        return [{ path: ['rules', index, 'approvals', stage, setting, at], complaint: 'names a rota that is not among `rotas`' }];
      }),
    ),
  );
}

const BY_THE_CLOCK = ['hours', 'holiday'];

/** Somebody without known hours would fall to whichever rule comes next: there has to be an answer for everyone. */
function hoursOfNowhere(rule: unknown, index: number, sites: readonly unknown[]): Contradiction[] {
  if (sites.some((site) => elsePart.safeParse(site).success)) return [];
  const when = whenPart.safeParse(rule).data?.when ?? {};
  const complaint = 'needs the hours of everybody: give one of `sites` the line `forEveryoneElse: true`';
  return BY_THE_CLOCK.filter((one) => one in when).map((one) => ({ path: ['rules', index, 'when', one], complaint }));
}
