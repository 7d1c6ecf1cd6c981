// How often one source may do something: a plain window in memory, against floods, not for counting guesses.
import type { Clock } from './clock.js';

export interface Rate {
  readonly max: number;
  readonly perMs: number;
}

const KEYS_KEPT = 10_000;

export class RateLimit {
  readonly #rate: Rate;
  readonly #clock: Clock;
  readonly #windows = new Map<string, { start: number; count: number }>();

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** Counts one more; false when there were too many in this window. */
  allows(key: string): boolean {
    const at = this.#clock().getTime();
    const known = this.#windows.get(key);
    const window = known !== undefined && at - known.start < this.#rate.perMs ? known : this.#open(key, at);
    window.count += 1;
    return window.count <= this.#rate.max;
  }

  #open(key: string, at: number): { start: number; count: number } {
    const oldest = this.#windows.size >= KEYS_KEPT ? this.#windows.keys().next().value : undefined;
    if (oldest !== undefined) this.#windows.delete(oldest);
    const window = { start: at, count: 0 };
    this.#windows.delete(key);
    this.#windows.set(key, window);
    return window;
  }
}
