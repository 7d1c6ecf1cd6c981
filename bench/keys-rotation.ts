// Rotation of the key-encryption key: cards a second, beside the bare cryptography and the bare UPDATE of the same rows.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { newId } from '../src/lib/ids.js';
import { type Database, openDatabase, toColumn } from '../src/store/database.js';
import { rewrapAll } from '../src/store/rewrap.js';
import { openStoredRowMac } from '../src/store/vault-keys.js';
import { associatedBytes, cardBinding } from '../src/vault/binding.js';
import { holdKeks, type KekProvider } from '../src/vault/kek.js';
import { createKekFile } from '../src/vault/kek-file.js';
import { KeyVault } from '../src/vault/key-vault.js';
import type { BenchServer } from './server.js';
import type { Line } from './table.js';

const WIDTH = 8;
const KEY_BYTES = 24;

interface Kek {
  readonly old: KekProvider;
  readonly next: KekProvider;
}

/** Each of the two on a database of its own with so many sealed cards. */
export async function benchRotation(server: BenchServer, cards = 2_000): Promise<readonly Line[]> {
  const keks = { old: await createKekFile(join(server.folder, 'rotation-old.key')), next: await createKekFile(join(server.folder, 'rotation-next.key')) };
  const url = await server.migrated('rotation');
  await withDatabase(url, (database) => fill(database, keks.old, cards));
  const floorUrl = await server.copyOf(url, 'rotation_floor');
  const ours = await withDatabase(url, (database) => rotate(database, keks));
  const floor = await bareRotation(floorUrl, keks);
  return [{ what: `rotation of the KEK, ${cards} cards`, unit: '/s', ours: cards / ours, floor: cards / floor, better: 'more' }];
}

async function withDatabase<T>(url: string, use: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase(url);
  return await use(database).finally(() => database.$disconnect());
}

async function fill(database: Database, old: KekProvider, cards: number): Promise<void> {
  await openStoredRowMac(database, holdKeks(old));
  const vault = new KeyVault(holdKeks(old));
  const rows = await Promise.all(
    Array.from({ length: cards }, async (_, at) => {
      const facts = { serial: `CARD-${at}`, profile: 'gids', unlock: 'cryptogram', keyVersion: 1 };
      const id = newId();
      const { kekId, wrappedKey, sealed } = await vault.sealCardKey({ ...facts, cardId: id }, randomBytes(KEY_BYTES));
      const columns = { kekId, wrappedKey: toColumn(wrappedKey), sealedKey: toColumn(sealed), keyDigest: toColumn(randomBytes(32)) };
      return { id, ...facts, ...columns, label: 'A card', state: 'active', kcv: '', mac: toColumn(randomBytes(32)) };
    }),
  );
  await database.card.createMany({ data: rows });
}

/** Seconds. */
async function rotate(database: Database, { old, next }: Kek): Promise<number> {
  const keks = holdKeks(next, old);
  const rowMac = await openStoredRowMac(database, keks);
  const begin = performance.now();
  await rewrapAll({ database, keks, rowMac, clock: () => new Date(), width: WIDTH, progress: () => undefined });
  return (performance.now() - begin) / 1_000;
}

interface Row {
  readonly id: string;
  readonly serial: string;
  readonly profile: string;
  readonly unlock: string;
  readonly keyVersion: number;
  readonly wrappedKey: Buffer;
}

/** Seconds. All rows in one SELECT, each unwrapped and wrapped once, all in one UPDATE: neither online nor resumable. */
async function bareRotation(url: string, { old, next }: Kek): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const begin = performance.now();
  const { rows } = await client.query<Row>('SELECT id, serial, profile, unlock, "keyVersion", "wrappedKey" FROM "Card"');
  const wrapped: Uint8Array[] = [];
  for (const { id, wrappedKey, ...facts } of rows) {
    const boundTo = associatedBytes(cardBinding({ cardId: id, ...facts }));
    wrapped.push(await next.wrap(await old.unwrap(wrappedKey, boundTo), boundTo));
  }
  await client.query(
    'UPDATE "Card" AS t SET "kekId" = $1, "wrappedKey" = v.wrapped FROM unnest($2::uuid[], $3::bytea[]) AS v (id, wrapped) WHERE t.id = v.id',
    [next.id, rows.map(({ id }) => id), wrapped.map((bytes) => Buffer.from(bytes))],
  );
  const seconds = (performance.now() - begin) / 1_000;
  await client.end();
  return seconds;
}
