// An import whose process is killed (SIGKILL) in the middle leaves no card that anybody could use, and can be run again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isRefused } from '../../src/lib/refusal.js';
import type { ImportOutcome } from '../../src/store/card-import.js';
import { type CardsWorld, fileOf, manyRows, openCardsWorld, orderFor } from './cards-world.js';

const CLI = resolve('src/cli/countersign.ts');
const TYPESCRIPT = pathToFileURL(resolve('test/support/typescript.mjs')).href;
const CARDS = 4_000;
const POLL_MS = 2;

let cards: CardsWorld;
beforeAll(async () => {
  cards = await openCardsWorld();
});
afterAll(() => cards.world.close());

function startImport(file: string): ChildProcess {
  const { url, folder } = cards.world;
  const env = { ...process.env, DATABASE_URL: url, COUNTERSIGN_DATA: folder, COUNTERSIGN_LOG_LEVEL: 'error' };
  return spawn(process.execPath, ['--import', TYPESCRIPT, CLI, 'cards', 'import', file, '--playground-keys'], { env, stdio: 'ignore' });
}

function count(): Promise<number> {
  return cards.world.parts.database.card.count({ where: { serial: { startsWith: 'KILL' } } });
}

/** Of the table on disk: it grows with rows that are not committed yet. */
async function tableBytes(): Promise<number> {
  const [row] = await cards.world.parts.database.$queryRaw<{ bytes: number }[]>`SELECT pg_relation_size('"Card"')::int AS bytes`;
  return row?.bytes ?? 0;
}

/** Kills the child as soon as the table has grown so much. */
async function killAfter(child: ChildProcess, bytes: number): Promise<void> {
  const before = await tableBytes();
  while (child.exitCode === null && (await tableBytes()) < before + bytes) await sleep(POLL_MS);
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
}

/** PostgreSQL notices a moment later that the killed process is gone. */
async function importAgain(text: string): Promise<ImportOutcome> {
  for (;;) {
    const outcome = await cards.imports.import({ ...orderFor(text), waitsFor: null, expected: null });
    if (!isRefused(outcome)) return outcome;
    expect(outcome.refused).toBe('import-running');
    await sleep(POLL_MS);
  }
}

describe('a killed import', () => {
  it.each([1, 500_000, 1_000_000])(
    'leaves no card after %i bytes of them, and runs again',
    async (bytes) => {
      const text = fileOf(...manyRows(CARDS, `KILL-${bytes}`));
      const file = join(cards.world.folder, `cards-${bytes}.csv`);
      await writeFile(file, text);
      const there = await count();
      // What was left by the round before would be filled up first.
      await cards.world.parts.database.$executeRaw`VACUUM FULL "Card"`;
      await killAfter(startImport(file), bytes);
      expect(await count()).toBe(there);
      expect(await importAgain(text)).toMatchObject({ cards: CARDS, problems: 0 });
      expect(await count()).toBe(there + CARDS);
      expect(await cards.world.parts.database.auditEntry.count({ where: { body: { contains: `"added":${CARDS}` } } })).toBe((there + CARDS) / CARDS);
    },
    120_000,
  );
});

describe('a long file', () => {
  it('is never read far ahead of what is sealed', async () => {
    const rows = manyRows(10_000, 'LONG');
    let [read, handled, ahead] = [0, 0, 0];
    async function* lines(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from(fileOf()));
      for (const row of rows) {
        read += 1;
        ahead = Math.max(ahead, read - handled);
        yield Buffer.from(`${row}\n`);
      }
    }
    const order = orderFor('');
    const watch: typeof order.watch = (fit) => {
      handled += fit.length;
      return Promise.resolve();
    };
    expect(await cards.imports.import({ ...order, source: { open: lines }, watch, waitsFor: null, expected: null })).toMatchObject({ cards: 10_000 });
    expect(ahead).toBeLessThan(2_000);
  }, 120_000);
});
