// Vendors' default keys are recognised however they are written.
import { describe, expect, it } from '@jest/globals';
import { isDefaultKey } from '../../src/card/known-keys.js';
import { accepted, hex, published } from './vectors.js';

const COUNTING = '0102030405060708';

describe('isDefaultKey', () => {
  it.each([
    ['3des', '00'.repeat(24)],
    ['3des', '00'.repeat(16)],
    ['3des', COUNTING.repeat(3)],
    ['3des', COUNTING.repeat(2)],
    ['aes-128', '00'.repeat(16)],
    ['aes-128', COUNTING.repeat(2)],
    ['aes-192', '00'.repeat(24)],
    ['aes-192', COUNTING.repeat(3)],
    ['aes-256', '00'.repeat(32)],
  ] as const)('is true for %s %s', (cipher, key) => {
    expect(isDefaultKey(cipher, hex(key))).toBe(true);
  });

  it.each(published.sameKeyOtherParity)('is true for 3DES $sameAs, whatever its parity bits', ({ sameAs }) => {
    expect(isDefaultKey('3des', hex(sameAs))).toBe(true);
  });

  it('looks at every bit of an AES key', () => {
    expect(isDefaultKey('aes-192', hex('01'.repeat(24)))).toBe(false);
  });

  it.each(accepted.filter(({ key }) => key !== COUNTING.repeat(3)))('is false for $key', ({ cipher, key }) => {
    expect(isDefaultKey(cipher, hex(key))).toBe(false);
  });

  it('is false for a key of another size than the cipher takes', () => {
    expect(isDefaultKey('aes-256', new Uint8Array(24))).toBe(false);
  });

  it("is true for the default that a site's own profile names, and for no other profile", () => {
    const own = 'A1'.repeat(24);
    expect(isDefaultKey('3des', hex('A0'.repeat(24)), [own])).toBe(true);
    expect(isDefaultKey('aes-192', hex(own), [own.toLowerCase()])).toBe(true);
    expect(isDefaultKey('aes-192', hex(own))).toBe(false);
  });
});
