// Entries get their places in one order whoever gives them, are signed for, and reach the file whatever happens.
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openCheckpoint } from '../../src/audit/checkpoint.js';
import { auditBody, entryLeaf } from '../../src/audit/entry.js';
import { append, type CompactRange, emptyRange, encodePeaks, rootOf } from '../../src/audit/merkle.js';
import { openAuditKey } from '../../src/store/audit-key.js';
import { openAuditReader } from '../../src/store/audit-verify.js';
import { type AuditWorld, draft, linesFor, openAuditWorld, START } from './audit-world.js';

let world: AuditWorld;

beforeAll(async () => {
  world = await openAuditWorld();
});

afterEach(() => world.reset());
afterAll(() => world.close());

describe('sequencing', () => {
  it('gives entries consecutive places in the order of their ids, and their leaves', async () => {
    await world.write(5);
    expect(await (await world.newSequencer()).sequence()).toBe(5);
    const rows = await world.database.auditEntry.findMany({ orderBy: { id: 'asc' } });
    expect(rows.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    for (const row of rows) expect(row.leaf).toEqual(entryLeaf(row));
  });

  it('signs a checkpoint over them in the same transaction', async () => {
    await world.write(5);
    await (await world.newSequencer()).sequence();
    const entries = await world.database.auditEntry.findMany({ orderBy: { index: 'asc' } });
    const tree = entries.map(entryLeaf).reduce<CompactRange>(append, emptyRange);
    const stored = await world.database.auditCheckpoint.findUniqueOrThrow({ where: { size: 5 } });
    expect(stored).toMatchObject({ root: rootOf(tree), frontier: encodePeaks(tree), at: entries[4]?.at });
    expect(openCheckpoint(stored.note, world.key.verifier)).toMatchObject({ size: 5, root: rootOf(tree) });
  });

  it('goes on where it stopped, also in another process', async () => {
    await world.write(3);
    await (await world.newSequencer()).sequence();
    await world.write(4);
    expect(await (await world.newSequencer()).sequence()).toBe(4);
    expect(await openAuditReader(world.database).verify(world.key.verifier, world.path)).toMatchObject({ ok: true, size: 7 });
  });

  it('does nothing when nothing waits', async () => {
    expect(await (await world.newSequencer()).sequence()).toBe(0);
    expect(await world.database.auditCheckpoint.count()).toBe(0);
  });

  it('takes more entries than fit one transaction', async () => {
    await world.write(2_345);
    expect(await (await world.newSequencer()).sequence()).toBe(2_345);
    const checkpoints = await world.database.auditCheckpoint.findMany({ orderBy: { size: 'asc' } });
    expect(checkpoints.map(({ size }) => size)).toEqual([1_000, 2_000, 2_345]);
    expect(await openAuditReader(world.database).verify(world.key.verifier, world.path)).toMatchObject({ ok: true, anchored: 2_345 });
  });

  it('gives one order though several processes sequence at once', async () => {
    const sequencers = await Promise.all([1, 2, 3, 4].map(() => world.newSequencer()));
    for (let round = 0; round < 10; round += 1) {
      await world.write(7);
      await Promise.all(sequencers.map((sequencer) => sequencer.sequence()));
    }
    await sequencers[0]?.sequence();
    expect(await world.sequencedIds()).toHaveLength(70);
    expect(await openAuditReader(world.database).verify(world.key.verifier, world.path)).toMatchObject({
      ok: true,
      size: 70,
      anchored: 70,
    });
  });

  it('picks up an entry that was committed after one with a higher id', async () => {
    const slow = new pg.Client({ connectionString: world.url });
    await slow.connect();
    await slow.query('BEGIN');
    await slow.query('INSERT INTO "AuditEntry" (at, body) VALUES ($1, $2)', [START, world.sealed(0, START)]);
    await world.write(1);
    const sequencer = await world.newSequencer();
    expect(await sequencer.sequence()).toBe(1);
    await slow.query('COMMIT');
    await slow.end();
    expect(await sequencer.sequence()).toBe(1);
    expect(await world.sequencedIds()).toEqual([2n, 1n]);
    expect(await openAuditReader(world.database).verify(world.key.verifier, world.path)).toMatchObject({ ok: true, size: 2 });
  });

  it.each([
    ['without a seal', () => auditBody(draft(7))],
    ['with the seal of another time', () => world.sealed(7, new Date(0))],
    ['with the seal of another entry', () => world.sealed(7, START).replace('"round":7', '"round":8')],
  ])('gives no place to an entry that somebody else put into the table: %s', async (_, body) => {
    await world.database.auditEntry.create({ data: { at: START, body: body() } });
    const sequencer = await world.newSequencer();
    await expect(sequencer.sequence()).rejects.toMatchObject({ code: 'entry-damaged' });
    expect(sequencer.trouble()).toBe('audit-damaged');
    expect(await world.sequencedIds()).toEqual([]);
  });

  it.each([
    ['frontier', 'SET frontier = set_byte(frontier, 0, 255 - get_byte(frontier, 0))'],
    ['note', `SET note = replace(note, E'\\n3\\n', E'\\n4\\n')`],
    ['size', 'SET size = 2'],
  ])('stops at a newest checkpoint with a changed %s, and signs nothing on it', async (_, change) => {
    await world.write(3);
    const sequencer = await world.newSequencer();
    await sequencer.sequence();
    await world.write(1);
    await world.database.$executeRawUnsafe(`UPDATE "AuditCheckpoint" ${change}`);
    const fault = await sequencer.sequence().catch((error: unknown) => error);
    expect(fault).toMatchObject({ name: 'AuditError' });
    expect(await world.database.auditCheckpoint.count()).toBe(1);
    expect(await sequencer.health(START)).toMatchObject({ ok: false });
  });

  it('stops when the newest checkpoint was deleted', async () => {
    await world.write(3);
    const sequencer = await world.newSequencer({ path: world.otherPath });
    await sequencer.sequence();
    await world.write(1);
    await world.database.auditCheckpoint.deleteMany();
    await rm(world.otherPath);
    await expect(sequencer.sequence()).rejects.toMatchObject({ code: 'checkpoint-damaged' });
    expect(sequencer.trouble()).toBe('audit-damaged');
  });

  it('does not go on with a log that another key signed', async () => {
    await world.write(3);
    await (await world.newSequencer()).sequence();
    await world.write(1);
    const key = await openAuditKey(join(dirname(world.path), 'other.key'), { createIfMissing: true });
    await expect((await world.newSequencer({ key })).sequence()).rejects.toMatchObject({ code: 'checkpoint-damaged' });
  });
});

describe('the file', () => {
  it('has a line for each entry and each checkpoint', async () => {
    const sequencer = await world.newSequencer();
    await world.write(3);
    await sequencer.sequence();
    await world.write(2);
    await sequencer.sequence();
    expect(await world.fileLines()).toEqual(linesFor(3, 5));
  });

  it('gets at start what it lacks', async () => {
    await world.write(3);
    await (await world.newSequencer()).sequence();
    await world.write(2);
    await (await world.newSequencer({ path: world.otherPath })).sequence();
    expect(await world.fileLines()).toEqual(linesFor(3));
    await (await world.newSequencer()).publish();
    expect(await world.fileLines()).toEqual(linesFor(3, 5));
  });

  it('gets everything anew when it is gone', async () => {
    await world.write(2_100);
    const sequencer = await world.newSequencer();
    await sequencer.sequence();
    await rm(world.path);
    await sequencer.publish();
    expect(await world.fileLines()).toEqual(linesFor(2_100));
  });

  it.each([10, 68, 100, 139, 200])('goes on after a crash that wrote only its first %i bytes', async (bytes) => {
    await world.write(3);
    await (await world.newSequencer()).sequence();
    await truncate(world.path, bytes);
    await (await world.newSequencer()).publish();
    expect(await world.fileLines()).toEqual(linesFor(3));
  });

  it('gets a checkpoint that a crash kept from it', async () => {
    await world.write(3);
    await (await world.newSequencer()).sequence();
    const whole = await readFile(world.path, 'utf8');
    await writeFile(world.path, whole.slice(0, whole.indexOf('c ')));
    await (await world.newSequencer()).publish();
    expect(await readFile(world.path, 'utf8')).toBe(whole);
  });

  it('is shared by processes that write at once', async () => {
    await world.write(500);
    await (await world.newSequencer({ path: world.otherPath })).sequence();
    const sequencers = await Promise.all([1, 2, 3, 4].map(() => world.newSequencer()));
    await Promise.all(sequencers.map((sequencer) => sequencer.publish()));
    expect(await world.fileLines()).toEqual(linesFor(500));
  });

  it('that holds more than the database stops everything, with a sentence that says so', async () => {
    const sequencer = await world.newSequencer();
    await world.write(3);
    await sequencer.sequence();
    await world.write(2);
    await sequencer.sequence();
    await world.database.auditEntry.deleteMany({ where: { index: { gte: 3 } } });
    await world.database.auditCheckpoint.deleteMany({ where: { size: 5 } });
    await world.write(1);
    await expect(sequencer.sequence()).rejects.toMatchObject({ code: 'file-ahead' });
    await expect(sequencer.publish()).rejects.toMatchObject({ code: 'file-ahead' });
    expect(await world.database.auditCheckpoint.count()).toBe(1);
    expect(await sequencer.health(START)).toEqual({
      ok: false,
      why: 'audit-file',
      message: expect.stringContaining('The audit file holds 5 entries, the database only 3'),
    });
  });

  it('of another database is not written', async () => {
    await writeFile(world.otherPath, `e 0 ${'00'.repeat(32)}\n`);
    await world.write(3);
    const sequencer = await world.newSequencer({ path: world.otherPath });
    await expect(sequencer.sequence()).rejects.toMatchObject({ code: 'file-ahead' });
    await (await world.newSequencer()).sequence();
    await expect(sequencer.sequence()).rejects.toMatchObject({ code: 'file-foreign' });
    expect(sequencer.trouble()).toBe('audit-file');
    expect(await world.fileLines(world.otherPath)).toEqual(['e 0']);
  });

  it('does not get an entry whose leaf is gone', async () => {
    await world.write(3);
    const sequencer = await world.newSequencer({ path: world.otherPath });
    await sequencer.sequence();
    await world.database.$executeRaw`UPDATE "AuditEntry" SET leaf = NULL WHERE "index" = 1`;
    const late = await world.newSequencer();
    await expect(late.publish()).rejects.toMatchObject({ code: 'entry-damaged' });
    expect(late.trouble()).toBe('audit-damaged');
  });
});

describe('health', () => {
  const minuteAfter = new Date(START.getTime() + 1_000 + 60_000);

  it('is bad until the file was looked at', async () => {
    const sequencer = await world.newSequencer();
    expect(await sequencer.health(START)).toMatchObject({ ok: false, why: 'audit-file' });
    expect(sequencer.trouble()).toBe('audit-file');
    await sequencer.publish();
    expect(await sequencer.health(START)).toEqual({ ok: true });
    expect(sequencer.trouble()).toBeNull();
  });

  it('is bad when an entry waits for its place for more than a minute', async () => {
    const sequencer = await world.newSequencer();
    await sequencer.publish();
    await world.write(1);
    expect(await sequencer.health(minuteAfter)).toEqual({ ok: true });
    expect(await sequencer.health(new Date(minuteAfter.getTime() + 1))).toMatchObject({ ok: false, why: 'audit-behind' });
    await sequencer.sequence();
    expect(await sequencer.health(new Date(minuteAfter.getTime() + 1))).toEqual({ ok: true });
  });

  it('is bad when an entry waits for its line in the file for more than a minute', async () => {
    const sequencer = await world.newSequencer();
    await sequencer.publish();
    await world.write(1);
    await (await world.newSequencer({ path: world.otherPath })).sequence();
    expect(await sequencer.health(minuteAfter)).toEqual({ ok: true });
    expect(await sequencer.health(new Date(minuteAfter.getTime() + 1))).toMatchObject({ ok: false, why: 'audit-behind' });
    await sequencer.publish();
    expect(await sequencer.health(new Date(minuteAfter.getTime() + 1))).toEqual({ ok: true });
  });

  it('is bad while the file cannot be written, and good again after', async () => {
    const sequencer = await world.newSequencer();
    await sequencer.publish();
    await rm(world.path);
    await mkdir(world.path);
    await expect(sequencer.publish()).rejects.toMatchObject({ code: 'file-unwritable' });
    expect(await sequencer.health(START)).toMatchObject({ ok: false, why: 'audit-file' });
    await rm(world.path, { recursive: true });
    await sequencer.publish();
    expect(await sequencer.health(START)).toEqual({ ok: true });
  });
});
