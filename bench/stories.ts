// Part one: whole stories through the desk, beside the same rows written by bare `pg`.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { toHex } from '../src/lib/bytes.js';
import { newToken } from '../src/lib/ids.js';
import { isRefused } from '../src/lib/refusal.js';
import { currentCode } from '../src/stepup/totp.js';
import { type Pair, fillCast } from './cast.js';
import { BenchClock, makeKeys, type OpenDesk, openDesk } from './desk.js';
import { floorStory, type RecordedStory, type RequestVersion } from './floors/story.js';
import { playRound, type Round, type StepName, STEPS, type Story } from './round.js';
import type { BenchServer } from './server.js';
import { median, percentile, type Line } from './table.js';

/** How many stories a round has, by how many are played at once. */
const LOADS = [
  { atOnce: 1, stories: 16 },
  { atOnce: 8, stories: 64 },
  { atOnce: 32, stories: 160 },
] as const;
const ROUNDS = 3;
const PAIRS = 200;
const CHALLENGE_BYTES = 8;
const SESSION_OPTIONS = { options: '-c timezone=UTC' };

interface Sides {
  readonly ours: readonly Round[];
  readonly floor: readonly Round[];
}

export async function benchStories(server: BenchServer): Promise<readonly Line[]> {
  const keys = await makeKeys(server.folder);
  const clock = new BenchClock();
  const url = await server.migrated('stories');
  const filling = await openDesk(url, keys, clock);
  const t0=performance.now();
  const pairs = await fillCast(filling, PAIRS);
  console.error('fill',performance.now()-t0);
  const recorded = await recordStory(filling, pairs);
  await filling.close();
  const floorUrl = await server.copyOf(url, 'stories_floor');
  const open = await openDesk(url, keys, clock);
  try {
    const lines: Line[] = [];
    for (const load of LOADS) lines.push(...linesOf(load.atOnce, await measure({ open, floorUrl, pairs, recorded }, load)));
    return lines;
  } finally {
    await open.close();
  }
}

interface Stage {
  readonly open: OpenDesk;
  readonly floorUrl: string;
  readonly pairs: readonly Pair[];
  readonly recorded: RecordedStory;
}

/** Round about: ours, the floor, ours, the floor, after one round of each that is not counted. */
async function measure(stage: Stage, { atOnce, stories }: (typeof LOADS)[number]): Promise<Sides> {
  const clients = await Promise.all(Array.from({ length: atOnce }, () => connect(stage.floorUrl)));
  const ours: Round[] = [];
  const floor: Round[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const cast = stage.pairs.slice(0, round === 0 ? atOnce : stories);
    ours.push(await oursRound(stage.open, cast, atOnce));
    console.error(atOnce, round, 'ours', ours.at(-1)?.storiesPerSecond);
    const at = stage.open.clock.now();
    floor.push(await playRound(cast.map((pair) => floorStory(stage.recorded, pair, at)), clients));
  }
  await Promise.all(clients.map((client) => client.end()));
  return { ours: ours.slice(1), floor: floor.slice(1) };
}

/** What the round left to be sequenced is sequenced outside of what is measured, as the floor sequences nothing. */
async function oursRound(open: OpenDesk, pairs: readonly Pair[], atOnce: number): Promise<Round> {
  open.clock.nextRound();
  const workers = Array.from({ length: atOnce }, (_, worker) => worker);
  const round = await playRound(pairs.map((pair) => deskStory(open, pair)), workers);
  await open.sequencer.sequence();
  return round;
}

/** One story through the desk; each answer must be a yes. */
export function deskStory({ desk, clock }: OpenDesk, { employee, manager, cardId }: Pair): Story<unknown> {
  const [code, managerCode] = [employee, manager].map(({ seed }) => currentCode(seed, clock.now()));
  const challenge = toHex(randomBytes(CHALLENGE_BYTES));
  let requestId = '';
  const step = (actorId: string) => ({ actorId, formId: newToken(), requestId });
  return {
    open: async () => {
      const form = { actorId: employee.id, formId: newToken(), cardId, challenge, code: code ?? '', reason: 'PIN forgotten' };
      requestId = done(await desk.open(form)).request.id;
    },
    vote: async () => void done(await desk.approve(step(manager.id), managerCode ?? '')),
    reveal: async () => done(await desk.reveal(step(employee.id), { text: null, code: null })).response.wipe(),
    outcome: async () => void done(await desk.outcome(step(employee.id), true)),
  };
}

function done<T extends object>(answer: T): Extract<T, { readonly request: unknown }> {
  if (isDone(answer)) return answer;
  throw new Error(`the desk did not go along: ${isRefused(answer) ? answer.refused : 'it asks to confirm'}`);
}

function isDone<T extends object>(answer: T): answer is Extract<T, { readonly request: unknown }> {
  return 'request' in answer;
}

/** Plays one real story and reads what it wrote. */
async function recordStory(open: OpenDesk, [pair]: readonly Pair[]): Promise<RecordedStory> {
  if (pair === undefined) throw new Error('a story needs somebody');
  const { database } = open;
  const story = deskStory(open, pair);
  const request: Partial<Record<StepName, RequestVersion>> = {};
  for (const step of STEPS) {
    await story[step](null);
    request[step] = await database.request.findFirstOrThrow({ where: { cardId: pair.cardId } });
  }
  const entries = await database.auditEntry.findMany({ where: { body: { contains: pair.cardId } }, orderBy: { id: 'asc' } });
  const notices = await database.notice.findMany();
  const { open: opened, vote, reveal, outcome } = request;
  if (opened === undefined || vote === undefined || reveal === undefined || outcome === undefined) throw new Error('a step is missing');
  return {
    request: { open: opened, vote, reveal, outcome },
    entries: entries.map(({ body }) => body),
    recipients: notices.map(({ recipient }) => recipient),
  };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, ...SESSION_OPTIONS });
  await client.connect();
  return client;
}

function linesOf(atOnce: number, { ours, floor }: Sides): readonly Line[] {
  const rate = (rounds: readonly Round[]) => median(rounds.map(({ storiesPerSecond }) => storiesPerSecond));
  const lines: Line[] = [{ what: `stories, ${atOnce} at once`, unit: '/s', ours: rate(ours), floor: rate(floor), better: 'more' }];
  for (const step of STEPS) {
    for (const rank of [50, 99]) {
      const at = (rounds: readonly Round[]) => percentile(rounds.flatMap(({ times }) => times[step]), rank);
      lines.push({ what: `  ${step} p${rank}`, unit: 'ms', ours: at(ours), floor: at(floor), better: 'less' });
    }
  }
  return lines;
}
