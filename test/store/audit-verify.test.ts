// Whatever is done to the audit's rows in a real database is found; what is merely new is not.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditVerdict } from '../../src/audit/verifier.js';
import { openAuditReader } from '../../src/store/audit-verify.js';
import { type AuditWorld, openAuditWorld } from './audit-world.js';

let world: AuditWorld;

beforeAll(async () => {
  world = await openAuditWorld();
});

afterEach(() => world.reset());
afterAll(() => world.close());

/** Nine entries with checkpoints at 3, 6 and 9. */
async function fill(): Promise<void> {
  const sequencer = await world.newSequencer();
  for (let round = 0; round < 3; round += 1) {
    await world.write(3);
    await sequencer.sequence();
  }
}

async function verify(file: string | null = world.path): Promise<AuditVerdict> {
  return await openAuditReader(world.database).verify(world.key.verifier, file);
}

async function tamper(...statements: string[]): Promise<void> {
  for (const statement of statements) await world.database.$executeRawUnsafe(statement);
}

function flipByte(column: string): string {
  return `${column} = set_byte(${column}, 5, 255 - get_byte(${column}, 5))`;
}

/** Moves every entry after `after` by that many places, as somebody does who covers up a gap or makes one. */
function shift(after: number, by: number): string[] {
  return [
    `UPDATE "AuditEntry" SET "index" = -("index" + ${by}) WHERE "index" > ${after}`,
    `UPDATE "AuditEntry" SET "index" = -"index" WHERE "index" < 0`,
  ];
}

describe('an untouched audit', () => {
  it('is intact, with its file and without', async () => {
    await fill();
    expect(await verify()).toMatchObject({ ok: true, size: 9, pending: 0, checkpoints: 6, anchored: 9 });
    expect(await verify(null)).toMatchObject({ ok: true, size: 9, checkpoints: 3, anchored: null });
  });

  it('is intact when it is empty', async () => {
    expect(await verify()).toMatchObject({ ok: true, size: 0, checkpoints: 0 });
  });

  it('counts the entries that wait for their place, and says nothing about them', async () => {
    await fill();
    await world.write(2);
    expect(await verify()).toMatchObject({ ok: true, size: 9, pending: 2 });
  });

  it('is intact in batches too', async () => {
    await world.write(4_321);
    await (await world.newSequencer()).sequence();
    expect(await verify()).toMatchObject({ ok: true, size: 4_321, anchored: 4_321 });
  });

  it('is intact at every moment while it grows', async () => {
    const sequencer = await world.newSequencer();
    const state: { growing: boolean } = { growing: true };
    const growth = (async () => {
      for (let round = 0; round < 20; round += 1) {
        await world.write(11);
        await sequencer.sequence();
      }
      state.growing = false;
    })();
    while (state.growing) expect(await verify()).toMatchObject({ ok: true });
    await growth;
    expect(await verify()).toMatchObject({ ok: true, size: 220, anchored: 220 });
  });

  it('without its file is verified as if there was none', async () => {
    await fill();
    await rm(world.path);
    expect(await verify()).toMatchObject({ ok: true, anchored: null });
  });
});

describe('a byte changed in an entry', () => {
  it.each([
    ['id', `UPDATE "AuditEntry" SET id = id + 256 WHERE "index" = 4`],
    ['at', `UPDATE "AuditEntry" SET at = at + interval '1 millisecond' WHERE "index" = 4`],
    ['at, to no time at all', `UPDATE "AuditEntry" SET at = 'infinity' WHERE "index" = 4`],
    ['at, to before our era', `UPDATE "AuditEntry" SET at = '2026-03-04 05:06:12.089 BC' WHERE "index" = 4`],
    ['body', `UPDATE "AuditEntry" SET body = overlay(body placing 'D' from 12) WHERE "index" = 4`],
    ['body, by a blank at its end', `UPDATE "AuditEntry" SET body = body || ' ' WHERE "index" = 4`],
    ['leaf', `UPDATE "AuditEntry" SET ${flipByte('leaf')} WHERE "index" = 4`],
    ['leaf, to nothing', `UPDATE "AuditEntry" SET leaf = NULL WHERE "index" = 4`],
  ])('is found by its %s', async (_, statement) => {
    await fill();
    await tamper(statement);
    const found = { ok: false, size: 9, first: { index: 4, kind: 'changed' }, where: 'entry' };
    expect(await verify()).toMatchObject(found);
    expect(await verify(null)).toMatchObject(found);
  });

  it.each([
    ['past the end', `"index" = 70`, { index: 4, kind: 'removed' }],
    ['below the start', `"index" = -1`, { index: -1, kind: 'inserted' }],
    ['to nothing', `"index" = NULL`, { index: 4, kind: 'removed' }],
  ])('is found by its index, moved %s', async (_, change, first) => {
    await fill();
    await tamper(`UPDATE "AuditEntry" SET ${change} WHERE "index" = 4`);
    expect(await verify()).toMatchObject({ ok: false, first });
    expect(await verify(null)).toMatchObject({ ok: false, first });
  });

  it('is found by two indexes that were swapped', async () => {
    await fill();
    await tamper(
      `UPDATE "AuditEntry" SET "index" = -7 WHERE "index" = 4`,
      `UPDATE "AuditEntry" SET "index" = 4 WHERE "index" = 6`,
      `UPDATE "AuditEntry" SET "index" = 6 WHERE "index" = -7`,
    );
    expect(await verify()).toMatchObject({ ok: false, first: { index: 4, kind: 'changed' } });
  });
});

