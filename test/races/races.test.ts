// Votes, expiry, cancellation, revocation and reveal of one request at the same moment in two processes, very many times.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { newToken } from '../../src/lib/ids.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/clock.js';
import { openAuditKey } from '../../src/store/audit-key.js';
import { openAuditReader } from '../../src/store/audit-verify.js';
import { Chance } from '../crash/chance.js';
import { Arena, BEGIN, type Prepared } from './arena.js';
import { drawRace, type Entrant, rivalries } from './plan.js';
import { type Entry, faultsOf, finalFaultsOf, orderIn, type Raced } from './verdict.js';

/** RACES_SEED makes the choices of an earlier run again, RACES another number of races. */
const SEED = process.env.RACES_SEED ?? newToken(48);
const RACES = Number(process.env.RACES ?? '100000');
/** No round begins after so many minutes. */
const MINUTES = Number(process.env.RACES_MINUTES ?? 'Infinity');
/** Employees, each with one race a round. */
const LANES = Math.min(RACES, 160);
/** Races that are run at once. */
const AT_ONCE = Number(process.env.RACES_AT_ONCE ?? '40');
const LIMIT_MS = 6 * HOUR_MS;
const TOLD_EVERY = 5;
const BOTH_END_EVERY = 5;
/** So many races, and each order has come. */
const ENOUGH_FOR_ALL = 5_000;

const entry = z.object({ kind: z.string(), actor: z.string().nullable(), requestId: z.string().nullable(), facts: z.record(z.string(), z.unknown()) });

let arena: Arena;
let run = 0;
let readUpTo = -1n;
/** How often which state came of a start, and what came before what. */
const outcomes = new Map<string, number>();
const orders = new Map<string, number>();

beforeAll(async () => {
  process.stdout.write(`races: ${RACES}, RACES_SEED=${SEED}\n`);
  arena = await Arena.open(LANES);
}, LIMIT_MS);
afterAll(() => arena.close(), LIMIT_MS);

