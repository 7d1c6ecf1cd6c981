// Bytes to text and back, and the few operations on bytes that several folders need.
import { timingSafeEqual } from 'node:crypto';

/** Upper-case hex, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

/** Bytes of an even number of hex digits (either case), or null for anything else. */
export function fromHex(hex: string): Uint8Array | null {
  if (hex.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(hex)) return null;
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const LENGTH_BYTES = 4;

/** Each part behind its length (4 bytes, big-endian), so that no two lists of parts give the same bytes. */
export function lengthPrefixed(parts: readonly (string | Uint8Array)[]): Uint8Array {
  // Written where they belong at once: a step makes some ten HMACs of ten parts each.
  const whole = Buffer.alloc(parts.reduce((sum, part) => sum + LENGTH_BYTES + Buffer.byteLength(part), 0));
  let end = 0;
  for (const part of parts) {
    const start = end + LENGTH_BYTES;
    end = start + (typeof part === 'string' ? whole.write(part, start) : copyInto(whole, part, start));
    whole.writeUInt32BE(end - start, start - LENGTH_BYTES);
  }
  return whole;
}

function copyInto(whole: Buffer, bytes: Uint8Array, start: number): number {
  whole.set(bytes, start);
  return bytes.length;
}

/** Compares in time that depends on the lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Overwrites a secret. JavaScript may have copied it before; this only shortens its life. */
export function wipe(...secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}

/** Groups of `size` characters with blanks between, as Windows shows a challenge. */
export function inGroups(text: string, size = 4): string {
  return text.match(new RegExp(`.{1,${size}}`, 'gu'))?.join(' ') ?? '';
}
