// Makes up what people type for a challenge, each with what a careful reader would make of it. Repeatable by its seed.
import { SPOKEN_DIGITS } from '../../src/card/spoken.js';

export interface Dice {
  /** A whole number from 0 to below `sides`. */
  readonly roll: (sides: number) => number;
  readonly pick: (choices: readonly string[]) => string;
  /** True once in `times`. */
  readonly once: (times: number) => boolean;
}

// Taken once: under jest each look-up of a global costs more than the multiplication itself.
const { floor, imul } = Math;

/** Mulberry32: 32 bits of state, good enough to vary tests, and the same everywhere. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const roll = (sides: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides);
  };
  return { roll, pick: (choices) => choices[roll(choices.length)] ?? '', once: (times) => roll(times) === 0 };
}

export interface Typed {
  readonly text: string;
  /** The digits in it, upper-case; null where something in it is no part of any challenge. */
  readonly digits: string | null;
  /** Positions (from 1) of digits that were misread. */
  readonly misread: readonly number[];
}

export const HEX = '0123456789ABCDEF';
const HEX_DIGITS = HEX.split('');

/** What may stand for a digit, written down apart from the parser's own table. */
export const LOOKS: Readonly<Record<string, string>> = {
  0: 'OoQ\u00D8\u00F8\u041E\u043E\u039F\u03BF',
  1: 'IiLl|!\u0406\u0456\u04C0\u0399\u03B9',
  2: 'Zz\u0396',
  3: '\u0417\u0437',
  5: 'Ss\u0405\u0455',
  6: 'G\u0431',
  7: 'T\u0422\u03A4',
  9: 'gq',
  A: '\u0410\u0430\u0391',
  B: '\u0412\u0432\u0392',
  C: '\u0421\u0441\u03F9\u03F2',
  E: '\u0415\u0435\u0395',
};

const GAPS = [' ', '  ', '-', ' - ', ':', '.', ', ', ' – ', '\u00A0', '\u2009', '\n', '\r\n', '\t', '_', '/', '·', '…', ';'];
const WRAPS: readonly (readonly [string, string])[] = [
  ...([['', ''], ['"', '"'], ['“', '”'], ['„', '“'], ['‘', '’'], ["'", "'"], ['« ', ' »']] as const),
  ...([['`', '`'], ['```\n', '\n```'], ['**', '**'], ['_', '_'], ['> ', '']] as const),
  ...([['(', ')'], ['[', ']'], ['<', '>'], ['{', '}']] as const),
  ...([['  ', '\n'], ['\uFEFF', '\u200E'], ['\u2068', '\u2069']] as const),
];
const HEADINGS = [
  'Challenge: ', 'challenge:', '**Challenge:** ', 'Challenge =', 'The challenge is ', 'My challenge code: ', 'Challenge\n\n',
  'Challenge-Code lautet ', 'Der Challenge-Code lautet: ', 'Herausforderung: ', 'Die Herausforderung ist ', 'Le défi est ',
  'Code de défi : ', 'le code de défi est ', 'Device Challenge: ', 'Ｃｈａｌｌｅｎｇｅ：',
];
const STRANGERS = ['please', '?', '½', 'hundert', 'x1y', '\u0000', '\u202E', '+', '²', 'N', '٣', '\u{1F600}', 'wie', 'double', 'ß'];

export function screenDigits(dice: Dice, many: number): string {
  let digits = '';
  while (digits.length < many) digits += dice.pick(HEX_DIGITS);
  return digits;
}

/** A screen as Windows shows it, typed in groups of one size, decorated, some digits misread. */
export function typedScreen(dice: Dice, digits: string): Typed {
  const misread: number[] = [];
  const often = dice.once(2) ? 8 : 1_000;
  const typed = Array.from(digits, (digit, at) => {
    const looks = LOOKS[digit];
    if (looks === undefined || !dice.once(often)) return dice.once(2) ? digit : digit.toLowerCase();
    misread.push(at + 1);
    return looks.charAt(dice.roll(looks.length));
  });
  const text = decorated(dice, inGroups(dice, typed, [2, 4, 8, digits.length][dice.roll(4)] ?? 4));
  return { text: dice.once(16) ? fullWidth(text) : text, digits, misread };
}

function inGroups(dice: Dice, typed: readonly string[], size: number): string {
  const notation = dice.pick(['#', '#', '#', '#', '0x#', '0X#', 'Ox#', '#h', '#H', '`#`', '*#*']);
  const gap = dice.pick(GAPS);
  const groups: string[] = [];
  for (let at = 0; at < typed.length; at += size) {
    groups.push(notation.replace('#', () => typed.slice(at, at + size).join('')));
  }
  return groups.join(dice.once(4) ? dice.pick(GAPS) : gap);
}

