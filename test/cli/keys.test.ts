// The keys on the command line, on a real installation: status, a rotation, and a backup that brings everything back.
import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openParts, type Parts } from '../../src/app/parts.js';
import { readConfig } from '../../src/config.js';
import { toHex } from '../../src/lib/bytes.js';
import { systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { openWithPassphrase } from '../../src/vault/backup-file.js';
import { openKekFile } from '../../src/vault/kek-file.js';
import { addCards } from '../store/rewrap-world.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { openSoftHsm, type SoftHsm, softHsmModule } from '../support/softhsm.js';
import { Terminal } from '../support/terminal.js';

const PASSPHRASE = 'four random words here';
// Making and opening a backup takes a second or two each, on purpose.
const SLOWLY = 120_000;
const environment = { ...process.env };
const module = softHsmModule();

let database: TestDatabase;
let folder: string;
let kekFile: string;
let cardKey: string | undefined;
const terminal = new Terminal();

const run = (args: string, ...lines: readonly string[]): Promise<number> => terminal.run(args, ...lines);

beforeEach(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-keys-'));
  kekFile = join(folder, 'kek.key');
  Object.assign(process.env, { DATABASE_URL: database.url, COUNTERSIGN_DATA: folder, COUNTERSIGN_LOG_LEVEL: 'error' });
  expect(await run('people import -', 'id,name,e-mail\nemma,Emma Novak,emma@example.com\n')).toBe(0);
  await withOpened(async ({ database: opened, vault }) => {
    const secrets = new Map<string, Uint8Array>();
    await addCards({ database: opened, vault, secrets }, 1);
    [cardKey] = [...secrets.values()].map(toHex);
  });
});
afterEach(async () => {
  process.env = { ...environment };
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function withOpened<T>(use: (parts: Parts) => Promise<T>): Promise<T> {
  const parts = await openParts(readConfig(process.env), { clock: systemClock, log: silentLog });
  try {
    return await use(parts);
  } finally {
    await parts.close();
  }
}

/** The admin key of the card, as the running installation opens it. */
function openedKey(): Promise<string> {
  return withOpened(async (parts) => {
    const { kekId, wrappedKey, sealedKey, id, ...facts } = await parts.database.card.findFirstOrThrow({ where: { kekId: { not: null } } });
    if (kekId === null || wrappedKey === null || sealedKey === null) throw new Error('the card has no key');
    return await parts.vault.withCardKey({ ...facts, cardId: id, sealed: { kekId, wrappedKey, sealed: sealedKey } }, toHex);
  });
}

async function auditKinds(): Promise<readonly string[]> {
  expect(await run('audit verify --json')).toBe(0);
  expect(await run('audit export')).toBe(0);
  return terminal.out.trim().split('\n').map((line) => (JSON.parse(line) as { entry: { body: { kind: string } } }).entry.body.kind);
}

describe('keys status', () => {
  it('tells how many data keys are under which key, and which one is current', async () => {
    const { id } = await openKekFile(kekFile);
    expect(await run('keys status')).toBe(0);
    expect(terminal.out).toBe(`${id}  current  vault keys: 1, master keys: 0, Slack installations: 0, authenticators: 0, cards: 1\n`);
    expect(await run('keys status --json')).toBe(0);
    const keys = { 'vault keys': 1, 'master keys': 0, 'Slack installations': 0, authenticators: 0, cards: 1 };
    expect(JSON.parse(terminal.out)).toEqual([{ id, use: 'current', keys }]);
  });
});

describe('a rotation to a new file', () => {
  it('goes in three steps: it opens, it seals, everything is brought under it', async () => {
    const newFile = join(folder, 'new.key');
    const { id: oldId } = await openKekFile(kekFile);
    expect(await run(`keys create-kek --provider file --out ${newFile}`)).toBe(0);
    expect(terminal.out).toContain(`COUNTERSIGN_KEK_ALSO=file:${newFile}`);
    const { id: newId } = await openKekFile(newFile);

    process.env.COUNTERSIGN_KEK_ALSO = `file:${newFile}`;
    expect(await run('keys status')).toBe(0);
    expect(terminal.out).toContain(`${newId}  opens only  vault keys: 0`);
    expect(await run(`keys rotate-kek --to ${newId}`)).toBe(1);
    expect(terminal.err).toContain(`The configured current key is ${oldId}, not ${newId}`);

    Object.assign(process.env, { COUNTERSIGN_KEK_FILE: newFile, COUNTERSIGN_KEK_ALSO: `file:${kekFile}` });
    expect(await openedKey()).toBe(cardKey);
    expect(await run('keys rotate-kek --to file --json')).toBe(0);
    expect(JSON.parse(terminal.out)).toEqual({ to: newId, from: [oldId], moved: 2, left: [] });
    expect(terminal.err).toContain('2 of 2 keys');

    delete process.env.COUNTERSIGN_KEK_ALSO;
    expect(await openedKey()).toBe(cardKey);
    expect(await run(`keys rotate-kek --to ${newId}`)).toBe(0);
    expect(terminal.out).toBe(`Everything is under ${newId} already.\n`);
    expect(await auditKinds()).toEqual(expect.arrayContaining(['keys-rotation-began', 'keys-rotation-ended']));
  });

  it('without the older key is refused by the name of that key, and nothing is lost', async () => {
    const newFile = join(folder, 'new.key');
    const { id } = await openKekFile(kekFile);
    await run(`keys create-kek --provider file --out ${newFile}`);
    process.env.COUNTERSIGN_KEK_FILE = newFile;
    expect(await run('keys rotate-kek --to file')).toBe(1);
    expect(terminal.err).toContain(id);
    expect(terminal.err).not.toMatch(/\n\s+at /);
    delete process.env.COUNTERSIGN_KEK_FILE;
    expect(await openedKey()).toBe(cardKey);
  });
});

describe('mistakes', () => {
  it.each([
    ['keys rotate-kek', 2],
    ['keys rotate-kek --to pkcs11', 1],
    ['keys rotate-kek --to file --concurrency 0', 2],
    ['keys rotate-kek --to file --concurrency 65', 2],
    ['keys create-kek --provider transit', 2],
    ['keys create-kek --provider file', 2],
    ['keys create-kek --provider pkcs11', 1],
    ['keys backup', 2],
    ['keys restore /no/such/file', 1],
    ['keys restore x --check --without-database', 2],
  ])('"countersign %s" ends with %i and one sentence', async (args, code) => {
    expect(await run(args)).toBe(code);
    expect(terminal.err).not.toBe('');
    expect(terminal.err).not.toMatch(/\n\s+at /);
  });

  it('never overwrite a key file', async () => {
    const before = await readFile(kekFile, 'utf8');
    expect(await run(`keys create-kek --provider file --out ${kekFile}`)).toBe(1);
    expect(await readFile(kekFile, 'utf8')).toBe(before);
  });
});

describe('a backup', () => {
  it('brings everything back after the key files were lost: the drill', async () => {
    const file = join(folder, 'keys.age');
    expect(await run(`keys backup --out ${file} --passphrase-file -`, `${PASSPHRASE}\n`)).toBe(0);
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await auditKinds()).toContain('keys-backed-up');
    expect(await run(`keys restore ${file} --check --passphrase-file -`, PASSPHRASE)).toBe(0);
    expect(terminal.out).toContain('It opens what is in the database.');

    const lost = ['kek.key', 'audit.key', 'audit.key.pub'];
    for (const name of lost) await rm(join(folder, name));
    expect(await run('people list')).toBe(1);
    expect(await run(`keys restore ${file} --passphrase-file -`, 'another passphrase')).toBe(1);
    expect(terminal.err).toContain('does not open');
    await expect(stat(kekFile)).rejects.toMatchObject({ code: 'ENOENT' });

    expect(await run(`keys restore ${file} --passphrase-file - --json`, PASSPHRASE)).toBe(0);
    expect(JSON.parse(terminal.out)).toMatchObject({ drill: 'opens', files: [{ path: kekFile, was: 'missing' }, { was: 'missing' }] });
    expect((await stat(kekFile)).mode & 0o777).toBe(0o600);
    expect(await openedKey()).toBe(cardKey);
    expect(await auditKinds()).toContain('people-imported');

    expect(await run(`keys restore ${file} --passphrase-file - --json`, PASSPHRASE)).toBe(0);
    expect(JSON.parse(terminal.out)).toMatchObject({ files: [{ was: 'there' }, { was: 'there' }] });
  }, SLOWLY);

  it('can be brought to a new machine before its database is back', async () => {
    const file = join(folder, 'keys.age');
    expect(await run(`keys backup --out ${file} --passphrase-file -`, PASSPHRASE)).toBe(0);
    const elsewhere = join(folder, 'a', 'new', 'machine');
    Object.assign(process.env, { COUNTERSIGN_DATA: elsewhere, DATABASE_URL: 'postgresql://someone@127.0.0.1:1/none' });
    expect(await run(`keys restore ${file} --passphrase-file -`, PASSPHRASE)).toBe(1);
    await expect(stat(elsewhere)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await run(`keys restore ${file} --without-database --passphrase-file -`, PASSPHRASE)).toBe(0);
    expect(terminal.out).toContain('The keys were not tried');
    process.env.DATABASE_URL = database.url;
    expect(await openedKey()).toBe(cardKey);
  }, SLOWLY);

  it('is never restored over another key', async () => {
    const file = join(folder, 'keys.age');
    expect(await run(`keys backup --out ${file} --passphrase-file -`, PASSPHRASE)).toBe(0);
    await rename(kekFile, join(folder, 'kept.key'));
    await rm(join(folder, 'audit.key'));
    expect(await run(`keys create-kek --provider file --out ${kekFile}`)).toBe(0);
    const stranger = await readFile(kekFile, 'utf8');
    expect(await run(`keys restore ${file} --passphrase-file -`, PASSPHRASE)).toBe(1);
    expect(terminal.err).toContain('no key is overwritten');
    expect(await readFile(kekFile, 'utf8')).toBe(stranger);
    await expect(stat(join(folder, 'audit.key'))).rejects.toMatchObject({ code: 'ENOENT' });
  }, SLOWLY);

  it('of an older key is seen by the drill, by name', async () => {
    const file = join(folder, 'keys.age');
    expect(await run(`keys backup --out ${file} --passphrase-file -`, PASSPHRASE)).toBe(0);
    const newFile = join(folder, 'new.key');
    await run(`keys create-kek --provider file --out ${newFile}`);
    Object.assign(process.env, { COUNTERSIGN_KEK_FILE: newFile, COUNTERSIGN_KEK_ALSO: `file:${kekFile}` });
    expect(await run('keys rotate-kek --to file')).toBe(0);
    expect(await run(`keys restore ${file} --check --passphrase-file -`, PASSPHRASE)).toBe(1);
    expect(terminal.err).toContain((await openKekFile(newFile)).id);
  }, SLOWLY);

  it('is not made where the audit cannot be written', async () => {
    const file = join(folder, 'keys.age');
    await withOpened((parts) =>
      parts.database.$executeRaw`ALTER TABLE "AuditEntry" ADD CONSTRAINT "noBackups" CHECK (body NOT LIKE '%keys-backed-up%') NOT VALID`,
    );
    expect(await run(`keys backup --out ${file} --passphrase-file -`, PASSPHRASE)).toBe(1);
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  }, SLOWLY);

  it('from before a rotation brings each key back to its own file: the old one does not become the current one', async () => {
    const file = join(folder, 'keys.age');
    const newFile = join(folder, 'new.key');
    await run(`keys create-kek --provider file --out ${newFile}`);
    process.env.COUNTERSIGN_KEK_ALSO = `file:${newFile}`;
    expect(await run(`keys backup --out ${file} --passphrase-file -`, PASSPHRASE)).toBe(0);
    Object.assign(process.env, { COUNTERSIGN_KEK_FILE: newFile, COUNTERSIGN_KEK_ALSO: `file:${kekFile}` });
    expect(await run('keys rotate-kek --to file')).toBe(0);
    const [old, current] = [(await openKekFile(kekFile)).id, (await openKekFile(newFile)).id];
    for (const path of [kekFile, newFile]) await rm(path);
    expect(await run(`keys restore ${file} --passphrase-file -`, PASSPHRASE)).toBe(0);
    expect([(await openKekFile(kekFile)).id, (await openKekFile(newFile)).id]).toEqual([old, current]);
  }, SLOWLY);

  it('holds the keys under the passphrase alone, and every one that is configured', async () => {
    const file = join(folder, 'keys.age');
    const newFile = join(folder, 'new.key');
    await run(`keys create-kek --provider file --out ${newFile}`);
    process.env.COUNTERSIGN_KEK_ALSO = `file:${newFile}`;
    expect(await run(`keys backup --out ${file} --passphrase-file -`, PASSPHRASE)).toBe(0);
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
    const plain = Buffer.from(await openWithPassphrase(text, PASSPHRASE)).toString();
    const bundle = JSON.parse(plain) as { keks: { file: string }[]; auditKey: string };
    const files = [kekFile, newFile, join(folder, 'audit.key')].map((path) => readFile(path, 'utf8'));
    expect([...bundle.keks.map((kek) => kek.file), bundle.auditKey]).toEqual(await Promise.all(files));
  }, SLOWLY);

  it('is refused with a short passphrase, a file that is there, and no way to ask', async () => {
    const file = join(folder, 'keys.age');
    expect(await run(`keys backup --out ${file} --passphrase-file -`, 'short')).toBe(1);
    expect(terminal.err).toContain('at least 12 characters');
    await writeFile(file, 'mine');
    expect(await run(`keys backup --out ${file} --passphrase-file -`, PASSPHRASE)).toBe(1);
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect(await run(`keys restore ${file} --passphrase-file -`, PASSPHRASE)).toBe(1);
    expect(terminal.err).toContain('this is no backup');
  }, SLOWLY);
});

const withToken = module === null ? describe.skip : describe;
withToken('a rotation into a token', () => {
  let hsm: SoftHsm;
  beforeAll(async () => {
    if (module !== null) hsm = await openSoftHsm(module);
  });
  afterAll(() => (module === null ? undefined : hsm.close()));

  it('leaves no key-encryption key on this machine', async () => {
    const { settings } = hsm;
    Object.assign(process.env, {
      COUNTERSIGN_PKCS11_MODULE: settings.module,
      COUNTERSIGN_PKCS11_TOKEN: settings.tokenLabel,
      COUNTERSIGN_PKCS11_PIN_FILE: settings.pinFile,
    });
    expect(await run('keys create-kek --provider pkcs11 --json')).toBe(0);
    const { id } = JSON.parse(terminal.out) as { id: string };
    Object.assign(process.env, { COUNTERSIGN_KEK: 'pkcs11', COUNTERSIGN_KEK_ALSO: `file:${kekFile}` });
    expect(await run('keys rotate-kek --to pkcs11')).toBe(0);
    expect(terminal.out).toBe(`2 keys moved from ${(await openKekFile(kekFile)).id} to ${id}.\n`);
    delete process.env.COUNTERSIGN_KEK_ALSO;
    await rm(kekFile);
    expect(await openedKey()).toBe(cardKey);
    const file = join(folder, 'keys.age');
    expect(await run(`keys backup --out ${file} --passphrase-file -`, PASSPHRASE)).toBe(0);
    expect(terminal.out).toContain(`${id} (by its name alone`);
    expect(await run(`keys restore ${file} --check --passphrase-file -`, PASSPHRASE)).toBe(0);
    expect(terminal.out).toContain('It opens what is in the database.');
  }, SLOWLY);
});
