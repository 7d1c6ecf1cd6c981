// A simulated smart card, so that a response can be tried without a reader: of the GIDS kind (Windows minidriver model),
// or one that only its PUK unblocks, as a PIV card.
// It checks responses by decrypting them with node:crypto and shares no code with the bot's own cipher: a second opinion.
import { createDecipheriv, randomBytes } from 'node:crypto';
import { concat, equalBytes, fromHex, inGroups, toHex, utf8 } from '../../lib/bytes.js';
import type { CardView } from './page/wire.js';
import { PlaygroundError } from './playground-error.js';

const CHALLENGE_BYTES = 8;
const KEY_BYTES = 24;
const TWO_KEY_BYTES = 16;
/** Wrong PINs until the card blocks it, as GidsApplet counts: 63C2, 63C1, 63C0, then 6983. */
export const PIN_TRIES = 3;
/** Wrong PUKs until a PIV card is beyond help, as a YubiKey counts. */
export const PUK_TRIES = 3;

export interface CardIdentity {
  readonly serial: string;
  readonly label: string;
  readonly holderId: string;
  /** The admin key, 24 bytes, or 16 for K1‖K2‖K1. A real card holds its own copy too. */
  readonly keyHex: string;
  /** Where only this resets the PIN: the admin key then answers nothing that would help. */
  readonly puk?: string | undefined;
}

/** What the card keeps when it is not looked at. */
export interface CardMemory extends CardIdentity {
  readonly pin: string | null;
  /** 0: the PIN is blocked. */
  readonly pinTriesLeft: number;
  readonly refusedResponses: number;
  readonly challengeHex: string | null;
}

export type CardOutcome =
  | 'challenge-given'
  | 'pin-reset'
  | 'response-refused'
  | 'puk-refused'
  | 'puk-blocked'
  | 'no-challenge'
  | 'pin-rule'
  | 'not-blocked'
  | 'window-closed'
  | 'pin-right'
  | 'pin-wrong'
  | 'pin-blocked';

export class SimulatedCard {
  readonly #identity: CardIdentity;
  readonly #key: Uint8Array;
  #pin: string | null;
  #pinTriesLeft: number;
  #refusedResponses: number;
  #challenge: Uint8Array | null;

  /** A card whose PIN is blocked and which shows its first challenge; or, from its memory, the card as it was left. */
  constructor(identity: CardIdentity, memory?: CardMemory) {
    const { serial, label, holderId, keyHex, puk } = identity;
    this.#identity = { serial, label, holderId, keyHex, puk };
    this.#key = parseKey(keyHex);
    this.#pin = memory?.pin ?? null;
    this.#pinTriesLeft = memory?.pinTriesLeft ?? 0;
    this.#refusedResponses = memory?.refusedResponses ?? 0;
    this.#challenge = memory === undefined ? this.#ownChallenge() : parseChallenge(memory.challengeHex);
  }

  get view(): CardView {
    const { serial, label, holderId } = this.#identity;
    return {
      serial,
      label,
      holderId,
      wants: this.#identity.puk === undefined ? 'response' : 'puk',
      blocked: this.#blocked,
      pinTriesLeft: this.#pinTriesLeft,
      refusedResponses: this.#refusedResponses,
      challenge: this.#challenge === null ? null : inGroups(toHex(this.#challenge)),
    };
  }

  toMemory(): CardMemory {
    return {
      ...this.#identity,
      pin: this.#pin,
      pinTriesLeft: this.#pinTriesLeft,
      refusedResponses: this.#refusedResponses,
      challengeHex: this.#challenge === null ? null : toHex(this.#challenge),
    };
  }

  /** GENERAL AUTHENTICATE, first half: a new random challenge, which ends the one before. */
  newChallenge(): CardOutcome {
    if (!this.#blocked) return 'not-blocked';
    this.#challenge = this.#ownChallenge();
    return 'challenge-given';
  }

  /** The second half and RESET RETRY COUNTER: a right response sets the new PIN. Right or wrong, the challenge is used up. */
  resetPin(response: Uint8Array, newPin: string): CardOutcome {
    if (!this.#blocked) return 'not-blocked';
    if (!isPin(newPin)) return 'pin-rule';
    const { puk } = this.#identity;
    if (puk !== undefined) return this.#resetByPuk(puk, response, newPin);
    const challenge = this.#challenge;
    if (challenge === null) return 'no-challenge';
    this.#challenge = null;
    if (!answers(this.#key, challenge, response)) {
      this.#refusedResponses += 1;
      return 'response-refused';
    }
    return this.#resetTo(newPin);
  }

  /** VERIFY: the third wrong PIN in a row blocks it. */
  verifyPin(pin: string): CardOutcome {
    if (this.#blocked) return 'pin-blocked';
    if (pin === this.#pin) {
      this.#pinTriesLeft = PIN_TRIES;
      return 'pin-right';
    }
    if (this.#pinTriesLeft === 1) return this.block();
    this.#pinTriesLeft -= 1;
    return 'pin-wrong';
  }

  /** What the last wrong PIN does; the PC opens its unblock window, which asks for a challenge. */
  block(): CardOutcome {
    if (this.#blocked) return 'pin-blocked';
    this.#pinTriesLeft = 0;
    this.#challenge = this.#ownChallenge();
    return 'pin-blocked';
  }

  /** The unblock window is closed: Windows lets go of the card, and its challenge is gone. */
  closeWindow(): CardOutcome {
    this.#challenge = null;
    return 'window-closed';
  }

  /** RESET RETRY COUNTER of a PIV card: the third wrong PUK in a row blocks that too. */
  #resetByPuk(puk: string, typed: Uint8Array, newPin: string): CardOutcome {
    if (this.#refusedResponses >= PUK_TRIES) return 'puk-blocked';
    if (equalBytes(typed, utf8(puk))) return this.#resetTo(newPin);
    this.#refusedResponses += 1;
    return 'puk-refused';
  }

  #resetTo(newPin: string): CardOutcome {
    this.#pin = newPin;
    this.#pinTriesLeft = PIN_TRIES;
    this.#refusedResponses = 0;
    return 'pin-reset';
  }

  #ownChallenge(): Uint8Array | null {
    return this.#identity.puk === undefined ? randomChallenge() : null;
  }

  get #blocked(): boolean {
    return this.#pinTriesLeft === 0;
  }
}

/** 4 to 8 digits. */
export function isPin(text: string): boolean {
  return /^[0-9]{4,8}$/.test(text);
}

/** Whether the response, decrypted (3DES, one block, ECB, no padding), gives the challenge back. */
function answers(key: Uint8Array, challenge: Uint8Array, response: Uint8Array): boolean {
  if (response.length !== CHALLENGE_BYTES) return false;
  const decipher = createDecipheriv('des-ede3-ecb', key, null).setAutoPadding(false);
  return equalBytes(concat(decipher.update(response), decipher.final()), challenge);
}

function randomChallenge(): Uint8Array {
  return new Uint8Array(randomBytes(CHALLENGE_BYTES));
}

function parseChallenge(hex: string | null): Uint8Array | null {
  return hex === null ? null : fromHex(hex);
}

function parseKey(hex: string): Uint8Array {
  const key = fromHex(hex);
  if (key?.length === KEY_BYTES) return key;
  if (key?.length === TWO_KEY_BYTES) return concat(key, key.subarray(0, 8));
  throw new PlaygroundError('card-key', 'a simulated card needs a 3DES key of 16 or 24 bytes in hex');
}
