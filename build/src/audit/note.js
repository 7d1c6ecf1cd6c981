// Signed notes (https://c2sp.org/signed-note): a text, a blank line, and Ed25519 signatures under it.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { concat, equalBytes, toHex, utf8 } from '../lib/bytes.js';
const ED25519 = Uint8Array.of(1);
const PUBLIC_KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
/** A note is one screen of text; anything longer is not one of ours. */
const MAX_NOTE_CHARS = 65_536;
const SIGNATURE_LINE = /^— (?<name>[^\s+]+) (?<signature>[A-Za-z0-9+/]+={0,2})$/u;
const VERIFIER_KEY = /^(?<name>[^\s+]+)\+(?<id>[0-9a-f]{8})\+(?<key>[A-Za-z0-9+/]+={0,2})$/u;
const FORBIDDEN = /[\u0000-\u0009\u000b-\u001f]/u;
/** The note with one signature. `text` ends with a newline. */
export function signNote(text, signer) {
    const { name, id } = signer.verifier;
    return `${text}\n— ${name} ${toBase64(concat(id, signer.sign(utf8(text))))}\n`;
}
/** The text of a note that this key signed; null for anything else. Signatures of other keys do not matter. */
export function openNote(note, key) {
    if (note.length > MAX_NOTE_CHARS || FORBIDDEN.test(note) || !note.isWellFormed())
        return null;
    const end = note.lastIndexOf('\n\n');
    if (end < 0 || !note.endsWith('\n'))
        return null;
    const text = note.slice(0, end + 1);
    const lines = note.slice(end + 2, -1).split('\n').map(parseSignatureLine);
    const signatures = lines.filter((line) => line !== null);
    if (signatures.length < lines.length)
        return null;
    const own = signatures.filter(({ name, id }) => name === key.name && equalBytes(id, key.id));
    // A signature under a known key that does not verify spoils the whole note (signed-note, "Signatures").
    return own.length > 0 && own.every(({ signature }) => verify(null, utf8(text), key.publicKey, signature)) ? text : null;
}
function parseSignatureLine(line) {
    const { name, signature } = SIGNATURE_LINE.exec(line)?.groups ?? {};
    const bytes = fromBase64(signature ?? '');
    if (name === undefined || bytes === null || bytes.length <= KEY_ID_BYTES)
        return null;
    return { name, id: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES) };
}
/** The key under this name. `publicKey` is 32 bytes (RFC 8032); a RangeError for any other length. */
export function verifierKey(name, publicKey) {
    if (publicKey.length !== PUBLIC_KEY_BYTES)
        throw new RangeError('an Ed25519 public key has 32 bytes');
    const x = Buffer.from(publicKey).toString('base64url');
    return {
        name,
        id: keyId(name, publicKey),
        publicKey: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
    };
}
/** `<name>+<id>+<base64 of 0x01 ‖ public key>`, the text form that note tools exchange. */
export function formatVerifierKey(key) {
    return `${key.name}+${toHex(key.id).toLowerCase()}+${toBase64(concat(ED25519, publicKeyBytes(key.publicKey)))}`;
}
/** The key of its text form (blanks around it do not matter), or null when it is malformed or its id is wrong. */
export function parseVerifierKey(text) {
    const { name, id, key } = VERIFIER_KEY.exec(text.trim())?.groups ?? {};
    const bytes = fromBase64(key ?? '');
    if (name === undefined || bytes?.length !== ED25519.length + PUBLIC_KEY_BYTES)
        return null;
    if (bytes[0] !== ED25519[0])
        return null;
    const parsed = verifierKey(name, bytes.slice(ED25519.length));
    return toHex(parsed.id).toLowerCase() === id ? parsed : null;
}
/** The 32 bytes of an Ed25519 public key. */
export function publicKeyBytes(key) {
    return new Uint8Array(key.export({ type: 'spki', format: 'der' }).subarray(-PUBLIC_KEY_BYTES));
}
function keyId(name, publicKey) {
    const digest = createHash('sha256').update(utf8(`${name}\n`)).update(ED25519).update(publicKey).digest();
    return new Uint8Array(digest.subarray(0, KEY_ID_BYTES));
}
/** Standard base64 (RFC 4648 §4). */
export function toBase64(bytes) {
    return Buffer.from(bytes).toString('base64');
}
/** The bytes of standard base64, or null for any text that is not exactly how they are written. */
export function fromBase64(text) {
    const bytes = new Uint8Array(Buffer.from(text, 'base64'));
    return toBase64(bytes) === text ? bytes : null;
}
