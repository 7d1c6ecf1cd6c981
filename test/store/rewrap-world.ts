// A database with sealed secrets of every kind under one KEK, and a second KEK to bring them to.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../../src/lib/ids.js';
import { type Database, openDatabase, toColumn } from '../../src/store/database.js';
import { rewrapAll, type RewrapOutcome, type Rewrapping } from '../../src/store/rewrap.js';
import { countSealed } from '../../src/store/sealed-tables.js';
import { openStoredRowMac } from '../../src/store/vault-keys.js';
import { holdKeks, type KekProvider, type Keks } from '../../src/vault/kek.js';
import { createKekFile } from '../../src/vault/kek-file.js';
import { KeyVault } from '../../src/vault/key-vault.js';
import type { RowMac } from '../../src/vault/row-mac.js';
import { freshDatabase } from '../support/database.js';

export interface RewrapWorld {
  readonly url: string;
  readonly database: Database;
  readonly rowMac: RowMac;
  readonly old: KekProvider;
  readonly next: KekProvider;
  readonly oldFile: string;
  readonly nextFile: string;
  /** The next one is current, the old one opens. */
  readonly keks: Keks;
  /** Each secret as it was sealed: by card, person or master key. */
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  rotate(options?: Partial<Rewrapping>): Promise<RewrapOutcome>;
  /** How many data keys are under each KEK. */
  under(): Promise<Record<string, number>>;
  /** The rows whose secret does not open as it was sealed, with these KEKs. */
  closed(keks: Keks): Promise<readonly string[]>;
  close(): Promise<void>;
}

export const AUTHENTICATORS = 3;
/** One vault key, one master key, the tokens of one Slack workspace, and the authenticators. */
export const OTHER_KEYS = 3 + AUTHENTICATORS;

