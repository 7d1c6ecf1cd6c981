// What people say for digits, in three languages, and when it stays as typed.
import { describe, expect, it } from '@jest/globals';
import { parseChallenge } from '../../src/card/challenge.js';
import { readDigit } from '../../src/card/misreadings.js';
import { fromDictation, SPOKEN_DIGITS, SPOKEN_GAPS, SPOKEN_TIMES } from '../../src/card/spoken.js';

const pairs = (table: Readonly<Record<string, string>>) =>
  Object.entries(table).flatMap(([digit, words]) => words.split(' ').map((word) => ({ word, digit })));
const SPOKEN = Object.values(SPOKEN_DIGITS).flatMap(pairs);
const OTHERS = [...pairs(SPOKEN_TIMES), ...pairs({ gap: SPOKEN_GAPS })];

describe('the words', () => {
  it('have no two readings, not even in two languages', () => {
    const readings = new Map<string, Set<string>>();
    for (const { word, digit } of [...SPOKEN, ...OTHERS.map(({ word, digit }) => ({ word, digit: `not ${digit}` }))]) {
      readings.set(word, (readings.get(word) ?? new Set()).add(digit));
    }
    expect([...readings].filter(([, digits]) => digits.size > 1)).toEqual([]);
  });

  it('are there for every digit in every language', () => {
    for (const language of Object.values(SPOKEN_DIGITS)) {
      expect(Object.keys(language).sort().join('')).toBe('0123456789ABCDEF');
    }
  });

  it('are never groups of hex, whatever their case; four could be misread ones', () => {
    const words = [...SPOKEN, ...OTHERS].flatMap(({ word }) => [word, word.toUpperCase()]);
    const readable = words.filter((word) => Array.from(word).every((character) => readDigit(character) !== null));
    expect(words.filter((word) => /^[0-9A-F]+$/i.test(word))).toEqual([]);
    expect(new Set(readable.map((word) => word.toLowerCase()))).toEqual(new Set(['ait', 'alfa', 'delta', 'fife']));
  });

  it.each(SPOKEN)('$word is $digit in every case', ({ word, digit }) => {
    expect(fromDictation([word, word.toUpperCase(), '7']).groups).toEqual([digit, digit, '7']);
  });

  it.each([
    ['fünf', '5'],
    ['FÜNF', '5'],
    ['fu\u0308nf', '5'],
    ['zéro', '0'],
    ['Cäsar', 'C'],
    ['Düsseldorf', 'D'],
    ['Célestin', 'C'],
    ['Désiré', 'D'],
    ['Eugène', 'E'],
    ['François', 'F'],
  ])('%s with its diacritics is %s', (word, digit) => {
    expect(fromDictation([word])).toEqual({ groups: [digit], unknownWord: null });
  });
});

describe('fromDictation', () => {
  it('takes words, single characters and groups of hex together', () => {
    expect(fromDictation(['one', 'OH', '7', 'Niner', 'foxtrot', 'b']).groups).toEqual(['1', '0', '7', '9', 'F', 'b']);
    expect(fromDictation(['16', 'zero', 'three', 'EBDF']).groups).toEqual(['16', '0', '3', 'EBDF']);
  });

  it.each([
    ['double four', '44'],
    ['triple Echo', 'EEE'],
    ['doppel vier', '44'],
    ['zweimal 4', '44'],
    ['dreimal null', '000'],
    ['double quatre', '44'],
  ])('reads %j as %s', (said, digits) => {
    expect(fromDictation(said.split(' ')).groups.join('')).toBe(digits);
  });

  it.each([
    ['B as in Bravo', 'B'],
    ['b for bravo', 'b'],
    ['C wie Cäsar', 'C'],
    ['D wie Düsseldorf 7', 'D7'],
    ['E comme Eugène', 'E'],
    ['double B wie Berta', null],
    ['B wie Dora', null],
    ['4 for four', null],
    ['B as in', null],
  ])('takes the name in %j for the letter before it, or for nothing', (said, digits) => {
    const words = said.split(' ');
    expect(fromDictation(words).groups).toEqual(digits === null ? words : Array.from(digits));
  });

  it('skips what is said for a gap', () => {
    expect(fromDictation(['one', 'space', 'two', 'Leerzeichen', 'trois', 'tiret', '4']).groups).toEqual(['1', '2', '3', '4']);
  });

  it.each(['alfa EBDF', 'DELTA 1603', 'one fife 1603', 'double', 'double 44', 'double double 4', 'dead beef', 'six hundred'])(
    'leaves %j as typed',
    (said) => {
      expect(fromDictation(said.split(' ')).groups).toEqual(said.split(' '));
    },
  );

  it('names the word that breaks a dictation, and none where there is no dictation', () => {
    expect(fromDictation(['one', 'two', 'please']).unknownWord).toBe('please');
    expect(fromDictation(['one', '1603', 'please']).unknownWord).toBeNull();
  });

  it('reads 32 digits that are dictated in the longest words', () => {
    const longest = SPOKEN.map(({ word }) => word).reduce((one, other) => (other.length > one.length ? other : one));
    const said = Array.from({ length: 32 }, () => longest).join(' ');
    expect(parseChallenge(said, 16)).toMatchObject({ groups: Array.from({ length: 8 }, () => 'DDDD').join(' ') });
  });
});
