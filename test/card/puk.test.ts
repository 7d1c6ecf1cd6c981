// PUKs are read as they are, and never repeated.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePuk } from '../../src/card/puk.js';
import type { PukRule } from '../../src/card/profile.js';
import { utf8 } from '../../src/lib/bytes.js';

const eightDigits: { puk: PukRule } = { puk: { minLength: 8, maxLength: 8, characters: 'digits', tries: 3 } };
const anyOfPiv: { puk: PukRule } = { puk: { minLength: 6, maxLength: 8, characters: 'ascii', tries: null } };

describe('parsePuk', () => {
  it.each(['12345678', ' 12345678\r\n', '1234 5678', '\uFEFF1234\t5678'])('reads the digits of %j', (text) => {
    expect(parsePuk(text, eightDigits)).toEqual(utf8('12345678'));
  });

  it('keeps letters, their case and signs', () => {
    expect(parsePuk(' aB3$~!xZ\n', anyOfPiv)).toEqual(utf8('aB3$~!xZ'));
  });

  it('has no PUK for a card without one', () => {
    expect(parsePuk('12345678', { puk: null })).toEqual({ refused: 'profile-has-no-puk' });
  });

  it.each([
    ['1234567', eightDigits, { characters: '7', expected: '8', lost: '1' }],
    ['123456', eightDigits, { characters: '6', expected: '8' }],
    ['123456789', eightDigits, { characters: '9', expected: '8' }],
    ['', eightDigits, { characters: '0', expected: '8' }],
    ['12345', anyOfPiv, { characters: '5', expected: '6 to 8' }],
    ['123456789', anyOfPiv, { characters: '9', expected: '6 to 8' }],
  ])('refuses the length of %j and says which is right', (text, profile, detail) => {
    expect(parsePuk(text, profile)).toEqual({ refused: 'puk-length', detail });
  });

  it.each(['1234567O', '1.23E+07', '１２３４５６７８', '-2345678'])('repairs nothing: %j is not digits', (text) => {
    expect(parsePuk(text, eightDigits)).toEqual({ refused: 'puk-characters', detail: { allowed: 'digits' } });
  });

  it.each(['1234 5678', 'pässword', '123\u0000456'])('refuses a blank or another character inside %j', (text) => {
    expect(parsePuk(text, anyOfPiv)).toEqual({ refused: 'puk-characters', detail: { allowed: 'ascii' } });
  });

  it('never throws, and never repeats what it was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 3 }), fc.constantFrom(eightDigits, anyOfPiv), (text, profile) => {
        const read = parsePuk(text, profile);
        const repeated = read instanceof Uint8Array ? false : JSON.stringify(read.detail).includes(text);
        expect(repeated).toBe(false);
      }),
    );
  });
});
