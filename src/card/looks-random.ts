// Tells a card's challenge from a block that somebody chose, so that the bot is not a free encryption oracle.
import { equalBytes, toHex } from '../lib/bytes.js';

const SMALLEST_BLOCK_BYTES = 8;

/**
 * A pattern counts only where it leaves a challenge at least so many bits less to choose: a card's own shows it at most
 * once in 2^38.
 */
const LEAST_BITS_SAVED = 38;

/**
 * False for what people choose and cards do not: fewer than 8 bytes; counting by byte, word, hex or decimal digit;
 * a repeated or mirrored part; at most two different digits; all but a quarter of the bytes equal. Of the 2^64
 * challenges of 8 bytes fewer than 2^30 look like this (most of them with six equal bytes), so a card's own is refused
 * less than once in 2^34; of longer ones still fewer.
 * `blockBytes`: where several blocks are chained, each must look random: the first is encrypted just as it is.
 */
export function looksRandom(challenge: Uint8Array, blockBytes = challenge.length): boolean {
  if (challenge.length < SMALLEST_BLOCK_BYTES || !oneLooksRandom(challenge)) return false;
  const starts = Array.from({ length: Math.ceil(challenge.length / blockBytes) }, (_, at) => at * blockBytes);
  return starts.every((at) => oneLooksRandom(challenge.subarray(at, at + blockBytes)));
}

function oneLooksRandom(challenge: Uint8Array): boolean {
  const digits = toHex(challenge);
  return !(
    new Set(digits).size <= MOST_DIGITS_OF_A_PATTERN ||
    mostlyOneByte(challenge) ||
    countsByWord(challenge) ||
    countsByDigit(digits) ||
    countsInDecimal(digits) ||
    repeats(challenge) ||
    hasEqualHalves(challenge, digits)
  );
}

const MOST_DIGITS_OF_A_PATTERN = 2;

function mostlyOneByte(bytes: Uint8Array): boolean {
  const counts = new Map<number, number>();
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  return Math.max(...counts.values()) * 4 >= bytes.length * 3;
}

const WORD_BYTES: readonly number[] = [1, 2, 4, 8];

/** How many bits the choice among `isPlainStep` takes, rounded up. */
const PLAIN_STEP_BITS = 10;

/** Words of 1 to 8 bytes (big-endian) one step apart: by any step where that is rare enough, or by a plain one. */
function countsByWord(bytes: Uint8Array): boolean {
  return WORD_BYTES.some((size) => {
    if (bytes.length % size !== 0 || bytes.length === size) return false;
    const step = constantStep(bytes, size);
    if (step === null) return false;
    return isRare(size * 16, bytes) || (isRare(size * 8 + PLAIN_STEP_BITS, bytes) && isPlainStep(step, size));
  });
}

function constantStep(bytes: Uint8Array, size: number): bigint | null {
  const words = Array.from({ length: bytes.length / size }, (_, at) => wordAt(bytes, at * size, size));
  const steps = words.slice(1).map((word, at) => BigInt.asUintN(size * 8, word - (words[at] ?? 0n)));
  const [step] = steps;
  return step !== undefined && steps.every((one) => one === step) ? step : null;
}

function wordAt(bytes: Uint8Array, at: number, size: number): bigint {
  return BigInt(`0x${toHex(bytes.subarray(at, at + size))}`);
}

/** At most 256 up or down, or one byte repeated: 1111 2222 3333 4444 counts by 1111. */
function isPlainStep(step: bigint, size: number): boolean {
  const signed = BigInt.asIntN(size * 8, step);
  if (signed >= -256n && signed <= 256n) return true;
  return step % BigInt(`0x${'01'.repeat(size)}`) === 0n;
}

/** Hex digits in an order that people count in, also from the keyboard, where 0 stands behind 9. */
const DIGIT_ORDERS: readonly string[] = ['0123456789ABCDEF', '1234567890ABCDEF', '0123456789', 'ABCDEF'];

/** 0123 4567 89AB CDEF, FEDC…, 1234 5678 9012 3456; also with each digit doubled. */
function countsByDigit(digits: string): boolean {
  const single = /^(?:(.)\1)+$/.test(digits) ? digits.replace(/(.)./g, '$1') : digits;
  return DIGIT_ORDERS.some((order) => isEven(Array.from(single, (digit) => order.indexOf(digit)), order.length));
}

/** Bytes that count in decimal: 08 09 10 11. */
function countsInDecimal(digits: string): boolean {
  return /^[0-9]+$/.test(digits) && isEven((digits.match(/../g) ?? []).map(Number), 100);
}

/** Whether all are there (none is -1) and one step apart. */
function isEven(places: readonly number[], modulus: number): boolean {
  const stepTo = (at: number) => ((places[at] ?? 0) - (places[at - 1] ?? 0) + modulus) % modulus;
  return places.every((place, at) => place >= 0 && (at === 0 || stepTo(at) === stepTo(1)));
}

/** The same few bytes again and again, the last time perhaps cut off. */
function repeats(bytes: Uint8Array): boolean {
  for (let period = 1; period < bytes.length && isRare(period * 8, bytes); period++) {
    if (equalBytes(bytes.subarray(period), bytes.subarray(0, bytes.length - period))) return true;
  }
  return false;
}

/**
 * One half twice, or mirrored by byte or digit. A card's own 8 bytes may do that (once in 2^32 each), so there the half
 * must also be what people type: all decimal, or all letters (DEADBEEF).
 */
function hasEqualHalves(bytes: Uint8Array, digits: string): boolean {
  const half = digits.slice(0, bytes.length);
  const other = digits.slice(bytes.length);
  if (!isRare(bytes.length * 4, bytes) && !/^(?:[0-9]+|[A-F]+)$/.test(half)) return false;
  return other === half || other === reversed(half, /./g) || other === reversed(half, /../g);
}

function reversed(digits: string, part: RegExp): string {
  return (digits.match(part) ?? []).reverse().join('');
}

/** Whether a pattern that leaves `freeBits` to choose says enough in a challenge of this length. */
function isRare(freeBits: number, bytes: Uint8Array): boolean {
  return freeBits <= bytes.length * 8 - LEAST_BITS_SAVED;
}
