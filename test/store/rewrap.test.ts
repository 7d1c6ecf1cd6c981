// Rotation of the key-encryption key: nothing is lost, whatever happens in the middle of it.
import { execFile } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toColumn } from '../../src/store/database.js';
import { SEALED_TABLES } from '../../src/store/sealed-tables.js';
import { openStoredRowMac } from '../../src/store/vault-keys.js';
import { holdKeks, type KekProvider } from '../../src/vault/kek.js';
import { KeyVault } from '../../src/vault/key-vault.js';
import { VaultError } from '../../src/vault/vault-error.js';
import { compileSources } from '../support/compile-sources.js';
import { newKek, vaultError } from '../vault/support.js';
import { addCards, openRewrapWorld, OTHER_KEYS, type RewrapWorld } from './rewrap-world.js';

const CARDS = 450; // two full batches and a part of one
const ALL = CARDS + OTHER_KEYS;
const run = promisify(execFile);

let world: RewrapWorld;
beforeEach(async () => {
  world = await openRewrapWorld(CARDS);
});
afterEach(() => world.close());

/** The new KEK, with something that happens at each wrap. */
function watched(before: (wrap: number) => Promise<void> | void): KekProvider {
  const { next } = world;
  let wraps = 0;
  return {
    id: next.id,
    unwrap: (wrapped, boundTo) => next.unwrap(wrapped, boundTo),
    wrap: async (dataKey, boundTo) => {
      wraps += 1;
      await before(wraps);
      return await next.wrap(dataKey, boundTo);
    },
  };
}

async function auditBodies(): Promise<readonly { kind: string; facts: unknown }[]> {
  const rows = await world.database.auditEntry.findMany({ orderBy: { id: 'asc' } });
  return rows.map(({ body }) => JSON.parse(body) as { kind: string; facts: unknown });
}

describe('a rotation', () => {
  it('brings every data key under the new KEK, and everything opens with that one alone', async () => {
    const told: number[] = [];
    const outcome = await world.rotate({ progress: ({ done, total }) => told.push(done / total) });
    expect(outcome).toEqual({ to: world.next.id, from: [world.old.id], moved: ALL, left: [] });
    expect(await world.under()).toEqual({ [world.next.id]: ALL });
    const alone = holdKeks(world.next);
    expect(await world.closed(alone)).toEqual([]);
    await expect(openStoredRowMac(world.database, alone)).resolves.toBeDefined();
    expect(told.at(-1)).toBe(1);
    expect([...told].sort((a, b) => a - b)).toEqual(told);
  });

  it('leaves nothing open for a bot that was not told of the new KEK, and everything once it is told', async () => {
    await world.rotate();
    expect(await world.closed(holdKeks(world.old))).toHaveLength(world.secrets.size);
    expect(await world.closed(holdKeks(world.old, world.next))).toEqual([]);
  });

  it('is in the audit with its counts and the names of the KEKs', async () => {
    await world.rotate();
    expect(await auditBodies()).toMatchObject([
      { kind: 'keys-rotation-began', facts: { to: world.next.id, from: [world.old.id], keys: ALL } },
      { kind: 'keys-rotation-ended', facts: { to: world.next.id, from: [world.old.id], keys: ALL, left: 0 } },
    ]);
  });

  it('of what is under the new KEK already does nothing and says nothing', async () => {
    await world.rotate();
    const outcome = await world.rotate();
    expect(outcome).toEqual({ to: world.next.id, from: [], moved: 0, left: [] });
    expect(await auditBodies()).toHaveLength(2);
  });

  it('knows every table that keeps a data key', async () => {
    const rows = await world.database.$queryRaw<{ name: string }[]>`
      SELECT table_name::text AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'kekId' ORDER BY 1`;
    expect(SEALED_TABLES.map(({ name }) => name).sort()).toEqual(rows.map(({ name }) => name));
  });
});