export async function openRewrapWorld(cards: number): Promise<RewrapWorld> {
  const fresh = await freshDatabase();
  const { url } = fresh;
  const folder = await mkdtemp(join(tmpdir(), 'countersign-rewrap-'));
  const [oldFile, nextFile] = [join(folder, 'old.key'), join(folder, 'next.key')];
  const [old, next] = [await createKekFile(oldFile), await createKekFile(nextFile)];
  const database = openDatabase(url);
  const rowMac = await openStoredRowMac(database, holdKeks(old));
  const vault = new KeyVault(holdKeks(old));
  const secrets = new Map<string, Uint8Array>();
  await addPeople(database, vault, secrets);
  await addMasterKey(database, vault, secrets);
  await addSlack(database, vault, secrets);
  await addCards({ database, vault, secrets }, cards);
  const keks = holdKeks(next, old);
  return {
    url,
    database,
    rowMac,
    old,
    next,
    oldFile,
    nextFile,
    keks,
    secrets,
    rotate: (options = {}) => rewrapAll({ database, keks, rowMac, clock: () => new Date(0), width: 4, progress: () => undefined, ...options }),
    under: async () => {
      const totals: Record<string, number> = {};
      for (const { kekId, keys } of await countSealed(database)) totals[kekId] = (totals[kekId] ?? 0) + keys;
      return totals;
    },
    closed: (held) => findClosed(database, new KeyVault(held), secrets),
    async close() {
      await database.$disconnect();
      await fresh.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Filling {
  readonly database: Database;
  readonly vault: KeyVault;
  readonly secrets: Map<string, Uint8Array>;
}

/** So many cards with a key of their own, and one without any. */
export async function addCards({ database, vault, secrets }: Filling, count: number): Promise<void> {
  const made = Array.from({ length: count }, () => ({ id: newId(), key: new Uint8Array(randomBytes(24)) }));
  const rows = await Promise.all(
    made.map(async ({ id, key }) => {
      secrets.set(id, key);
      const content = { ...cardContent(id), keyDigest: toColumn(randomBytes(32)) };
      return { ...content, ...columns(await vault.sealCardKey({ ...content, cardId: id }, key), 'sealedKey') };
    }),
  );
  await database.card.createMany({ data: [...rows, cardContent(newId())] });
}

function cardContent(id: string) {
  const mac = toColumn(randomBytes(32));
  return { id, serial: `S-${id}`, label: 'A card', profile: 'gids', unlock: 'cryptogram', state: 'active', keyVersion: 1, kcv: '', mac };
}

async function addPeople(database: Database, vault: KeyVault, secrets: Map<string, Uint8Array>): Promise<void> {
  for (let place = 0; place < AUTHENTICATORS; place += 1) {
    const [personId, authenticatorId, algorithm] = [`person-${place}`, newId(), 'totp-sha1-6-30'];
    await database.person.create({ data: { id: personId, name: 'Somebody', email: `${personId}@example.com`, mac: toColumn(randomBytes(32)) } });
    const seed = new Uint8Array(randomBytes(20));
    secrets.set(authenticatorId, seed);
    const sealed = columns(await vault.sealSeed({ authenticatorId, personId, algorithm }, seed), 'sealedSeed');
    const rest = { state: 'active', createdAt: new Date(0), mac: toColumn(randomBytes(32)) };
    await database.authenticator.create({ data: { id: authenticatorId, personId, algorithm, ...sealed, ...rest } });
  }
}

async function addMasterKey(database: Database, vault: KeyVault, secrets: Map<string, Uint8Array>): Promise<void> {
  const facts = { name: 'site', version: 2, scheme: '{"method":"an10922"}' };
  const [id, key] = [newId(), new Uint8Array(randomBytes(16))];
  secrets.set(id, key);
  const sealed = columns(await vault.sealMasterKey({ masterKeyId: id, ...facts }, key), 'sealedKey');
  await database.masterKey.create({ data: { id, ...facts, ...sealed, kcv: '', createdAt: new Date(0), mac: toColumn(randomBytes(32)) } });
}

async function addSlack(database: Database, vault: KeyVault, secrets: Map<string, Uint8Array>): Promise<void> {
  const [id, tenant, tokens] = [newId(), 'T1', new Uint8Array(randomBytes(60))];
  secrets.set(id, tokens);
  const sealed = columns(await vault.sealSlackTokens({ installationId: id, tenant }, tokens), 'sealedTokens');
  const rest = { orgWide: false, appId: 'A1', botId: 'B1', botUserId: 'U1', installedBy: 'U2', installedAt: new Date(0) };
  await database.slackInstallation.create({ data: { id, tenant, ...rest, ...sealed, mac: toColumn(randomBytes(32)) } });
}

function columns<Name extends string>(
  { kekId, wrappedKey, sealed }: { readonly kekId: string; readonly wrappedKey: Uint8Array; readonly sealed: Uint8Array },
  name: Name,
) {
  return { kekId, wrappedKey: toColumn(wrappedKey), [name]: toColumn(sealed) } as {
    kekId: string;
    wrappedKey: Uint8Array<ArrayBuffer>;
  } & Record<Name, Uint8Array<ArrayBuffer>>;
}

async function findClosed(database: Database, vault: KeyVault, secrets: ReadonlyMap<string, Uint8Array>): Promise<readonly string[]> {
  const closed: string[] = [];
  const tryRow = async (id: string, open: (use: (secret: Uint8Array) => boolean) => Promise<boolean>): Promise<void> => {
    const same = await open((secret) => Buffer.from(secret).equals(secrets.get(id) ?? Buffer.alloc(0))).catch(() => false);
    if (!same) closed.push(id);
  };
  for (const { id, kekId, wrappedKey, sealedKey, ...facts } of await database.card.findMany({ where: { kekId: { not: null } } })) {
    if (kekId === null || wrappedKey === null || sealedKey === null) continue;
    await tryRow(id, (use) => vault.withCardKey({ ...facts, cardId: id, sealed: { kekId, wrappedKey, sealed: sealedKey } }, use));
  }
  for (const { id, kekId, wrappedKey, sealedSeed, ...facts } of await database.authenticator.findMany()) {
    await tryRow(id, (use) => vault.withSeed({ ...facts, authenticatorId: id, sealed: { kekId, wrappedKey, sealed: sealedSeed } }, use));
  }
  for (const { id, kekId, wrappedKey, sealedKey, ...facts } of await database.masterKey.findMany()) {
    await tryRow(id, (use) => vault.withMasterKey({ ...facts, masterKeyId: id, sealed: { kekId, wrappedKey, sealed: sealedKey } }, use));
  }
  for (const { id, kekId, wrappedKey, sealedTokens, tenant } of await database.slackInstallation.findMany()) {
    await tryRow(id, (use) => vault.withSlackTokens({ installationId: id, tenant, sealed: { kekId, wrappedKey, sealed: sealedTokens } }, use));
  }
  return closed;
}
