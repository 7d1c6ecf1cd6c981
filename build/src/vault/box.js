// Authenticated encryption of a few bytes: XChaCha20-Poly1305 with a random nonce in front.
import { randomFillSync } from 'node:crypto';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concat } from '../lib/bytes.js';
import { VaultError } from './vault-error.js';
export const BOX_KEY_BYTES = 32;
// Long enough to be drawn at random for ever (draft-irtf-cfrg-xchacha-03, section 2).
const NONCE_BYTES = 24;
/** nonce (24 bytes) ‖ ciphertext ‖ tag (16 bytes), under a 32-byte key. */
export function sealBox(key, plain, associated) {
    const nonce = randomFillSync(new Uint8Array(NONCE_BYTES));
    return concat(nonce, xchacha20poly1305(key, nonce, associated).encrypt(plain));
}
/** The plain bytes, or VaultError `sealed-damaged` when key, box or associated bytes are not those of `sealBox`. */
export function openBox(key, box, associated) {
    try {
        const nonce = box.subarray(0, NONCE_BYTES);
        return xchacha20poly1305(key, nonce, associated).decrypt(box.subarray(NONCE_BYTES));
    }
    catch (cause) {
        throw new VaultError('sealed-damaged', 'sealed bytes do not open: they, or what they are bound to, were changed', cause);
    }
}
