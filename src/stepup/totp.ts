// Time-based one-time codes (RFC 6238). New seeds are for HMAC-SHA-1, six digits, steps of 30 seconds, as every authenticator app has them.
import { randomFillSync } from 'node:crypto';
import { generateSync, generateURI, ScureBase32Plugin } from 'otplib';
import { equalBytes, inGroups, utf8 } from '../lib/bytes.js';
import { SECOND_MS } from '../lib/clock.js';
import { algorithmName, STANDARD, type TimeBased } from './algorithm.js';

export const TOTP_ALGORITHM = algorithmName(STANDARD);

// RFC 4226 section 4, R6: at least 128 bits, 160 recommended.
const SEED_BYTES = 20;
// One step behind for what was typed slowly, one ahead for a phone whose clock is fast: three codes in all.
const WINDOW = [-1n, 0n, 1n];

const base32 = new ScureBase32Plugin();

export function newSeed(): Uint8Array {
  return randomFillSync(new Uint8Array(SEED_BYTES));
}

/**
 * The time step whose code this is, if it lies within one step of `at` and after `lastStep`, or null.
 * Does the same work for every code. Whether the step is still unspent when it is paid with is for the store to say.
 */
export function matchTotp(
  seed: Uint8Array,
  code: string,
  { at, lastStep }: { readonly at: Date; readonly lastStep: bigint },
  algorithm: TimeBased = STANDARD,
): bigint | null {
  const typed = utf8(code);
  const now = stepAt(at, algorithm);
  const matching = WINDOW.map((offset) => now + offset)
    .map((step) => ({ step, matches: equalBytes(utf8(codeOf(seed, step, algorithm)), typed) }))
    .filter(({ step, matches }) => matches && step > lastStep);
  // Two steps may by chance have the same code; burning the later one burns both.
  return matching.at(-1)?.step ?? null;
}

/** What an authenticator app shows at this moment: for the playground, whose people have no phones. */
export function currentCode(seed: Uint8Array, at: Date, algorithm: TimeBased = STANDARD): string {
  return codeOf(seed, stepAt(at, algorithm), algorithm);
}

/** The `otpauth://` address that an authenticator app reads from a QR code. It holds the seed: show it, store it nowhere. */
export function provisioningUri(shown: { issuer: string; account: string; seed: Uint8Array }): string {
  return generateURI({
    // Apps take what stands before the first colon for the issuer.
    issuer: shown.issuer.replaceAll(':', ''),
    label: shown.account,
    secret: seedBase32(shown.seed),
    algorithm: STANDARD.hash,
    digits: STANDARD.digits,
    period: STANDARD.periodSeconds,
  });
}

/** The seed in base32 (RFC 4648), for apps that cannot scan. */
export function seedBase32(seed: Uint8Array): string {
  return base32.encode(seed);
}

/** The same in groups of four, for typing. */
export function seedText(seed: Uint8Array): string {
  return inGroups(seedBase32(seed));
}

/** A seed from its base32. Throws on what is none. */
export function seedFromBase32(text: string): Uint8Array {
  return base32.decode(text);
}

/** For how many more whole seconds the code of this moment stays the current one (1 to 30). */
export function secondsLeft(at: Date): number {
  return STANDARD.periodSeconds - (Math.floor(at.getTime() / SECOND_MS) % STANDARD.periodSeconds);
}

function stepAt(at: Date, { periodSeconds }: TimeBased): bigint {
  return BigInt(Math.floor(at.getTime() / (periodSeconds * SECOND_MS)));
}

function codeOf(seed: Uint8Array, step: bigint, { hash, digits, periodSeconds }: TimeBased): string {
  return generateSync({ secret: seed, epoch: Number(step) * periodSeconds, algorithm: hash, digits, period: periodSeconds });
}
