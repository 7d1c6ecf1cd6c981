// One-time codes: the published vectors, the window, and that a spent step stays spent.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { fromHex, utf8 } from '../../src/lib/bytes.js';
import { addMs } from '../../src/lib/clock.js';
import {
  currentCode,
  matchTotp,
  newSeed,
  provisioningUri,
  secondsLeft,
  seedBase32,
  seedFromBase32,
  seedText,
} from '../../src/stepup/totp.js';
import { AT, STEP_MS } from './support.js';

const STEP = BigInt(AT.getTime() / STEP_MS);
const seed = new Uint8Array(20).fill(7);

function codeAfter(steps: number): string {
  return currentCode(seed, addMs(AT, steps * STEP_MS));
}

describe('the published vectors', () => {
  const vectors = z
    .object({ seedAscii: z.string(), codes: z.array(z.object({ unixSeconds: z.number(), step: z.string(), code: z.string() })) })
    .parse(JSON.parse(readFileSync('test/vectors/totp-rfc6238.json', 'utf8')));

  it.each(vectors.codes)('give $code at $unixSeconds', ({ unixSeconds, step, code }) => {
    const at = new Date(unixSeconds * 1000);
    const digits = code.slice(-6);
    expect(currentCode(utf8(vectors.seedAscii), at)).toBe(digits);
    expect(matchTotp(utf8(vectors.seedAscii), digits, { at, lastStep: 0n })).toBe(BigInt(`0x${step}`));
  });
});

describe('matchTotp', () => {
  it.each([-1, 0, 1])('accepts the code of the step %i away, and names that step', (steps) => {
    expect(matchTotp(seed, codeAfter(steps), { at: AT, lastStep: 0n })).toBe(STEP + BigInt(steps));
    expect(matchTotp(seed, codeAfter(steps), { at: addMs(AT, STEP_MS - 1), lastStep: 0n })).toBe(STEP + BigInt(steps));
  });

  it.each([-3, -2, 2, 3])('does not accept the code of the step %i away', (steps) => {
    expect(matchTotp(seed, codeAfter(steps), { at: AT, lastStep: 0n })).toBeNull();
  });

  it('accepts a step only after the last one that was spent', () => {
    expect(matchTotp(seed, codeAfter(0), { at: AT, lastStep: STEP - 1n })).toBe(STEP);
    expect(matchTotp(seed, codeAfter(0), { at: AT, lastStep: STEP })).toBeNull();
    expect(matchTotp(seed, codeAfter(-1), { at: AT, lastStep: STEP })).toBeNull();
    expect(matchTotp(seed, codeAfter(1), { at: AT, lastStep: STEP })).toBe(STEP + 1n);
  });

  it('names the later step when two have the same code, so that it does not work again', () => {
    const twin = fromHex('0000000000000000000000000000000000059A82') ?? new Uint8Array();
    expect(currentCode(twin, AT)).toBe(currentCode(twin, addMs(AT, STEP_MS)));
    expect(matchTotp(twin, currentCode(twin, AT), { at: AT, lastStep: 0n })).toBe(STEP + 1n);
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６'])('accepts nothing like "%s"', (code) => {
    expect(matchTotp(seed, code, { at: AT, lastStep: 0n })).toBeNull();
  });

  it("accepts each seed's own code", () => {
    const anySeed = fc.uint8Array({ minLength: 20, maxLength: 20 });
    const anyTime = fc.date({ min: new Date('2026-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(anySeed, anyTime, (own, at) => {
        expect(matchTotp(own, currentCode(own, at), { at, lastStep: 0n })).not.toBeNull();
      }),
    );
  });
});

describe('a seed', () => {
  it('is 160 random bits', () => {
    expect(newSeed()).toHaveLength(20);
    expect(newSeed()).not.toEqual(newSeed());
  });

  it('is shown in base32, in groups of four', () => {
    expect(seedBase32(utf8('12345678901234567890'))).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(seedText(utf8('12345678901234567890'))).toBe('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ');
  });

  it('comes back from its base32, and from nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (own) => {
        expect(seedFromBase32(seedBase32(own))).toEqual(own);
      }),
    );
    expect(() => seedFromBase32('not base32!')).toThrow();
  });

  it('reaches an app by an address with issuer, account and seed', () => {
    const shown = { issuer: 'Example: PIN & more', account: 'dana+x@example.com', seed: utf8('12345678901234567890') };
    const address = new URL(provisioningUri(shown));
    expect(address.protocol).toBe('otpauth:');
    expect(address.host).toBe('totp');
    expect(decodeURIComponent(address.pathname)).toBe('/Example PIN & more:dana+x@example.com');
    expect(address.searchParams.get('issuer')).toBe('Example PIN & more');
    expect(address.searchParams.get('secret')).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  });
});

describe('secondsLeft', () => {
  it.each([
    [0, 30],
    [999, 30],
    [1_000, 29],
    [29_999, 1],
    [30_000, 30],
  ])('after %i ms of a step are %i', (ms, seconds) => {
    expect(secondsLeft(addMs(AT, ms))).toBe(seconds);
  });
});
