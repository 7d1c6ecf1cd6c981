// `delegation give`, `list` and `end`: who decides in whose place, as an administrator says it.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { runCli } from '../../src/cli/countersign.js';
import type { Io } from '../../src/cli/io.js';
import { DAY_MS, systemClock } from '../../src/lib/clock.js';
import { openDatabase } from '../../src/store/database.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const PEOPLE = `id,name,e-mail,manager,groups,site
dana,Dana Weber,dana@example.com,,,Auckland
liam,Liam Okafor,liam@example.com,dana@example.com,,
sam,Sam Ortiz,sam@example.com,dana@example.com,helpdesk,
sam2,Sam Ortiz,sam.ortiz@example.com,,,
eve,Eve Stranger,eve@example.com,,,
`;
const POLICY = `version: 1
sites: [{ name: Auckland, timeZone: Pacific/Auckland, open: [{ days: [monday], from: '07:00', to: '18:00' }] }]
rules: [{ name: desk, approvals: [{ from: [helpdesk, manager] }] }]
`;
const listed = z.array(z.object({ away: z.string(), standIn: z.string(), from: z.string(), until: z.string(), reason: z.string() }));

const environment = { ...process.env };
let database: TestDatabase;
let folder: string;
let typed = '';
let out = '';
let err = '';

const io: Io = {
  stdout: (text) => void (out += text),
  stderr: (text) => void (err += text),
  readFile: (path) => readFile(path, 'utf8'),
  readStdin: () => Promise.resolve(typed),
};

async function run(args: readonly string[], input = ''): Promise<number> {
  [out, err, typed] = ['', '', input];
  return await runCli(args, io);
}

/** On the calendars of Auckland, so many days after today. */
function day(later: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Auckland' }).format(systemClock().getTime() + later * DAY_MS);
}

function give(person: string, colleague: string, { first = day(0), last = day(3), reason = 'holidays' } = {}): Promise<number> {
  return run(['delegation', 'give', person, colleague, '--first', first, '--last', last, '--reason', reason]);
}

async function list(): Promise<z.infer<typeof listed>> {
  expect(await run(['delegation', 'list', '--json'])).toBe(0);
  return listed.parse(JSON.parse(out));
}

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-delegation-'));
  const policy = join(folder, 'policy.yaml');
  await writeFile(policy, POLICY);
  Object.assign(process.env, { DATABASE_URL: database.url, COUNTERSIGN_DATA: folder, COUNTERSIGN_LOG_LEVEL: 'error', COUNTERSIGN_POLICY: policy });
  await run(['people', 'import', '-'], PEOPLE);
  await run(['people', 'deactivate', 'eve@example.com']);
});
afterAll(async () => {
  process.env = environment;
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('delegation', () => {
  const [DANA, LIAM] = ['dana@example.com', 'liam@example.com'];
  it.each<[string, () => Promise<number>, string]>([
    ['to oneself', () => give(DANA, 'Dana@example.com'), 'Nobody stands in for themselves'],
    ['to nobody', () => give(DANA, 'nobody@example.com'), 'Nobody who is active has the e-mail address nobody@example.com'],
    ['to somebody who left', () => give(DANA, 'eve@example.com'), 'Nobody who is active has the e-mail address eve@example.com'],
    ['from somebody who left', () => give('eve@example.com', LIAM), 'Nobody who is active has the e-mail address eve@example.com'],
    ['from a day that there is not', () => give(DANA, LIAM, { first: '2026-02-30' }), 'The first day is not right'],
    ['until before it begins', () => give(DANA, LIAM, { first: '2099-01-02', last: '2099-01-01' }), 'The last day is not right'],
    ['until yesterday', () => give(DANA, LIAM, { first: '2020-01-01', last: '2020-01-02' }), 'The last day is not right'],
    ['for years', () => give(DANA, LIAM, { last: '2099-01-01' }), 'at most 92 days'],
    ['without a reason', () => give(DANA, LIAM, { reason: ' ' }), 'Say why'],
  ])('is not given %s', async (_what, giving, words) => {
    expect(await giving()).toBe(1);
    expect(err).toContain(words);
    expect(await list()).toEqual([]);
  });

  it('is given for whole days in the time zone of the one who is away, and is in the audit', async () => {
    expect(await give('DANA@example.com', 'liam@example.com')).toBe(0);
    expect(out).toContain('Liam Okafor decides in the place of Dana Weber from ');
    const [given] = await list();
    expect(given).toMatchObject({ away: 'dana@example.com', standIn: 'liam@example.com', reason: 'holidays' });
    const end = new Intl.DateTimeFormat('en-GB', { timeZone: 'Pacific/Auckland', dateStyle: 'short', timeStyle: 'short' }).format(new Date(given?.until ?? ''));
    expect(end).toMatch(/00:00$/);
    const client = openDatabase(database.url);
    const entries = (await client.auditEntry.findMany()).map(({ body }) => z.looseObject({ kind: z.string() }).parse(JSON.parse(body)));
    await client.$disconnect();
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'delegated', actor: 'cli', personId: 'dana', facts: expect.objectContaining({ standIn: 'liam', reason: 'holidays' }) }));
  });

  it('is not given to somebody who is away then', async () => {
    expect(await give('sam@example.com', 'dana@example.com')).toBe(1);
    expect(err).toContain('away for some of that time too');
  });

  it('is one for each person: another takes its place', async () => {
    expect(await give('dana@example.com', 'sam@example.com')).toBe(0);
    expect(await list()).toMatchObject([{ away: 'dana@example.com', standIn: 'sam@example.com' }]);
    expect(await run(['delegation', 'list'])).toBe(0);
    expect(out).toMatch(/^dana@example\.com {2}-> {2}sam@example\.com {2}\S+ to \S+ {2}holidays\n$/);
  });

  it('that gives a second account of one human a say is warned of by policy check', async () => {
    const warning = 'lets sam2 approve what sam asks for';
    expect(await run(['policy', 'check', '--with-directory'])).toBe(0);
    expect(out).not.toContain(warning);
    expect(await give('dana@example.com', 'sam.ortiz@example.com')).toBe(0);
    expect(await run(['policy', 'check', '--with-directory'])).toBe(0);
    expect(out).toContain(warning);
  });

  it('is ended once', async () => {
    expect(await run(['delegation', 'end', 'dana@example.com'])).toBe(0);
    expect(out).toContain('Dana Weber decides again');
    expect(await run(['delegation', 'end', 'dana@example.com'])).toBe(1);
    expect(err).toContain('Nobody stands in for Dana Weber');
    expect(await run(['delegation', 'end', 'nobody@example.com'])).toBe(1);
    expect(await run(['delegation', 'list'])).toBe(0);
    expect(out).toBe('Nobody is away.\n');
  });
});
