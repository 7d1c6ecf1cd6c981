// Counter-based codes: the published vectors, the look-ahead, and two codes in a row that find a token again.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { utf8 } from '../../src/lib/bytes.js';
import type { CounterBased } from '../../src/stepup/algorithm.js';
import { hotpCode, LOOK_AHEAD, matchHotp, NO_COUNTER, RESYNC_WINDOW } from '../../src/stepup/hotp.js';

const HOTP: CounterBased = { type: 'hotp', hash: 'sha1', digits: 6 };
const seed = new Uint8Array(20).fill(7);
const LAST = 1_000n;

function code(ahead: number): string {
  return hotpCode(seed, LAST + BigInt(ahead), HOTP);
}

function match(typed: string, width = LOOK_AHEAD): bigint | null {
  return matchHotp(seed, typed, { after: LAST, width }, HOTP);
}

describe('the published vectors', () => {
  const vectors = z
    .object({ seedAscii: z.string(), codes: z.array(z.object({ counter: z.number(), code: z.string() })) })
    .parse(JSON.parse(readFileSync('test/vectors/hotp-rfc4226.json', 'utf8')));

  it.each(vectors.codes)('give $code at counter $counter', ({ counter, code: published }) => {
    const own = utf8(vectors.seedAscii);
    expect(hotpCode(own, BigInt(counter), HOTP)).toBe(published);
    expect(matchHotp(own, published, { after: NO_COUNTER, width: LOOK_AHEAD }, HOTP)).toBe(BigInt(counter));
  });
});

describe('matchHotp', () => {
  it.each([1, 2, LOOK_AHEAD])('accepts the code %i presses after the last one, and names its counter', (ahead) => {
    expect(match(code(ahead))).toBe(LAST + BigInt(ahead));
  });

  it.each([-1, 0, LOOK_AHEAD + 1])('does not accept the code %i presses after it', (ahead) => {
    expect(match(code(ahead))).toBeNull();
  });

  it.each([1, LOOK_AHEAD + 1, RESYNC_WINDOW])('accepts two codes in a row from %i presses on, and names the second', (ahead) => {
    expect(match(code(ahead) + code(ahead + 1), RESYNC_WINDOW)).toBe(LAST + BigInt(ahead + 1));
  });

  it.each([
    ['beyond the window', code(RESYNC_WINDOW + 1) + code(RESYNC_WINDOW + 2)],
    ['of which the first was spent', code(0) + code(1)],
    ['with one left out', code(3) + code(5)],
    ['the wrong way round', code(4) + code(3)],
  ])('does not accept two codes %s', (_what, typed) => {
    expect(match(typed, RESYNC_WINDOW)).toBeNull();
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６'])('accepts nothing like "%s"', (typed) => {
    expect(match(typed)).toBeNull();
  });

  it('names the later counter when two have the same code, so that it does not work again', () => {
    const found = fc.sample(fc.uint8Array({ minLength: 20, maxLength: 20 }), { seed: 1, numRuns: 1 })[0] ?? seed;
    const codes = Array.from({ length: 3_000 }, (_, at) => hotpCode(found, BigInt(at), HOTP));
    const later = codes.findIndex((one, at) => codes.indexOf(one) < at);
    const earlier = codes.indexOf(codes[later] ?? '');
    const span = { after: BigInt(earlier - 1), width: later - earlier + 1 };
    expect(later).toBeGreaterThan(earlier);
    expect(matchHotp(found, codes[later] ?? '', span, HOTP)).toBe(BigInt(later));
  });

  it('makes codes of eight digits and other hashes', () => {
    const long: CounterBased = { type: 'hotp', hash: 'sha256', digits: 8 };
    const eight = hotpCode(seed, LAST + 1n, long);
    expect(eight).toMatch(/^\d{8}$/);
    expect(matchHotp(seed, eight, { after: LAST, width: LOOK_AHEAD }, long)).toBe(LAST + 1n);
    expect(match(eight)).toBeNull();
  });
});
