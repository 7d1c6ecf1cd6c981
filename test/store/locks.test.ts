// The locks of a step against somebody who holds one of them: the order in which they are taken, and what is read after.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/lib/ids.js';
import { type Database, holdOrganisation, inTransaction, openDatabase, type Queries, RELEASE_LOCK } from '../../src/store/database.js';
import { lockCard, lockRequest, type RequestAndCard } from '../../src/store/locks.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

let server: TestDatabase;
let database: Database;
let [cardId, requestId] = ['', ''];

beforeAll(async () => {
  server = await freshDatabase();
  database = openDatabase(server.url);
});
beforeEach(async () => {
  [cardId, requestId] = [newId(), newId()];
  const bytes = new Uint8Array(Buffer.from(cardId));
  await database.person.create({ data: { id: cardId, name: 'Emma', email: `${cardId}@example.com`, mac: bytes } });
  const sealed = { kekId: 'kek', wrappedKey: bytes, sealedKey: bytes, keyDigest: bytes, mac: bytes, kcv: '', keyVersion: 1 };
  await database.card.create({
    data: { id: cardId, serial: cardId, label: 'old', profile: 'gids', unlock: 'cryptogram', state: 'active', holderId: cardId, ...sealed },
  });
  const times = { openedAt: new Date(0), deadlineAt: new Date(1) };
  await database.request.create({
    data: { id: requestId, formId: requestId, cardId, requesterId: cardId, state: 'opened', version: 1, body: { any: 'body' }, mac: bytes, ...times },
  });
});
afterAll(async () => {
  await database.$disconnect();
  await server.drop();
});

/** Takes a lock, lets a step begin that needs it, changes both rows, and gives what the step found. */
async function stepBehind<T>(hold: (tx: Queries) => Promise<unknown>, step: (tx: Queries) => Promise<T>): Promise<T> {
  let behind = Promise.reject<T>(new Error('not begun'));
  behind.catch(() => undefined);
  await inTransaction(database, async (tx) => {
    await hold(tx);
    behind = inTransaction(database, step);
    await waiting();
    // A step that had one of these rows already would never let us on.
    await tx.card.update({ where: { id: cardId }, data: { label: 'new' } });
    await tx.request.update({ where: { id: requestId }, data: { version: 2 } });
  });
  return behind;
}

async function waiting(): Promise<void> {
  for (let seen = 0; seen === 0; ) {
    const rows = await database.$queryRaw<{ seen: number }[]>`
      SELECT count(*)::int AS seen FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE NOT l.granted AND a.datname = current_database()`;
    seen = rows[0]?.seen ?? 0;
  }
}

const lock = (releases: boolean) => (tx: Queries): Promise<RequestAndCard | null> => lockRequest(tx, requestId, { releases });
const changed = { card: { label: 'new' }, request: { version: 2 } };

describe('a step', () => {
  it('waits for the organisation before it takes a row, and reads the rows as they are then', async () => {
    expect(await stepBehind(holdOrganisation, lock(false))).toMatchObject(changed);
    expect(await stepBehind(holdOrganisation, lock(true))).toMatchObject(changed);
  });

  it('that releases waits for other releases before it takes a row', async () => {
    const holdReleases = (tx: Queries) => tx.$queryRaw`SELECT pg_advisory_xact_lock(${RELEASE_LOCK})::text`;
    expect(await stepBehind(holdReleases, lock(true))).toMatchObject(changed);
  });

  it('that releases nothing does not wait for releases', async () => {
    await inTransaction(database, async (tx) => {
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(${RELEASE_LOCK})::text`;
      expect(await inTransaction(database, lock(false))).toMatchObject({ card: { label: 'old' }, request: { version: 1 } });
    });
  });

  it('waits for the card before it takes the request', async () => {
    const holdCard = (tx: Queries) => tx.$queryRaw`SELECT id FROM "Card" WHERE id = ${cardId}::uuid FOR UPDATE`;
    expect(await stepBehind(holdCard, lock(false))).toMatchObject(changed);
  });

  it('finds no request where there is none, and none by what is no id', async () => {
    const find = (id: string) => inTransaction(database, (tx) => lockRequest(tx, id, { releases: true }));
    expect(await Promise.all([find(newId()), find('no id')])).toEqual([null, null]);
    expect(await inTransaction(database, (tx) => lockCard(tx, newId()))).toBeNull();
  });
});

describe('a request that is being opened', () => {
  it('waits for the organisation before it takes the card', async () => {
    expect(await stepBehind(holdOrganisation, (tx) => lockCard(tx, cardId))).toMatchObject({ label: 'new' });
  });
});
