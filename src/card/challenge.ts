// From what a person typed off the locked screen to the challenge's bytes, saying what was read differently.
import { fromHex, inGroups } from '../lib/bytes.js';
import { refuse } from '../lib/refusal.js';
import type { Refused } from '../lib/refusal.js';
import { lengthDetails } from './challenge-length.js';
import { isHexDigit, readDigit } from './misreadings.js';
import { fromDictation } from './spoken.js';
import { splitTyped, withoutNotation } from './typed-text.js';

/** Longer text is not read at all. The longest challenge, dictated word by word, stays well below. */
export const MAX_TYPED_CHARACTERS = 500;

/** One character that was read as another. A person has to be shown it. */
export interface Repair {
  readonly typed: string;
  readonly read: string;
  /** Which digit of the challenge it is, counted from 1. */
  readonly position: number;
}

export interface ParsedChallenge {
  readonly bytes: Uint8Array;
  /** Upper-case hex in groups of four, as Windows shows it: "1603 EBDF 1C8A 2E72". */
  readonly groups: string;
  readonly repaired: readonly Repair[];
}

export type ChallengeRefusal = 'challenge-empty' | 'challenge-length' | 'challenge-not-hex';

interface Reading {
  readonly digits: string;
  readonly repaired: readonly Repair[];
}

/**
 * Reads a challenge of `expectedBytes` in any form that a person may type: with separators, quotes, brackets, code
 * marks, `0x` or `h`, "Challenge:" before it, full-width or look-alike letters, or dictated words (English, German,
 * French). Never throws. Refusals and their details, all text:
 * - 'challenge-empty': `expected`, the number of digits on the screen;
 * - 'challenge-not-hex': `character`, the first that is no digit (as U+XXXX if it cannot be shown), and `expected`; in
 *   dictation also `word`, the one that stands for no digit;
 * - 'challenge-length': `digits` (a number, or "too many" for over-long text) and `expected`; where groups can be told
 *   apart and one is short or long, also `group` (counted from 1), `groupDigits` and `groupSize`; where the length
 *   suggests what was typed, also `suggests`, a `LengthSuggestion`.
 */
export function parseChallenge(text: string, expectedBytes: number): ParsedChallenge | Refused<ChallengeRefusal> {
  const expected = expectedBytes * 2;
  if (text.length > MAX_TYPED_CHARACTERS) {
    return refuse('challenge-length', { digits: 'too many', expected: String(expected) });
  }
  const { groups: said, unknownWord } = fromDictation(splitTyped(text));
  const groups = said.map(withoutNotation);
  const typed = Array.from(groups.join(''));
  if (typed.length === 0) return refuse('challenge-empty', { expected: String(expected) });
  const stranger = strangerIn(unknownWord ?? '') ?? strangerIn(typed);
  if (stranger !== null) return notHex(stranger, unknownWord, expected);
  const { digits, repaired } = readAll(typed);
  const bytes = fromHex(digits);
  if (bytes?.length !== expectedBytes) return refuse('challenge-length', lengthDetails({ groups, digits, expected }));
  return { bytes, groups: inGroups(digits), repaired };
}

function strangerIn(typed: Iterable<string>): string | null {
  return Array.from(typed).find((character) => readDigit(character) === null) ?? null;
}

function readAll(typed: readonly string[]): Reading {
  const read = typed.map((character) => ({ typed: character, read: readDigit(character) ?? '' }));
  return {
    digits: read.map((one) => one.read).join(''),
    repaired: read.flatMap((one, at) => (isHexDigit(one.typed) ? [] : [{ ...one, position: at + 1 }])),
  };
}

// Words of other languages that are said for a digit or a letter are no longer than this.
const MAX_WORD_CHARACTERS = 20;

function notHex(stranger: string, word: string | null, expected: number): Refused<'challenge-not-hex'> {
  const found = { character: visible(stranger), expected: String(expected) };
  const showable = word !== null && word.length <= MAX_WORD_CHARACTERS && /^[\p{L}\p{N}]+$/u.test(word);
  return refuse('challenge-not-hex', showable ? { ...found, word } : found);
}

/** Control and direction characters are named, so that a sentence cannot be made to lie by what was typed. */
function visible(character: string): string {
  if (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)) return character;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
