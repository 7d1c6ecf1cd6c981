// `break-glass …` on a real database: sheets that are shown once, a card unblocked at the terminal, and the report.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createDecipheriv, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openParts, type Parts } from '../../src/app/parts.js';
import { readCardFile } from '../../src/card/card-file.js';
import { ENGLISH } from '../../src/chat/english.js';
import { runCli } from '../../src/cli/countersign.js';
import { type Io, systemIo } from '../../src/cli/io.js';
import { readConfig } from '../../src/config.js';
import { readPeopleFile } from '../../src/directory/people-file.js';
import { toHex } from '../../src/lib/bytes.js';
import { systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { currentCode } from '../../src/stepup/totp.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { enrolAnew } from '../support/sealed.js';

const PEOPLE = `id,name,e-mail,manager,groups
emma,Emma Novak,emma@example.com,dana@example.com,
dana,Dana Weber,dana@example.com,,
liam,Liam Okafor,liam@example.com,,
eve,Eve Stranger,eve@example.com,,
ada,Ada Admin,ada@example.com,,administrators
bo,Bo Admin,bo@example.com,,administrators
`;
const KEY = toHex(randomBytes(24));
const CARDS = `serial,label,profile,holder,key,kcv\nCARD-EMMA,Emma's card,gids,emma@example.com,${KEY},\n`;
const BOTH = '--as ada@example.com --with bo@example.com';
const SEALED = /[0-9A-HJKMNP-TV-Z]{4}(?: [0-9A-HJKMNP-TV-Z]{4}){3}/g;

let database: TestDatabase;
let folder: string;
let parts: Parts;
let [out, err, stdin] = ['', '', ''];
const environment = { ...process.env };

const io: Io = {
  stdout: (text) => void (out += text),
  stderr: (text) => void (err += text),
  readFile: systemIo.readFile,
  readStdin: () => Promise.resolve(stdin),
};

/** `typed`: what is typed at the terminal, line by line. */
async function run(args: string, ...typed: readonly string[]): Promise<number> {
  [out, err, stdin] = ['', '', typed.join('\n')];
  return await runCli(args.split(' '), io);
}

const codeOf = async (personId: string): Promise<string> => currentCode(await enrolAnew(parts, personId), systemClock());
const challenge = (): string => toHex(randomBytes(8));

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-glass-'));
  Object.assign(process.env, { DATABASE_URL: database.url, COUNTERSIGN_DATA: folder, COUNTERSIGN_LOG_LEVEL: 'error' });
  parts = await openParts(readConfig(process.env), { clock: systemClock, log: silentLog });
  await parts.people.import(readPeopleFile(PEOPLE).people, null);
  await parts.cards.import(readCardFile(CARDS, { allowDefaultKeys: false }).cards);
});
afterAll(async () => {
  process.env = environment;
  await parts.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** The codes of each sheet, in the order of `--person`. */
let sheets: readonly (readonly string[])[] = [];

async function printed(...names: readonly string[]): Promise<readonly (readonly string[])[]> {
  const people = names.map((name) => `--person ${name}@example.com`).join(' ');
  expect(await run(`break-glass issue ${people} ${BOTH}`, await codeOf('ada'), await codeOf('bo'))).toBe(0);
  const codes = out.match(SEALED) ?? [];
  return [codes.slice(0, codes.length / 2), codes.slice(codes.length / 2)];
}

describe('break-glass issue', () => {
  it.each([
    ['one person', '--person liam@example.com', 2],
    ['one person twice', '--person liam@example.com --person Liam@example.com', 2],
    ['three people', '--person liam@example.com --person eve@example.com --person dana@example.com', 2],
    ['somebody who is not there', '--person liam@example.com --person nobody@example.com', 1],
  ])('refuses %s before it asks for a code', async (_, people, exit) => {
    expect(await run(`break-glass issue ${people} ${BOTH}`)).toBe(exit);
    expect(out).toBe('');
  });

  it('prints five codes for each of two people, and keeps none of them', async () => {
    sheets = await printed('liam', 'eve');
    expect(sheets.map((codes) => codes.length)).toEqual([5, 5]);
    const rows = JSON.stringify(await parts.database.breakGlassCode.findMany());
    for (const code of sheets.flat()) expect(rows).not.toContain(code.replaceAll(' ', ''));
    expect(await run('break-glass list --json')).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ people: [{ person: 'liam@example.com', left: 5 }, { person: 'eve@example.com', left: 5 }], uses: [] });
    expect(out.match(SEALED)).toBeNull();
  });

  it('writes them into a new file that only its owner reads, and never over another one', async () => {
    const file = join(folder, 'sheets.txt');
    const issue = `break-glass issue --person liam@example.com --person eve@example.com ${BOTH} --file ${file}`;
    expect(await run(issue, await codeOf('ada'), '000000')).toBe(1);
    await expect(stat(file)).rejects.toThrow('ENOENT');
    expect(await run(issue, await codeOf('ada'), await codeOf('bo'))).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(out).toBe('');
    expect((await readFile(file, 'utf8')).match(SEALED)).toHaveLength(10);
    expect(await run(issue)).toBe(1);
    expect((await readFile(file, 'utf8')).match(SEALED)).toHaveLength(10);
  });
});

