// A card's challenges pass, blocks that somebody made up do not.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { looksRandom } from '../../src/card/looks-random.js';
import { accepted, hex } from './vectors.js';

describe('looksRandom', () => {
  it.each(accepted)('is true for $challenge, which a card made', ({ challenge }) => {
    expect(looksRandom(hex(challenge))).toBe(true);
  });

  it('is false for every constant difference of bytes, in 8 and in 16 bytes', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), fc.constantFrom(8, 16), (start, step, length) => {
        expect(looksRandom(Uint8Array.from({ length }, (_, at) => start + at * step))).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is false for one block twice or more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.integer({ min: 2, max: 4 }), (block, times) => {
        expect(looksRandom(new Uint8Array(Array.from({ length: times }, () => [...block]).flat()))).toBe(false);
      }),
    );
  });

  it.each(['', '16', '00112233445566778899AABBCCDDEEFF', 'FFFEFDFCFBFAF9F8'])('is false for %j', (digits) => {
    expect(looksRandom(hex(digits))).toBe(false);
  });

  it.each(['0102030405060709', '0102030405060708090A0B0C0D0E0F11', '1603EBDF1C8A2E721603EBDF1C8A2E73'])(
    'is true for %s, where one digit breaks the pattern',
    (digits) => {
      expect(looksRandom(hex(digits))).toBe(true);
    },
  );
});
