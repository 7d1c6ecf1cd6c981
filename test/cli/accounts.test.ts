// `countersign accounts …`: a chat account is bound to one person, and each step is in the audit.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase } from '../../src/store/database.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { Terminal } from '../support/terminal.js';

const PEOPLE = 'id,name,e-mail,manager,groups\nemma,Emma Novak,emma@example.com,,\ndana,Dana Weber,dana@example.com,,\n';
const environment = { ...process.env };
let database: TestDatabase;
let folder: string;
const terminal = new Terminal();

const run = (args: string, ...lines: readonly string[]): Promise<number> => terminal.run(args, ...lines);

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-accounts-'));
  Object.assign(process.env, { DATABASE_URL: database.url, COUNTERSIGN_DATA: folder, COUNTERSIGN_LOG_LEVEL: 'error' });
  await run('people import -', PEOPLE);
});
afterAll(async () => {
  process.env = environment;
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('an account', () => {
  it('is bound to a person and listed', async () => {
    expect(await run('accounts link Emma@Example.com slack T0123/U0456')).toBe(0);
    expect(terminal.out).toBe('T0123/U0456 is the account of Emma Novak now.\n');
    expect(await run('accounts list emma@example.com --json')).toBe(0);
    expect(JSON.parse(terminal.out)).toEqual([{ platform: 'slack', tenant: 'T0123', userId: 'U0456', locale: null }]);
  });

  it.each([
    ['is one person\'s', 'accounts link dana@example.com slack T0123/U0456', 1, 'bound already'],
    ['is the only one of its person there', 'accounts link emma@example.com slack T0123/U0999', 1, 'bound already'],
    ['has two ids', 'accounts link dana@example.com slack U0456', 2, 'both ids'],
    ['is on a platform that there is', 'accounts link dana@example.com irc T1/U1', 2, 'slack or teams'],
    ['is somebody\'s whom the directory has', 'accounts link eve@example.com slack T1/U1', 1, 'import the people first'],
  ])('%s', async (_what, command, code, words) => {
    expect(await run(command)).toBe(code);
    expect(terminal.err).toContain(words);
  });

  it('is taken away, and then is nobody\'s', async () => {
    expect(await run('accounts unlink emma@example.com slack')).toBe(0);
    expect(terminal.out).toContain('1 account(s) of Emma Novak taken away');
    expect(await run('accounts link dana@example.com slack T0123/U0456')).toBe(0);
  });

  it('leaves each step in the audit', async () => {
    const prisma = openDatabase(database.url);
    const entries = await prisma.auditEntry.findMany({ orderBy: { id: 'asc' } });
    await prisma.$disconnect();
    const kinds = entries.map(({ body }) => (JSON.parse(body) as { kind: string }).kind).filter((kind) => kind.startsWith('account'));
    expect(kinds).toEqual(['account-linked', 'account-unlinked', 'account-linked']);
  });
});
