// Card admin keys as people hand them over, and when two of them are the same key.
import { fromHex } from '../lib/bytes.js';
import { refuse } from '../lib/refusal.js';
/**
 * A key from hex text; blanks and line ends are ignored. A 16-byte 3DES key stays 16 bytes: the cipher expands it.
 * 'key-length' carries `digits` (how many were read) and `expected` ("48 or 32"), and `lost: '1'` where one digit
 * is missing, as when a spreadsheet drops a leading 0. Nothing of the key is ever in a detail.
 */
export function parseKeyHex(text, profile) {
    const digits = text.replace(/[\s\uFEFF]/g, '');
    if (!/^[0-9A-Fa-f]*$/.test(digits))
        return refuse('key-not-hex');
    const sizes = profile.keyBytes.map((bytes) => bytes * 2);
    const key = fromHex(digits);
    if (key !== null && sizes.includes(digits.length))
        return key;
    const found = { digits: String(digits.length), expected: sizes.join(' or ') };
    return refuse('key-length', sizes.includes(digits.length + 1) ? { ...found, lost: '1' } : found);
}
/**
 * A key in the form in which equal keys have equal bytes: bit 0 of each byte (DES parity) is cleared and a trailing
 * K3 = K1 dropped. Two random AES keys never collide by it. The caller wipes it.
 */
export function comparableKey(key) {
    const distinct = repeatsFirstThird(key) ? key.subarray(0, 16) : key;
    return distinct.map((byte) => byte & 0xfe);
}
function repeatsFirstThird(key) {
    return key.length === 24 && key.subarray(16).every((byte, at) => ((byte ^ (key[at] ?? 0)) & 0xfe) === 0);
}
