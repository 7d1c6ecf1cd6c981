// Master keys at the command line, and cards whose keys are derived from them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { Terminal } from '../support/terminal.js';

// AN10922, section 2.2.1: the master key, M and the AES-128 key derived from them.
const MASTER = '00112233445566778899AABBCCDDEEFF';
const M = '04782E21801D803042F54E585020416275';
const DERIVED = 'A8DD63A3B89D54B37CA802473FDA9175';
const SCHEME = 'method: an10922\nvariant: aes-128\nserial: { encoding: hex }\n';

let database: TestDatabase;
let folder: string;
const terminal = new Terminal();
const environment = { ...process.env };

async function run(args: string, input = ''): Promise<number> {
  const code = await terminal.run(args, input);
  expect(terminal.out + terminal.err).not.toMatch(new RegExp(`${MASTER}|${DERIVED}`, 'i'));
  return code;
}

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-derived-'));
  Object.assign(process.env, { DATABASE_URL: database.url, COUNTERSIGN_DATA: folder, COUNTERSIGN_LOG_LEVEL: 'error' });
  await writeFile(join(folder, 'scheme.yaml'), SCHEME);
});
afterAll(async () => {
  process.env = environment;
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('a master key', () => {
  it('is imported with its check value, and never printed', async () => {
    expect(await run(`keys import-master site --scheme ${join(folder, 'scheme.yaml')}`, `${MASTER}\n`)).toBe(0);
    expect(terminal.out).toBe('site@1  kcv FDE4FB\n');
  });

  it.each<[string, { args: string; key: string; code: number; sentence: string }]>([
    ['a second time', { args: 'again --scheme FOLDER/scheme.yaml', key: MASTER, code: 1, sentence: 'This key is there already, as site@1' }],
    ["as a vendor's default", { args: 'zeros --scheme FOLDER/scheme.yaml', key: '00'.repeat(16), code: 1, sentence: "a vendor's default key" }],
    ['of another size', { args: 'short --scheme FOLDER/scheme.yaml', key: 'AABB', code: 1, sentence: 'The master key has 4 hex digits' }],
    ['with a version in its name', { args: 'site@4 --scheme FOLDER/scheme.yaml', key: MASTER, code: 2, sentence: 'no version' }],
    ['with a scheme that is not there', { args: 'site --scheme /no/scheme', key: MASTER, code: 1, sentence: 'cannot be read' }],
    ['from a file that is not there', { args: 'site --scheme FOLDER/scheme.yaml --key-file /no/key', key: '', code: 1, sentence: 'cannot be read' }],
  ])('is refused %s', async (_, { args, key, code, sentence }) => {
    expect(await run(`keys import-master ${args.replace('FOLDER', folder)}`, key)).toBe(code);
    expect(terminal.err).toContain(sentence);
  });

  it('is listed with the number of its cards', async () => {
    const rows = `serial,label,profile,holder,master_key,diversifier,kcv\nS1,,piv-aes-128,,site,${M},C098FE\nS2,,piv-aes-128,,site@1,0102,\n`;
    expect(await run('cards import -', rows)).toBe(0);
    expect(terminal.out).toContain('S1  piv-aes-128  nobody  kcv C098FE  imported');
    expect(await run('keys masters')).toBe(0);
    expect(terminal.out).toMatch(/^site@1 {2}an10922 {2}kcv FDE4FB {2}2 cards {2}file:[0-9a-f]{16}\n$/);
    expect(await run('keys masters --json')).toBe(0);
    expect(JSON.parse(terminal.out)).toEqual([expect.objectContaining({ name: 'site', version: 1, method: 'an10922', cards: 2 })]);
  });
});