describe('in the middle of a rotation', () => {
  it('everything opens for a bot that has both KEKs, at every batch', async () => {
    const closed: string[] = [];
    const looks: number[] = [];
    const next = watched(async (wrap) => {
      if (wrap % 150 !== 0) return;
      looks.push(wrap);
      closed.push(...(await world.closed(holdKeks(world.old, world.next))));
    });
    await world.rotate({ keks: holdKeks(next, world.old), width: 1 });
    expect(looks).toHaveLength(3);
    expect(closed).toEqual([]);
  });

  it('a card that somebody seals anew keeps what they wrote', async () => {
    const vault = new KeyVault(holdKeks(world.old));
    const key = new Uint8Array(randomBytes(24));
    const card = await world.database.card.findFirstOrThrow({ where: { kekId: { not: null } }, orderBy: { id: 'asc' } });
    const next = watched(async (wrap) => {
      if (wrap !== OTHER_KEYS + 10) return;
      // After the rotation has read the card and before it writes it.
      const { wrappedKey, sealed } = await vault.sealCardKey({ ...card, cardId: card.id }, key);
      await world.database.card.update({ where: { id: card.id }, data: { wrappedKey: toColumn(wrappedKey), sealedKey: toColumn(sealed) } });
    });
    const { moved } = await world.rotate({ keks: holdKeks(next, world.old), width: 1 });
    expect(moved).toBe(ALL);
    const { wrappedKey, sealedKey, kekId, ...facts } = await world.database.card.findUniqueOrThrow({ where: { id: card.id } });
    if (kekId === null || wrappedKey === null || sealedKey === null) throw new Error('the card lost its key');
    const sealed = { kekId, wrappedKey, sealed: sealedKey };
    const opened = await new KeyVault(holdKeks(world.next)).withCardKey({ ...facts, cardId: card.id, sealed }, (secret) => secret.slice());
    expect(opened).toEqual(key);
  });

  it('cards that a bot adds under the old KEK are moved as well', async () => {
    const added = new Map<string, Uint8Array>();
    const next = watched(async (wrap) => {
      if (wrap === ALL) await addCards({ database: world.database, vault: new KeyVault(holdKeks(world.old)), secrets: added }, 5);
    });
    const { moved } = await world.rotate({ keks: holdKeks(next, world.old), width: 1 });
    expect(added.size).toBe(5);
    expect(moved).toBe(ALL + 5);
    expect(await world.under()).toEqual({ [world.next.id]: ALL + 5 });
  });

  it('a KEK that stops answering ends it, and the next run goes on where it stopped', async () => {
    const dead = watched((wrap) => {
      if (wrap > 300) throw new VaultError('kek-unavailable', 'the token was pulled');
    });
    await expect(world.rotate({ keks: holdKeks(dead, world.old) })).rejects.toThrow(vaultError('kek-unavailable', /pulled/));
    const between = await world.under();
    expect(between[world.next.id]).toBeGreaterThan(0);
    expect(between[world.old.id]).toBeGreaterThan(0);
    expect(await world.closed(world.keks)).toEqual([]);
    const { moved } = await world.rotate();
    expect(moved).toBe(between[world.old.id]);
    expect(await world.closed(holdKeks(world.next))).toEqual([]);
  });

  it('a second rotation may run beside it: each key is moved once', async () => {
    const outcomes = await Promise.all([world.rotate(), world.rotate(), world.rotate({ width: 1 })]);
    expect(outcomes.reduce((sum, { moved }) => sum + moved, 0)).toBe(ALL);
    expect(await world.under()).toEqual({ [world.next.id]: ALL });
    expect(await world.closed(holdKeks(world.next))).toEqual([]);
  });

  it('a kill of the process loses nothing, and run again it ends', async () => {
    const sources = await compileSources();
    const rotateUntil = (wrap: number) =>
      run(process.execPath, [join('test', 'support', 'rotate-child.mjs'), sources, world.url, world.oldFile, world.nextFile, String(wrap)]);
    try {
      for (let kills = 0; kills < 2; kills += 1) {
        const left = (await world.under())[world.old.id] ?? 0;
        await expect(rotateUntil(randomInt(1, Math.max(2, left)))).rejects.toMatchObject({ signal: 'SIGKILL' });
        const totals = await world.under();
        expect((totals[world.old.id] ?? 0) + (totals[world.next.id] ?? 0)).toBe(ALL);
        expect(await world.closed(world.keks)).toEqual([]);
      }
      const left = (await world.under())[world.old.id] ?? 0;
      expect(left).toBeGreaterThan(0);
      expect((await rotateUntil(0)).stdout).toBe(`${left}\n`);
      expect(await world.under()).toEqual({ [world.next.id]: ALL });
      expect(await world.closed(holdKeks(world.next))).toEqual([]);
    } finally {
      await rm(sources, { recursive: true });
    }
  });
});

describe('what cannot be moved', () => {
  it('under a KEK that is not configured stops the rotation before it begins, by its name', async () => {
    const stranger = await newKek();
    await addCards({ database: world.database, vault: new KeyVault(holdKeks(stranger)), secrets: new Map() }, 2);
    const before = await world.under();
    await expect(world.rotate()).rejects.toThrow(vaultError('kek-unknown', new RegExp(`${stranger.id}.*COUNTERSIGN_KEK_ALSO`)));
    expect(await world.under()).toEqual(before);
    expect(await auditBodies()).toEqual([]);
  });

  it('because it was tampered with stays as it is, is named, and holds nothing else up', async () => {
    const card = await world.database.card.findFirstOrThrow({ where: { kekId: { not: null } }, orderBy: { id: 'asc' } });
    await world.database.card.update({ where: { id: card.id }, data: { serial: 'another' } });
    const { moved, left } = await world.rotate();
    expect(moved).toBe(ALL - 1);
    expect(left).toEqual([{ table: 'Card', row: card.id, problem: expect.stringContaining('do not open') as unknown }]);
    const after = await world.database.card.findUniqueOrThrow({ where: { id: card.id } });
    expect([after.kekId, after.wrappedKey]).toEqual([card.kekId, card.wrappedKey]);
    expect(await auditBodies()).toContainEqual(expect.objectContaining({ kind: 'keys-rotation-ended', facts: expect.objectContaining({ left: 1 }) as unknown }));
  });

  it('because the new KEK gives back something else stays under the old one', async () => {
    const liar: KekProvider = { id: world.next.id, wrap: (key, bound) => world.next.wrap(key, bound), unwrap: () => Promise.resolve(new Uint8Array(32)) };
    await expect(world.rotate({ keks: holdKeks(liar, world.old) })).rejects.toThrow(vaultError('kek-unavailable', /give back/));
    expect(await world.under()).toEqual({ [world.old.id]: ALL });
  });
});