describe('votes, expiry, cancellation, revocation and reveal at the same moment in two processes', () => {
  it(
    'come to one outcome, in every race',
    async () => {
      const chance = new Chance(SEED);
      const begun = Date.now();
      const minutes = (): number => (Date.now() - begun) / MINUTE_MS;
      for (let round = 0; run < RACES && minutes() < MINUTES; round += 1) {
        run += await playRound(chance, Math.min(LANES, RACES - run), round);
        if (round % TOLD_EVERY === 0) process.stdout.write(`${run} races in ${minutes().toFixed(1)} minutes\n`);
      }
      process.stdout.write(`${run} races in ${minutes().toFixed(1)} minutes\n`);
      expect(run).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  it('go now this way and now that: whatever may come first has come first', () => {
    process.stdout.write(`${[...outcomes, ...orders].map(([name, many]) => `${name}: ${many}`).sort().join('\n')}\n`);
    if (run < ENOUGH_FOR_ALL) return;
    expect([...orders.keys()].sort()).toEqual(rivalries());
  });

  it('leave an audit that is whole', async () => {
    const { database, config } = arena.parts;
    const key = await openAuditKey(config.auditKeyFile, { createIfMissing: false });
    const verdict = await openAuditReader(database).verify(key.verifier, config.auditFile);
    expect(verdict).toMatchObject({ ok: true, pending: 0 });
  }, LIMIT_MS);
});

/** When a round is (ms since 1970): a day after the one before, so that each has codes and limits of its own. */
function beginOf(round: number): number {
  return BEGIN + (round + 1) * DAY_MS;
}

/** A round of races, one in each lane, and the end of all that they left open. Returns how many there were. */
async function playRound(chance: Chance, many: number, round: number): Promise<number> {
  const raced: Omit<Raced, 'entries'>[] = [];
  for (let lane = 0; lane < many; lane += AT_ONCE) {
    const races = Array.from({ length: Math.min(AT_ONCE, many - lane) }, () => drawRace(chance));
    // A second apart, so that a look at the deadlines ends nothing that comes later.
    const at = beginOf(round) + (lane / AT_ONCE) * SECOND_MS;
    raced.push(...(await play(await arena.prepare(races, lane, at), at)));
  }
  const after = await entriesByRequest();
  for (const one of raced) check({ ...one, entries: after.get(one.request.id) ?? [] });
  await endAll(raced, after, round);
  await arena.parts.sequencer.sequence();
  return many;
}

async function play(prepared: readonly Prepared[], at: number): Promise<readonly Omit<Raced, 'entries'>[]> {
  const entrants = prepared.flatMap(({ race, lane, request }) => race.entrants.map((racer) => ({ ...racer, lane, requestId: request.id, formId: newToken() })));
  const told = await Promise.all(
    arena.replicas.map((replica, index) => {
      const here = entrants.filter((racer) => racer.replica === index);
      const acting: Entrant[] = here.filter(({ by }) => by !== null);
      return replica.go({ at, entrants: acting, tick: here.some(({ by }) => by === null) ? at + 1 : null });
    }),
  );
  const ids = prepared.map(({ request }) => request.id);
  const seen = (await Promise.all(arena.replicas.map((replica) => replica.look({ ids })))).map((all) => new Map(all));
  return prepared.map((one) => ({
    ...one,
    told: told.flat().filter(({ requestId }) => requestId === one.request.id),
    seen: seen.map((all) => all.get(one.request.id) ?? ''),
  }));
}

function check(raced: Raced): void {
  const { race, lane, seen, told, entries } = raced;
  const faults = faultsOf(raced, arena.keys[lane] ?? '');
  if (faults.length > 0) throw new Error(JSON.stringify({ faults, race, told: told.map(({ deed, by, said }) => [deed, by, said]), seen, entries }, null, 1));
  count(outcomes, `${race.start} > ${stateIn(seen[0])}`);
  for (const order of orderIn(raced)) count(orders, order);
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Ends what is still open: each request comes to exactly one end. */
async function endAll(raced: readonly Omit<Raced, 'entries'>[], before: ReadonlyMap<string, readonly Entry[]>, round: number): Promise<void> {
  const answered = raced.filter(({ seen }) => stateIn(seen[0]) === 'answered');
  const worked = answered.map(({ request, lane }): Entrant => ({ requestId: request.id, lane, deed: 'reveal', by: 'requester', formId: newToken(), wait: 0 }));
  // Now the one process alone, now both at the same moment.
  const ending = round % BOTH_END_EVERY === 0 ? arena.replicas : arena.replicas.slice(0, 1);
  await Promise.all(ending.map((replica) => replica.end({ worked, workedAt: beginOf(round) + MINUTE_MS, expireAt: beginOf(round) + 2 * HOUR_MS })));
  const after = await entriesByRequest();
  const rows = await arena.parts.database.request.findMany({ where: { id: { in: raced.map(({ request }) => request.id) } }, select: { id: true, state: true } });
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  for (const { request } of raced) {
    const all = [...(before.get(request.id) ?? []), ...(after.get(request.id) ?? [])];
    const faults = finalFaultsOf(all, states.get(request.id) ?? '');
    if (faults.length > 0) throw new Error(JSON.stringify({ faults, request, all }));
  }
}

/** The entries that were written since the last call, by their request. */
async function entriesByRequest(): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const rows = await arena.parts.database.auditEntry.findMany({ where: { id: { gt: readUpTo } }, orderBy: { id: 'asc' }, select: { id: true, body: true } });
  readUpTo = rows.at(-1)?.id ?? readUpTo;
  const byRequest = new Map<string, Entry[]>();
  for (const { body } of rows) {
    const { requestId, ...rest } = entry.parse(JSON.parse(body));
    if (requestId === null) continue;
    byRequest.set(requestId, [...(byRequest.get(requestId) ?? []), rest]);
  }
  return byRequest;
}

function stateIn(seen: string | undefined): string {
  return z.object({ state: z.string() }).parse(JSON.parse(seen ?? '{}')).state;
}
