// What was acknowledged and is still being done: the process waits for it before it leaves.
import type { App } from '@slack/bolt';

export class InFlight {
  readonly #running = new Set<Promise<void>>();

  /** From now on all that this app is given is waited for. */
  watch(app: App): void {
    const take = app.processEvent.bind(app);
    app.processEvent = (event) => {
      const work = take(event).finally(() => this.#running.delete(work));
      this.#running.add(work);
      return work;
    };
  }

  /** Resolves when nothing is being done any more; what failed was told where it failed. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
