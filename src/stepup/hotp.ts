// Counter-based one-time codes (RFC 4226): a token with a button, whose counter runs ahead of ours when it is pressed idly.
import { generateSync } from 'otplib';
import { equalBytes, utf8 } from '../lib/bytes.js';
import type { CounterBased } from './algorithm.js';

/** Codes after the last one that was spent which are looked at (RFC 4226 section 7.4, the look-ahead window). */
export const LOOK_AHEAD = 10;
/** The same for two codes in a row, which find a token again that was pressed more often. */
export const RESYNC_WINDOW = 50;

/** The spent counter before the first press of a new token. */
export const NO_COUNTER = -1n;

export interface CounterSpan {
  /** The last counter that is passed over; NO_COUNTER for none. */
  readonly after: bigint;
  /** How many counters after it are looked at. */
  readonly width: number;
}

/**
 * The counter whose code this is, or the counter of the second one where `code` is two codes in a row with nothing
 * between; null for neither. Does the same work for every code of a length. Of two that have the same code the later
 * one counts: burning it burns both.
 */
export function matchHotp(seed: Uint8Array, code: string, { after, width }: CounterSpan, algorithm: CounterBased): bigint | null {
  const codes = Array.from({ length: width + 1 }, (_, place) => hotpCode(seed, after + BigInt(place + 1), algorithm));
  const pair = code.length === 2 * algorithm.digits;
  const typed = utf8(code);
  const matching = codes
    .slice(0, width)
    .map((one, place) => ({ last: pair ? place + 1 : place, matches: equalBytes(utf8(pair ? one + (codes[place + 1] ?? '') : one), typed) }))
    .filter(({ matches }) => matches);
  const last = matching.at(-1)?.last;
  return last === undefined ? null : after + BigInt(last + 1);
}

/** How far to look for what was typed: farther for two codes in a row, which nobody types by chance. */
export function lookAheadFor(code: string, { digits }: CounterBased): number {
  return code.length === 2 * digits ? RESYNC_WINDOW : LOOK_AHEAD;
}

/** The code of one counter. */
export function hotpCode(seed: Uint8Array, counter: bigint, { hash, digits }: CounterBased): string {
  return generateSync({ strategy: 'hotp', secret: seed, counter: Number(counter), algorithm: hash, digits });
}
