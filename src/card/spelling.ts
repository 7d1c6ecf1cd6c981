// Responses and PUKs as words to read aloud.

// The letters are those of the ICAO/NATO alphabet (ICAO Annex 10, volume II, 5.2.1.3).
const LETTERS: Readonly<Record<string, string>> = {
  A: 'Alfa',
  B: 'Bravo',
  C: 'Charlie',
  D: 'Delta',
  E: 'Echo',
  F: 'Foxtrot',
  G: 'Golf',
  H: 'Hotel',
  I: 'India',
  J: 'Juliett',
  K: 'Kilo',
  L: 'Lima',
  M: 'Mike',
  N: 'November',
  O: 'Oscar',
  P: 'Papa',
  Q: 'Quebec',
  R: 'Romeo',
  S: 'Sierra',
  T: 'Tango',
  U: 'Uniform',
  V: 'Victor',
  W: 'Whiskey',
  X: 'X-ray',
  Y: 'Yankee',
  Z: 'Zulu',
};

/** What digits and signs are called in one language. The letters are the same in all. */
export interface SpokenNames {
  /** From 0 to 9. */
  readonly digits: readonly string[];
  /** By the sign, as ASCII has it. */
  readonly signs: Readonly<Record<string, string>>;
  readonly capital: string;
  readonly small: string;
}

const DIGITS: readonly string[] = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

const SIGNS: Readonly<Record<string, string>> = {
  '!': 'exclamation mark',
  '"': 'double quote',
  '#': 'hash',
  $: 'dollar',
  '%': 'percent',
  '&': 'ampersand',
  "'": 'single quote',
  '(': 'open bracket',
  ')': 'close bracket',
  '*': 'asterisk',
  '+': 'plus',
  ',': 'comma',
  '-': 'minus',
  '.': 'full stop',
  '/': 'slash',
  ':': 'colon',
  ';': 'semicolon',
  '<': 'less than',
  '=': 'equals',
  '>': 'greater than',
  '?': 'question mark',
  '@': 'at sign',
  '[': 'open square bracket',
  '\\': 'backslash',
  ']': 'close square bracket',
  '^': 'caret',
  _: 'underscore',
  '`': 'backtick',
  '{': 'open curly bracket',
  '|': 'vertical bar',
  '}': 'close curly bracket',
  '~': 'tilde',
};

export const ENGLISH_NAMES: SpokenNames = { digits: DIGITS, signs: SIGNS, capital: 'capital', small: 'small' };

/** Upper-case hex word by word, with a comma after each group: "four Echo Alfa eight, …". */
export function spellHex(groups: string, { digits }: SpokenNames = ENGLISH_NAMES): string {
  return inCommas(groups, (digit) => digits[Number.parseInt(digit, 10)] ?? LETTERS[digit] ?? digit);
}

/** Printable ASCII in groups, word by word; capitals are told from small letters, and signs are named. */
export function spellText(groups: string, names: SpokenNames = ENGLISH_NAMES): string {
  return inCommas(groups, (character) => spokenCharacter(character, names));
}

function inCommas(groups: string, spoken: (character: string) => string): string {
  return groups.split(' ').map((group) => Array.from(group, spoken).join(' ')).join(', ');
}

function spokenCharacter(character: string, { digits, signs, capital, small }: SpokenNames): string {
  const letter = LETTERS[character.toUpperCase()];
  if (letter === undefined) return digits[Number.parseInt(character, 10)] ?? signs[character] ?? character;
  return `${character === character.toUpperCase() ? capital : small} ${letter}`;
}
