// The block ciphers of card admin keys: encryption only, no padding, one block or several chained ones.
import { createCipheriv } from 'node:crypto';
import { ecb } from '@noble/ciphers/aes.js';
import { concat, wipe } from '../lib/bytes.js';
import { CardError } from './card-error.js';

export type Cipher = '3des' | 'aes-128' | 'aes-192' | 'aes-256';

/** Block sizes in bytes: FIPS 46-3 for DES, FIPS 197 for AES. */
export const BLOCK_BYTES: Readonly<Record<Cipher, number>> = {
  '3des': 8,
  'aes-128': 16,
  'aes-192': 16,
  'aes-256': 16,
};

/** Key sizes in bytes that each cipher takes. Two-key 3DES has 16. */
export const KEY_BYTES: Readonly<Record<Cipher, readonly number[]>> = {
  '3des': [24, 16],
  'aes-128': [16],
  'aes-192': [24],
  'aes-256': [32],
};

/**
 * Encrypts exactly one block. DES parity bits are ignored and K1 = K2 = K3 is accepted, as cards do.
 * Throws a CardError ('key-length', 'challenge-length') on other sizes.
 */
export function encryptBlock(cipher: Cipher, key: Uint8Array, block: Uint8Array): Uint8Array {
  if (!KEY_BYTES[cipher].includes(key.length)) {
    throw new CardError('key-length', `a key of ${key.length} bytes for ${cipher}`);
  }
  if (block.length !== BLOCK_BYTES[cipher]) {
    throw new CardError('challenge-length', `a block of ${block.length} bytes for ${cipher}`);
  }
  return cipher === '3des' ? encryptTripleDes(key, block) : ecb(key, { disablePadding: true }).encrypt(block);
}

/**
 * Encrypts one or more whole blocks in CBC mode with an IV of zeros (NIST SP 800-38A, 6.2), as the Windows minidriver
 * specification has it. One block gives the same bytes as `encryptBlock`. Throws as that does.
 */
export function encryptChained(cipher: Cipher, key: Uint8Array, blocks: Uint8Array): Uint8Array {
  const size = BLOCK_BYTES[cipher];
  if (blocks.length === 0 || blocks.length % size !== 0) {
    throw new CardError('challenge-length', `${blocks.length} bytes are no whole blocks for ${cipher}`);
  }
  const encrypted: Uint8Array[] = [];
  let previous: Uint8Array = new Uint8Array(size);
  for (let at = 0; at < blocks.length; at += size) {
    previous = encryptBlock(cipher, key, xor(blocks.subarray(at, at + size), previous));
    encrypted.push(previous);
  }
  return concat(...encrypted);
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, at) => byte ^ (b[at] ?? 0));
}

/** A 3DES key as 24 new bytes; 16 bytes become K1 ‖ K2 ‖ K1 (NIST SP 800-67, keying option 2). */
export function expandTripleDesKey(key: Uint8Array): Uint8Array {
  return key.length === 16 ? concat(key, key.subarray(0, 8)) : key.slice();
}

function encryptTripleDes(key: Uint8Array, block: Uint8Array): Uint8Array {
  const expanded = expandTripleDesKey(key);
  try {
    const tripleDes = createCipheriv('des-ede3-ecb', expanded, null).setAutoPadding(false);
    return concat(tripleDes.update(block), tripleDes.final());
  } finally {
    wipe(expanded);
  }
}
