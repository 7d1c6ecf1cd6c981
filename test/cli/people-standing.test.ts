// `people deactivate` and `people activate`: out at once, in again by two administrators with codes.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS } from '../../src/lib/clock.js';
import { hotpCode } from '../../src/stepup/hotp.js';
import { newSeed, seedBase32 } from '../../src/stepup/totp.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { Terminal } from '../support/terminal.js';

const PEOPLE = `id,name,e-mail,manager,groups
ada,Ada King,ada@example.com,,administrators
kim,Kim Park,kim@example.com,,administrators
emma,Emma Novak,emma@example.com,ada@example.com,
`;
const HOTP = { type: 'hotp', hash: 'sha1', digits: 6 } as const;
const seeds = { ada: newSeed(), kim: newSeed() };
const environment = { ...process.env };
let database: TestDatabase;
let folder: string;
const terminal = new Terminal();

const run = (args: string, ...lines: readonly string[]): Promise<number> => terminal.run(args, ...lines);

function codes(press: number): string {
  return [seeds.ada, seeds.kim].map((seed) => hotpCode(seed, BigInt(press), HOTP)).join('\n');
}

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-standing-'));
  Object.assign(process.env, { DATABASE_URL: database.url, COUNTERSIGN_DATA: folder, COUNTERSIGN_LOG_LEVEL: 'error' });
  await run('people import -', PEOPLE);
  const tokens = Object.entries(seeds).map(([id, seed]) => `otpauth://hotp/${id}?secret=${seedBase32(seed)}&counter=0`);
  await run('authenticators import -', tokens.join('\n'));
});
afterAll(async () => {
  process.env = environment;
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const BOTH = '--as ada@example.com --with kim@example.com';

describe('a person', () => {
  it('is taken out without a code, and twice is once', async () => {
    expect(await run('people deactivate Emma@example.com')).toBe(0);
    expect(terminal.out).toContain('Emma Novak is not active any more');
    expect(await run('people deactivate emma@example.com --json')).toBe(0);
    expect(JSON.parse(terminal.out)).toEqual({ person: 'emma', active: false, changed: false });
    expect(await run('people list')).toBe(0);
    expect(terminal.out).toContain('emma@example.com  manager ada@example.com  (not active)');
  });

  it.each([
    ['without two', 'people activate emma@example.com --as ada@example.com', 2, "required option '--with <e-mail>'"],
    ['by one twice', 'people activate emma@example.com --as ada@example.com --with Ada@example.com', 2, 'two administrators'],
    ['with a wrong code', `people activate emma@example.com ${BOTH}`, 1, 'was not accepted'],
    ['who is not known', `people activate eve@example.com ${BOTH}`, 1, 'Nobody has the e-mail'],
  ])('is not let in again %s', async (_what, command, exit, words) => {
    expect(await run(command, '000000\n000000')).toBe(exit);
    expect(terminal.err).toContain(words);
  });

  it('is let in again by two with their codes', async () => {
    expect(await run(`people activate emma@example.com ${BOTH}`, codes(0))).toBe(0);
    expect(terminal.out).toContain('is active again, and needs a new authenticator');
    expect(await run(`people activate emma@example.com ${BOTH}`, codes(1))).toBe(1);
    expect(terminal.err).toContain('is active already');
    // What was refused cost no code.
    expect(await run('people deactivate emma@example.com')).toBe(0);
    expect(await run(`people activate emma@example.com ${BOTH}`, codes(1))).toBe(0);
  });

  it('finds what was passed on before ended when they are back', async () => {
    const day = new Date(Date.now() + 2 * DAY_MS).toISOString().slice(0, 10);
    const give = (from: string, to: string) => run(`delegation give ${from}@example.com ${to}@example.com --first ${day} --last ${day} --reason holidays`);
    expect([await give('ada', 'emma'), await give('emma', 'kim')]).toEqual([0, 0]);
    await run('people deactivate emma@example.com');
    expect(await run(`people activate emma@example.com ${BOTH}`, codes(2))).toBe(0);
    await run('delegation list --json');
    expect(JSON.parse(terminal.out)).toEqual([]);
  });
});
