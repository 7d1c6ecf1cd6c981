// Keeps what on-call services say fresh, in the background: a request never waits for one of them.
import type { Policy } from '../approval/policy.js';
import { ROSTER_MAX_AGE_MS, type Roster, scheduleKey, type ScheduleName, type Schedules, schedulesOf } from '../approval/schedules.js';
import type { RotasConfig } from '../config-rotas.js';
import { type Clock, MINUTE_MS } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import { askWhoIsOnCall, ScheduleFault } from './on-call-services.js';

const ASK_EVERY_MS = MINUTE_MS;

export interface ScheduleParts {
  readonly config: { readonly rotas: RotasConfig };
  readonly clock: Clock;
  readonly log: Log;
}

export class OnCallSchedules {
  readonly #parts: ScheduleParts;
  #rosters: Schedules = new Map();
  readonly #askedAt = new Map<string, number>();
  readonly #faults = new Map<string, string>();

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  /** What the services said last; how old it may be, whoever reads it decides. */
  current(): Schedules {
    return this.#rosters;
  }

  /** What an operator should know: schedules that name nobody by now. Null where all is well. */
  warning(): string | null {
    const at = this.#parts.clock().getTime();
    const stale = [...this.#faults].filter(([key]) => at - (this.#rosters.get(key)?.at ?? -Infinity) > ROSTER_MAX_AGE_MS);
    return stale.length === 0 ? null : stale.map(([, fault]) => `${fault}; nobody is on call there`).join('; ');
  }

  /** Asks for every schedule of the policy that was not asked for in the last minute. */
  async look({ rotas }: Pick<Policy, 'rotas'>): Promise<void> {
    const named = new Map(rotas.flatMap(schedulesOf).map((name) => [scheduleKey(name), name]));
    for (const key of this.#faults.keys()) if (!named.has(key)) this.#faults.delete(key);
    const at = this.#parts.clock();
    const due = [...named].filter(([key]) => at.getTime() - (this.#askedAt.get(key) ?? -Infinity) >= ASK_EVERY_MS);
    await Promise.all(due.map(([key, name]) => this.#ask(key, name, at)));
  }

  async #ask(key: string, name: ScheduleName, at: Date): Promise<void> {
    this.#askedAt.set(key, at.getTime());
    const { config, log } = this.#parts;
    try {
      const roster: Roster = { people: await askWhoIsOnCall(config.rotas, name, at), at: at.getTime() };
      this.#rosters = new Map([...this.#rosters, [key, roster]]);
      this.#faults.delete(key);
    } catch (fault) {
      if (!(fault instanceof ScheduleFault)) throw fault;
      if (!this.#faults.has(key)) log.warn({ schedule: key, why: fault.message }, 'an on-call schedule could not be asked for; what it said last counts for some minutes');
      this.#faults.set(key, fault.message);
    }
  }
}
