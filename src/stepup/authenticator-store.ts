// What checking a one-time code asks of storage.
import type { Sealed } from '../vault/seal.js';

/** An authenticator as stored. `sealed` opens only for this id, this person and this algorithm. */
export interface StoredAuthenticator {
  readonly id: string;
  readonly personId: string;
  readonly algorithm: string;
  readonly sealed: Sealed;
  /** The last time step, or counter, whose code was spent; only later ones are accepted. -1 where counter 0 comes next. */
  readonly lastStep: bigint;
  /** Guesses since the last code that was spent. */
  readonly tries: number;
}

/** A place where guesses are counted (a request, an approver's vote, a person's day) and how many it allows. */
export interface Scope {
  readonly key: string;
  readonly limit: number;
}

/** Which form was submitted, and who typed. The same guess delivered twice is one attempt. */
export interface Attempt {
  readonly formId: string;
  readonly actorId: string;
}

export interface GuessToReserve {
  /** Null when the person has none: the scopes are counted all the same. */
  readonly authenticatorId: string | null;
  /** False for a guess typed by someone else for the person: it obeys the authenticator's locks but adds no try to it. */
  readonly countsAgainstAuthenticator: boolean;
  readonly scopes: readonly Scope[];
  readonly attempt: Attempt & { readonly codeMac: Uint8Array };
  readonly at: Date;
}

/** `scopeTries`: the tries of each scope after this call, in the order of `scopes`. */
export type Reservation =
  | { readonly kind: 'reserved'; readonly scopeTries: readonly number[] }
  /** This attempt was reserved before, at `firstAt`; nothing was counted now. */
  | { readonly kind: 'repeated'; readonly scopeTries: readonly number[]; readonly firstAt: Date }
  /** A scope had no try left, or the authenticator is locked or disabled. */
  | { readonly kind: 'not-checked'; readonly scopeTries: readonly number[] };

export interface StoredRecoveryCode {
  readonly id: string;
  readonly digest: Uint8Array;
  readonly used: boolean;
}

/**
 * A code that was right and must now be spent, in the transaction of what it pays for:
 * `totp`, `hotp`: set lastStep = step where id = authenticatorId, personId is the same, state = 'active' and lastStep < step;
 * `recovery`: set usedAt where id = recoveryCodeId, personId is the same and usedAt is null, and the authenticator is still active;
 * `code-and-recovery-code`: both of these, or neither.
 * No row: the code is spent already, a refusal. One row: also tries = 0 and lockedUntil = null on the authenticator,
 * and one try back in each scope of `counted` (the guess was right). `spared`: it added no try to the authenticator.
 */
export type SpentCode =
  | {
      readonly kind: 'totp' | 'hotp';
      readonly authenticatorId: string;
      readonly personId: string;
      /** The time step, or the counter. */
      readonly step: bigint;
      readonly counted: readonly string[];
      readonly spared?: true;
    }
  | {
      readonly kind: 'recovery';
      readonly authenticatorId: string;
      readonly recoveryCodeId: string;
      readonly personId: string;
      readonly counted: readonly string[];
      readonly spared?: true;
    }
  | {
      readonly kind: 'code-and-recovery-code';
      readonly authenticatorId: string;
      readonly step: bigint;
      readonly recoveryCodeId: string;
      readonly personId: string;
      readonly counted: readonly string[];
      readonly spared?: true;
    };

export interface AuthenticatorStore {
  /** The person's authenticator in state `active`, whatever its tries and locks, or null. */
  activeAuthenticator(personId: string): Promise<StoredAuthenticator | null>;
  /**
   * Counts a guess before it is checked, committed on its own, in this order:
   * 1. the attempt (form, actor, code) is known → `repeated`, nothing counted;
   * 2. one try in every scope that has one left;
   * 3. a scope had none left → `not-checked`;
   * 4. the authenticator is given and is locked at `at`, is not active, has had AUTHENTICATOR_TRIES → `not-checked`;
   * 5. if it counts against the authenticator: tries + 1 and lockedUntil = lockAfter(tries, at);
   * 6. the attempt is remembered → `reserved`.
   * Steps 2 to 5 are conditional updates, so that two guesses at once never share a try. Then, at AUTHENTICATOR_TRIES, the
   * authenticator's state becomes `disabled`, and what was begun for the person (a pending authenticator, an invitation) ends.
   */
  reserveGuess(guess: GuessToReserve): Promise<Reservation>;
  /** A right code was not spent, because what it should pay for was refused: takes back the tries that it counted. */
  giveBack(code: SpentCode): Promise<void>;
  /** All of the person's recovery codes, used ones too (at most ten). */
  recoveryCodes(personId: string): Promise<readonly StoredRecoveryCode[]>;
}
