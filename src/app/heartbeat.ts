// What happens by itself: deadlines, notices, the audit's tree. Each beat does all that is due now.
import { SECOND_MS } from '../lib/clock.js';
import type { Log } from '../lib/log.js';

const BEAT_MS = SECOND_MS;

export interface Beating {
  /** Does every chore now (or right after its run that is going on), and resolves when all are done. */
  beat(): Promise<void>;
  stop(): Promise<void>;
}

type Chore = () => Promise<unknown>;

/**
 * Beats every second and whenever it is woken. Chores do not wait for one another, so that one that hangs holds up
 * nothing else; one that fails is logged and tried at the next beat.
 */
export function startHeartbeat(chores: Readonly<Record<string, Chore>>, log: Log): Beating {
  const pulses = Object.entries(chores).map(([name, chore]) => new Pulse(() => attempt(name, chore, log)));
  const beat = async (): Promise<void> => {
    await Promise.all(pulses.map((pulse) => pulse.beat()));
  };
  const timer = setInterval(() => void beat(), BEAT_MS);
  return {
    beat,
    async stop() {
      clearInterval(timer);
      await Promise.all(pulses.map((pulse) => pulse.stop()));
    },
  };
}

async function attempt(name: string, chore: Chore, log: Log): Promise<void> {
  await chore().catch((error: unknown) => log.error({ err: error, chore: name }, 'a chore failed; trying again at the next beat'));
}

/** One chore, one run at a time. */
class Pulse {
  readonly #run: () => Promise<void>;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #stopped = false;

  constructor(run: () => Promise<void>) {
    this.#run = run;
  }

  /** What wakes it during a run may concern what that run has passed already, so it gets a run of its own. */
  beat(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    if (this.#running === null) return this.#start();
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      return this.#stopped ? undefined : this.#start();
    });
    return this.#next;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#next;
    await this.#running;
  }

  #start(): Promise<void> {
    this.#running = this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }
}
