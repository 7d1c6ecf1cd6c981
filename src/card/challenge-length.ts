// What a challenge of the wrong length tells: which group is short or long, and what was typed in its place.
import { BLOCK_BYTES, KEY_BYTES } from './cipher.js';

/**
 * What the length suggests. `digit-lost`, `digit-added`, `group-lost`, `group-added`: by one; `twice`: the same digits
 * twice; `aes`, `3des`: the challenge of such a card; `key`: a card's key, which nobody may type here; `code`: a
 * one-time code, a PIN or a PUK.
 */
export type LengthSuggestion =
  | 'digit-lost'
  | 'digit-added'
  | 'group-lost'
  | 'group-added'
  | 'twice'
  | 'aes'
  | '3des'
  | 'key'
  | 'code';

export interface Miscounted {
  /** As typed, without separators. */
  readonly groups: readonly string[];
  /** As read, upper-case hex. */
  readonly digits: string;
  readonly expected: number;
}

const DIGITS_3DES = BLOCK_BYTES['3des'] * 2;
const DIGITS_AES = BLOCK_BYTES['aes-128'] * 2;

/** Digits of keys that cannot be a challenge of one block. */
const KEY_DIGITS = [...new Set(Object.values(KEY_BYTES).flat())].map((bytes) => bytes * 2).filter((digits) => digits > DIGITS_AES);

/** The details of a refusal for wrong length; see `parseChallenge`. Never the digits themselves. */
export function lengthDetails(typed: Miscounted): Readonly<Record<string, string>> {
  const suggests = suggestion(typed);
  return {
    digits: String(typed.digits.length),
    expected: String(typed.expected),
    ...oddGroup(typed.groups, typed.expected),
    ...(suggests === null ? {} : { suggests }),
  };
}

function suggestion({ groups, digits, expected }: Miscounted): LengthSuggestion | null {
  const many = digits.length;
  if (many === expected - 1) return 'digit-lost';
  if (many === expected + 1) return 'digit-added';
  if (many === expected * 2 && digits.slice(0, expected) === digits.slice(expected)) return 'twice';
  if (KEY_DIGITS.some((key) => isAbout(many, key))) return 'key';
  if (isAbout(many, DIGITS_AES) && expected === DIGITS_3DES) return 'aes';
  if (isAbout(many, DIGITS_3DES) && expected > DIGITS_3DES) return '3des';
  if (looksLikeCode(groups)) return 'code';
  return byOneGroup(groups, expected);
}

/** Equal, or with one digit lost or doubled. */
function isAbout(many: number, whole: number): boolean {
  return Math.abs(many - whole) <= 1;
}

function looksLikeCode(groups: readonly string[]): boolean {
  return /^[0-9]{6,8}$/.test(groups.join(''));
}

const VISIBLE_GROUP_SIZES: readonly number[] = [2, 4, 8];

function byOneGroup(groups: readonly string[], expected: number): LengthSuggestion | null {
  const size = groups[0]?.length ?? 0;
  if (!VISIBLE_GROUP_SIZES.includes(size) || groups.some((group) => group.length !== size)) return null;
  if ((groups.length + 1) * size === expected && groups.length > 1) return 'group-lost';
  return (groups.length - 1) * size === expected ? 'group-added' : null;
}

/** The first group that is short or long, where there are as many groups as the screen shows and most are whole. */
function oddGroup(groups: readonly string[], expected: number): Readonly<Record<string, string>> {
  const size = expected / groups.length;
  if (!VISIBLE_GROUP_SIZES.includes(size)) return {};
  const whole = groups.filter((group) => group.length === size).length;
  const at = groups.findIndex((group) => group.length !== size);
  if (at < 0 || whole * 2 < groups.length) return {};
  return { group: String(at + 1), groupDigits: String(groups[at]?.length), groupSize: String(size) };
}
