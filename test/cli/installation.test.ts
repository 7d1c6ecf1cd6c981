// The command line on a real database: people and cards in, an invitation out, never a key.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openParts } from '../../src/app/parts.js';
import { readConfig } from '../../src/config.js';
import { systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { openDatabase } from '../../src/store/database.js';
import { markInstallation } from '../../src/store/installation.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { Terminal } from '../support/terminal.js';

const PEOPLE = 'id,name,e-mail,manager,groups\nemma,Emma Novak,emma@example.com,dana@example.com,\ndana,Dana Weber,dana@example.com,,helpdesk\n';
const KEY_A = randomBytes(24).toString('hex').toUpperCase();
const KEY_B = randomBytes(24).toString('hex').toUpperCase();
const HEADER = 'serial,label,profile,holder,key,kcv';

let database: TestDatabase;
let folder: string;
const terminal = new Terminal();
const environment = { ...process.env };

const run = (args: string, ...lines: readonly string[]): Promise<number> => terminal.run(args, ...lines);

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-cli-'));
  Object.assign(process.env, { DATABASE_URL: database.url, COUNTERSIGN_DATA: folder, COUNTERSIGN_LOG_LEVEL: 'error' });
});
afterAll(async () => {
  process.env = environment;
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => { terminal.clear(); });

describe('people', () => {
  it('are imported, and a second import of the same file changes nothing', async () => {
    expect(await run('people import -', PEOPLE)).toBe(0);
    expect(terminal.out).toBe('2 added, 0 changed, 0 as before.\n');
    expect(await run('people import - --json', PEOPLE)).toBe(0);
    expect(JSON.parse(terminal.out)).toEqual({ imported: 0, added: 0, changed: 0, unchanged: 2, linked: 0 });
  });

  it('are listed with their managers and groups', async () => {
    expect(await run('people list')).toBe(0);
    expect(terminal.out).toContain('emma  Emma Novak  emma@example.com  manager dana@example.com');
    expect(terminal.out).toContain('groups helpdesk');
    expect(await run('people list --json')).toBe(0);
    expect(JSON.parse(terminal.out)).toHaveLength(2);
  });

  it('are all refused when one line is wrong', async () => {
    expect(await run('people import -', `${PEOPLE}x,,no address,,\n`)).toBe(1);
    expect(terminal.err).toContain('-:4: ');
    expect(terminal.err).toContain('Nobody was imported');
    expect(terminal.out).toBe('');
  });

  it('are refused when a manager is nowhere to be found, or manages in a circle with people known before', async () => {
    expect(await run('people import -', 'id,name,e-mail,manager\nx,X,x@example.com,nobody@example.com\n')).toBe(1);
    expect(terminal.err).toContain('nobody@example.com is neither in this file nor known yet');
    expect(await run('people import -', 'id,name,e-mail,manager\ndana,Dana Weber,dana@example.com,emma@example.com\n')).toBe(1);
    expect(terminal.err).toContain('manage one another in a circle');
  });

  it('get an invitation, which is the only thing on standard output', async () => {
    expect(await run('people enroll EMMA@example.com')).toBe(0);
    expect(terminal.out).toMatch(/^[0-9A-HJKMNP-TV-Z]{5} [0-9A-HJKMNP-TV-Z]{5}\n$/);
    expect(terminal.err).toContain('ten minutes');
    expect(await run('people enroll nobody@example.com --json')).toBe(1);
    expect(JSON.parse(terminal.out)).toMatchObject({ refused: 'no-such-person' });
  });

  it('have their seed shown at the command line once in the life of an installation', async () => {
    expect(await run('people enroll dana@example.com --show-seed --json')).toBe(0);
    expect(JSON.parse(terminal.out)).toMatchObject({ person: 'dana', seed: expect.stringMatching(/^[A-Z2-7]{32}$/) });
    expect(await run('people enroll emma@example.com --show-seed')).toBe(1);
    expect(terminal.err).toContain('no seed is shown any more');
    expect(terminal.out).toBe('');
  });
});

describe('cards', () => {
  it('are checked by a dry run that keeps nothing', async () => {
    expect(await run('cards import - --dry-run', `${HEADER}\nA1,Emma's card,gids,emma@example.com,${KEY_A},\n`)).toBe(0);
    expect(terminal.out).toContain('would be imported');
    expect(await run('cards list --json')).toBe(0);
    expect(JSON.parse(terminal.out)).toEqual([]);
  });

  it('are imported, all rows or none, and no output ever holds a key', async () => {
    const rows = `${HEADER}\nA1,Emma's card,gids,emma@example.com,${KEY_A},\nA2,Spare,gids,,${KEY_B},\n`;
    expect(await run('cards import -', `${rows}A3,Wrong,gids,,${KEY_A},\n`)).toBe(1);
    expect(terminal.err).toContain('Card A3 has the same key as card A1');
    expect(await run('cards import -', rows)).toBe(0);
    const shown = terminal.out + terminal.err;
    expect(await run('cards list')).toBe(0);
    expect(terminal.out).toMatch(/A1 {2}Emma's card {2}gids {2}emma@example.com {2}active {2}kcv [0-9A-F]{6}/);
    for (const secret of [KEY_A, KEY_B]) expect(shown + terminal.out + terminal.err).not.toContain(secret);
  });

  it('are refused when serial, key or holder clash with what is there', async () => {
    const other = randomBytes(24).toString('hex');
    expect(await run('cards import -', `${HEADER}\nA1,Again,gids,,${other},\nA9,Twin,gids,,${KEY_A},\nA8,Lost,gids,nobody@example.com,${randomBytes(24).toString('hex')},\n`)).toBe(1);
    expect(terminal.err).toContain('-:2: A1: A card with this serial is there already');
    expect(terminal.err).toContain('-:3: A9: Card A9 has the same key as card A1');
    expect(terminal.err).toContain('-:4: A8: No person has the e-mail nobody@example.com');
    expect(terminal.err).not.toContain(KEY_A);
  });

  it("are refused with a vendor's default key unless that is asked for", async () => {
    const row = `${HEADER}\nD1,Default,gids,,${'00'.repeat(24)},\n`;
    expect(await run('cards import -', row)).toBe(1);
    expect(terminal.err).toContain("a vendor's default");
    expect(await run('cards import - --allow-default-keys', row)).toBe(0);
  });

  it('are refused by a playground unless the person says that anyone may then unblock them', async () => {
    const playground = await freshDatabase();
    const data = join(folder, 'other');
    const config = readConfig({ DATABASE_URL: playground.url, COUNTERSIGN_DATA: data });
    const parts = await openParts(config, { clock: systemClock, log: silentLog });
    await markInstallation(parts.database, 'playground', { at: new Date(), rowMac: parts.rowMac });
    await parts.close();
    process.env.DATABASE_URL = playground.url;
    process.env.COUNTERSIGN_DATA = data;
    try {
      const row = `${HEADER}\nP1,Mine,gids,,${randomBytes(24).toString('hex')},\n`;
      expect(await run('cards import -', row)).toBe(1);
      expect(terminal.err).toContain('--playground-keys');
      expect(await run('cards import - --playground-keys', row)).toBe(0);
    } finally {
      process.env.DATABASE_URL = database.url;
      process.env.COUNTERSIGN_DATA = folder;
      await playground.drop();
    }
  });
});

describe('the audit', () => {
  it('verifies after every command, and names the first changed entry', async () => {
    expect([await run('audit verify --json'), terminal.err]).toEqual([0, '']);
    const before = JSON.parse(terminal.out) as { ok: boolean; size: number };
    expect(before.ok).toBe(true);
    expect(before.size).toBeGreaterThan(3);
    const prisma = openDatabase(database.url);
    await prisma.auditEntry.updateMany({ where: { index: 1 }, data: { body: '{}' } });
    await prisma.$disconnect();
    expect(await run('audit verify --json')).toBe(1);
    expect(JSON.parse(terminal.out)).toMatchObject({ ok: false, first: { index: 1, kind: 'changed' } });
  });
});

describe('mistakes', () => {
  it.each([
    ['people', 2],
    ['people import', 2],
    ['no-such-command', 2],
    ['cards import x --no-such-option', 2],
    ['--help', 0],
    ['--version', 0],
    ['people import /no/such/file', 1],
  ])('"countersign %s" ends with %i and without a stack trace', async (args, code) => {
    expect(await run(args)).toBe(code);
    expect(terminal.err).not.toMatch(/\n\s+at /);
  });

  it('in the configuration are told all at once', async () => {
    process.env.PORT = 'x';
    process.env.COUNTERSIGN_TIME_ZONE = 'Nowhere';
    try {
      expect(await run('people list')).toBe(1);
      expect(terminal.err).toContain('PORT is "x"');
      expect(terminal.err).toContain('COUNTERSIGN_TIME_ZONE');
    } finally {
      delete process.env.PORT;
      delete process.env.COUNTERSIGN_TIME_ZONE;
    }
  });

  it('in the address of the database are told without its password', async () => {
    process.env.DATABASE_URL = 'postgresql://someone:hidden-word@127.0.0.1:1/none';
    try {
      expect(await run('people list')).toBe(1);
      expect(terminal.err).toContain('DATABASE_URL');
      expect(terminal.err).not.toContain('hidden-word');
    } finally {
      process.env.DATABASE_URL = database.url;
    }
  });

  it('a key-encryption key that is gone is never replaced by a new one', async () => {
    await rm(join(folder, 'kek.key'));
    expect(await run('people list')).toBe(1);
    expect(terminal.err).toContain('kek.key');
    await writeFile(join(folder, 'kek.key'), 'nonsense', { mode: 0o600 });
    expect(await run('people list')).toBe(1);
    expect(terminal.err).not.toMatch(/\n\s+at /);
  });
});
