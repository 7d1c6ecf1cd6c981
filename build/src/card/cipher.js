// The block ciphers of card admin keys: one block, ECB, encryption only, no padding.
import { createCipheriv } from 'node:crypto';
import { ecb } from '@noble/ciphers/aes.js';
import { concat, wipe } from '../lib/bytes.js';
import { CardError } from './card-error.js';
/** Block sizes in bytes: FIPS 46-3 for DES, FIPS 197 for AES. */
export const BLOCK_BYTES = {
    '3des': 8,
    'aes-128': 16,
    'aes-192': 16,
    'aes-256': 16,
};
/** Key sizes in bytes that each cipher takes. Two-key 3DES has 16. */
export const KEY_BYTES = {
    '3des': [24, 16],
    'aes-128': [16],
    'aes-192': [24],
    'aes-256': [32],
};
/**
 * Encrypts exactly one block. DES parity bits are ignored and K1 = K2 = K3 is accepted, as cards do.
 * Throws a CardError ('key-length', 'challenge-length') on other sizes.
 */
export function encryptBlock(cipher, key, block) {
    if (!KEY_BYTES[cipher].includes(key.length)) {
        throw new CardError('key-length', `a key of ${key.length} bytes for ${cipher}`);
    }
    if (block.length !== BLOCK_BYTES[cipher]) {
        throw new CardError('challenge-length', `a block of ${block.length} bytes for ${cipher}`);
    }
    return cipher === '3des' ? encryptTripleDes(key, block) : ecb(key, { disablePadding: true }).encrypt(block);
}
/** A 3DES key as 24 new bytes; 16 bytes become K1 ‖ K2 ‖ K1 (NIST SP 800-67, keying option 2). */
export function expandTripleDesKey(key) {
    return key.length === 16 ? concat(key, key.subarray(0, 8)) : key.slice();
}
function encryptTripleDes(key, block) {
    const expanded = expandTripleDesKey(key);
    try {
        const tripleDes = createCipheriv('des-ede3-ecb', expanded, null).setAutoPadding(false);
        return concat(tripleDes.update(block), tripleDes.final());
    }
    finally {
        wipe(expanded);
    }
}
