// A KEK in a file of its own, apart from the database: whoever has only one of the two has nothing.
import { createHash, randomBytes, randomFillSync } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lengthPrefixed, wipe } from '../lib/bytes.js';
import { BOX_KEY_BYTES, openBox, sealBox } from './box.js';
import { VaultError } from './vault-error.js';
const KEY_LINE = /^countersign-kek-v1 ([A-Za-z0-9_-]{43})$/;
const MAX_FILE_BYTES = 4096;
const ID_HEX_DIGITS = 16;
const OTHERS_MAY = 0o077;
const HAS_MODES = process.platform !== 'win32';
const EXPLANATION = [
    "# Countersign's key-encryption key. Without it nothing sealed in the database can be opened again.",
    '# Keep it apart from the database and from its backups, and keep a copy in a safe place.',
];
/**
 * Makes a new random KEK in a new file of mode 0600, complete and synced before its name appears.
 * Throws VaultError `kek-exists` when the name is taken (a KEK is never overwritten), `kek-missing` when its folder is not there.
 */
export async function createKekFile(path) {
    const key = randomFillSync(new Uint8Array(BOX_KEY_BYTES));
    const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
    try {
        await writeSynced(draft, [...EXPLANATION, `countersign-kek-v1 ${Buffer.from(key).toString('base64url')}`, ''].join('\n'));
        // Unlike a rename, a link fails when the name is taken.
        await link(draft, path);
        await syncFolder(dirname(path));
    }
    catch (cause) {
        throw fileFault(path, cause);
    }
    finally {
        await rm(draft, { force: true });
    }
    return new FileKek(key);
}
/**
 * The KEK of a file. Throws VaultError `kek-missing`, `kek-unreadable`, `kek-malformed`,
 * or `kek-permissions` when group or others may do anything with the file (not looked at on Windows).
 */
export async function openKekFile(path) {
    const bytes = await readPrivateFile(path);
    try {
        return new FileKek(parseKey(path, bytes.toString('utf8')));
    }
    finally {
        wipe(bytes);
    }
}
class FileKek {
    id;
    #key;
    constructor(key) {
        const digest = createHash('sha256').update(lengthPrefixed(['countersign-kek-id-v1', key])).digest('hex');
        this.id = `file:${digest.slice(0, ID_HEX_DIGITS)}`;
        this.#key = key;
    }
    wrap(dataKey, boundTo) {
        return Promise.resolve(sealBox(this.#key, dataKey, this.#associated(boundTo)));
    }
    // Inside the promise, so that bytes that do not open reject, as those of a key service would.
    unwrap(wrapped, boundTo) {
        return new Promise((resolve) => {
            resolve(openBox(this.#key, wrapped, this.#associated(boundTo)));
        });
    }
    #associated(boundTo) {
        return lengthPrefixed(['countersign-wrap-v1', this.id, boundTo]);
    }
}
function parseKey(path, text) {
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    const [keyLine, ...more] = lines.filter((line) => line !== '' && !line.startsWith('#'));
    const encoded = KEY_LINE.exec(keyLine ?? '')?.[1];
    if (encoded === undefined || more.length > 0) {
        throw new VaultError('kek-malformed', `${path} must hold one line "countersign-kek-v1 …" with a key of ${BOX_KEY_BYTES} bytes`);
    }
    return new Uint8Array(Buffer.from(encoded, 'base64url'));
}
async function readPrivateFile(path) {
    const file = await open(path, 'r').catch((cause) => {
        throw fileFault(path, cause);
    });
    try {
        await refuseShared(path, file);
        const bytes = Buffer.alloc(MAX_FILE_BYTES);
        const { bytesRead } = await file.read(bytes);
        return bytes.subarray(0, bytesRead);
    }
    catch (cause) {
        throw fileFault(path, cause);
    }
    finally {
        await file.close();
    }
}
async function refuseShared(path, file) {
    const { mode } = await file.stat();
    if (!HAS_MODES || (mode & OTHERS_MAY) === 0)
        return;
    throw new VaultError('kek-permissions', `others than its owner have access to ${path}; run: chmod 600 ${path}`);
}
async function writeSynced(path, text) {
    const file = await open(path, 'wx', 0o600);
    try {
        await file.writeFile(text);
        await file.sync();
    }
    finally {
        await file.close();
    }
}
async function syncFolder(path) {
    if (!HAS_MODES)
        return; // Windows cannot open a folder.
    const folder = await open(path, 'r');
    try {
        await folder.sync();
    }
    finally {
        await folder.close();
    }
}
function fileFault(path, cause) {
    if (cause instanceof VaultError)
        return cause;
    const reason = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : cause;
    if (reason === 'ENOENT')
        return new VaultError('kek-missing', `there is no key file ${path}, or no folder for it`, cause);
    if (reason === 'EEXIST')
        return new VaultError('kek-exists', `${path} exists, and a key file is never overwritten`, cause);
    return new VaultError('kek-unreadable', `${path} cannot be used as a key file (${String(reason)})`, cause);
}
