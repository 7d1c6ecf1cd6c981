// Notices when somebody's say moves to a stand-in or comes back, by a change or by the clock alone, and has waiting requests ask anew.
import type { Clock } from '../lib/clock.js';
import type { PrismaDelegations } from '../store/delegations.js';
import type { UnblockDesk } from '../unblock/desk.js';

interface Watching {
  readonly delegations: Pick<PrismaDelegations, 'running'>;
  readonly desk: Pick<UnblockDesk, 'askAnew'>;
  readonly clock: Clock;
}

export class StandInWatch {
  readonly #parts: Watching;
  // A process that starts takes all of them for new: what moved while none ran was told to nobody.
  #seen: ReadonlyMap<string, string> = new Map();
  /** Whose moves not every waiting request was looked at for yet, and those that were. */
  #owed: { readonly moved: ReadonlySet<string>; readonly looked: Set<string> } = { moved: new Set(), looked: new Set() };

  constructor(parts: Watching) {
    this.#parts = parts;
  }

  /**
   * Returns how many requests ask anew. Those that fail are looked at again the next time, and only those: each that asks
   * anew changes, which wakes this again.
   */
  async look(): Promise<number> {
    const { delegations, desk, clock } = this.#parts;
    const now = await delegations.running(clock());
    const before = this.#seen;
    const moved = [...before.keys(), ...now.keys()].filter((id) => before.get(id) !== now.get(id));
    this.#seen = now;
    if (moved.length > 0) this.#owed = { moved: new Set([...this.#owed.moved, ...moved]), looked: new Set() };
    if (this.#owed.moved.size === 0) return 0;
    const asked = await desk.askAnew(this.#owed.moved, this.#owed.looked);
    this.#owed = { moved: new Set(), looked: new Set() };
    return asked;
  }
}
