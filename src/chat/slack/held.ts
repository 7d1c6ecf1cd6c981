// What Slack would not take just now is sent again in the background, when the time that it asked for is over.
import { addMs, type Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { SlackFault } from './slack-fault.js';

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

  /** Sends it now, or when Slack takes it again. Throws a SlackFault where Slack says no for another reason. */
  async send(errand: Errand): Promise<void> {
    if (errand.place !== null) this.#held = this.#held.filter((one) => one.errand.place !== errand.place);
    try {
      await errand.send();
    } catch (error) {
      if (!(error instanceof SlackFault) || error.code !== 'rate-limited') throw error;
      await this.#hold(errand, error);
    }
  }

  /** Sends what is due, in the order in which it came. */
  async sendDue(): Promise<void> {
    const now = this.#clock();
    const due = this.#held.filter(({ dueAt }) => dueAt <= now);
    this.#held = this.#held.filter(({ dueAt }) => dueAt > now);
    for (const { errand } of due) {
      await this.send(errand).catch((error: unknown) => this.#log.warn({ err: error }, 'what Slack did not take before was refused'));
    }
  }

  /** The process leaves: who waits for something is told in another way, where there is one. */
  async giveUp(): Promise<void> {
    const left = this.#held;
    this.#held = [];
    if (left.length > 0) this.#log.warn({ left: left.length }, 'the process leaves before Slack took everything');
    await Promise.allSettled(left.map(({ errand }) => errand.instead()));
  }

  async #hold(errand: Errand, fault: SlackFault): Promise<void> {
    const dueAt = addMs(this.#clock(), fault.retryAfterMs);
    if (dueAt <= errand.until && this.#held.length < MOST_HELD) {
      this.#log.debug({ err: fault }, 'Slack asks to wait');
      this.#held = [...this.#held, { errand, dueAt }];
      return;
    }
    this.#log.warn({ err: fault }, 'Slack asks to wait too long');
    await errand.instead();
  }
}
