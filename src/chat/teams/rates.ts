// What one conversation, and the whole tenant, takes from a bot, counted here so that nothing is sent that Teams would refuse.
import { type Clock, HOUR_MS, SECOND_MS } from '../../lib/clock.js';

export interface Limit {
  readonly max: number;
  readonly perMs: number;
}

/** Per bot and conversation, new messages and changed ones (learn.microsoft.com, "Optimize your bot with rate limiting in Teams"). */
export const SENDING: readonly Limit[] = [
  { max: 7, perMs: SECOND_MS },
  { max: 8, perMs: 2 * SECOND_MS },
  { max: 60, perMs: 30 * SECOND_MS },
  { max: 1_800, perMs: HOUR_MS },
];

/** Per bot and tenant, calls of every kind; Microsoft's pages name 30 and 50, and this is the smaller (the same page). */
export const CALLING: readonly Limit[] = [{ max: 30, perMs: SECOND_MS }];

const CONVERSATIONS_KEPT = 10_000;

/** Counts in windows that end now, as the strictest reading of the platform's table does. */
export class Rates {
  readonly #limits: readonly Limit[];
  readonly #clock: Clock;
  /** When something was done, oldest first. */
  readonly #done = new Map<string, readonly number[]>();

  constructor(limits: readonly Limit[], clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Milliseconds until there is room; 0: there is. */
  waitFor(conversationId: string): number {
    const at = this.#clock().getTime();
    const done = this.#done.get(conversationId) ?? [];
    return Math.max(...this.#limits.map(({ max, perMs }) => Math.max(0, (done[done.length - max] ?? -Infinity) + perMs - at)));
  }

  /** Counts one, whether there was room for it or not. */
  count(conversationId: string): void {
    const at = this.#clock().getTime();
    const longest = Math.max(...this.#limits.map(({ perMs }) => perMs));
    const done = (this.#done.get(conversationId) ?? []).filter((one) => one > at - longest);
    this.#keep(conversationId, [...done, at]);
  }

  #keep(conversationId: string, done: readonly number[]): void {
    const oldest = this.#done.size >= CONVERSATIONS_KEPT ? this.#done.keys().next().value : undefined;
    if (oldest !== undefined) this.#done.delete(oldest);
    this.#done.delete(conversationId);
    this.#done.set(conversationId, done);
  }
}