describe('break-glass use', () => {
  it('unblocks a card with the code of its holder and one out of each envelope', async () => {
    sheets = await printed('liam', 'eve');
    const typed = challenge();
    const code = await codeOf('emma');
    expect(await run('break-glass use --card CARD-EMMA', typed, code, 'Slack is down', sheets[0]?.[0] ?? '', sheets[1]?.[0] ?? '', 'yes')).toBe(0);
    const response = /Response: ([0-9A-F ]+)/.exec(out)?.[1]?.replaceAll(' ', '') ?? '';
    const cipher = createDecipheriv('des-ede3', Buffer.from(KEY, 'hex'), null).setAutoPadding(false);
    expect(toHex(Buffer.concat([cipher.update(Buffer.from(response, 'hex')), cipher.final()]))).toBe(typed);
    expect(out).toContain('The request is closed.');
    const entries = (await parts.database.auditEntry.findMany({ orderBy: { id: 'asc' } })).map(({ body }) => JSON.parse(body) as { kind: string; actor: string });
    expect(entries.find(({ kind }) => kind === 'break-glass-used')?.actor).toBe('cli');
    expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['request-opened', 'identity-proved', 'vote', 'approval-complete', 'released', 'outcome']));
  });

  it.each([
    ['a code that was used', () => [sheets[0]?.[0], sheets[1]?.[1]], 'sealed-not-accepted'],
    ['two codes of one person', () => [sheets[0]?.[1], sheets[0]?.[2]], 'sealed-one-person'],
  ] as const)('refuses %s, and opens nothing', async (_, codes, why) => {
    const requests = await parts.database.request.count();
    const [one = '', other = ''] = codes();
    expect(await run('break-glass use --card CARD-EMMA', challenge(), await codeOf('emma'), 'Slack is down', one, other)).toBe(1);
    expect(err.trim()).toBe(ENGLISH.refusal[why]({}));
    expect(await parts.database.request.count()).toBe(requests);
  });

  it('refuses a wrong code of the holder, and the sealed codes stay good', async () => {
    const requests = await parts.database.request.count();
    await codeOf('emma');
    expect(await run('break-glass use --card CARD-EMMA', challenge(), '000000', 'Slack is down', sheets[0]?.[1] ?? '', sheets[1]?.[1] ?? '')).toBe(1);
    expect(err.trim()).toBe(ENGLISH.refusal['code-not-accepted']({}));
    expect(await parts.database.request.count()).toBe(requests);
    expect(await parts.database.breakGlassCode.count({ where: { usedAt: { not: null } } })).toBe(2);
  });

  it('goes on with another challenge where the card refused the response, without more sealed codes', async () => {
    const codes = [sheets[0]?.[1] ?? '', sheets[1]?.[1] ?? ''];
    expect(await run('break-glass use --card CARD-EMMA', challenge(), await codeOf('emma'), 'Slack is down', ...codes, 'no')).toBe(0);
    expect(out).toContain('run the command again');
    expect(await run('break-glass use --card CARD-EMMA', challenge(), await codeOf('emma'), 'yes')).toBe(0);
    expect(out).toContain('The request is closed.');
    expect(await parts.database.breakGlassUse.count()).toBe(2);
  });

  it('says so where no such card is there', async () => {
    expect(await run('break-glass use --card CARD-NOBODY')).toBe(1);
    expect(err).toContain('CARD-NOBODY');
  });
});

describe('break-glass acknowledge', () => {
  const idOf = async (): Promise<string> => (await parts.database.breakGlassUse.findFirstOrThrow({ where: { acknowledgedAt: null } })).id;

  it('takes a code of an administrator who had no part in it, once', async () => {
    const id = await idOf();
    expect(await run(`break-glass acknowledge ${id} --as eve@example.com`, await codeOf('eve'))).toBe(1);
    expect(err.trim()).toBe(ENGLISH.refusal['not-your-report']({}));
    expect(await run(`break-glass acknowledge ${id} --as ada@example.com`, '000000')).toBe(1);
    expect(await run(`break-glass acknowledge ${id} --as ada@example.com`, await codeOf('ada'))).toBe(0);
    expect(await run(`break-glass acknowledge ${id} --as bo@example.com`, await codeOf('bo'))).toBe(1);
    expect(err.trim()).toBe(ENGLISH.refusal['report-acknowledged']({}));
    await run('break-glass list');
    expect(out).toContain('acknowledged by ada@example.com');
    expect(out).toContain('NOT ACKNOWLEDGED');
  });
});

describe('break-glass end', () => {
  it('takes one administrator, and then no code works', async () => {
    expect(await run('break-glass end --as eve@example.com')).toBe(1);
    expect(await run('break-glass end --as ada@example.com', await codeOf('ada'))).toBe(0);
    expect(await run('break-glass end --as ada@example.com', await codeOf('ada'))).toBe(1);
    await run('break-glass list');
    expect(out).toContain('There are no sealed codes.');
    expect(await run('break-glass use --card CARD-EMMA', challenge(), await codeOf('emma'), 'Slack is down', sheets[0]?.[3] ?? '', sheets[1]?.[3] ?? '')).toBe(1);
    expect(err.trim()).toBe(ENGLISH.refusal['sealed-none']({}));
  });
});
