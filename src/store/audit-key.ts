// The key that signs the audit's checkpoints: a PEM file of its own, and beside it the public half for whoever verifies.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AuditError } from '../audit/audit-error.js';
import { formatVerifierKey, type NoteSigner, publicKeyBytes, verifierKey } from '../audit/note.js';
import { newToken } from '../lib/ids.js';
import { isErrno } from '../lib/errno.js';

const ORIGIN_PREFIX = 'countersign/';
const ORIGIN_HEX_DIGITS = 16;
const PRIVATE_MODE = 0o600;
const PUBLIC_MODE = 0o644;
const FOLDER_MODE = 0o700;

export interface AuditKey extends NoteSigner {
  /** The name of the log, which every checkpoint begins with. It follows from the public key. */
  readonly origin: string;
  /** The public half in the text form that note tools exchange, see `formatVerifierKey`. */
  readonly publicText: string;
}

/** Where the public half of the key at `path` lies. */
export function publicKeyFile(path: string): string {
  return `${path}.pub`;
}

/**
 * Opens the Ed25519 key (PEM, PKCS #8) at `path`, and makes one with mode 0600 where there is none and that is allowed.
 * Writes the public half beside it when it is missing. Throws an AuditError `key-missing`, `key-unusable`, or
 * `public-key-differs` when the public half beside it belongs to another key.
 */
export async function openAuditKey(path: string, options: { createIfMissing: boolean }): Promise<AuditKey> {
  let pem = await readIfThere(path);
  if (pem === null && options.createIfMissing) {
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    await writeOnce(path, newPrivateKey(), PRIVATE_MODE);
    pem = await readIfThere(path);
  }
  if (pem === null) throw new AuditError('key-missing', `There is no audit key at ${path}: bring it back from a backup.`);
  const key = toAuditKey(parsePrivateKey(pem, path));
  await keepPublicKey(publicKeyFile(path), key.publicText);
  return key;
}

function newPrivateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function parsePrivateKey(pem: string, path: string): KeyObject {
  const message = `The file ${path} is not an Ed25519 key in PEM: bring the audit key back from a backup.`;
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // The cause may quote the file, so it is not passed on.
  }
  throw new AuditError('key-unusable', message);
}

function toAuditKey(privateKey: KeyObject): AuditKey {
  const publicKey = publicKeyBytes(createPublicKey(privateKey));
  const origin = ORIGIN_PREFIX + createHash('sha256').update(publicKey).digest('hex').slice(0, ORIGIN_HEX_DIGITS);
  const verifier = verifierKey(origin, publicKey);
  return {
    origin,
    verifier,
    publicText: formatVerifierKey(verifier),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

async function keepPublicKey(path: string, text: string): Promise<void> {
  const kept = await readIfThere(path);
  if (kept === null) await writeOnce(path, `${text}\n`, PUBLIC_MODE);
  else if (kept.trim() !== text) {
    const message = `The public key at ${path} belongs to another audit key: find out which one is right.`;
    throw new AuditError('public-key-differs', message);
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (isErrno(cause, 'ENOENT')) return null;
    throw new AuditError('key-unusable', `The audit key file ${path} cannot be read: check who may read it.`, cause);
  }
}

/** The whole file or none, and never over another process's: whoever comes second leaves the first one's in place. */
async function writeOnce(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${newToken(64)}`;
  try {
    const file = await open(draft, 'wx', mode);
    await file.writeFile(text).then(() => file.sync()).finally(() => file.close());
    await link(draft, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    if (!isErrno(cause, 'EEXIST')) throw new AuditError('key-unusable', `The audit key file ${path} cannot be written.`, cause);
  } finally {
    await rm(draft, { force: true });
  }
}

/** So that the new name outlives a power cut. Windows cannot open a folder. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
