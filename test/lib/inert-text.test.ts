// Text that people wrote must not break, reorder or hide anything around it.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hasUnsafeCharacters, inertText } from '../../src/lib/inert-text.js';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
// Full of what is to be taken out, and of what combines with its neighbours.
const nastyText = fc
  .array(fc.constantFrom('a', 'e', ' ', '\u0301', '\u202e', '\u2066', '\u200b', '\u0000', '\n', '\u00a0', '\u2028', '\ufeff', '\ud800', '\u{1f600}', '\u1100', '\u1161'))
  .map((parts) => parts.join(''));
const text = fc.oneof(anyText, nastyText);
const length = fc.integer({ min: 1, max: 40 });

describe('inertText', () => {
  it.each([
    ['plain words', 'Dana Scully', 'Dana Scully'],
    ['a text turned around', 'Dana \u202eylluc\u202c', 'Dana ylluc'],
    ['isolates and marks', '\u2066a\u2069\u200eb\u061c', 'ab'],
    ['zero-width characters', 'He\u200blp\u200d\u2060desk\ufeff', 'Helpdesk'],
    ['invisible letters', 'a\u3164\u115f\u034fb', 'ab'],
    ['tags and variation selectors', 'a\u{e0041}\ufe0f', 'a'],
    ['control characters', 'a\u0000b\u001b[31mc\u009f', 'ab[31mc'],
    ['line breaks of every kind', 'a\r\nb\u0085c\u2028d\u2029e\tf', 'a b c d e f'],
    ['blanks of every kind', '  a\u00a0\u2003 b\u3000 ', 'a b'],
    ['a lone surrogate', 'a\ud800b', 'ab'],
    ['letters and marks apart', 'Zoe\u0308', 'Zo\u00eb'],
    ['a mark kept apart from its letter by an invisible character', 'e\u200b\u0301', '\u00e9'],
    ['other scripts', 'Łukasz 王小明 Ελένη محمد', 'Łukasz 王小明 Ελένη محمد'],
    ['nothing but what is taken out', '\u200b\u202e\n', ''],
  ])('makes %s harmless', (_what, given, made) => {
    expect(inertText(given, 100)).toBe(made);
  });

  it('marks what it cut off, inside the length', () => {
    expect(inertText('abcdef', 6)).toBe('abcdef');
    expect(inertText('abcdefg', 6)).toBe('abcde…');
    expect(inertText('abcd efg', 6)).toBe('abcd…');
    expect(inertText('ab', 1)).toBe('…');
  });

  it('counts code points, and never cuts one in two', () => {
    expect(inertText('😀😀😀', 3)).toBe('😀😀😀');
    expect(inertText('😀😀😀😀', 3)).toBe('😀😀…');
  });

  it('leaves one line without unseen characters, whatever it is given', () => {
    fc.assert(
      fc.property(text, length, (given, max) => {
        const made = inertText(given, max);
        expect(made).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/u);
        expect(made).not.toMatch(/^\s|\s\s|\s$/u);
        expect(made).toBe(made.normalize('NFC'));
        expect(Array.from(made).length).toBeLessThanOrEqual(max);
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(text, length, (given, max) => {
        const made = inertText(given, max);
        expect(inertText(made, max)).toBe(made);
      }),
    );
  });

  it('leaves printable ASCII without needless blanks as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{1,20}( [!-~]{1,20}){0,3}$/), (plain) => {
        expect(inertText(plain, 200)).toBe(plain);
      }),
    );
  });
});

describe('hasUnsafeCharacters', () => {
  it.each(['a\nb', 'a\u0000', '\u202eabc', 'a\u2067b', 'a\u200fb', 'a\u2028b', 'a\u0085b', 'a\ud800b'])('finds them in %j', (given) => {
    expect(hasUnsafeCharacters(given)).toBe(true);
  });

  it.each(['', 'Dana Scully', 'O’Brien-Łukasiewicz', 'می\u200cخواهم', '👩\u200d🚀', '=1+1'])('finds none in %j', (given) => {
    expect(hasUnsafeCharacters(given)).toBe(false);
  });
});
