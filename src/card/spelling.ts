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

/** Upper-case hex word by word, with a comma after each group: "four Echo Alfa eight, …". */
export function spellHex(groups: string): string {
  return inCommas(groups, (digit) => DIGITS[Number.parseInt(digit, 10)] ?? LETTERS[digit] ?? digit);
}

/** Printable ASCII in groups, word by word; capitals are told from small letters, and signs are named. */
export function spellText(groups: string): string {
  return inCommas(groups, spokenCharacter);
}

function inCommas(groups: string, spoken: (character: string) => string): string {
  return groups.split(' ').map((group) => Array.from(group, spoken).join(' ')).join(', ');
}

function spokenCharacter(character: string): string {
  const small = LETTERS[character.toUpperCase()];
  if (small === undefined) return DIGITS[Number.parseInt(character, 10)] ?? SIGNS[character] ?? character;
  return `${character === character.toUpperCase() ? 'capital' : 'small'} ${small}`;
}
