// Answers on their way into a conversation: what Teams has no room for yet is posted a little later.
import type { InFlight } from '../../lib/in-flight.js';
import type { Log } from '../../lib/log.js';
import type { Connector, OutgoingActivity } from './connector.js';
import type { Place } from './memory.js';
import { isTeamsFault, type TeamsFault } from './teams-fault.js';

/** So often an answer is tried; who still waits then has long asked again. */
const TRIES = 5;

export interface AnswersParts {
  readonly connector: Pick<Connector, 'post'>;
  readonly inFlight: InFlight;
  /** Milliseconds; ends early when the process leaves. */
  readonly pause: (ms: number) => Promise<void>;
  readonly log: Log;
}

export class Answers {
  readonly #parts: AnswersParts;

  constructor(parts: AnswersParts) {
    this.#parts = parts;
  }

  /** Resolves after the first try, so that Teams need not wait; never throws. What fails otherwise is missed: the words count once. */
  async post(place: Place, activity: OutgoingActivity): Promise<void> {
    const busy = await this.#try(place, activity);
    if (busy !== null) void this.#parts.inFlight.track(this.#later({ place, activity, busy }));
  }

  async #later({ place, activity, busy }: { readonly place: Place; readonly activity: OutgoingActivity; readonly busy: TeamsFault }): Promise<void> {
    const { pause, log } = this.#parts;
    let wait: TeamsFault | null = busy;
    for (let tries = 1; tries < TRIES && wait !== null; tries += 1) {
      // Longer each time, where Teams does not say how long.
      await pause(wait.afterMs * tries);
      wait = await this.#try(place, activity);
    }
    if (wait !== null) log.warn({ err: wait }, 'an answer in Teams could not be posted');
  }

  /** What Teams asks to wait for; null where there is nothing more to do. */
  async #try(place: Place, activity: OutgoingActivity): Promise<TeamsFault | null> {
    try {
      await this.#parts.connector.post(place, activity);
    } catch (error) {
      if (isTeamsFault(error, 'wait')) return error;
      this.#parts.log.warn({ err: error }, 'an answer in Teams could not be posted');
    }
    return null;
  }
}
