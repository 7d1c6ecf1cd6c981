// The wider circle: who is asked as well once nobody has decided for a while, or where those asked first do not exist.
import { MINUTE_MS } from '../lib/clock.js';
import { nameKey } from './name-key.js';
import type { OnCall, Requirement } from './requirement.js';
import type { EscalatedWhy, KeptStage } from './stages.js';

/** When the next stage is widened (ms since 1970) for a request that asks since `since`; null: none is, any more. */
export function nextEscalation({ stages }: Pick<Requirement, 'stages'>, since: number): number | null {
  const minutes = stages.flatMap(({ escalateTo, escalateMinutes }) => (escalateTo === undefined || escalateMinutes === undefined ? [] : [escalateMinutes]));
  return minutes.length === 0 ? null : since + Math.min(...minutes) * MINUTE_MS;
}

/** The requirement with each stage widened whose time has come; for `nobody` all of them at once. Null where none is. */
export function escalate(requirement: Requirement, how: { readonly since: number; readonly at: number; readonly why: EscalatedWhy }): Requirement | null {
  const stages = requirement.stages.map((stage) => (isDue(stage, how) ? widened(stage, how) : stage));
  if (stages.every((stage, index) => stage === requirement.stages[index])) return null;
  const { onCall = {}, onCallLater, ...kept } = requirement;
  const both = merged(onCall, onCallLater ?? {});
  return { ...kept, stages, ...(Object.keys(both).length === 0 ? {} : { onCall: both }), ...(onCallLater === undefined ? {} : { onCallLater }) };
}

function isDue({ escalateTo, escalateMinutes }: KeptStage, { since, at, why }: { readonly since: number; readonly at: number; readonly why: EscalatedWhy }): boolean {
  if (escalateTo === undefined || escalateMinutes === undefined) return false;
  return why === 'nobody' || at >= since + escalateMinutes * MINUTE_MS;
}

function widened({ escalateTo = [], escalateMinutes = 0, from, ...stage }: KeptStage, { at, why }: { readonly at: number; readonly why: EscalatedWhy }): KeptStage {
  return { ...stage, from: [...from, ...escalateTo], escalated: { to: escalateTo, minutes: escalateMinutes, at, why } };
}

function merged(some: OnCall, others: OnCall): OnCall {
  const names = [...new Set([...Object.keys(some), ...Object.keys(others)].map(nameKey))];
  const of = (all: OnCall, name: string): readonly string[] => Object.entries(all).find(([one]) => one === name)?.[1] ?? [];
  return Object.fromEntries(names.map((name) => [name, [...new Set([...of(some, name), ...of(others, name)])]]));
}
