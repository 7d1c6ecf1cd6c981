// Opens the key-encryption keys of a configuration.
import type { Config } from '../config.js';
import type { KekConfig, KekSource } from '../config-kek.js';
import type { Database } from '../store/database.js';
import { hasVaultKey } from '../store/vault-keys.js';
import { holdKeks, type KekProvider, type Keks } from '../vault/kek.js';
import { createKekFile, openKekFile } from '../vault/kek-file.js';
import { openPkcs11Kek } from '../vault/kek-pkcs11.js';
import type { Pkcs11Settings } from '../vault/kek-pkcs11-token.js';
import { openTransitKek } from '../vault/kek-transit.js';
import { VaultError } from '../vault/vault-error.js';
import { StartProblem } from './problem.js';

/** All of them, or a VaultError of the first that does not open. A missing file is made for an empty database alone. */
export async function openKeks({ kek }: Config, database: Database): Promise<Keks> {
  const current = await openCurrent(kek, database);
  const also: KekProvider[] = [];
  for (const source of kek.also) also.push(await openKek(source, kek));
  return holdKeks(current, ...also);
}

/** Throws VaultError. */
export async function openKek(source: KekSource, { pkcs11, transit }: KekConfig): Promise<KekProvider> {
  if (source.kind === 'file') return await openKekFile(source.path);
  if (source.kind === 'pkcs11') return await openPkcs11Kek(neededPkcs11(pkcs11), source.label);
  // The configuration was checked: a source has the settings of its kind.
  if (transit === null) throw new StartProblem('The transit engine is not configured: set COUNTERSIGN_TRANSIT_URL and COUNTERSIGN_TRANSIT_TOKEN_FILE.');
  return openTransitKek(transit, source.key);
}

export function neededPkcs11(pkcs11: Pkcs11Settings | null): Pkcs11Settings {
  if (pkcs11 !== null) return pkcs11;
  throw new StartProblem('PKCS#11 is not configured: set COUNTERSIGN_PKCS11_MODULE, COUNTERSIGN_PKCS11_TOKEN and COUNTERSIGN_PKCS11_PIN_FILE.');
}

/** A lost key is never silently replaced: a new one is made only where nothing is sealed yet. */
async function openCurrent(kek: KekConfig, database: Database): Promise<KekProvider> {
  const { current } = kek;
  if (current.kind !== 'file') return await openKek(current, kek);
  try {
    return await openKekFile(current.path);
  } catch (error) {
    if (!(error instanceof VaultError) || error.code !== 'kek-missing' || (await hasVaultKey(database))) throw error;
  }
  return await createKekFile(current.path).catch((error: unknown) => {
    // Another process made it a moment ago.
    if (error instanceof VaultError && error.code === 'kek-exists') return openKekFile(current.path);
    throw error;
  });
}
