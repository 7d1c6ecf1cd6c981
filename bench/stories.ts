// Part one: whole stories through the desk, beside the same rows written by bare `pg`.
import pg from 'pg';
import { type Pair, fillCast } from './cast.js';
import { deskStory, recordStory } from './desk-story.js';
import { BenchClock, makeKeys, type OpenDesk, openDesk } from './desk.js';
import { floorStory, type RecordedStory } from './floors/story.js';
import { playRound, type Round, STEPS } from './round.js';
import type { BenchServer } from './server.js';
import { median, percentile, type Line } from './table.js';

interface Load {
  readonly atOnce: number;
  /** So many in each round. */
  readonly stories: number;
}

const LOADS: readonly Load[] = [
  { atOnce: 1, stories: 20 },
  { atOnce: 8, stories: 64 },
  { atOnce: 32, stories: 128 },
];
/** Not counted: until then the code is not compiled (a story's CPU time goes on falling for a thousand) and nothing is planned. */
const WARM_UP: Load = { atOnce: 8, stories: 192 };
const WARM_UP_ROUNDS = 5;
const ROUNDS = 3;
const PAIRS = 200;
const SESSION_OPTIONS = { options: '-c timezone=UTC' };

interface Stage {
  readonly open: OpenDesk;
  readonly floorUrl: string;
  readonly pairs: readonly Pair[];
  readonly recorded: RecordedStory;
}

interface Rounds {
  readonly ours: readonly Round[];
  readonly floor: readonly Round[];
}

export async function benchStories(server: BenchServer): Promise<readonly Line[]> {
  const keys = await makeKeys(server.folder);
  const clock = new BenchClock();
  const url = await server.migrated('stories');
  const { pairs, recorded } = await fill(await openDesk(url, keys, clock));
  const floorUrl = await server.copyOf(url, 'stories_floor');
  const open = await openDesk(url, keys, clock);
  try {
    const stage: Stage = { open, floorUrl, pairs, recorded };
    await measure(stage, WARM_UP, WARM_UP_ROUNDS);
    const lines: Line[] = [];
    for (const load of LOADS) lines.push(...linesOf(load, await measure(stage, load, ROUNDS)));
    return lines;
  } finally {
    await open.close();
  }
}

async function fill(open: OpenDesk): Promise<Pick<Stage, 'pairs' | 'recorded'>> {
  try {
    const pairs = await fillCast(open, PAIRS);
    const [pair] = pairs;
    if (pair === undefined) throw new Error('a story needs somebody');
    return { pairs, recorded: await recordStory(open, pair) };
  } finally {
    await open.close();
  }
}

/** Turn about: ours, the floor, ours, the floor. */
async function measure(stage: Stage, load: Load, rounds: number): Promise<Rounds> {
  const clients = await Promise.all(Array.from({ length: load.atOnce }, () => connect(stage.floorUrl)));
  const ours: Round[] = [];
  const floor: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    stage.open.clock.nextRound();
    ours.push(await oursRound(stage, load));
    floor.push(await floorRound(stage, load, clients));
  }
  await Promise.all(clients.map((client) => client.end()));
  return { ours, floor };
}

/** The floor sequences nothing, so what the round left to be sequenced is sequenced outside of what is measured. */
async function oursRound({ open, pairs }: Stage, { atOnce, stories }: Load): Promise<Round> {
  const workers = Array.from({ length: atOnce }, (_, worker) => worker);
  const round = await playRound(pairs.slice(0, stories).map((pair) => deskStory(open, pair)), workers);
  await open.sequencer.sequence();
  return round;
}

function floorRound({ open, pairs, recorded }: Stage, { stories }: Load, clients: readonly pg.Client[]): Promise<Round> {
  const at = open.clock.now();
  return playRound(pairs.slice(0, stories).map((pair) => floorStory(recorded, pair, at)), clients);
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, ...SESSION_OPTIONS });
  await client.connect();
  return client;
}

function linesOf({ atOnce }: Load, { ours, floor }: Rounds): readonly Line[] {
  const rate = (rounds: readonly Round[]) => median(rounds.map(({ storiesPerSecond }) => storiesPerSecond));
  const cpu = (rounds: readonly Round[]) => median(rounds.map(({ cpuMs }) => cpuMs));
  const lines: Line[] = [
    { what: `stories, ${atOnce} at once`, unit: '/s', ours: rate(ours), floor: rate(floor), better: 'more' },
    { what: '  CPU of the Node process a story', unit: 'ms', ours: cpu(ours), floor: cpu(floor), better: 'less' },
  ];
  for (const step of STEPS) {
    for (const rank of [50, 99]) {
      const at = (rounds: readonly Round[]) => percentile(rounds.flatMap(({ times }) => times[step]), rank);
      lines.push({ what: `  ${step}, p${rank}`, unit: 'ms', ours: at(ours), floor: at(floor), better: 'less' });
    }
  }
  return lines;
}
