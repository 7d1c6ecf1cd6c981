// What a kind of card asks and accepts: the shape of a card profile. The built-in ones stand in profile-table.ts.
import type { Cipher } from './cipher.js';

/**
 * How a blocked PIN is reset: `cryptogram`, the encrypted challenge; `puk`, the card's PUK as it is; `puk-as-hex`, the
 * PUK's characters as hex; `not-recoverable`, only by issuing the card again.
 */
export const UNLOCK_METHODS = ['cryptogram', 'puk', 'puk-as-hex', 'not-recoverable'] as const;
export type UnlockMethod = (typeof UNLOCK_METHODS)[number];

/** `one-block-ecb`: the challenge is one block; `cbc-zero-iv`: several blocks, chained, with an IV of zeros. */
export type CipherMode = 'one-block-ecb' | 'cbc-zero-iv';

/** What a card accepts as its PUK. */
export interface PukRule {
  /** In characters; so is `maxLength`. */
  readonly minLength: number;
  readonly maxLength: number;
  /** `ascii`: letters, digits and signs of ASCII, 0x21 to 0x7E, no blanks. */
  readonly characters: 'digits' | 'ascii';
  /** Wrong PUKs until the card blocks the PUK for good; null: unknown, see `responseLimit`. */
  readonly tries: number | null;
}

export interface CardProfile {
  /** Lower-case letters, digits and dashes; stored with each card, so it never changes. */
  readonly id: string;
  readonly name: string;
  /** The cipher of the admin key. Null where no admin key answers a challenge, or nothing is known of it. */
  readonly cipher: Cipher | null;
  /** Null exactly where `cipher` is. */
  readonly mode: CipherMode | null;
  /** Length of the challenge and of the response; 0 exactly where `cipher` is null. */
  readonly challengeBytes: number;
  /** Key sizes in bytes that an import may bring, the usual one first; empty exactly where `cipher` is null. */
  readonly keyBytes: readonly number[];
  /** Admin keys that the vendor ships and publishes, in upper-case hex. Whoever knows one can answer for the card. */
  readonly defaultKeys: readonly string[];
  readonly unlock: UnlockMethod;
  /** Set exactly where `unlock` is `puk` or `puk-as-hex`. */
  readonly puk: PukRule | null;
  /** Wrong responses until the card blocks its admin key for good; null: unknown, see `responseLimit`. */
  readonly wrongResponseLimit: number | 'unlimited' | null;
  /** Where to find the challenge, or that none is needed. */
  readonly challengeOnScreen: string;
  /** How to get another challenge, or what to do instead where there is none. */
  readonly newChallenge: string;
  /** What to do at the PC once the response or the PUK is there, step by step; empty for `not-recoverable`. */
  readonly afterResponse: readonly string[];
  /** For `not-recoverable`: what the holder does instead, in one or two sentences. Null for the others. */
  readonly instead: string | null;
  readonly warnings: readonly string[];
  /** Where the facts come from. */
  readonly source: string;
  /** Whether the response or the PUK was seen to reset a PIN on such a card, or its vendor says that it does. */
  readonly confirmed: boolean;
  /** Facts of this row that no source states and that are assumed: "the cipher". */
  readonly assumed: readonly string[];
  readonly notes: string;
}

/** So many refused responses before a card's limit, somebody at the helpdesk has to agree to every further one. */
export const GUARDED_RESPONSES = 2;

/** What an unknown limit counts as: the lowest one that a vendor is known to set (PIVKey, IDPrime, eToken). */
export const UNKNOWN_RESPONSE_LIMIT = 5;

/**
 * Wrong responses, or wrong PUKs where the card is unblocked by its PUK, after which the card may be beyond help.
 * Infinity where the card is known not to count them.
 */
export function responseLimit({ puk, wrongResponseLimit }: CardProfile): number {
  const limit = puk === null ? wrongResponseLimit : puk.tries;
  if (limit === 'unlimited') return Number.POSITIVE_INFINITY;
  return limit ?? UNKNOWN_RESPONSE_LIMIT;
}
