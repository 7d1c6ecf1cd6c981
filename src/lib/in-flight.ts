// What is still being done when a process is asked to leave.

export class InFlight {
  readonly #running = new Set<Promise<unknown>>();

  /** Hands the work on; from now on it is waited for. */
  track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    const forget = (): void => void this.#running.delete(work);
    work.then(forget, forget);
    return work;
  }

  /** Resolves when nothing is being done any more; what failed was told where it failed. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
