// A month in numbers, counted from the audit: how much, how fast, how well. It names nobody.
import { z } from 'zod';
import type { AuditKind } from '../audit/entry.js';
import { nextOpening, siteOf, type Hours } from '../approval/hours.js';
import { dayOf, type Day, toInstant, weekdayOf } from '../approval/local-time.js';

/** `YYYY-MM` */
export type Month = string;

const count = z.int().default(0);
const milliseconds = z.number().nullable().default(null);

const numbersSchema = z.object({
  month: z.string().default(''),
  /** Opened in the month, by somebody whose code was right. All others are of these. */
  requests: count,
  /** A response was shown. */
  answered: count,
  /** The first response worked. */
  firstTime: count,
  /** From the opening to the first response; null where there was none. */
  medianMs: milliseconds,
  /** The same for the slowest but one in twenty. */
  p95Ms: milliseconds,
  /** Responses that the card refused. */
  refused: count,
  /** Further challenges after a refused response. */
  retries: count,
  denied: count,
  expired: count,
  cancelled: count,
  /** Ended by wrong codes, or by a refused response that none followed. */
  failed: count,
  /** Opened while the requester's site was closed. */
  afterHours: count,
  /** Opened by an agent for a caller. */
  assisted: count,
});
export type MonthNumbers = z.infer<typeof numbersSchema>;

/** What of an audit entry is counted. */
export interface CountedEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: string;
  readonly requestId: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The kinds of entries that are looked at. */
export const COUNTED_KINDS = ['request-opened', 'identity-proved', 'released', 'challenge-replaced', 'outcome', 'denied', 'expired', 'cancelled', 'failed'] as const satisfies readonly AuditKind[];

export interface Span {
  /** Milliseconds since 1970. */
  readonly from: number;
  /** The first moment after it. */
  readonly to: number;
}

/** `entries`: of the month and of what came of its requests afterwards, the oldest first. */
export function numbersOf(month: Month, { from, to }: Span, entries: readonly CountedEntry[]): MonthNumbers {
  const lives = [...byRequest(entries).values()].flatMap((life) => {
    const opened = life.find(({ kind }) => kind === 'request-opened');
    return opened !== undefined && from <= opened.at && opened.at < to && has(life, 'identity-proved') ? [{ opened, life }] : [];
  });
  const waits = lives.flatMap(({ opened, life }) => {
    const shown = life.find(({ kind }) => kind === 'released');
    return shown === undefined ? [] : [shown.at - opened.at];
  });
  const those = (holds: (one: (typeof lives)[number]) => boolean): number => lives.filter(holds).length;
  const all = (kind: string, fact: string, value: unknown): number => lives.flatMap(({ life }) => life).filter((entry) => entry.kind === kind && entry.facts[fact] === value).length;
  return {
    month,
    requests: lives.length,
    answered: waits.length,
    firstTime: those(({ life }) => life.some(({ kind, facts }) => kind === 'outcome' && facts.worked === true && facts.round === 0)),
    medianMs: quantile(waits, 0.5),
    p95Ms: quantile(waits, 0.95),
    refused: all('outcome', 'worked', false),
    retries: all('challenge-replaced', 'nextRound', true),
    denied: those(({ life }) => has(life, 'denied')),
    expired: those(({ life }) => has(life, 'expired')),
    cancelled: those(({ life }) => has(life, 'cancelled')),
    failed: those(({ life }) => life.some(({ facts }) => facts.state === 'failed')),
    afterHours: those(({ opened }) => opened.facts.outsideHours === true),
    assisted: those(({ opened }) => opened.facts.agent !== undefined),
  };
}

/** Numbers as they were written down, where some may be missing. */
export function parseNumbers(stored: unknown): MonthNumbers {
  return numbersSchema.parse(stored);
}

/** The month on the calendars of this zone, or null for what is none. */
export function spanOf(month: Month, zone: string): Span | null {
  const first = dayOf(`${month}-01`);
  return first === null ? null : { from: toInstant(zone, first, 0), to: toInstant(zone, dayOf(`${monthAfter(month)}-01`) ?? first, 0) };
}

/** The month before the one that these calendars show at this instant (ms since 1970). */
export function monthBefore(zone: string, at: number): Month {
  const [year = 0, month = 0] = monthAt(zone, at).split('-').map(Number);
  return month === 1 ? named(year - 1, 12) : named(year, month - 1);
}

export function monthAt(zone: string, at: number): Month {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, calendar: 'gregory', year: 'numeric', month: 'numeric' }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((one) => one.type === type)?.value);
  return named(part('year'), part('month'));
}

const MORNING_MINUTES = 8 * 60;

/**
 * When the first working day of a month begins (ms since 1970): when the site of everyone, or else the first one, opens;
 * at eight on a weekday where the policy has no opening hours.
 */
export function firstWorkingMorning(hours: Hours, zone: string, month: Month): number {
  const { from } = spanOf(month, zone) ?? { from: 0 };
  const site = siteOf(hours.sites, null) ?? hours.sites[0];
  const opening = site === undefined ? null : nextOpening(hours, site.name, from - 1);
  if (opening !== null) return opening;
  const first: Day = dayOf(`${month}-01`) ?? 0;
  const weekday = [first, first + 1, first + 2].find((day) => !['saturday', 'sunday'].includes(weekdayOf(day)));
  return toInstant(zone, weekday ?? first, MORNING_MINUTES);
}

function byRequest(entries: readonly CountedEntry[]): ReadonlyMap<string, readonly CountedEntry[]> {
  const lives = new Map<string, CountedEntry[]>();
  for (const entry of entries) {
    if (entry.requestId === null) continue;
    const life = lives.get(entry.requestId);
    if (life === undefined) lives.set(entry.requestId, [entry]);
    else life.push(entry);
  }
  return lives;
}

function has(life: readonly CountedEntry[], kind: string): boolean {
  return life.some((entry) => entry.kind === kind);
}

/** By the nearest rank: always one that was measured. */
function quantile(values: readonly number[], part: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
}

function monthAfter(month: Month): Month {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? named(year + 1, 1) : named(year, number + 1);
}

function named(year: number, month: number): Month {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
}
