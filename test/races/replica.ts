// One of the two processes: its own connection, keys and desk. It does what it is told and nothing by itself.
import { AsyncLocalStorage } from 'node:async_hooks';
import { z } from 'zod';
import { openParts, type Parts } from '../../src/app/parts.js';
import { parsePolicy } from '../../src/approval/policy-file.js';
import { policyHash } from '../../src/approval/policy.js';
import { readConfig } from '../../src/config.js';
import { isRefused } from '../../src/lib/refusal.js';
import { silentLog } from '../../src/lib/log.js';
import { currentCode } from '../../src/stepup/totp.js';
import { PrismaRequestReader } from '../../src/store/request-reader.js';
import { PrismaRequestStore } from '../../src/store/request-store.js';
import { toRequest } from '../../src/store/rows.js';
import { UnblockDesk } from '../../src/unblock/desk.js';
import { type Entrant, personOf } from './plan.js';

/** Everybody's seed, by their id. */
export interface Setup {
  readonly kind: 'set-up';
  readonly env: Readonly<Record<string, string>>;
  readonly policyText: string;
  readonly seeds: Readonly<Record<string, string>>;
}

/** `at`: the moment of the race (ms since 1970); `tick`: when the deadlines are looked at, null: not here. */
export interface Go {
  readonly kind: 'go';
  readonly at: number;
  readonly entrants: readonly Entrant[];
  readonly tick: number | null;
}

export interface Look {
  readonly kind: 'look';
  readonly ids: readonly string[];
}

/** All that is still open ends: shown responses worked, at one moment, and the others expire, at another. */
export interface End {
  readonly kind: 'end';
  readonly worked: readonly Entrant[];
  readonly workedAt: number;
  readonly expireAt: number;
}

export type Order = Setup | Go | Look | End;

/** What somebody was told: 'done', a refusal's reason, or a fault. */
export interface Told {
  readonly requestId: string;
  readonly deed: string;
  readonly by: string | null;
  readonly said: string;
  readonly response: string | null;
}

/** The requests as this process reads them, as JSON. */
export type Seen = readonly (readonly [string, string])[];

const numbered = z.object({ number: z.number(), order: z.custom<Order>() });
const moments = new AsyncLocalStorage<number>();
let parts: Parts | null = null;
let desk: UnblockDesk | null = null;
let codes: (personId: string, at: number) => string = () => '';

process.on('message', (message) => {
  const { number, order } = numbered.parse(message);
  void obey(order).then(
    (answer) => process.send?.({ number, answer }),
    (fault: unknown) => process.send?.({ number, fault: String(fault) }),
  );
});

// Whoever gave the orders has gone.
process.on('disconnect', () => process.exit());

function obey(order: Order): Promise<unknown> {
  if (order.kind === 'set-up') return setUp(order);
  if (order.kind === 'go') return go(order);
  return order.kind === 'look' ? look(order) : end(order);
}

async function setUp({ env, policyText, seeds }: Setup): Promise<void> {
  parts = await openParts(readConfig(env), { clock: () => new Date(moments.getStore() ?? 0), log: silentLog });
  await parts.sequencer.publish();
  const byId = new Map(Object.entries(seeds).map(([id, hex]) => [id, new Uint8Array(Buffer.from(hex, 'hex'))]));
  codes = (personId, at) => currentCode(byId.get(personId) ?? new Uint8Array(), new Date(at));
  desk = deskOf(parts, policyText);
}

function deskOf(own: Parts, policyText: string): UnblockDesk {
  const parsed = parsePolicy(policyText);
  if (!('policy' in parsed)) throw new Error(JSON.stringify(parsed.problems));
  const loaded = { policy: parsed.policy, hash: policyHash(policyText) };
  const store = new PrismaRequestStore({ ...own, auditFileTrouble: () => own.sequencer.trouble() });
  return new UnblockDesk({ store, reader: new PrismaRequestReader(own), stepUp: own.stepUp, vault: own.vault, policy: () => loaded, clock: own.clock });
}

/** Everything at once. */
async function go({ at, entrants, tick }: Go): Promise<readonly Told[]> {
  const deadline = tick === null ? Promise.resolve(0) : moments.run(tick, () => opened().tick());
  const told = await Promise.all(entrants.map((entrant) => moments.run(at, () => act(entrant, at))));
  await deadline;
  return told;
}

async function act({ requestId, lane, formId, deed, by, wait }: Entrant, at: number): Promise<Told> {
  for (let done = 0; done < wait; done += 1) await own().database.$queryRaw`SELECT 1`;
  const actorId = by === null ? '' : personOf(lane, by);
  const step = { actorId, formId, requestId };
  const told = { requestId, deed, by };
  if (deed === 'reveal') {
    const shown = await opened().reveal(step, { text: null, code: null });
    if ('confirm' in shown || isRefused(shown)) return { ...told, said: 'refused' in shown ? shown.refused : 'confirm', response: null };
    return { ...told, said: 'done', response: shown.response.reveal().plain };
  }
  const saved = await (deed === 'approve' ? opened().approve(step, codes(actorId, at)) : deed === 'cancel' ? opened().cancel(step) : opened().deny(step, 'no'));
  return { ...told, said: isRefused(saved) ? saved.refused : saved.repeated ? 'repeated' : 'done', response: null };
}

/** Read as everything is: a row whose HMAC does not fit is a fault. */
async function look({ ids }: Look): Promise<Seen> {
  const rows = await own().database.request.findMany({ where: { id: { in: [...ids] } } });
  return rows.map((row) => [row.id, JSON.stringify(toRequest(row, own().rowMac))] as const);
}

async function end({ worked, workedAt, expireAt }: End): Promise<number> {
  const tell = ({ requestId, lane, formId }: Entrant) => opened().outcome({ actorId: personOf(lane, 'requester'), formId, requestId }, true);
  await moments.run(workedAt, () => Promise.all(worked.map(tell)));
  return await moments.run(expireAt, async () => {
    let ended = 0;
    for (let more = -1; more !== 0; ended += more) more = await opened().tick();
    return ended;
  });
}

function opened(): UnblockDesk {
  if (desk === null) throw new Error('not set up');
  return desk;
}

function own(): Parts {
  if (parts === null) throw new Error('not set up');
  return parts;
}
