// What lies outside the database and must not be lost, in one file: the key-encryption keys in files, and the audit key.
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config.js';
import type { KekConfig, KekSource } from '../config-kek.js';
import { utf8, wipe } from '../lib/bytes.js';
import { isErrno } from '../lib/errno.js';
import type { Database } from '../store/database.js';
import { countSealed } from '../store/sealed-tables.js';
import { hasVaultKey, openStoredRowMac } from '../store/vault-keys.js';
import { lockWithPassphrase, openWithPassphrase } from '../vault/backup-file.js';
import { holdKeks, type KekProvider } from '../vault/kek.js';
import { kekOfText, openKekFile } from '../vault/kek-file.js';
import { createSecretFile, readSecretFile } from '../vault/secret-file.js';
import { VaultError } from '../vault/vault-error.js';
import { openKek } from './keks.js';
import { StartProblem } from './problem.js';

const FORMAT = 'countersign-keys-v1';
const FOLDER_MODE = 0o700;

const bundleSchema = z.strictObject({
  format: z.literal(FORMAT),
  madeAt: z.iso.datetime(),
  /** The current one first. A key in a token or a key service is named alone: its keeper backs it up. */
  keks: z.array(z.strictObject({ id: z.string(), file: z.string().nullable(), path: z.string().nullable() })),
  auditKey: z.string(),
});

type Bundle = z.output<typeof bundleSchema>;

/** The backup as text, and which KEKs it names. */
export async function backupKeys(config: Config, passphrase: string, at: Date): Promise<{ readonly text: string; readonly keks: readonly string[] }> {
  const keks: Bundle['keks'] = [];
  for (const source of sourcesOf(config.kek)) {
    const { id } = await openKek(source, config.kek);
    keks.push({ id, ...(source.kind === 'file' ? { file: await readText(source.path), path: source.path } : { file: null, path: null }) });
  }
  const bundle: Bundle = { format: FORMAT, madeAt: at.toISOString(), keks, auditKey: await readText(config.auditKeyFile) };
  const plain = utf8(JSON.stringify(bundle));
  try {
    return { text: await lockWithPassphrase(plain, passphrase), keks: keks.map(({ id }) => id) };
  } finally {
    wipe(plain);
  }
}

/** Throws VaultError `backup-locked` or `backup-malformed`. */
export async function openBackup(text: string, passphrase: string): Promise<Bundle> {
  const plain = await openWithPassphrase(text, passphrase);
  try {
    return bundleSchema.parse(JSON.parse(Buffer.from(plain).toString('utf8')));
  } catch {
    // The cause may quote the keys.
    throw new VaultError('backup-malformed', 'the file opens, but holds no keys of Countersign that this version knows');
  } finally {
    wipe(plain);
  }
}

export type Drill =
  /** Every key that something in the database is sealed under is in the backup or in its keeper, and the vault's own key opens. */
  | 'opens'
  /** The database is new: there was nothing to try the keys on. */
  | 'nothing-sealed';

/** Tries the keys of a backup on a database, and changes nothing. Throws VaultError `kek-unknown` or `sealed-damaged`. */
export async function drillBackup(bundle: Bundle, config: Config, database: Database): Promise<Drill> {
  if (!(await hasVaultKey(database))) return 'nothing-sealed';
  const [first, ...rest] = await keksOf(bundle, config);
  if (first === undefined) throw new VaultError('backup-malformed', 'the backup names no key-encryption key');
  const keks = holdKeks(first, ...rest);
  await openStoredRowMac(database, keks);
  const missing = (await countSealed(database)).filter(({ kekId }) => keks.find(kekId) === null);
  const [lost] = missing;
  if (lost === undefined) return 'opens';
  throw new VaultError('kek-unknown', `${lost.keys} ${lost.table.label} are under the key ${lost.kekId}, which is not in this backup: make a new one`);
}

/** Where a restored file stands, and whether it was there before. */
export interface Restored {
  readonly path: string;
  readonly what: string;
  readonly was: 'there' | 'missing';
}

