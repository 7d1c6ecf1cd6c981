// 3DES-ECB over several blocks, as the derivations that write out a whole key use it.
import { concat, wipe } from '../../lib/bytes.js';
import { BLOCK_BYTES, encryptBlock } from '../cipher.js';

/** Encrypts each block of 8 bytes under a master of 16 or 24. Throws a CardError on other sizes. */
export function encryptTripleDesEcb(master: Uint8Array, blocks: Uint8Array): Uint8Array {
  const size = BLOCK_BYTES['3des'];
  const count = Math.ceil(blocks.length / size);
  const encrypted = Array.from({ length: count }, (_, at) => encryptBlock('3des', master, blocks.subarray(at * size, (at + 1) * size)));
  const key = concat(...encrypted);
  wipe(...encrypted);
  return key;
}
