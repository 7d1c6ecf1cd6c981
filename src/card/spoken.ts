// Digits said as words, in English, German and French, as they arrive when a challenge is dictated.
import { readDigit } from './misreadings.js';

/**
 * Words for each hex digit, by language, without diacritics and in lower case. English: also the numbers and letters
 * of ICAO Annex 10, volume II, 5.2.1; German: also the names of DIN 5009 of 1983 and the cities of DIN 5009:2022;
 * French: also its first names for letters. No word stands for two digits, not even in two languages.
 */
export const SPOKEN_DIGITS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  english: {
    0: 'zero oh',
    1: 'one wun',
    2: 'two',
    3: 'three tree',
    4: 'four fower',
    5: 'five fife',
    6: 'six',
    7: 'seven',
    8: 'eight ait',
    9: 'nine niner',
    A: 'alfa alpha',
    B: 'bravo',
    C: 'charlie charly',
    D: 'delta',
    E: 'echo',
    F: 'foxtrot',
  },
  german: {
    0: 'null',
    1: 'eins ein eine',
    2: 'zwei zwo',
    3: 'drei',
    4: 'vier',
    5: 'funf fuenf',
    6: 'sechs',
    7: 'sieben',
    8: 'acht',
    9: 'neun',
    A: 'anton aachen',
    B: 'berta bertha berlin',
    C: 'casar caesar chemnitz cottbus',
    D: 'dora dusseldorf duesseldorf',
    E: 'emil essen',
    F: 'friedrich frankfurt',
  },
  french: {
    0: 'zero',
    1: 'un une',
    2: 'deux',
    3: 'trois',
    4: 'quatre',
    5: 'cinq',
    6: 'six',
    7: 'sept',
    8: 'huit',
    9: 'neuf',
    A: 'anatole',
    B: 'berthe',
    C: 'celestin',
    D: 'desire',
    E: 'eugene',
    F: 'francois',
  },
};

/** Said before a digit that stands there so many times. */
export const SPOKEN_TIMES: Readonly<Record<string, string>> = {
  2: 'double doppel doppelt zweimal',
  3: 'triple dreifach dreimal',
};

/** Said for the gap between two groups. */
export const SPOKEN_GAPS = 'space dash hyphen colon leerzeichen bindestrich doppelpunkt espace tiret';

const DIGIT_OF_WORD: ReadonlyMap<string, string> = new Map(Object.values(SPOKEN_DIGITS).flatMap(byWord));
const TIMES_OF_WORD: ReadonlyMap<string, string> = new Map(byWord(SPOKEN_TIMES));
const GAPS: ReadonlySet<string> = new Set(SPOKEN_GAPS.split(' '));

/** Between a letter and a name that begins with it: "B as in Bravo", "B wie Berta", "B comme Berthe". */
const LINKS: readonly (readonly string[])[] = [['as', 'in'], ['for'], ['like'], ['wie'], ['comme']];

export interface Dictation {
  /** Single digits and groups of hex, in the order they were said; as typed where this is no dictation. */
  readonly groups: readonly string[];
  /** The word that nobody says for a digit, where the others are dictated; otherwise null. */
  readonly unknownWord: string | null;
}

interface Step {
  readonly read: readonly string[];
  readonly taken: number;
}

/**
 * Words taken down from dictation ("one six double zero Echo"), as digits: where each is a spoken digit, a single
 * character, a gap or a group of hex digits. A word that could also be a group stays as typed among groups: "alfa"
 * may be A1FA there.
 */
export function fromDictation(words: readonly string[]): Dictation {
  const groups: string[] = [];
  for (let at = 0; at < words.length; ) {
    const step = stepAt(words, at);
    if (step === null) return notSpoken(words, words[at] ?? '');
    groups.push(...step.read);
    at += step.taken;
  }
  const doubtful = groups.some(isHexGroup) ? words.find(couldBeGroup) : undefined;
  return doubtful === undefined ? { groups, unknownWord: null } : notSpoken(words, doubtful);
}

// One word of dictation may be chance ("six" in a sentence); two are how somebody reads a challenge aloud.
const WORDS_OF_DICTATION = 2;

function notSpoken(words: readonly string[], stuckAt: string): Dictation {
  const dictated = words.filter((word) => DIGIT_OF_WORD.has(withoutMarks(word)) && !couldBeGroup(word)).length;
  return { groups: words, unknownWord: dictated < WORDS_OF_DICTATION ? null : stuckAt };
}

function stepAt(words: readonly string[], at: number): Step | null {
  const word = words[at] ?? '';
  if (isHexGroup(word)) return { read: [word], taken: 1 };
  if (GAPS.has(withoutMarks(word))) return { read: [], taken: 1 };
  const times = TIMES_OF_WORD.get(withoutMarks(word));
  if (times !== undefined) return repeated(words[at + 1], Number(times));
  const digit = oneDigit(word);
  return digit === null ? null : { read: [digit], taken: 1 + explanation(words, at) };
}

function repeated(word: string | undefined, times: number): Step | null {
  const digit = word === undefined ? null : oneDigit(word);
  return digit === null ? null : { read: Array.from({ length: times }, () => digit), taken: 2 };
}

/** How many words after the letter at `at` only explain it, as the last three of "B as in Bravo" do. */
function explanation(words: readonly string[], at: number): number {
  const letter = words[at] ?? '';
  if (!/^[A-F]$/iu.test(letter)) return 0;
  const rest = words.slice(at + 1, at + 4).map(withoutMarks);
  const link = LINKS.find((said) => said.every((word, place) => word === rest[place]));
  if (link === undefined) return 0;
  return DIGIT_OF_WORD.get(rest[link.length] ?? '') === letter.toUpperCase() ? link.length + 1 : 0;
}

/** The digit of a word, or a single character as it is. */
function oneDigit(word: string): string | null {
  return /^.$/su.test(word) ? word : (DIGIT_OF_WORD.get(withoutMarks(word)) ?? null);
}

function isHexGroup(word: string): boolean {
  return /^[0-9A-Fa-f]{2,}$/.test(word);
}

function couldBeGroup(word: string): boolean {
  return DIGIT_OF_WORD.has(withoutMarks(word)) && Array.from(word).every((character) => readDigit(character) !== null);
}

/** In lower case without diacritics: "FÜNF" is "funf". */
function withoutMarks(word: string): string {
  // Most words are ASCII, and normalising costs far more than looking.
  if (/^[\x20-\x7E]*$/.test(word)) return word.toLowerCase();
  return word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function byWord(words: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(words).flatMap(([digit, said]) => said.split(' ').map((word): [string, string] => [word, digit]));
}
