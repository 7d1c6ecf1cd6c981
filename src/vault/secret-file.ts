// Files that hold a secret: made whole, with no rights for others, and never over another file.
import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VaultError } from './vault-error.js';

const OWNER_ONLY = 0o600;
const OTHERS_MAY = 0o077;
const MAX_BYTES = 65_536;
const HAS_MODES = process.platform !== 'win32';

/**
 * A new file of mode 0600, complete and synced before its name appears.
 * Throws VaultError `kek-exists` when the name is taken, `kek-missing` when its folder is not there, else `kek-unreadable`.
 */
export async function createSecretFile(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    await writeSynced(draft, content);
    // Unlike a rename, a link fails when the name is taken.
    await link(draft, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    throw fileFault(path, cause);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * The bytes of a file (at most 64 KiB); the caller wipes them. Throws VaultError `kek-missing`, `kek-unreadable`,
 * or `kek-permissions` when group or others may do anything with the file (not looked at on Windows).
 */
export async function readSecretFile(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw fileFault(path, cause);
  });
  try {
    await refuseShared(path, file);
    const bytes = Buffer.alloc(MAX_BYTES);
    const { bytesRead } = await file.read(bytes);
    return bytes.subarray(0, bytesRead);
  } catch (cause) {
    throw fileFault(path, cause);
  } finally {
    await file.close();
  }
}

/** The first line of such a file without blanks around it: a PIN, a token, a passphrase. */
export async function readSecretLine(path: string): Promise<string> {
  const bytes = await readSecretFile(path);
  const [line = ''] = Buffer.from(bytes).toString('utf8').split(/\r?\n/);
  bytes.fill(0);
  if (line.trim() === '') throw new VaultError('kek-malformed', `${path} is empty: its first line must hold the secret`);
  return line.trim();
}

async function refuseShared(path: string, file: FileHandle): Promise<void> {
  const { mode } = await file.stat();
  if (!HAS_MODES || (mode & OTHERS_MAY) === 0) return;
  throw new VaultError('kek-permissions', `others than its owner have access to ${path}; run: chmod 600 ${path}`);
}

async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  if (!HAS_MODES) return; // Windows cannot open a folder.
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function fileFault(path: string, cause: unknown): VaultError {
  if (cause instanceof VaultError) return cause;
  const reason = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : cause;
  if (reason === 'ENOENT') return new VaultError('kek-missing', `there is no key file ${path}, or no folder for it`, cause);
  if (reason === 'EEXIST') return new VaultError('kek-exists', `${path} exists, and a key file is never overwritten`, cause);
  return new VaultError('kek-unreadable', `${path} cannot be used as a key file (${String(reason)})`, cause);
}
