// The blocks of a 3DES-ECB template: the serial written two or three times, each time in its own way.
import { concat, equalBytes } from '../../lib/bytes.js';
import { isRefused, refuse } from '../../lib/refusal.js';
import type { Refused } from '../../lib/refusal.js';
import { BLOCK_BYTES } from '../cipher.js';
import { padTo } from './padding.js';
import { roomIn } from './scheme.js';
import type { TemplateBlock } from './scheme.js';
import { surround } from './serial.js';

export type TemplateRefusal = 'serial-too-long' | 'serial-too-short';

/** The blocks one after the other. A refusal carries `block` (the first is 1), `bytes` and `most` or `least`. */
export function templateBlocks(blocks: readonly TemplateBlock[], serial: Uint8Array): Uint8Array | Refused<TemplateRefusal> {
  const filled: Uint8Array[] = [];
  for (const [at, block] of blocks.entries()) {
    const bytes = fillBlock(block, serial);
    if (isRefused(bytes)) return refuse(bytes.refused, { ...bytes.detail, block: String(at + 1) });
    filled.push(bytes);
  }
  return concat(...filled);
}

/** In this order: reversed, padded to the room between the block's constants, surrounded by them, XORed. */
function fillBlock(block: TemplateBlock, serial: Uint8Array): Uint8Array | Refused<TemplateRefusal> {
  const room = roomIn(block);
  const found = { bytes: String(serial.length) };
  if (block.pad === undefined && serial.length < room) return refuse('serial-too-short', { ...found, least: String(room) });
  const turned = block.reversed ? serial.toReversed() : serial;
  const padded = padTo(turned, room, block.pad ?? { side: 'left', with: '00' });
  if (padded === null) return refuse('serial-too-long', { ...found, most: String(room) });
  const mask = Number.parseInt(block.xor, 16);
  return surround(padded, block).map((byte) => byte ^ mask);
}

/** Whether two cipher blocks that follow one another are equal, so that ECB gives K1 = K2 or K2 = K3: single DES. */
export function repeatsBlock(blocks: Uint8Array): boolean {
  const size = BLOCK_BYTES['3des'];
  for (let at = size; at < blocks.length; at += size) {
    if (equalBytes(blocks.subarray(at - size, at), blocks.subarray(at, at + size))) return true;
  }
  return false;
}
