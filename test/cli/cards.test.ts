// `cards …` on a real database: reports, new secrets, two administrators, and codes that are never arguments.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openParts, type Parts } from '../../src/app/parts.js';
import { runCli } from '../../src/cli/countersign.js';
import { type Io, systemIo } from '../../src/cli/io.js';
import { readConfig } from '../../src/config.js';
import { readPeopleFile } from '../../src/directory/people-file.js';
import { systemClock } from '../../src/lib/clock.js';
import { newId } from '../../src/lib/ids.js';
import { silentLog } from '../../src/lib/log.js';
import { currentCode, newSeed, TOTP_ALGORITHM } from '../../src/stepup/totp.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const PEOPLE = `id,name,e-mail,manager,groups
emma,Emma Novak,emma@example.com,,
ada,Ada Admin,ada@example.com,,administrators
bo,Bo Admin,bo@example.com,,administrators
`;
/** A pipe that nobody closes: whoever reads it never ends. */
const UNCLOSED = 'unclosed';
const HEADER = 'serial,label,profile,holder,key,puk';

let database: TestDatabase;
let folder: string;
let parts: Parts;
let out = '';
let err = '';
let stdin = '';
const environment = { ...process.env };

const io: Io = {
  stdout: (text) => void (out += text),
  stderr: (text) => void (err += text),
  readFile: systemIo.readFile,
  readStdin: () => (stdin === UNCLOSED ? new Promise<string>(() => undefined) : Promise.resolve(stdin)),
};

async function run(args: string, input = ''): Promise<number> {
  [out, err, stdin] = ['', '', input];
  return await runCli(args.split(' '), io);
}

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-cards-'));
  Object.assign(process.env, { DATABASE_URL: database.url, COUNTERSIGN_DATA: folder, COUNTERSIGN_LOG_LEVEL: 'error' });
  parts = await openParts(readConfig(process.env), { clock: systemClock, log: silentLog });
  await parts.people.import(readPeopleFile(PEOPLE).people, null);
});
afterAll(async () => {
  process.env = environment;
  await parts.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  [out, err] = ['', ''];
});

/** A code that works now, of a new authenticator: codes in one time step work once. */
async function freshCode(personId: string): Promise<string> {
  const seed = newSeed();
  const at = systemClock();
  await parts.database.authenticator.deleteMany({ where: { personId } });
  const content = { authenticatorId: newId(), personId, algorithm: TOTP_ALGORITHM };
  const sealed = await parts.vault.sealSeed(content, seed);
  await parts.authenticators.addSample({ id: content.authenticatorId, personId, algorithm: TOTP_ALGORITHM, sealed, createdAt: at }, at);
  return currentCode(seed, systemClock());
}

function key(): string {
  return randomBytes(24).toString('hex').toUpperCase();
}

async function file(...rows: readonly string[]): Promise<string> {
  const path = join(folder, `${newId()}.csv`);
  await writeFile(path, `${HEADER}\n${rows.join('\n')}\n`);
  return path;
}

async function stateOf(serial: string): Promise<string | undefined> {
  return (await parts.cards.all()).find((card) => card.serial === serial)?.state;
}

describe('a report', () => {
  it('has every row with its fate and check value, never a key, and nobody else may read it', async () => {
    const secret = key();
    const report = join(folder, 'report.csv');
    expect(await run(`cards import ${await file(`R-1,,gids,,${secret},`, 'R-2,,yubikey-3des,,,31415926')} --report ${report}`)).toBe(0);
    const text = await readFile(report, 'utf8');
    expect(text).toMatch(/^line,serial,fate,kcv,problem\n"2","R-1","imported","[0-9A-F]{6}",""\n"3","R-2","imported","",""\n$/);
    expect(text + out + err).not.toMatch(new RegExp(`${secret}|31415926`));
    expect((await stat(report)).mode & 0o077).toBe(0);
  });

  it('is JSON lines where its name says so, and tells problems beside rows that fit', async () => {
    const report = join(folder, 'report.jsonl');
    expect(await run(`cards import ${await file(`R-1,,gids,,${key()},`, `R-3,,gids,,${key()},`)} --report ${report}`)).toBe(1);
    const lines = (await readFile(report, 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual([
      { line: 2, serial: 'R-1', fate: 'problem', kcv: '', problem: expect.stringContaining('is there already') },
      { line: 3, serial: 'R-3', fate: 'fits', kcv: expect.stringMatching(/^[0-9A-F]{6}$/), problem: '' },
    ]);
    expect(err).toContain('No card was imported: correct the 1 problem(s) above');
  });

  it('that cannot be written stops the import before it begins', async () => {
    expect(await run(`cards import ${await file(`R-4,,gids,,${key()},`)} --report /no/such/folder/r.csv`)).toBe(1);
    expect(err).toContain('cannot be written');
    expect(await stateOf('R-4')).toBeUndefined();
  });
});

describe('a long list', () => {
  it('shows the first hundred rows, or problems, and how many more there are', async () => {
    const rows = Array.from({ length: 130 }, (_, at) => `LONG-${at},,gids,,${key()},`);
    expect(await run(`cards import ${await file(...rows)}`)).toBe(0);
    expect(out.split('\n')).toHaveLength(102);
    expect(out).toContain('… and 30 more, 130 in all.');
    expect(await run(`cards import ${await file(...rows)} --json`)).toBe(1);
    const told = JSON.parse(out) as { problems: unknown[] };
    expect([told, told.problems.length]).toEqual([expect.objectContaining({ imported: 0, problemCount: 130 }), 100]);
  });
});

describe('--replace', () => {
  it('gives a card a new PUK, and is refused for a card that is not there', async () => {
    expect(await run(`cards import ${await file('P-1,,yubikey-3des,emma@example.com,,31415926')}`)).toBe(0);
    expect(await run(`cards import ${await file('P-1,,yubikey-3des,,,27182818')} --replace`)).toBe(0);
    expect(out).toContain('P-1  yubikey-3des  nobody  no kcv  has its new secret');
    expect(await run(`cards import ${await file('P-2,,yubikey-3des,,,16180339')} --replace`)).toBe(1);
    expect(err).toContain('There is no card with this serial');
  });

  it('needs two administrators at once where imports need two', async () => {
    const path = await file('P-1,,yubikey-3des,,,16180339');
    expect(await run(`cards import ${path} --replace --four-eyes --as ada@example.com`)).toBe(2);
    expect(err).toContain('--with');
    const codes = `${await freshCode('ada')}\n${await freshCode('bo')}\n`;
    expect(await run(`cards import ${path} --replace --four-eyes --as ada@example.com --with bo@example.com`, codes)).toBe(0);
  });
});

describe('four eyes', () => {
  it('let cards wait until another administrator commits them', async () => {
    expect(await run(`cards import ${await file(`F-1,,gids,,${key()},`)} --four-eyes --as ada@example.com`, await freshCode('ada'))).toBe(0);
    expect(out).toContain('waits for a second administrator');
    expect(await stateOf('F-1')).toBe('waiting');
    expect(await run('cards imports --json')).toBe(0);
    const [waiting] = JSON.parse(out) as { id: string; cards: number; byEmail: string; sha256: string }[];
    expect(waiting).toMatchObject({ cards: 1, byEmail: 'ada@example.com', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const id = waiting?.id ?? '';
    expect(await run(`cards commit ${id} --as ada@example.com`, await freshCode('ada'))).toBe(1);
    expect(err).toContain('Whoever brought the cards in cannot commit them');
    expect(await run(`cards commit ${id} --as bo@example.com`, await freshCode('bo'))).toBe(0);
    expect(out).toBe('1 cards are active.\n');
    expect(await stateOf('F-1')).toBe('active');
    expect(await run('cards imports')).toBe(0);
    expect(out).toBe('No import waits.\n');
  });

  it('can drop what waits', async () => {
    await run(`cards import ${await file(`F-2,,gids,,${key()},`)} --four-eyes --as ada@example.com --json`, await freshCode('ada'));
    const { import: id } = JSON.parse(out) as { import: string };
    expect(await run(`cards drop ${id} --as bo@example.com --json`, await freshCode('bo'))).toBe(0);
    expect(JSON.parse(out)).toEqual({ import: id, end: 'dropped', cards: 1 });
    expect(await stateOf('F-2')).toBeUndefined();
  });

  it('are the rule where the configuration says so, also for new secrets', async () => {
    process.env.COUNTERSIGN_IMPORT_FOUR_EYES = 'yes';
    try {
      const path = await file(`F-3,,gids,,${key()},`);
      expect(await run(`cards import ${path}`)).toBe(2);
      expect(err).toContain('--as');
      expect(await run(`cards import ${await file('P-1,,yubikey-3des,,,14142135')} --replace`)).toBe(2);
      expect(await run('cards import - --as ada@example.com', `${HEADER}\n`)).toBe(2);
      expect(err).toContain('name the file of cards');
      expect(await run(`cards import ${path} --dry-run`)).toBe(0);
      expect(await stateOf('F-3')).toBeUndefined();
    } finally {
      delete process.env.COUNTERSIGN_IMPORT_FOUR_EYES;
    }
  });

  it.each([
    ['a wrong code', 'ada@example.com', 'The code of Ada Admin was not accepted.'],
    ['no code at all', 'ada@example.com', 'The code of Ada Admin was not accepted.'],
    ['somebody who is no administrator', 'emma@example.com', 'Emma Novak is not in the group administrators'],
    ['nobody', 'none@example.com', 'Nobody has the e-mail none@example.com'],
  ])('are not passed with %s', async (what, email, sentence) => {
    const right = await freshCode('ada');
    const wrong = String((Number(right) + 111_111) % 1_000_000).padStart(6, '0');
    expect(await run(`cards import ${await file(`F-4,,gids,,${key()},`)} --four-eyes --as ${email}`, what === 'a wrong code' ? wrong : '')).toBe(1);
    expect(err).toContain(sentence);
    expect(await stateOf('F-4')).toBeUndefined();
  });

  it('count wrong codes, tell them in the audit, and end for the day after the fifth', async () => {
    const path = await file(`F-5,,gids,,${key()},`);
    await parts.database.guessScope.deleteMany();
    for (let tries = 1; tries <= 5; tries += 1) expect(await run(`cards import ${path} --four-eyes --as bo@example.com`, 'AAAA')).toBe(1);
    expect(err).toContain('There were too many today');
    expect(await run(`cards import ${path} --four-eyes --as bo@example.com`, await freshCode('bo'))).toBe(1);
    expect(await parts.database.auditEntry.count({ where: { body: { contains: '"purpose":"import"' } } })).toBeGreaterThanOrEqual(6);
    expect(await run('audit verify --json')).toBe(0);
  });
});

describe('an import by one person', () => {
  it('does not look at standard input', async () => {
    const file = join(folder, 'alone.csv');
    await writeFile(file, `${HEADER}\nALONE-1,Card,gids,,${randomBytes(24).toString('hex')},\n`);
    expect(await run(`cards import ${file}`, UNCLOSED)).toBe(0);
    expect(out).toContain('ALONE-1');
  });
});
