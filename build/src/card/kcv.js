// Key check values: three bytes that tell a mistyped admin key at import, without a card.
import { toHex } from '../lib/bytes.js';
import { BLOCK_BYTES, encryptBlock } from './cipher.js';
const KCV_HEX_DIGITS = 6;
/**
 * The check values of a key, upper-case hex of 3 bytes. 3DES has one, over a block of 00 (Windows' tpmvscmgr.h,
 * GlobalPlatform). AES has two in use: over 00 first, then over 01 (GlobalPlatform).
 * Throws a CardError ('key-length') on a wrong size.
 */
export function kcvs(cipher, key) {
    const fillings = cipher === '3des' ? [0x00] : [0x00, 0x01];
    return fillings.map((filling) => kcvOver(cipher, key, filling));
}
/** The one check value that we store and list: over a block of 00. Throws as `kcvs` does. */
export function keyCheckValue(cipher, key) {
    return kcvOver(cipher, key, 0x00);
}
/** Whether a check value from a vendor's list (hex, either case, blanks ignored) belongs to the key. */
export function kcvMatches(cipher, key, typed) {
    return kcvs(cipher, key).includes(typed.replace(/\s/g, '').toUpperCase());
}
function kcvOver(cipher, key, filling) {
    const block = new Uint8Array(BLOCK_BYTES[cipher]).fill(filling);
    return toHex(encryptBlock(cipher, key, block)).slice(0, KCV_HEX_DIGITS);
}
