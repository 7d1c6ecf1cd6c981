// What a person types at the PC: the answer to a challenge, or a PUK. The only class in this folder that holds one.
import { inspect } from 'node:util';
import { inGroups, toHex, wipe } from '../lib/bytes.js';
import { CardError } from './card-error.js';
import { encryptBlock, encryptChained } from './cipher.js';
import type { CardProfile } from './profile.js';
import { ENGLISH_NAMES, spellHex, spellText } from './spelling.js';

/** A response or a PUK as text, for the one screen that shows it. */
export interface RevealedResponse {
  /** Groups of four characters, to read off: "4EA8 AE3F 7D6D A449". */
  readonly groups: string;
  /** The same without blanks, to copy. */
  readonly plain: string;
  /** Word by word, to read aloud; letters of the NATO alphabet. */
  readonly spelled: string;
}

const CONCEALED = '[response]';

/** Prints "[response]" wherever it is logged, joined or stored; only `reveal` gives the characters. */
export class Response {
  readonly #bytes: Uint8Array;
  readonly #shownAs: 'hex' | 'text';
  #wiped = false;

  /** Takes the bytes over: `wipe` overwrites them. `text` is for ASCII characters, which are shown as they are. */
  constructor(bytes: Uint8Array, shownAs: 'hex' | 'text' = 'hex') {
    this.#bytes = bytes;
    this.#shownAs = shownAs;
  }

  /**
   * A PUK, of which it keeps a copy: as it is or, for OpenSC's minidriver, as the hex of its characters ("12345678" is
   * typed 3132333435363738; src/minidriver/minidriver.c, CardUnblockPin).
   */
  static ofPuk(puk: Uint8Array, method: 'puk' | 'puk-as-hex'): Response {
    return new Response(puk.slice(), method === 'puk' ? 'text' : 'hex');
  }

  /** `names`: what digits and signs are called. Throws a CardError ('response-wiped') after `wipe`. */
  reveal(names = ENGLISH_NAMES): RevealedResponse {
    if (this.#wiped) throw new CardError('response-wiped', 'the response is gone');
    const isHex = this.#shownAs === 'hex';
    const plain = isHex ? toHex(this.#bytes) : String.fromCharCode(...this.#bytes);
    const groups = inGroups(plain);
    return { groups, plain, spelled: isHex ? spellHex(groups, names) : spellText(groups, names) };
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
 * The response to a card's challenge: encryption without padding, as long as the challenge; one block (SP 800-73-3
 * part 2, appendix A.1) or several in CBC mode (Windows minidriver specification, "Challenge/Response Mechanism").
 * Pure: whether it may be answered at all is decided elsewhere (`looksRandom`, the request's desk).
 * Throws a CardError: 'profile-has-no-cipher', 'key-length' or 'challenge-length'.
 */
export function computeResponse(profile: CardProfile, key: Uint8Array, challenge: Uint8Array): Response {
  const { cipher, mode, challengeBytes } = profile;
  if (cipher === null) throw new CardError('profile-has-no-cipher', `${profile.id} has no admin key`);
  if (challenge.length !== challengeBytes) {
    throw new CardError('challenge-length', `a challenge of ${challenge.length} bytes for ${profile.id}`);
  }
  const encrypt = mode === 'cbc-zero-iv' ? encryptChained : encryptBlock;
  return new Response(encrypt(cipher, key, challenge));
}