function decorated(dice: Dice, text: string): string {
  const [before, after] = WRAPS[dice.roll(WRAPS.length)] ?? ['', ''];
  return `${dice.once(3) ? dice.pick(HEADINGS) : ''}${before}${text}${after}${dice.once(8) ? '.' : ''}`;
}

function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, (usual) => String.fromCharCode(usual.charCodeAt(0) + 0xfee0));
}

const AMBIGUOUS = ['alfa', 'delta', 'fife', 'ait'];
const LANGUAGES = Object.values(SPOKEN_DIGITS);

/** The same digits dictated, in any mixture of languages, characters, groups, doublings and spelled letters. */
export function dictatedScreen(dice: Dice, digits: string): Typed {
  const mixed = dice.once(3);
  const said: string[] = [];
  for (let at = 0; at < digits.length; ) {
    const { text, taken } = saidNext(dice, digits.slice(at), mixed);
    said.push(text);
    at += taken;
  }
  const gap = dice.pick([' ', ', ', '-', '\n', ' … ', ' space ', ' Leerzeichen ', ': ']);
  return { text: `${dice.once(6) ? dice.pick(HEADINGS) : ''}${said.join(gap)}`, digits, misread: [] };
}

const TIMES: Readonly<Record<number, readonly string[]>> = {
  2: ['double', 'Doppel', 'doppelt', 'zweimal'],
  3: ['triple', 'dreifach', 'dreimal'],
};

/** The first digit, run of equal digits or (where `mixed`) group of what is left. */
function saidNext(dice: Dice, left: string, mixed: boolean): { readonly text: string; readonly taken: number } {
  const group = left.slice(0, 2 + dice.roll(3));
  if (mixed && group.length > 1 && dice.once(4)) return { text: group, taken: group.length };
  const digit = left.charAt(0);
  const run = /^(.)\1{0,2}/.exec(left)?.[0].length ?? 1;
  if (run === 1 || dice.once(2)) return { text: explained(dice, digit, mixed), taken: 1 };
  return { text: `${dice.pick(TIMES[run] ?? [])} ${oneSaid(dice, digit, mixed)}`, taken: run };
}

function oneSaid(dice: Dice, digit: string, unambiguous: boolean): string {
  if (dice.once(4)) return dice.once(2) ? digit : digit.toLowerCase();
  const words = (LANGUAGES[dice.roll(LANGUAGES.length)]?.[digit] ?? '').split(' ');
  const word = dice.pick(words);
  if (unambiguous && AMBIGUOUS.includes(word)) return digit;
  return dice.pick([word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)]);
}

function explained(dice: Dice, digit: string, unambiguous: boolean): string {
  const word = oneSaid(dice, digit, unambiguous);
  if (word.length === 1 || !/[A-F]/.test(digit) || !dice.once(8)) return word;
  return `${digit} ${dice.pick(['as in', 'wie', 'comme', 'for', 'like'])} ${word}`;
}

/** Groups, words and strangers at random: sometimes as many digits as a screen shows, mostly not. */
export function typedPieces(dice: Dice, expected: number): Typed {
  const pieces: string[] = [];
  let digits = '';
  let stranger = false;
  while (digits.length < expected || dice.once(16)) {
    const piece = onePiece(dice, expected - digits.length);
    pieces.push(piece.text);
    digits += piece.digits ?? '';
    stranger ||= piece.digits === null;
  }
  return { text: decorated(dice, pieces.join(dice.pick(GAPS))), digits: stranger ? null : digits, misread: [] };
}

function onePiece(dice: Dice, left: number): { readonly text: string; readonly digits: string | null } {
  if (dice.once(60)) return { text: dice.pick(STRANGERS), digits: null };
  if (dice.once(3)) {
    const digit = dice.pick(HEX_DIGITS);
    return { text: oneSaid(dice, digit, true), digits: digit };
  }
  const digits = screenDigits(dice, Math.max(1, Math.min(1 + dice.roll(8), left)));
  return { text: dice.pick(['#', '#', '#', '0x#', '#h']).replace('#', digits), digits };
}

const NOISE = Array.from(`${HEX}${HEX}abcdef${HEX}${Object.values(LOOKS).join('')} -:.\n"*\u00A0\u200B?+N½`);

/** Characters at random: mostly digits, misreadings and separators, none of them notation. */
export function noise(dice: Dice): string {
  const anything = dice.once(10);
  return Array.from({ length: anything ? dice.roll(600) : 12 + dice.roll(10) }, () =>
    anything ? String.fromCodePoint(dice.roll(dice.once(2) ? 0x80 : 0x11_0000)) : NOISE[dice.roll(NOISE.length)],
  ).join('');
}

/** The same text with one character lost, doubled or another. */
export function mutated(dice: Dice, text: string): string {
  const at = dice.roll(text.length);
  const kept = dice.pick(['', text.charAt(at).repeat(2), NOISE[dice.roll(NOISE.length)] ?? '']);
  return text.slice(0, at) + kept + text.slice(at + 1);
}
