// Key check values in the conventions that vendors print.
import { describe, expect, it } from '@jest/globals';
import { kcvMatches, kcvs, keyCheckValue } from '../../src/card/kcv.js';
import { checkValues, hex } from './vectors.js';

describe('kcvs', () => {
  it.each(checkValues)('gives $kcvs for a $cipher key', ({ cipher, key, kcvs: known }) => {
    const computed = kcvs(cipher, hex(key));
    expect(computed).toHaveLength(known.length);
    expect(computed).toEqual(known.map((value, at) => value ?? computed[at]));
  });

  it('throws on a key of another size', () => {
    expect(() => kcvs('aes-256', new Uint8Array(16))).toThrow(expect.objectContaining({ code: 'key-length' }));
  });
});

describe('keyCheckValue', () => {
  it('is the one over a block of zeros', () => {
    expect(keyCheckValue('3des', new Uint8Array(24))).toBe('8CA64D');
    expect(keyCheckValue('aes-128', new Uint8Array(16))).toBe('66E94B');
  });
});

describe('kcvMatches', () => {
  const zeros = new Uint8Array(16);

  it.each(['66E94B', 'e14d5d', ' 66 E9 4B '])('accepts either convention, case and blanks: %j', (typed) => {
    expect(kcvMatches('aes-128', zeros, typed)).toBe(true);
  });

  it.each(['66E94A', '66E9', '66E94BD4', '', 'zzzzzz'])('refuses %j', (typed) => {
    expect(kcvMatches('aes-128', zeros, typed)).toBe(false);
  });

  it('knows one convention only for 3DES', () => {
    expect(kcvMatches('3des', zeros, '8CA64D')).toBe(true);
    expect(kcvMatches('3des', zeros, '66E94B')).toBe(false);
  });
});
