// `npm run bench:keys`: keys in numbers, beside floors of the same run. BENCH_CARDS sets how many cards (20,000).
import { createCipheriv, randomBytes, randomFillSync } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import pg from 'pg';
import { BUILT_IN_PROFILES } from '../src/card/profiles.js';
import { computeResponse } from '../src/card/response.js';
import { fromHex, wipe } from '../src/lib/bytes.js';
import { isRefused } from '../src/lib/refusal.js';
import { CardImports } from '../src/store/card-import.js';
import type { ReadingOrder } from '../src/store/card-import-read.js';
import { BenchClock, makeKeys, openDesk, type OpenDesk } from './desk.js';
import { benchRotation } from './keys-rotation.js';
import { timed } from './round.js';
import { type BenchServer, openServer } from './server.js';
import { type Line, median, tableOf } from './table.js';

const CARDS = Number(process.env['BENCH_CARDS'] ?? 20_000);
const ROUNDS = 3;
const RESPONSES = 50_000;
const MEGABYTE = 1_048_576;
const LINES_IN_A_PIECE = 700;

const server = await openServer();
try {
  console.error(`measuring: ${CARDS} cards`);
  console.log(tableOf([...(await benchImport(server)), ...benchResponses(), ...(await benchRotation(server, CARDS))]));
} finally {
  await server.close();
}

async function benchImport(server: BenchServer): Promise<readonly Line[]> {
  const folder = join(server.folder, 'keys');
  await mkdir(folder);
  const url = await server.migrated('keys');
  const open = await openDesk(url, await makeKeys(folder), new BenchClock());
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const rows = cardRows();
    const [checks, imports, copies, seals, grown]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      await client.query('TRUNCATE "Card" CASCADE');
      checks.push(await timed(() => check(open, rows)));
      const before = process.memoryUsage().rss;
      const memory = { peak: before };
      imports.push(await timed(() => importAll(open, rows, memory)));
      grown.push((memory.peak - before) / MEGABYTE);
      copies.push(await copyBack(client, server.folder));
      seals.push(await timed(() => sealAll()));
    }
    const floor = median(copies) + median(seals);
    const line = (what: string, ours: number, bare: number | null): Line => ({ what, unit: '/s', ours: perSecond(ours), floor: bare === null ? null : perSecond(bare), better: 'more' });
    return [
      line('cards imported; COPY and bare sealing', median(imports), floor),
      line('  cards checked (dry run)', median(checks), null),
      line('  COPY of the same rows alone', floor, median(copies)),
      { what: '  memory above the start, at most', unit: 'MB', ours: Math.max(...grown), floor: null, better: 'less' },
    ];
  } finally {
    await client.end();
    await open.close();
  }
}

function perSecond(ms: number): number {
  return (CARDS / ms) * 1_000;
}

function cardRows(): readonly string[] {
  return Array.from({ length: CARDS }, (_, at) => `CARD-${at},Card ${at},gids,,${randomBytes(24).toString('hex')}\n`);
}

function orderFor(rows: readonly string[], memory: { peak: number }): ReadingOrder {
  return {
    source: { open: () => linesOf(rows) },
    options: { allowDefaultKeys: false },
    watch: () => {
      memory.peak = Math.max(memory.peak, process.memoryUsage().rss);
      return Promise.resolve();
    },
  };
}

async function* linesOf(rows: readonly string[]): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from('serial,label,profile,holder,key\n'));
  for (let at = 0; at < rows.length; at += LINES_IN_A_PIECE) yield Buffer.from(rows.slice(at, at + LINES_IN_A_PIECE).join(''));
}

function importsOf({ database, vault, rowMac, clock }: OpenDesk): CardImports {
  return new CardImports({ database, vault, rowMac, profiles: BUILT_IN_PROFILES, clock: clock.now });
}

async function check(open: OpenDesk, rows: readonly string[]): Promise<void> {
  const { cards, problems } = await importsOf(open).check(orderFor(rows, { peak: 0 }));
  if (cards !== CARDS || problems > 0) throw new Error('the cards of the bench do not fit');
}

async function importAll(open: OpenDesk, rows: readonly string[], memory: { peak: number }): Promise<void> {
  const outcome = await importsOf(open).import({ ...orderFor(rows, memory), waitsFor: null, expected: null });
  if (isRefused(outcome) || outcome.cards !== CARDS) throw new Error('the cards of the bench were not imported');
}

/** Writes the table to a file and back into an empty one. Milliseconds of the way back. */
async function copyBack(client: pg.Client, folder: string): Promise<number> {
  const shared = join(folder, 'copied');
  await mkdir(shared, { recursive: true });
  await chmod(shared, 0o777); // PostgreSQL may run as another user
  const file = `'${join(shared, 'cards.tsv')}'`;
  await client.query(`COPY "Card" TO ${file}`);
  await client.query('TRUNCATE "Card" CASCADE');
  return await timed(() => client.query(`COPY "Card" FROM ${file}`));
}

/** Twice XChaCha20-Poly1305 a card: the key under a data key, and that under the KEK. */
function sealAll(): Promise<void> {
  const kek = randomBytes(32);
  const associated = randomBytes(160);
  for (let at = 0; at < CARDS; at += 1) {
    const dataKey = randomFillSync(new Uint8Array(32));
    sealOne(dataKey, randomFillSync(new Uint8Array(24)), associated);
    sealOne(kek, dataKey, associated);
    wipe(dataKey);
  }
  return Promise.resolve();
}

function sealOne(key: Uint8Array, plain: Uint8Array, associated: Uint8Array): Uint8Array {
  return xchacha20poly1305(key, randomFillSync(new Uint8Array(24)), associated).encrypt(plain);
}

function benchResponses(): readonly Line[] {
  return [
    responseLine('responses, 3DES; bare node:crypto', 'gids', 'des-ede3'),
    responseLine('responses, AES-256; bare node:crypto', 'piv-aes-256', 'aes-256-ecb'),
  ];
}

function responseLine(what: string, profileId: string, cipher: string): Line {
  const profile = BUILT_IN_PROFILES.find(profileId);
  if (profile === null) throw new Error(`there is no profile ${profileId}`);
  const key = randomBytes(profile.keyBytes[0] ?? 0);
  const challenge = fromHex(randomBytes(profile.challengeBytes).toString('hex')) ?? new Uint8Array();
  const [ours, floor]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(rate(() => computeResponse(profile, key, challenge).wipe()));
    floor.push(rate(() => createCipheriv(cipher, key, null).setAutoPadding(false).update(challenge)));
  }
  return { what, unit: '/s', ours: median(ours), floor: median(floor), better: 'more' };
}

/** How often a second. */
function rate(work: () => unknown): number {
  const begin = performance.now();
  for (let done = 0; done < RESPONSES; done += 1) work();
  return (RESPONSES / (performance.now() - begin)) * 1_000;
}
