// Which hex digit a character stands for: digits themselves, other widths of them, and misreadings with one possible
// hex reading. Pairs inside the alphabet (8 and B, 0 and D) are nobody's to guess: those are left as typed.

/** Latin letters and signs that are read for a digit. Left out are those that could stand for two. */
const MISREAD_AS: Readonly<Record<string, string>> = {
  0: 'OoQ\u00D8\u00F8',
  1: 'IiLl|!',
  2: 'Zz',
  5: 'Ss',
  6: 'G',
  7: 'T',
  9: 'gq',
};

/** Cyrillic (U+04xx) and Greek (U+03xx) letters that look like the digit or like a letter above. */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  0: '\u041E\u043E\u039F\u03BF',
  1: '\u0406\u0456\u04C0\u0399\u03B9',
  2: '\u0396',
  3: '\u0417\u0437',
  5: '\u0405\u0455',
  6: '\u0431',
  7: '\u0422\u03A4',
  A: '\u0410\u0430\u0391',
  B: '\u0412\u0432\u0392',
  C: '\u0421\u0441\u03F9\u03F2',
  E: '\u0415\u0435\u0395',
};

const DIGIT_OF: ReadonlyMap<string, string> = new Map(
  [...Object.entries(MISREAD_AS), ...Object.entries(LOOKS_LIKE)].flatMap(([digit, characters]) =>
    Array.from(characters, (character): [string, string] => [character, digit]),
  ),
);

const HEX_DIGIT = /^[0-9A-Fa-f]$/;

/** The upper-case hex digit that a character stands for, or null where there is none or more than one. */
export function readDigit(character: string): string | null {
  return HEX_DIGIT.test(character) ? character.toUpperCase() : (DIGIT_OF.get(character) ?? null);
}

export function isHexDigit(character: string): boolean {
  return HEX_DIGIT.test(character);
}

// Unicode's Halfwidth and Fullwidth Forms lie this far above the ASCII characters they repeat.
const FULL_WIDTH_OFFSET = 0xfee0;

/** The same text with full-width letters, digits and signs (U+FF01 to U+FF5E) in their usual width. */
export function toUsualWidth(text: string): string {
  return text.replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - FULL_WIDTH_OFFSET));
}
