// What the command line says when a challenge or a key is refused: one sentence each, with the next step.
import type { ChallengeRefusal, Repair } from '../card/challenge.js';
import type { KeyRefusal } from '../card/key.js';
import type { Refused } from '../lib/refusal.js';

type Detail = Readonly<Record<string, string>>;

export type CardRefusal =
  | ChallengeRefusal
  | KeyRefusal
  | 'challenge-not-random'
  | 'key-file-unreadable'
  | 'profile-has-no-cipher';

const CARD_SENTENCES: Readonly<Record<CardRefusal, (detail: Detail) => string>> = {
  'challenge-empty': (detail) => `There is no challenge: type the ${named(detail, 'expected')} digits that the screen shows.`,
  'challenge-not-hex': (detail) =>
    `"${detail['word'] ?? named(detail, 'character')}" cannot be part of a challenge, which has only 0 to 9 and A to F: look at the screen again.`,
  'challenge-length': challengeLength,
  'challenge-not-random': () =>
    'No card makes such a regular challenge, so it is not answered: type the one that the screen shows.',
  'key-not-hex': () => 'The key file is not hex text: it must hold only 0 to 9, A to F and blanks.',
  'key-length': keyLength,
  'key-file-unreadable': () => 'The key file cannot be read: check its path and who may read it.',
  'profile-has-no-cipher': () =>
    'Cards of this profile have no key that answers a challenge: `card profiles` shows how they are unblocked.',
};

export function cardSentence({ refused, detail = {} }: Refused<CardRefusal>): string {
  return CARD_SENTENCES[refused](detail);
}

/** Tells what was read differently from how it was typed, and the challenge that came of it. */
export function repairSentence(repaired: readonly Repair[], groups: string): string {
  const readings = repaired.map(({ typed, read, position }) => `${typed} as ${read} (digit ${position})`);
  return `Read ${readings.join(', ')}; make sure that the screen shows ${groups}.`;
}

function challengeLength(detail: Detail): string {
  const counted = `That challenge has ${named(detail, 'digits')} digits and this profile's have ${named(detail, 'expected')}`;
  const hint = LENGTH_HINTS[detail['suggests'] ?? ''];
  if (hint !== undefined) return `${counted}: ${hint}.`;
  if (detail['group'] === undefined) return `${counted}: type it again.`;
  return `${counted}: group ${detail['group']} has ${named(detail, 'groupDigits')} instead of ${named(detail, 'groupSize')}.`;
}

/** By what the length suggests. */
const LENGTH_HINTS: Readonly<Record<string, string>> = {
  twice: 'it stands there twice, so type it once',
  aes: 'this looks like the challenge of an AES card, and the profile is for 3DES',
  '3des': 'this looks like the challenge of a 3DES card, and the profile is for AES',
  key: 'this looks like a key, which must never be typed as an argument; change that key, and give the challenge',
  code: 'this looks like a one-time code, a PIN or a PUK; give what the screen shows as challenge',
};

function keyLength(detail: Detail): string {
  const counted = `The key has ${named(detail, 'digits')} hex digits and this profile's keys have ${named(detail, 'expected')}`;
  return `${counted}: ${detail['lost'] === undefined ? 'check the profile and the key file' : 'a leading 0 may be lost'}.`;
}

function named(detail: Detail, name: string): string {
  return detail[name] ?? '?';
}
