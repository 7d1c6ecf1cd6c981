// When something has to happen while a request waits for those who were asked: reminders, the wider circle, a warning.
import { nextEscalation } from '../approval/escalation.js';
import { MINUTE_MS } from '../lib/clock.js';
import type { RequestIn } from './request.js';

type Waiting = RequestIn<'awaiting-approval'>;

/** Each comes after twice the time of the one before: more would be noise. */
export const MAX_REMINDERS = 3;
/** The requester is warned when so much of the request's time is over. */
const WARN_AT = 0.8;

/** Since when people are asked (ms since 1970). */
export function askedSince({ askedAt, provedAt }: Waiting): number {
  return askedAt ?? provedAt;
}

export function remindersOf({ reminders, remindedAt }: Waiting): number {
  return reminders ?? (remindedAt === null ? 0 : 1);
}

/** How many there were after one at this time; those that were missed meanwhile count as given. Null: there is no more. */
export function remindersAfter(request: Waiting, at: number): number | null {
  const { remindMinutes } = request.requirement.times;
  const isDue = (count: number): boolean => remindMinutes !== null && askedSince(request) + remindMinutes * 2 ** count * MINUTE_MS <= at;
  if (remindersOf(request) >= MAX_REMINDERS) return null;
  let count = remindersOf(request) + 1;
  while (count < MAX_REMINDERS && isDue(count)) count += 1;
  return count;
}

/** ms since 1970; null: there is no more. The same for the others. */
export function reminderAt(request: Waiting): number | null {
  const { remindMinutes } = request.requirement.times;
  const count = remindersOf(request);
  return remindMinutes === null || count >= MAX_REMINDERS ? null : askedSince(request) + remindMinutes * 2 ** count * MINUTE_MS;
}

export function escalationAt(request: Waiting): number | null {
  return nextEscalation(request.requirement, askedSince(request));
}

export function warningAt({ openedAt, expiresAt, warnedAt }: Waiting): number | null {
  return warnedAt === undefined ? openedAt + Math.ceil((expiresAt - openedAt) * WARN_AT) : null;
}

/** The next of all of them; Infinity where there is none. */
export function nextWhileWaiting(request: Waiting): number {
  return Math.min(...[reminderAt(request), escalationAt(request), warningAt(request)].map((at) => at ?? Infinity));
}
