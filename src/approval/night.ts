// The night, in which a limit of its own holds: nobody is there to see what goes wrong.
import { minutesOf, toInstant, WEEKDAYS } from './local-time.js';
import type { Night } from './policy.js';
import { spanAt } from './weekly.js';

/** When the night began that holds this instant (both in ms since 1970), or null by day and where no night is defined. */
export function nightBegan(night: Night | undefined, at: number): number | null {
  if (night === undefined) return null;
  const day = spanAt({ days: WEEKDAYS, from: night.from, to: night.to }, night.timeZone, at);
  return day === null ? null : toInstant(night.timeZone, day, minutesOf(night.from));
}
