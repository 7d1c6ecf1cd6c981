// A card's serial as people write it, to the bytes that a derivation scheme asks for.
import { concat, fromHex, utf8 } from '../../lib/bytes.js';
import { isRefused, refuse } from '../../lib/refusal.js';
import type { Refused } from '../../lib/refusal.js';
import { padTo } from './padding.js';
import { LONGEST_DIVERSIFIER_BYTES } from './scheme.js';
import type { SerialEncoding } from './scheme.js';

export type SerialRefusal =
  | 'serial-empty'
  | 'serial-not-hex'
  | 'serial-not-decimal'
  | 'serial-not-ascii'
  | 'serial-not-guid'
  | 'serial-odd-digits'
  | 'serial-too-long';

type Read = Uint8Array | Refused<SerialRefusal>;

/**
 * Reads, reverses, pads and surrounds the serial as the scheme says; blanks around it are ignored. 'serial-too-long'
 * carries `most`, in bytes. A serial is never cut: two cards could get the same key.
 */
export function encodeSerial(encoding: SerialEncoding, text: string): Read {
  const serial = text.trim();
  if (serial === '') return refuse('serial-empty');
  if (serial.length > 2 * LONGEST_DIVERSIFIER_BYTES) return tooLong(LONGEST_DIVERSIFIER_BYTES);
  const bytes = readSerial(encoding, serial);
  return isRefused(bytes) || encoding.encoding === 'raw' ? bytes : shapeSerial(encoding, bytes);
}

function readSerial(encoding: SerialEncoding, serial: string): Read {
  switch (encoding.encoding) {
    case 'hex':
      return readHex(serial.replace(/^0x/i, '').replace(/[\s:.-]/g, ''));
    case 'raw':
      return readHex(serial);
    case 'decimal':
      return readDecimal(serial, encoding.bytes);
    case 'bcd':
      return readBcd(serial, encoding.oddDigit);
    case 'ascii':
      return /^[\x20-\x7E]+$/.test(serial) ? utf8(serial) : refuse('serial-not-ascii');
    case 'guid':
      return readGuid(serial, encoding.order);
  }
}

function readHex(digits: string): Read {
  if (!/^[0-9A-Fa-f]+$/.test(digits)) return refuse('serial-not-hex');
  return fromHex(digits) ?? refuse('serial-odd-digits');
}

/** The number, big-endian. */
function readDecimal(digits: string, size: number): Read {
  if (!/^[0-9]+$/.test(digits)) return refuse('serial-not-decimal');
  const number = BigInt(digits);
  if (number >= 1n << BigInt(8 * size)) return tooLong(size);
  return readHex(number.toString(16).padStart(2 * size, '0'));
}

/** Two decimal digits a byte. */
function readBcd(digits: string, oddDigit: 'refuse' | 'left-0' | 'right-F'): Read {
  if (!/^[0-9]+$/.test(digits)) return refuse('serial-not-decimal');
  if (digits.length % 2 === 0 || oddDigit === 'refuse') return readHex(digits);
  return readHex(oddDigit === 'left-0' ? `0${digits}` : `${digits}F`);
}

const GUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;

/** Microsoft keeps the first three groups of a GUID in little-endian byte order (the GUID structure of guiddef.h). */
function readGuid(text: string, order: 'as-written' | 'microsoft'): Read {
  const groups = GUID.exec(text.replace(/^\{(.*)\}$/, '$1'))?.slice(1).map((group) => new Uint8Array(Buffer.from(group, 'hex')));
  if (groups === undefined) return refuse('serial-not-guid');
  return concat(...groups.map((group, at) => (order === 'microsoft' && at < 3 ? group.reverse() : group)));
}

function shapeSerial(encoding: Exclude<SerialEncoding, { encoding: 'raw' }>, bytes: Uint8Array): Read {
  const turned = encoding.reversed ? bytes.toReversed() : bytes;
  const { pad } = encoding;
  const padded = pad === undefined ? turned : padTo(turned, pad.bytes, pad);
  return padded === null ? tooLong(pad?.bytes ?? 0) : surround(padded, encoding);
}

/** The bytes between two constants of a scheme, which are hex. */
export function surround(bytes: Uint8Array, { before, after }: { readonly before: string; readonly after: string }): Uint8Array {
  return concat(Buffer.from(before, 'hex'), bytes, Buffer.from(after, 'hex'));
}

function tooLong(most: number): Refused<SerialRefusal> {
  return refuse('serial-too-long', { most: String(most) });
}
