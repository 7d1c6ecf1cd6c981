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

  it.each(['0000000000000000A892D75601617C5D', 'A892D75601617C5D0102030405060708', '1603EBDF1C8A2E720101010101010101'])(
    'is false for %s in blocks of 8 bytes: each of them is encrypted, the first just as it is',
    (digits) => {
      expect(looksRandom(hex(digits), 8)).toBe(false);
      expect(looksRandom(hex(digits))).toBe(true);
    },
  );

  it.each(['', '16', '00112233445566778899AABBCCDDEEFF', 'FFFEFDFCFBFAF9F8'])('is false for %j', (digits) => {
    expect(looksRandom(hex(digits))).toBe(false);
  });

  it.each(['0102030405060709', '0102030405060708090A0B0C0D0E0F11', '1603EBDF1C8A2E721603EBDF1C8A4E73'])(
    'is true for %s, where one digit breaks the pattern',
    (digits) => {
      expect(looksRandom(hex(digits))).toBe(true);
    },
  );

  it.each([
    ['hex digits counting up', '0123456789ABCDEF'],
    ['hex digits counting down', 'FEDCBA9876543210'],
    ['hex digits by twos', '02468ACE02468ACE'],
    ['hex digits up and down', '0123456789ABCDEFFEDCBA9876543210'],
    ['digits as on a keyboard', '1234567890ABCDEF'],
    ['decimal digits', '1234567890123456'],
    ['decimal digits down', '9876543210987654'],
    ['letters in a row', 'ABCDEFABCDEFABCD'],
    ['each digit twice', 'AABBCCDDEEFF0011'],
    ['each digit four times', '1111222233334444'],
    ['bytes counting in decimal', '08091011121314151617181920212223'],
    ['words counting by one', '1603160416051606'],
    ['words counting down by 256', '1603150314031303'],
    ['words of four bytes by any step', 'A0000001B1234567C2468ACDD369D033'],
    ['words of eight bytes by one', '1603EBDF1C8A2E721603EBDF1C8A2E73'],
    ['counters', '0000000A0000000B'],
    ['one byte set', '0000000000008000'],
    ['two bytes set', 'FFFF12FFFFFF34FF'],
    ['a quarter of the bytes set', '00000000000000000000000012345678'],
    ['two digits only', '0110100110010110'],
    ['three bytes again and again', 'A1B2C3A1B2C3A1B2'],
    ['a part twice', 'B61A151AB3EBE457B61A151AB3EBE457'],
    ['a word twice', 'DEADBEEFDEADBEEF'],
    ['a number twice', '2026112420261124'],
    ['a number mirrored', '1234567887654321'],
    ['a number mirrored by bytes', '1234567878563412'],
    ['a part mirrored', 'B61A151AB3EBE457754EBE3BA151A16B'],
    ['a part mirrored by bytes', 'B61A151AB3EBE45757E4EBB31A151AB6'],
  ])('is false for %s', (_, digits) => {
    expect(looksRandom(hex(digits))).toBe(false);
  });

  it.each([
    ['a part twice that a card may make of 8 bytes', '1603EBDF1603EBDF'],
    ['a part mirrored that a card may make of 8 bytes', '1603EBDFFDBE3061'],
    ['words by a step that a card may make of 8 bytes', '1603A7B83D6DD322'],
    ['five equal bytes of 8', '00000000001C8A2E'],
    ['eleven equal bytes of 16', '00000000000000000000001C8A2E7216'],
    ['three digits', '0120211002212010'],
    ['all decimal', '1603982514702271'],
    ['a counter with one digit wrong', '0123456789ABCDEE'],
  ])('is true for %s', (_, digits) => {
    expect(looksRandom(hex(digits))).toBe(true);
  });

  it('is true for what a random generator makes', () => {
    const length = fc.constantFrom(8, 16, 24);
    const bytes = length.chain((size) => fc.array(fc.integer({ min: 0, max: 255 }), { minLength: size, maxLength: size }));
    fc.assert(
      fc.property(fc.noBias(bytes), (made) => {
        expect(looksRandom(Uint8Array.from(made))).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });
});
