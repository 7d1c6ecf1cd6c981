// `policy apply` and `breaker release` on a real database: two administrators, two codes, and nothing by one alone.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { policyHash } from '../../src/approval/policy.js';
import { openParts, type Parts } from '../../src/app/parts.js';
import { readConfig } from '../../src/config.js';
import { readPeopleFile } from '../../src/directory/people-file.js';
import { systemClock } from '../../src/lib/clock.js';
import { newId } from '../../src/lib/ids.js';
import { silentLog } from '../../src/lib/log.js';
import { currentCode, newSeed, TOTP_ALGORITHM } from '../../src/stepup/totp.js';
import { openTheBreaker } from '../../src/store/breaker.js';
import { inTransaction } from '../../src/store/database.js';
import { policyInForce } from '../../src/store/policies.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { Terminal } from '../support/terminal.js';

const PEOPLE = `id,name,e-mail,manager,groups
emma,Emma Novak,emma@example.com,,
ada,Ada Admin,ada@example.com,,administrators
bo,Bo Admin,bo@example.com,,administrators
`;
const POLICY = 'version: 1\nrules: [{ name: all, approvals: [{ from: [helpdesk] }] }]\n';
const BOTH = '--as ada@example.com --with bo@example.com';

let database: TestDatabase;
let folder: string;
let file: string;
let parts: Parts;
const terminal = new Terminal();
const environment = { ...process.env };

const run = (args: string, ...lines: readonly string[]): Promise<number> => terminal.run(args, ...lines);

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-two-'));
  file = join(folder, 'policy.yaml');
  await writeFile(file, POLICY);
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
beforeEach(() => { terminal.clear(); });

/** A code that works now, of a new authenticator: codes in one time step work once. */
async function codeOf(personId: string): Promise<string> {
  const seed = newSeed();
  const at = systemClock();
  await parts.database.authenticator.deleteMany({ where: { personId } });
  const content = { authenticatorId: newId(), personId, algorithm: TOTP_ALGORITHM };
  const sealed = await parts.vault.sealSeed(content, seed);
  await parts.authenticators.addSample({ id: content.authenticatorId, personId, algorithm: TOTP_ALGORITHM, sealed, createdAt: at }, at);
  return currentCode(seed, systemClock());
}

const inForce = async (): Promise<string | null> => (await policyInForce(parts))?.hash ?? null;

describe('policy apply', () => {
  it('wants two administrators, and is used in a wrong way with one', async () => {
    expect(await run(`policy apply ${file} --as ada@example.com`)).toBe(2);
    expect(await run(`policy apply ${file} --as ada@example.com --with Ada@example.com`, await codeOf('ada'))).toBe(2);
    expect(terminal.err).toContain('two administrators');
    expect(await inForce()).toBeNull();
  });

  it.each([
    ['a wrong second code', '--as ada@example.com --with bo@example.com', '000000', 'not accepted'],
    ['somebody who is no administrator', '--as ada@example.com --with emma@example.com', '000000', 'not in the group administrators'],
  ])('changes nothing with %s, and the first code stays good', async (_, names, second, words) => {
    await codeOf('bo');
    const first = await codeOf('ada');
    expect(await run(`policy apply ${file} ${names}`, first, second)).toBe(1);
    expect(terminal.err).toContain(words);
    expect(await inForce()).toBeNull();
    expect((await parts.database.authenticator.findFirst({ where: { personId: 'ada' } }))?.tries).toBe(0);
  });

  it('refuses a file with a mistake before it asks for a code', async () => {
    const bad = join(folder, 'bad.yaml');
    await writeFile(bad, 'version: 1\nrules: [{ name: all, approvals: [{ from: [manger] }] }]\n');
    expect(await run(`policy apply ${bad} ${BOTH}`)).toBe(1);
    expect(terminal.err).toContain(`${bad}:2:`);
  });

  it('says which file is not there, and what looks unintended in one that is, before it asks for a code', async () => {
    expect(await run(`policy apply ${join(folder, 'none.yaml')} ${BOTH}`)).toBe(1);
    expect(terminal.err).toContain('none.yaml cannot be read: check that it is there.');
    expect(await run(`policy apply ${folder} ${BOTH}`)).toBe(1);
    expect(terminal.err).toContain('is a folder: name the file in it.');
    const open = join(folder, 'open.yaml');
    await writeFile(open, 'version: 1\nrules: [{ name: all, approvals: [], iAcceptNoApproval: true }]\n');
    await run(`policy apply ${open} ${BOTH}`, '000000', '000000');
    expect(terminal.err).toMatch(/^Warning: Rule "all" asks nobody/);
    expect(await inForce()).toBeNull();
  });

  it('puts the file in force', async () => {
    expect(await run(`policy apply ${file} ${BOTH} --json`, await codeOf('ada'), await codeOf('bo'))).toBe(0);
    expect(JSON.parse(terminal.out)).toEqual({ applied: policyHash(POLICY) });
    expect(await inForce()).toBe(policyHash(POLICY));
    expect((await parts.database.policyText.findUnique({ where: { hash: policyHash(POLICY) } }))?.text).toBe(POLICY);
  });

  it('says so where it is in force already', async () => {
    expect(await run(`policy apply ${file} ${BOTH}`, await codeOf('ada'), await codeOf('bo'))).toBe(1);
    expect(terminal.err).toContain('in force already');
  });
});

describe('breaker', () => {
  it('is closed at first, and there is nothing to release', async () => {
    expect(await run('breaker show --json')).toBe(0);
    expect(JSON.parse(terminal.out)).toEqual({ open: false });
    expect(await run(`breaker release ${BOTH}`, await codeOf('ada'), await codeOf('bo'))).toBe(1);
    expect(terminal.err).toContain('not open');
  });

  it('is shown while it is open, and released by two', async () => {
    await inTransaction(parts.database, (tx) => openTheBreaker(tx, 'night', { at: systemClock(), rowMac: parts.rowMac, policyHash: null }));
    expect(await run('breaker show')).toBe(0);
    expect(terminal.out).toContain('open since');
    expect(await run(`breaker release ${BOTH}`, await codeOf('ada'), await codeOf('bo'))).toBe(0);
    expect(await run('breaker show')).toBe(0);
    expect(terminal.out).toContain('closed');
  });
});
