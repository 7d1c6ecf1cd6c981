// `countersign authenticators import`: seeds of another system, all or none, and the codes they make work.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hotpCode } from '../../src/stepup/hotp.js';
import { newSeed, seedBase32 } from '../../src/stepup/totp.js';
import { openDatabase } from '../../src/store/database.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { Terminal } from '../support/terminal.js';

const PEOPLE = `id,name,e-mail,manager,groups
ada,Ada King,ada@example.com,,administrators
kim,Kim Park,kim@example.com,,administrators
emma,Emma Novak,emma@example.com,ada@example.com,
liam,Liam Okafor,liam@example.com,ada@example.com,
`;
const HOTP = { type: 'hotp', hash: 'sha1', digits: 6 } as const;
const seeds = { ada: newSeed(), kim: newSeed(), emma: newSeed(), liam: newSeed() };
const environment = { ...process.env };
let database: TestDatabase;
let folder: string;
let file = '';
const terminal = new Terminal(() => Promise.resolve(file));

const run = (args: string, ...lines: readonly string[]): Promise<number> => terminal.run(args, ...lines);

function token(who: keyof typeof seeds, counter: number): string {
  return `otpauth://hotp/${who}%40example.com?secret=${seedBase32(seeds[who])}&counter=${counter}`;
}

async function authenticators(): Promise<number> {
  const opened = openDatabase(database.url);
  const count = await opened.authenticator.count({ where: { state: 'active' } });
  await opened.$disconnect();
  return count;
}

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-seeds-'));
  Object.assign(process.env, { DATABASE_URL: database.url, COUNTERSIGN_DATA: folder, COUNTERSIGN_LOG_LEVEL: 'error' });
  await run('people import -', PEOPLE);
});
afterAll(async () => {
  process.env = environment;
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('a file of seeds', () => {
  it('is kept as a whole or not at all', async () => {
    file = `${token('ada', 0)}\n${token('kim', 3)}\notpauth://totp/nobody?secret=${seedBase32(seeds.emma)}\n`;
    expect(await run('authenticators import seeds.txt')).toBe(1);
    expect(terminal.err).toContain('seeds.txt:3: This person is not in the directory');
    expect(terminal.err).not.toContain(seedBase32(seeds.emma));
    expect(await authenticators()).toBe(0);
  });

  it('is only looked at in a dry run', async () => {
    file = `${token('ada', 0)}\n${token('kim', 3)}\n`;
    expect(await run('authenticators import seeds.txt --dry-run --json')).toBe(0);
    expect(JSON.parse(terminal.out)).toEqual({ imported: 0, checked: 2 });
    expect(await authenticators()).toBe(0);
  });

  it('becomes authenticators, and is to be destroyed then', async () => {
    expect(await run('authenticators import seeds.txt')).toBe(0);
    expect(terminal.out).toBe('2 authenticators imported.\n');
    expect(terminal.err).toContain('destroy it');
    expect(await authenticators()).toBe(2);
  });

  it('is not brought in twice, neither for the same people nor for others', async () => {
    expect(await run('authenticators import seeds.txt')).toBe(1);
    expect(terminal.err).toContain('seeds.txt:1: Ada King has an authenticator that works');
    file = `person,secret\nemma,${seedBase32(seeds.ada)}\n`;
    expect(await run('authenticators import seeds.csv')).toBe(1);
    expect(terminal.err).toContain('seeds.csv:2: This secret was imported before');
  });

  it('names each person once, however', async () => {
    file = `person,secret\nemma,${seedBase32(seeds.emma)}\nemma@example.com,${seedBase32(seeds.liam)}\n`;
    expect(await run('authenticators import seeds.csv')).toBe(1);
    expect(terminal.err).toContain('seeds.csv:3: This person stands in line 2 already.');
  });

  it('needs two administrators where four eyes are asked for, with codes of the tokens that came before', async () => {
    file = `person,secret\nemma,${seedBase32(seeds.emma)}\n`;
    expect(await run('authenticators import seeds.csv --four-eyes --as ada@example.com')).toBe(2);
    expect(await run('authenticators import seeds.csv --four-eyes --as ada@example.com --with Ada@example.com')).toBe(2);
    const both = '--four-eyes --as ada@example.com --with kim@example.com';
    // The first press of Ada's token, and one that Kim's has made before.
    expect(await run(`authenticators import seeds.csv ${both}`, hotpCode(seeds.ada, 0n, HOTP), hotpCode(seeds.kim, 2n, HOTP))).toBe(1);
    expect(terminal.err).toContain('The code of Kim Park was not accepted');
    expect(await run(`authenticators import seeds.csv ${both}`, hotpCode(seeds.ada, 0n, HOTP), hotpCode(seeds.kim, 5n, HOTP))).toBe(0);
    expect(await authenticators()).toBe(3);
  });

  it('pays with codes that work once', async () => {
    file = `person,secret\nliam,${seedBase32(seeds.liam)}\n`;
    expect(await run('authenticators import seeds.csv --four-eyes --as ada@example.com --with kim@example.com', hotpCode(seeds.ada, 0n, HOTP), hotpCode(seeds.kim, 5n, HOTP))).toBe(1);
    expect(await authenticators()).toBe(3);
  });

  it('is in the audit, whole and person by person, without a secret', async () => {
    const opened = openDatabase(database.url);
    const bodies = (await opened.auditEntry.findMany({ orderBy: { id: 'asc' } })).map(({ body }) => body);
    await opened.$disconnect();
    const kinds = bodies.map((body) => (JSON.parse(body) as { kind: string }).kind);
    expect(kinds.filter((kind) => kind === 'authenticators-imported')).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'enrolled')).toHaveLength(3);
    for (const seed of Object.values(seeds)) expect(bodies.join('\n')).not.toContain(seedBase32(seed));
  });
});
