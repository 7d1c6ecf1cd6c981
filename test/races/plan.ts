// What races: who does what about one request at the same moment, and in which of the two processes.
import type { Chance } from '../crash/chance.js';

/** `half-approved`: two have to agree, and one has. */
export const STARTS = ['waiting', 'half-approved', 'approved'] as const;
export type Start = (typeof STARTS)[number];

/** The manager has a say, and the manager's manager. */
export type Role = 'requester' | 'manager' | 'second';
/** `revoke`: a no of whoever had said yes. */
export type Deed = 'approve' | 'deny' | 'revoke' | 'cancel' | 'reveal' | 'expiry';

export interface Racer {
  readonly deed: Deed;
  /** Null: nobody's, the deadline. */
  readonly by: Role | null;
}

/** One racer in one process, sent there as JSON. `wait`: so many statements of its own before it begins. */
export interface Entrant extends Racer {
  readonly requestId: string;
  readonly lane: number;
  readonly formId: string;
  readonly wait: number;
}

export interface Race {
  readonly start: Start;
  readonly entrants: readonly (Racer & { readonly replica: number; readonly wait: number })[];
}

const RACERS: Readonly<Record<Start, readonly Racer[]>> = {
  waiting: [
    { deed: 'approve', by: 'manager' },
    { deed: 'approve', by: 'second' },
    { deed: 'deny', by: 'manager' },
    { deed: 'deny', by: 'second' },
    { deed: 'cancel', by: 'requester' },
    { deed: 'expiry', by: null },
  ],
  'half-approved': [
    { deed: 'approve', by: 'second' },
    { deed: 'deny', by: 'second' },
    { deed: 'revoke', by: 'manager' },
    { deed: 'cancel', by: 'requester' },
    { deed: 'expiry', by: null },
  ],
  approved: [
    { deed: 'reveal', by: 'requester' },
    { deed: 'reveal', by: 'requester' },
    { deed: 'revoke', by: 'manager' },
    { deed: 'deny', by: 'second' },
    { deed: 'cancel', by: 'requester' },
    { deed: 'expiry', by: null },
  ],
};

const MOST = 4;
const LONGEST_WAIT = 16;

/** Two to four racers, of which at least one runs in each process. */
export function drawRace(chance: Chance): Race {
  const start = chance.pick(STARTS);
  const left = [...RACERS[start]];
  const many = 2 + chance.below(MOST - 1);
  const entrants = Array.from({ length: many }, (_, at) => {
    const [racer] = left.splice(chance.below(left.length), 1);
    if (racer === undefined) throw new Error('there are not so many racers');
    return { ...racer, replica: at < 2 ? at : chance.below(2), wait: chance.happens(0.5) ? 0 : chance.below(LONGEST_WAIT) };
  });
  return { start, entrants };
}

/** What has to have come before what, over many races: everything before everything that it races with. */
export function rivalries(): readonly string[] {
  const pairs = STARTS.flatMap((start) => {
    const deeds = [...new Set(RACERS[start].map(({ deed }) => deed))];
    return deeds.flatMap((one) => deeds.filter((other) => other !== one).map((other) => `${one} before ${other}`));
  });
  return [...new Set(pairs)].sort();
}

export function personOf(lane: number, role: Role): string {
  return `${role}-${lane}`;
}
