// Fills bytes up to a size, on one side.
import { concat } from '../../lib/bytes.js';
import type { Padding } from './scheme.js';

const MARKER = Uint8Array.of(0x80);

/**
 * `bytes` filled up to `size` bytes, or null where they do not fit. `80-00` always adds its byte 80 (ISO/IEC 9797-1,
 * padding method 2), so that it needs one byte of room.
 */
export function padTo(bytes: Uint8Array, size: number, padding: Padding): Uint8Array | null {
  const marked = padding.with === '80-00' ? concat(bytes, MARKER) : bytes;
  if (marked.length > size) return null;
  const filler = new Uint8Array(size - marked.length).fill(padding.with === '80-00' ? 0x00 : Number.parseInt(padding.with, 16));
  return padding.side === 'left' ? concat(filler, marked) : concat(marked, filler);
}
