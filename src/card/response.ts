// The answer to a challenge, and the only class in this folder that holds one.
import { inspect } from 'node:util';
import { inGroups, toHex, wipe } from '../lib/bytes.js';
import { CardError } from './card-error.js';
import { encryptBlock } from './cipher.js';
import type { CardProfile } from './profile.js';

/** A response as text, for the one screen that shows it. */
export interface RevealedResponse {
  /** Groups of four hex digits, to read off: "4EA8 AE3F 7D6D A449". */
  readonly groups: string;
  /** The same without blanks, to copy. */
  readonly plain: string;
  /** Word by word, to read aloud; digits in English, letters of the NATO alphabet. */
  readonly spelled: string;
}

// The letters are those of the ICAO/NATO alphabet (ICAO Annex 10, volume II, 5.2.1.3).
const SPOKEN: Readonly<Record<string, string>> = {
  0: 'zero',
  1: 'one',
  2: 'two',
  3: 'three',
  4: 'four',
  5: 'five',
  6: 'six',
  7: 'seven',
  8: 'eight',
  9: 'nine',
  A: 'Alfa',
  B: 'Bravo',
  C: 'Charlie',
  D: 'Delta',
  E: 'Echo',
  F: 'Foxtrot',
};

const CONCEALED = '[response]';

/** Prints "[response]" wherever it is logged, joined or stored; only `reveal` gives the digits. */
export class Response {
  readonly #bytes: Uint8Array;
  #wiped = false;

  /** Takes the bytes over: `wipe` overwrites them. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Throws a CardError ('response-wiped') after `wipe`. */
  reveal(): RevealedResponse {
    if (this.#wiped) throw new CardError('response-wiped', 'the response is gone');
    const plain = toHex(this.#bytes);
    const groups = inGroups(plain);
    return { groups, plain, spelled: spell(groups) };
  }

  wipe(): void {
    wipe(this.#bytes);
    this.#wiped = true;
  }

  toString(): string {
    return CONCEALED;
  }

  toJSON(): string {
    return CONCEALED;
  }

  [inspect.custom](): string {
    return CONCEALED;
  }
}

/**
 * The response to a card's challenge: one block, ECB, encryption, no padding, as long as the challenge
 * (SP 800-73-3 part 2, appendix A.1; Windows minidriver specification, "Challenge/Response Mechanism").
 * Pure: whether it may be answered at all is decided elsewhere (`looksRandom`, the request's desk).
 * Throws a CardError: 'profile-has-no-cipher', 'key-length' or 'challenge-length'.
 */
export function computeResponse(profile: CardProfile, key: Uint8Array, challenge: Uint8Array): Response {
  if (profile.cipher === null) throw new CardError('profile-has-no-cipher', `${profile.id} has no admin key`);
  return new Response(encryptBlock(profile.cipher, key, challenge));
}

function spell(groups: string): string {
  const spoken = (group: string) => Array.from(group, (digit) => SPOKEN[digit]).join(' ');
  return groups.split(' ').map(spoken).join(', ');
}
