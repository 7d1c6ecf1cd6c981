// From what a person typed off the locked screen to the challenge's bytes, saying what was read differently.
import { fromHex, inGroups } from '../lib/bytes.js';
import { refuse } from '../lib/refusal.js';
import { fromDictation, isHexDigit, readDigit, toUsualWidth } from './misreadings.js';
/** Longer text is not read at all. The longest challenge, dictated word by word, stays well below. */
export const MAX_TYPED_CHARACTERS = 500;
/**
 * Reads a challenge of `expectedBytes` in any form that a person may type: with separators, quotes, brackets, code
 * marks, `0x` or `h`, "Challenge:" before it, full-width or look-alike letters, or dictated words.
 * Never throws. Refusals and their details, all text:
 * - 'challenge-empty': `expected`, the number of digits on the screen;
 * - 'challenge-not-hex': `character`, the first that is no digit (as U+XXXX if it cannot be shown), and `expected`;
 * - 'challenge-length': `digits` (a number, or "too many" for over-long text) and `expected`; where groups can be told
 *   apart and one is short or long, also `group` (counted from 1), `groupDigits` and `groupSize`.
 */
export function parseChallenge(text, expectedBytes) {
    const expected = expectedBytes * 2;
    if (text.length > MAX_TYPED_CHARACTERS) {
        return refuse('challenge-length', { digits: 'too many', expected: String(expected) });
    }
    const groups = fromDictation(splitTyped(text)).map(withoutNotation);
    const typed = Array.from(groups.join(''));
    if (typed.length === 0)
        return refuse('challenge-empty', { expected: String(expected) });
    const stranger = typed.find((character) => readDigit(character) === null);
    if (stranger !== undefined) {
        return refuse('challenge-not-hex', { character: visible(stranger), expected: String(expected) });
    }
    const { digits, repaired } = readAll(typed);
    const bytes = fromHex(digits);
    if (bytes?.length !== expectedBytes)
        return wrongLength(groups, digits.length, expected);
    return { bytes, groups: inGroups(digits), repaired };
}
// "Challenge:", "The challenge is", "Challenge code =": "code" counts only before a sign, as C0DE may be a group.
const INTRODUCTION = /^[^\p{L}\p{N}]*(?:(?:the|my)\s+)?challenge(?:(?:[\s-]code)?\s*[:=]|(?:[\s-]code)?\s+is(?=[\s:])|(?=[^\p{L}\p{N}]|$))/iu;
// Blanks of every width, marks that cannot be seen, and what people and chat programs put between or around groups.
const SEPARATORS = /[\s\u00AD\u200B-\u200F\u202A\u202C\u2060\u2066\u2069\u2010-\u2015\u2212\-:.·•,;_/\\'"`´‘’‚“”„«»‹›()[\]{}<>*~]+/u;
function splitTyped(text) {
    const groups = toUsualWidth(text).replace(INTRODUCTION, ' ').split(SEPARATORS).filter((group) => group !== '');
    const [first, ...rest] = groups;
    return first !== undefined && /^0?x$/i.test(first) ? rest : groups;
}
/** A group without the 0x before it or the h after it. */
function withoutNotation(group) {
    return group.replace(/^0?x(?=.)/iu, '').replace(/(?<=.)h$/iu, '');
}
function readAll(typed) {
    const read = typed.map((character) => ({ typed: character, read: readDigit(character) ?? '' }));
    return {
        digits: read.map((one) => one.read).join(''),
        repaired: read.flatMap((one, at) => (isHexDigit(one.typed) ? [] : [{ ...one, position: at + 1 }])),
    };
}
/** Control and direction characters are named, so that a sentence cannot be made to lie by what was typed. */
function visible(character) {
    if (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character))
        return character;
    return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
function wrongLength(groups, digits, expected) {
    const found = { digits: String(digits), expected: String(expected) };
    const odd = oddGroup(groups, expected);
    return refuse('challenge-length', odd === null ? found : { ...found, ...odd });
}
const VISIBLE_GROUP_SIZES = [2, 4, 8];
/** The first group that is short or long, where there are as many groups as the screen shows and most are whole. */
function oddGroup(groups, expected) {
    const size = expected / groups.length;
    if (!VISIBLE_GROUP_SIZES.includes(size))
        return null;
    const lengths = groups.map((group) => Array.from(group).length);
    const whole = lengths.filter((length) => length === size).length;
    const at = lengths.findIndex((length) => length !== size);
    if (at < 0 || whole * 2 < groups.length)
        return null;
    return { group: String(at + 1), groupDigits: String(lengths[at]), groupSize: String(size) };
}