/**
 * Writes what is missing to the configured places, and leaves what is there. Throws a StartProblem, with nothing
 * written, when a configured place holds another key.
 */
export async function restoreKeys(bundle: Bundle, config: Config): Promise<readonly Restored[]> {
  const plan = [...(await planKeks(bundle, config.kek)), await planAuditKey(bundle, config.auditKeyFile)];
  for (const { path, content } of plan.filter(({ was }) => was === 'missing')) {
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    await createSecretFile(path, content);
  }
  return plan.map(({ path, what, was }) => ({ path, what, was }));
}

interface Planned extends Restored {
  readonly content: string;
}

async function planKeks(bundle: Bundle, config: KekConfig): Promise<readonly Planned[]> {
  const places = await Promise.all(sourcesOf(config).flatMap((source) => (source.kind === 'file' ? [lookAt(source.path)] : [])));
  const held = bundle.keks.flatMap(({ id, file, path }) => (file === null ? [] : [{ id, file, path }]));
  const free = places.filter(({ id }) => id === null);
  const lost = held.filter(({ id }) => places.every((place) => place.id !== id));
  return held.map(({ id, file, path }): Planned => {
    const there = places.find((place) => place.id === id);
    if (there !== undefined) return { path: there.path, what: id, was: 'there', content: file };
    // By its name, so that no two keys change places: the current one must not come back as an older one.
    const named = free.find((place) => place.path === path) ?? (lost.length === 1 && free.length === 1 ? free[0] : undefined);
    if (named === undefined) throw new StartProblem(noPlaceSentence(id, path, places));
    return { path: named.path, what: id, was: 'missing', content: file };
  });
}

interface Place {
  readonly path: string;
  /** The KEK in it, or null when there is no file. */
  readonly id: string | null;
}

async function lookAt(path: string): Promise<Place> {
  try {
    return { path, id: (await openKekFile(path)).id };
  } catch (fault) {
    if (fault instanceof VaultError && fault.code === 'kek-missing') return { path, id: null };
    throw fault;
  }
}

function noPlaceSentence(id: string, path: string | null, places: readonly Place[]): string {
  const taken = places.flatMap((place) => (place.id === null ? [] : [`${place.path} holds ${place.id}`]));
  const why = taken.length === 0 ? '' : ` (${taken.join(', ')}, and no key is overwritten)`;
  return `Nothing was restored: no configured file is free for ${id}, which lay in ${path ?? 'no file'}${why}. Name one: COUNTERSIGN_KEK_ALSO=file:/path/of/its/file`;
}

async function planAuditKey({ auditKey }: Bundle, path: string): Promise<Planned> {
  const there = await readFile(path, 'utf8').catch((fault: unknown) => {
    if (isErrno(fault, 'ENOENT')) return null;
    throw new StartProblem(`The audit key file ${path} cannot be read: check who may read it.`, { cause: fault });
  });
  if (there !== null && there.trim() !== auditKey.trim()) {
    throw new StartProblem(`Nothing was restored: ${path} holds another audit key, and no key is overwritten. Move it away first.`);
  }
  return { path, what: 'audit key', was: there === null ? 'missing' : 'there', content: auditKey };
}

async function keksOf(bundle: Bundle, config: Config): Promise<readonly KekProvider[]> {
  const inFiles = bundle.keks.flatMap(({ id, file }) => (file === null ? [] : [kekOfText(file, id)]));
  const keepers = sourcesOf(config.kek).filter(({ kind }) => kind !== 'file');
  return [...inFiles, ...(await Promise.all(keepers.map((source) => openKek(source, config.kek))))];
}

function sourcesOf({ current, also }: KekConfig): readonly KekSource[] {
  return [current, ...also];
}

async function readText(path: string): Promise<string> {
  const bytes = await readSecretFile(path);
  const text = Buffer.from(bytes).toString('utf8');
  wipe(bytes);
  return text;
}
