// A KEK in a file of its own, apart from the database: whoever has only one of the two has nothing.
import { createHash, randomFillSync } from 'node:crypto';
import { lengthPrefixed, wipe } from '../lib/bytes.js';
import { BOX_KEY_BYTES, openBox, sealBox } from './box.js';
import { type KekProvider, wrapAssociated } from './kek.js';
import { createSecretFile, readSecretFile } from './secret-file.js';
import { VaultError } from './vault-error.js';

const KEY_LINE = /^countersign-kek-v1 ([A-Za-z0-9_-]{43})$/;
const ID_HEX_DIGITS = 16;

const EXPLANATION = [
  "# Countersign's key-encryption key. Without it nothing sealed in the database can be opened again.",
  '# Keep it apart from the database and from its backups, and keep a copy in a safe place.',
];

/**
 * Makes a new random KEK in a new file of mode 0600, complete and synced before its name appears.
 * Throws VaultError `kek-exists` when the name is taken (a KEK is never overwritten), `kek-missing` when its folder is not there.
 */
export async function createKekFile(path: string): Promise<KekProvider> {
  const key = randomFillSync(new Uint8Array(BOX_KEY_BYTES));
  const keyLine = `countersign-kek-v1 ${Buffer.from(key).toString('base64url')}`;
  await createSecretFile(path, [...EXPLANATION, keyLine, ''].join('\n'));
  return new FileKek(key);
}

/**
 * The KEK of a file. Throws VaultError `kek-missing`, `kek-unreadable`, `kek-malformed`,
 * or `kek-permissions` when group or others may do anything with the file (not looked at on Windows).
 */
export async function openKekFile(path: string): Promise<KekProvider> {
  const bytes = await readSecretFile(path);
  try {
    return kekOfText(Buffer.from(bytes).toString('utf8'), path);
  } finally {
    wipe(bytes);
  }
}

/** The KEK of a key file's text, which came from `place`. Throws VaultError `kek-malformed`. */
export function kekOfText(text: string, place: string): KekProvider {
  return new FileKek(parseKey(place, text));
}

class FileKek implements KekProvider {
  readonly id: string;
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    const digest = createHash('sha256').update(lengthPrefixed(['countersign-kek-id-v1', key])).digest('hex');
    this.id = `file:${digest.slice(0, ID_HEX_DIGITS)}`;
    this.#key = key;
  }

  wrap(dataKey: Uint8Array, boundTo: Uint8Array): Promise<Uint8Array> {
    return Promise.resolve(sealBox(this.#key, dataKey, wrapAssociated(this.id, boundTo)));
  }

  // Inside the promise, so that bytes that do not open reject, as those of a key service would.
  unwrap(wrapped: Uint8Array, boundTo: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve) => {
      resolve(openBox(this.#key, wrapped, wrapAssociated(this.id, boundTo)));
    });
  }
}

function parseKey(path: string, text: string): Uint8Array {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const [keyLine, ...more] = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const encoded = KEY_LINE.exec(keyLine ?? '')?.[1];
  if (encoded === undefined || more.length > 0) {
    throw new VaultError('kek-malformed', `${path} must hold one line "countersign-kek-v1 …" with a key of ${BOX_KEY_BYTES} bytes`);
  }
  return new Uint8Array(Buffer.from(encoded, 'base64url'));
}