describe('a byte changed in a checkpoint', () => {
  it.each([
    ['size', 'size = 5', 4],
    ['root', flipByte('root'), 5],
    ['frontier', flipByte('frontier'), 5],
    ['note', `note = overlay(note placing 'X' from 1)`, 5],
    ['at', `at = at - interval '1 millisecond'`, 5],
  ])('is found by its %s', async (_, change, index) => {
    await fill();
    await tamper(`UPDATE "AuditCheckpoint" SET ${change} WHERE size = 6`);
    const found = { ok: false, first: { index, kind: 'changed' }, where: 'checkpoint' };
    expect(await verify()).toMatchObject(found);
    expect(await verify(null)).toMatchObject(found);
  });
});

describe('entries removed, inserted or cut off', () => {
  it('are found by the gap', async () => {
    await fill();
    await tamper(`DELETE FROM "AuditEntry" WHERE "index" = 4`);
    expect(await verify()).toMatchObject({ ok: false, size: 8, first: { index: 4, kind: 'removed' } });
  });

  it('are found where the gap was closed', async () => {
    await fill();
    await tamper(`DELETE FROM "AuditEntry" WHERE "index" = 4`, ...shift(4, -1));
    expect(await verify()).toMatchObject({ ok: false, size: 8, first: { index: 4, kind: 'removed' } });
    expect(await verify(null)).toMatchObject({ ok: false, first: { index: 3, kind: 'removed' } });
  });

  it('are found in the middle', async () => {
    await fill();
    await tamper(
      ...shift(3, 1),
      `INSERT INTO "AuditEntry" (at, body, "index", leaf) SELECT at, body, 4, leaf FROM "AuditEntry" WHERE "index" = 3`,
    );
    expect(await verify()).toMatchObject({ ok: false, size: 10, first: { index: 4, kind: 'inserted' } });
  });

  it('are found at the end', async () => {
    await fill();
    await tamper(`INSERT INTO "AuditEntry" (at, body, "index", leaf) SELECT at, body, 9, leaf FROM "AuditEntry" WHERE "index" = 8`);
    expect((await verify()).ok).toBe(false);
    expect((await verify(null)).ok).toBe(false);
  });

  it('are found at the end by what the file still holds', async () => {
    await fill();
    await tamper(`DELETE FROM "AuditEntry" WHERE "index" > 5`, `DELETE FROM "AuditCheckpoint" WHERE size > 6`);
    expect(await verify()).toMatchObject({ ok: false, size: 6, first: { index: 6, kind: 'cut' } });
    expect(await verify(null)).toMatchObject({ ok: true, size: 6, anchored: null });
  });

  it('are found at the end by a checkpoint that was left', async () => {
    await fill();
    await tamper(`DELETE FROM "AuditEntry" WHERE "index" > 6`);
    expect(await verify(null)).toMatchObject({ ok: false, size: 7, first: { index: 7, kind: 'cut' } });
  });

  it('are found all together', async () => {
    await fill();
    await tamper(`TRUNCATE "AuditEntry", "AuditCheckpoint"`);
    expect(await verify()).toMatchObject({ ok: false, size: 0, first: { index: 0, kind: 'cut' } });
  });
});

describe('a changed audit file', () => {
  it('is found in any of its bytes', async () => {
    await fill();
    const whole = await readFile(world.path);
    for (let at = 0; at < whole.length - 1; at += 37) {
      const flipped = whole.map((byte, place) => (place === at ? byte ^ 1 : byte));
      await writeFile(world.path, flipped);
      expect(await verify()).toMatchObject({ ok: false });
    }
  });
});

describe('the export', () => {
  it('gives every entry that has its place, in order', async () => {
    await world.write(2_500);
    await (await world.newSequencer()).sequence();
    await world.write(1);
    const indexes: number[] = [];
    for await (const { index } of openAuditReader(world.database).entries()) indexes.push(index);
    expect(indexes).toEqual(Array.from({ length: 2_500 }, (_, index) => index));
  });
});
