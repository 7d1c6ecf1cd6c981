// The word that was probably meant.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nearestWord } from '../../src/lib/nearest-word.js';

const KNOWN = ['tries', 'characters', 'minLength', 'maxLength'];

describe('the nearest word', () => {
  it.each([
    ['tries', 'tries'],
    ['TRIES', 'tries'],
    ['try', 'tries'],
    ['charachter', 'characters'],
    ['maxlenght', 'maxLength'],
    ['minxLength', 'minLength'],
  ])('to %s is %s', (written, word) => {
    expect(nearestWord(written, KNOWN)).toBe(word);
  });

  it.each(['', 'colour', 'characteristics', 'length of it'])('to %j is none', (written) => {
    expect(nearestWord(written, KNOWN)).toBeNull();
  });

  it('is never one that would have to be written anew', () => {
    expect(nearestWord('key', ['prf', 'pad'])).toBeNull();
  });

  it('is found with up to three slips anywhere', () => {
    const slip = fc.record({ at: fc.nat(9), put: fc.constantFrom('', 'x', 'xx') });
    fc.assert(
      fc.property(slip, ({ at, put }) => {
        expect(nearestWord(`${'characters'.slice(0, at)}${put}${'characters'.slice(at + 1)}`, KNOWN)).toBe('characters');
      }),
    );
  });
});
