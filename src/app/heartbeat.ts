// What happens by itself: deadlines, notices, the audit's tree. Each beat does all that is due now.
import { SECOND_MS } from '../lib/clock.js';
import type { Log } from '../lib/log.js';

const BEAT_MS = SECOND_MS;

export interface Beating {
  /** Beats now (or right after the beat that is going on), and resolves when that beat is done. */
  beat(): Promise<void>;
  stop(): Promise<void>;
}

/** Beats every second and whenever it is woken, one beat at a time. A chore that fails is logged and tried at the next beat. */
export function startHeartbeat(chores: Readonly<Record<string, () => Promise<unknown>>>, log: Log): Beating {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  let stopped = false;

  async function once(): Promise<void> {
    const failed = (chore: string) => (error: unknown) => log.error({ err: error, chore }, 'a chore failed; trying again at the next beat');
    await Promise.all(Object.entries(chores).map(([name, chore]) => chore().catch(failed(name))));
  }

  function start(): Promise<void> {
    running = once().finally(() => {
      running = null;
    });
    return running;
  }

  /** A wake-up during a beat may concern what that beat has passed already, so it gets a beat of its own. */
  function beat(): Promise<void> {
    if (stopped) return Promise.resolve();
    if (running === null) return start();
    next ??= running.then(() => {
      next = null;
      return stopped ? undefined : start();
    });
    return next;
  }

  const timer = setInterval(() => void beat(), BEAT_MS);
  return {
    beat,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await next;
      await running;
    },
  };
}
