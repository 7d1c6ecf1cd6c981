// Quantities as people read them.
import { MINUTE_MS } from '../lib/clock.js';

/** "12 (8%)": how many of all, and their share. `sign`: as the language writes it behind a number. */
export function percentOf(some: number, all: number, sign = '%'): string {
  return all === 0 ? String(some) : `${some} (${Math.round((100 * some) / all)}${sign})`;
}

/** Whole minutes, at least one. */
export function minutesOf(ms: number): number {
  return Math.max(1, Math.round(ms / MINUTE_MS));
}
