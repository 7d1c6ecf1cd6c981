// Admin keys from hex text, and when two keys are one.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encryptBlock } from '../../src/card/cipher.js';
import { comparableKey, parseKeyHex } from '../../src/card/key.js';
import { concat, inGroups, toHex } from '../../src/lib/bytes.js';
import { hex, published } from './vectors.js';

const tripleDes = { keyBytes: [24, 16] };
const aes256 = { keyBytes: [32] };
const DIGITS = '8A98F110D3497B022100B774DF0EF99B53EF4B8E3B918604';

describe('parseKeyHex', () => {
  it.each([DIGITS, DIGITS.toLowerCase(), inGroups(DIGITS), `\uFEFF${inGroups(DIGITS, 16).replaceAll(' ', '\r\n')}\n`])(
    'reads %j',
    (text) => {
      expect(parseKeyHex(text, tripleDes)).toEqual(hex(DIGITS));
    },
  );

  it('leaves a 16-byte 3DES key as it is', () => {
    expect(parseKeyHex(DIGITS.slice(0, 32), tripleDes)).toEqual(hex(DIGITS.slice(0, 32)));
  });

  it('says that one digit is lost', () => {
    expect(parseKeyHex(DIGITS.slice(1), tripleDes)).toEqual({
      refused: 'key-length',
      detail: { digits: '47', expected: '48 or 32', lost: '1' },
    });
  });

  it.each([
    ['', '0'],
    [DIGITS, '48'],
    [`${DIGITS}0`, '49'],
    [DIGITS + DIGITS, '96'],
  ])('says how many digits were read where the length is wrong: %s', (text, digits) => {
    expect(parseKeyHex(text, aes256)).toEqual({ refused: 'key-length', detail: { digits, expected: '64' } });
  });

  it.each(['1.23E+47', `0x${DIGITS}`, DIGITS.replaceAll('0', 'O'), `${DIGITS.slice(1)}\u0000`])(
    'repairs nothing in a key: %j is not hex',
    (text) => {
      expect(parseKeyHex(text, tripleDes)).toEqual({ refused: 'key-not-hex' });
    },
  );

  it('never throws, and never repeats what it was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 4 }), (text) => {
        const read = parseKeyHex(text, tripleDes);
        expect(read instanceof Uint8Array || !JSON.stringify(read).includes(text)).toBe(true);
      }),
    );
  });
});

describe('comparableKey', () => {
  it.each(published.sameKeyOtherParity)('is one for $key and $sameAs', ({ key, sameAs }) => {
    expect(comparableKey(hex(key))).toEqual(comparableKey(hex(sameAs)));
  });

  it('is one for two-key 3DES in 16 and in 24 bytes', () => {
    const key = hex(DIGITS.slice(0, 32));
    expect(comparableKey(concat(key, key.subarray(0, 8)))).toEqual(comparableKey(key));
  });

  it('is two for 3DES keys that answer differently', () => {
    const key = fc.uint8Array({ minLength: 24, maxLength: 24 });
    const block = hex('1603EBDF1C8A2E72');
    fc.assert(
      fc.property(key, fc.nat(23), fc.integer({ min: 1, max: 7 }), (one, at, bit) => {
        const other = one.map((byte, position) => (position === at ? byte ^ (1 << bit) : byte));
        expect(toHex(encryptBlock('3des', one, block))).not.toBe(toHex(encryptBlock('3des', other, block)));
        expect(comparableKey(one)).not.toEqual(comparableKey(other));
      }),
    );
  });
});
