// NXP AN10922 "Symmetric key diversifications": a CMAC over a constant and M, always over exactly two blocks.
import { concat, wipe } from '../../lib/bytes.js';
import { BLOCK_BYTES, encryptBlock } from '../cipher.js';
import type { Cipher } from '../cipher.js';
import type { An10922Variant } from './scheme.js';

interface Variant {
  readonly cipher: Cipher;
  /** The first byte of each CMAC's input. */
  readonly constants: readonly number[];
}

/** AN10922, section 2. Two-key and three-key TDEA differ in their constants and in the master's size. */
const VARIANTS: Readonly<Record<An10922Variant, Variant>> = {
  'aes-128': { cipher: 'aes-128', constants: [0x01] },
  'aes-192': { cipher: 'aes-192', constants: [0x11, 0x12] },
  'aes-256': { cipher: 'aes-256', constants: [0x41, 0x42] },
  '2tdea': { cipher: '3des', constants: [0x21, 0x22] },
  '3tdea': { cipher: '3des', constants: [0x31, 0x32, 0x33] },
};

/** The derived key, as long as the master. M is 1 to 31 bytes for AES and 1 to 15 for TDEA. */
export function deriveAn10922(variant: An10922Variant, master: Uint8Array, m: Uint8Array): Uint8Array {
  const { cipher, constants } = VARIANTS[variant];
  const macs = constants.map((constant) => twoBlockCmac(cipher, master, concat(Uint8Array.of(constant), m)));
  try {
    const key = variant === 'aes-192' ? joinAes192(macs) : concat(...macs);
    if (cipher === '3des') restoreKeyVersion(key, master);
    return key;
  } finally {
    wipe(...macs);
  }
}

/** A[0..7] ‖ A[8..15] ⊕ B[0..7] ‖ B[8..15] */
function joinAes192(macs: readonly Uint8Array[]): Uint8Array {
  const key = new Uint8Array(24);
  for (const [at, mac] of macs.entries()) xorInto(key.subarray(8 * at), mac);
  return key;
}

const VERSION_BITS = 8;

/** The master's key version is spread over bit 0 of its first eight bytes, and the derived key carries it on. */
function restoreKeyVersion(key: Uint8Array, master: Uint8Array): void {
  for (const [at, byte] of master.subarray(0, VERSION_BITS).entries()) key[at] = ((key[at] ?? 0) & 0xfe) | (byte & 0x01);
}

/** Not RFC 4493: input of one block or less is still padded to two, which gives another result. */
function twoBlockCmac(cipher: Cipher, master: Uint8Array, input: Uint8Array): Uint8Array {
  const size = BLOCK_BYTES[cipher];
  const blocks = concat(input, new Uint8Array(2 * size - input.length));
  const isPadded = input.length < blocks.length;
  if (isPadded) blocks[input.length] = 0x80;
  const last = blocks.subarray(size);
  const subkey = cmacSubkey(cipher, master, isPadded ? 2 : 1);
  const first = encryptBlock(cipher, master, blocks.subarray(0, size));
  xorInto(last, subkey);
  xorInto(last, first);
  const mac = encryptBlock(cipher, master, last);
  wipe(subkey, first, blocks);
  return mac;
}

/** K1 or K2 of NIST SP 800-38B, section 6.1: E(0), doubled once or twice. */
function cmacSubkey(cipher: Cipher, master: Uint8Array, doublings: 1 | 2): Uint8Array {
  const subkey = encryptBlock(cipher, master, new Uint8Array(BLOCK_BYTES[cipher]));
  for (let done = 0; done < doublings; done += 1) double(subkey);
  return subkey;
}

/** R_b of SP 800-38B, section 5.3, by block size in bytes. */
const REDUCTION: Readonly<Record<number, number>> = { 8: 0x1b, 16: 0x87 };

function double(block: Uint8Array): void {
  const carried = (block[0] ?? 0) >> 7;
  for (let at = 0; at < block.length; at += 1) block[at] = ((block[at] ?? 0) << 1) | ((block[at + 1] ?? 0) >> 7);
  const last = block.length - 1;
  block[last] = (block[last] ?? 0) ^ (carried * (REDUCTION[block.length] ?? 0));
}

function xorInto(target: Uint8Array, mask: Uint8Array): void {
  for (const [at, byte] of mask.entries()) target[at] = (target[at] ?? 0) ^ byte;
}
