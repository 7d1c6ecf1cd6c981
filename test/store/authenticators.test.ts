// PostgreSQL keeps the promises that step-up and enrolment ask of their store: the same suite as the one in memory.
import { afterAll } from '@jest/globals';
import { PrismaAuthenticators } from '../../src/store/authenticators.js';
import { spendCode } from '../../src/store/code-columns.js';
import { inTransaction, openDatabase, toColumn } from '../../src/store/database.js';
import { personMac } from '../../src/store/rows.js';
import { RowMac } from '../../src/vault/row-mac.js';
import { stepUpStoreSuite } from '../stepup/store-suite.js';
import { freshDatabase } from '../support/database.js';

const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
});

stepUpStoreSuite('PostgreSQL', async () => {
  const fresh = await freshDatabase();
  const database = openDatabase(fresh.url);
  closers.push(async () => {
    await database.$disconnect();
    await fresh.drop();
  });
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
