// Which characters stand for which digit.
import { describe, expect, it } from '@jest/globals';
import { readDigit, toUsualWidth } from '../../src/card/misreadings.js';

describe('readDigit', () => {
  it('reads every hex digit as itself', () => {
    const digits = Array.from('0123456789ABCDEFabcdef');
    expect(digits.map(readDigit).join('')).toBe('0123456789ABCDEFABCDEF');
  });

  it.each([
    ['OoQ', '0'],
    ['IiLl|!', '1'],
    ['Zz', '2'],
    ['Ss', '5'],
    ['G', '6'],
    ['T', '7'],
    ['gq', '9'],
    ['\u0410\u0430\u0391', 'A'],
    ['\u0412\u0432\u0392', 'B'],
    ['\u0421\u0441', 'C'],
    ['\u0415\u0435\u0395', 'E'],
    ['\u041E\u043E\u039F', '0'],
  ])('reads each of %s as %s', (characters, digit) => {
    expect(new Set(Array.from(characters).map(readDigit))).toEqual(new Set([digit]));
  });

  it('reads nothing into other letters and signs of ASCII', () => {
    const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
    expect(ascii.filter((character) => readDigit(character) === null).join('').replace(/[^A-Za-z]/g, '')).toBe(
      'HJKMNPRUVWXYhjkmnprtuvwxy',
    );
  });

  it.each(['', '12', '\u00B2', '\u2460', '\u0661'])('is null for %j', (character) => {
    expect(readDigit(character)).toBeNull();
  });
});

describe('toUsualWidth', () => {
  it('narrows full-width ASCII and nothing else', () => {
    expect(toUsualWidth('１６Ａｆ：｜\u00BD\u2460é')).toBe('16Af:|\u00BD\u2460é');
  });
});
