// PostgreSQL keeps the promises that step-up and enrolment ask of their store: the same suite as the one in memory.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newToken } from '../../src/lib/ids.js';
import type { GuessToReserve } from '../../src/stepup/authenticator-store.js';
import { AUTHENTICATOR_TRIES } from '../../src/stepup/throttle.js';
import { PrismaAuthenticators } from '../../src/store/authenticators.js';
import { spendCode } from '../../src/store/code-columns.js';
import { type Database, inTransaction, openDatabase, toColumn } from '../../src/store/database.js';
import { personMac } from '../../src/store/rows.js';
import { RowMac } from '../../src/vault/row-mac.js';
import { stepUpStoreSuite } from '../stepup/store-suite.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { openWorld, type World } from '../support/world.js';

let fresh: TestDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.url);
});
afterAll(async () => {
  await database.$disconnect();
  await fresh.drop();
});

stepUpStoreSuite('PostgreSQL', async () => {
  // Emptied for each test: a database for each takes longer than the tests.
  await database.$executeRaw`TRUNCATE "Person", "GuessScope", "GuessAttempt", "Submission", "Notice" CASCADE`;
  const rowMac = new RowMac(new Uint8Array(32));
  const store = new PrismaAuthenticators({ database, rowMac });
  return {
    store,
    addPerson: async (id, email) => {
      const person = { id, name: id, email, managerId: null, groups: [], site: null, locale: null, active: true };
      await database.person.create({ data: { ...person, mac: personMac(person, rowMac) } });
    },
    addActive: (authenticator) => store.addSample(authenticator, authenticator.createdAt),
    addRecoveryCodes: async (personId, rows) => {
      await database.recoveryCode.createMany({ data: rows.map(({ id, digest }) => ({ id, personId, digest: toColumn(digest) })) });
    },
    spend: (code) => inTransaction(database, (tx) => spendCode(tx, code)),
  };
});

describe('an authenticator whose last try was counted just before the process was killed', () => {
  let world: World;
  const guess = (authenticatorId: string): GuessToReserve => ({
    authenticatorId,
    countsAgainstAuthenticator: true,
    scopes: [],
    attempt: { formId: newToken(), actorId: 'dana', codeMac: new Uint8Array([1]) },
    at: world.clock.now(),
  });
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('has no guess more, and is disabled by the next one, which tells of it once', async () => {
    const { database, authenticators } = world.parts;
    const { id } = await database.authenticator.findFirstOrThrow({ where: { personId: 'dana', state: 'active' } });
    await database.authenticator.update({ where: { id }, data: { tries: AUTHENTICATOR_TRIES } });
    const reservations = await Promise.all([1, 2, 3].map(() => authenticators.reserveGuess(guess(id))));
    for (const reservation of reservations) expect(reservation).toEqual({ kind: 'not-checked', scopeTries: [] });
    expect(await database.authenticator.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: 'disabled', tries: AUTHENTICATOR_TRIES });
    expect(await database.notice.count({ where: { kind: 'authenticator-locked' } })).toBe(2);
  });
});
