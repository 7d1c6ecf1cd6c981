// What Slack would not take just now, or did not answer, is sent again in the background.
import { addMs, type Clock, SECOND_MS } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { SlackFault } from './slack-fault.js';

/** What broke on the way is tried again after this. */
const AGAIN_MS = 5 * SECOND_MS;
/** Slack may name no time at all. */
const SOONEST_MS = SECOND_MS;
/** Each may take seconds where Slack does not answer. */
const AT_ONCE = 20;
/** More of them at once mean that Slack takes nothing at all: the rest is told in another way. */
const MOST_HELD = 1_000;

export interface Errand {
  /** A later errand for the same place (a dialog) takes the place of an earlier one; null: each counts. */
  readonly place: string | null;
  /** What comes later has no use. */
  readonly until: Date;
  readonly send: () => Promise<unknown>;
  /** What is done where it cannot be sent in time. */
  readonly instead: () => Promise<void>;
}

interface Held {
  readonly errand: Errand;
  readonly dueAt: Date;
}

export class HeldErrands {
  readonly #clock: Clock;
  readonly #log: Log;
  #held: readonly Held[] = [];

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Sends it now, or when Slack takes it. Throws a SlackFault where Slack says no. */
  async send(errand: Errand): Promise<void> {
    if (errand.place !== null) this.#held = this.#held.filter((one) => one.errand.place !== errand.place);
    try {
      await errand.send();
    } catch (error) {
      const waitMs = waitAfter(error);
      if (waitMs === null) throw error;
      await this.#hold(errand, { fault: error, waitMs });
    }
  }

  /** Sends what is due, in the order in which it came. */
  async sendDue(): Promise<void> {
    for (;;) {
      const now = this.#clock();
      const due = this.#held.filter(({ dueAt }) => dueAt <= now).slice(0, AT_ONCE);
      if (due.length === 0) return;
      this.#held = this.#held.filter((one) => !due.includes(one));
      await Promise.all(due.map(({ errand }) => this.#sendAgain(errand)));
    }
  }

  /** The process leaves: who waits for something is told in another way, where there is one. */
  async giveUp(): Promise<void> {
    const left = this.#held;
    this.#held = [];
    if (left.length > 0) this.#log.warn({ left: left.length }, 'the process leaves before Slack took everything');
    await Promise.allSettled(left.map(({ errand }) => errand.instead()));
  }

  async #sendAgain(errand: Errand): Promise<void> {
    await this.send(errand).catch((error: unknown) => this.#log.warn({ err: error }, 'what Slack did not take before was refused'));
  }

  async #hold(errand: Errand, { fault, waitMs }: { readonly fault: unknown; readonly waitMs: number }): Promise<void> {
    const dueAt = addMs(this.#clock(), waitMs);
    if (dueAt <= errand.until && this.#held.length < MOST_HELD) {
      this.#log.debug({ err: fault }, 'Slack is to be asked again');
      this.#held = [...this.#held, { errand, dueAt }];
      return;
    }
    this.#log.warn({ err: fault }, 'Slack does not take it in time');
    await errand.instead();
  }
}

/** Null where trying again changes nothing. */
function waitAfter(error: unknown): number | null {
  if (!(error instanceof SlackFault)) return null;
  if (error.code === 'rate-limited') return Math.max(error.retryAfterMs, SOONEST_MS);
  return error.code === 'no-answer' ? AGAIN_MS : null;
}
