// What a person types for a code, and what it is.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inGroups } from '../../src/lib/bytes.js';
import { newReadableCode } from '../../src/lib/ids.js';
import { plainCode, readCode } from '../../src/stepup/code-text.js';

describe('readCode', () => {
  it.each(['123456', ' 123456 ', '123 456', '123-456', '123–456', '１２３４５６', '1\u200B23456', '\u2066123456\u2069', 'I23456'])(
    'reads "%s" as six digits',
    (typed) => {
      expect(readCode(typed)).toEqual({ kind: 'digits', digits: '123456' });
    },
  );

  it.each(['0123 4567 89AB CDEF', '0123-4567-89ab-cdef', 'o12345678 9abcdef', '０１２３４５６７８９ＡＢＣＤＥＦ'])(
    'reads "%s" as a recovery code',
    (typed) => {
      expect(readCode(typed)).toEqual({ kind: 'recovery', text: '0123456789ABCDEF' });
    },
  );

  it.each([
    ['12345678', '12345678'],
    ['123456 654321', '123456654321'],
    ['1234 5678 8765 4321', '1234567887654321'],
  ])('reads "%s" as the digits of a token', (typed, digits) => {
    expect(readCode(typed)).toEqual({ kind: 'digits', digits });
  });

  it.each(['123456 0123-4567-89AB-CDEF', '1234560123456789abcdef'])('reads "%s" as a code and a recovery code', (typed) => {
    expect(readCode(typed)).toEqual({ kind: 'both', digits: '123456', text: '0123456789ABCDEF' });
  });

  it.each(['', ' ', '12345', '1234567', '12345a', '١٢٣٤٥٦', '0123456789ABCDE', '0123456789ABCDEU', '0'.repeat(1000)])(
    'reads "%s" as neither',
    (typed) => {
      expect(readCode(typed)).toBeNull();
    },
  );

  it('reads every recovery code that is given out, in any grouping', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), (group) => {
        const code = newReadableCode(16);
        expect(readCode(inGroups(code, group).toLowerCase())).toEqual({ kind: 'recovery', text: code });
      }),
    );
  });
});

describe('plainCode', () => {
  it('looks at a hundred characters and no more', () => {
    expect(plainCode('A'.repeat(10_000))).toBe('A'.repeat(100));
  });
});
