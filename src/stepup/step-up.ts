// Is this the person? Checks a one-time code or a recovery code, counted before it is looked at.
import type { KeyVault, SealedAuthenticator } from '../vault/key-vault.js';
import type { RowMac } from '../vault/row-mac.js';
import type {
  Attempt,
  AuthenticatorStore,
  Reservation,
  Scope,
  SpentCode,
  StoredAuthenticator,
} from './authenticator-store.js';
import { plainCode, readCode } from './code-text.js';
import { findRecoveryCode } from './recovery.js';
import { dayScope, momentToCheck } from './throttle.js';
import { type CodeMatch, matchCode } from './one-time-code.js';
import { newSeed, TOTP_ALGORITHM } from './totp.js';

export interface Guess {
  /** Whose code this is said to be. */
  readonly personId: string;
  /** As typed. */
  readonly code: string;
  /** What was typed beside the code and has to be right with it: with something else there, it is another guess. */
  readonly beside?: string;
  /** The request, vote or enrolment that it is for. The day of whoever types is added here. */
  readonly scopes: readonly Scope[];
  /** When `actorId` is not `personId` (an agent types for a caller), the person's authenticator is spared the try. */
  readonly attempt: Attempt;
  readonly at: Date;
}

export type CodeVerdict =
  /** Right, and worth something only once `spend` is committed with what it pays for. */
  | { readonly kind: 'proof'; readonly spend: SpentCode }
  /** Wrong, replayed, locked, disabled or nobody's, not told apart. `scopeExhausted`: one of the guess's scopes has no try left. */
  | { readonly kind: 'not-accepted'; readonly scopeExhausted: boolean };

export interface StepUpParts {
  readonly store: AuthenticatorStore;
  readonly vault: KeyVault;
  readonly rowMac: RowMac;
}

/** The authenticator whose code the guess may be, as of which moment. */
interface Subject {
  readonly authenticator: StoredAuthenticator;
  readonly checkedAt: Date;
  /** A repeat is right again if it was right: whether its code is unspent is for the transaction to say. */
  readonly repeated: boolean;
  /** Somebody else typed it: the authenticator counted no try. */
  readonly spared: boolean;
}

type Match =
  | CodeMatch
  | { readonly kind: 'recovery'; readonly recoveryCodeId: string }
  | { readonly kind: 'code-and-recovery-code'; readonly step: bigint; readonly recoveryCodeId: string };

export class StepUp {
  readonly #store: AuthenticatorStore;
  readonly #vault: KeyVault;
  readonly #rowMac: RowMac;
  #nobody: SealedAuthenticator | null = null;

  constructor({ store, vault, rowMac }: StepUpParts) {
    this.#store = store;
    this.#vault = vault;
    this.#rowMac = rowMac;
  }

  /**
   * One guess, counted and then checked. Whoever has no authenticator, or a locked one, costs the same work: a stranger's
   * seed is opened instead. Throws VaultError when the person's sealed seed was changed.
   */
  async check(guess: Guess): Promise<CodeVerdict> {
    const authenticator = await this.#store.activeAuthenticator(guess.personId);
    const scopes = [...guess.scopes, dayOf(guess)];
    const reservation = await this.#reserve(guess, scopes, authenticator);
    const subject = subjectOf(authenticator, reservation, guess);
    const match = await this.#match(guess, subject);
    if (subject !== null && match !== null) return { kind: 'proof', spend: spendOf(match, subject, scopes) };
    return { kind: 'not-accepted', scopeExhausted: isExhausted(guess.scopes, reservation) };
  }

  /** For a right code that was not spent, because the step it came with was refused for another reason. */
  giveBack(spend: SpentCode): Promise<void> {
    return this.#store.giveBack(spend);
  }

  #reserve(guess: Guess, scopes: readonly Scope[], authenticator: StoredAuthenticator | null): Promise<Reservation> {
    const { personId, attempt, at } = guess;
    const beside = guess.beside === undefined ? [] : [guess.beside];
    const codeMac = this.#rowMac.digest('guess', personId, attempt.formId, attempt.actorId, plainCode(guess.code), ...beside);
    return this.#store.reserveGuess({
      authenticatorId: authenticator?.id ?? null,
      countsAgainstAuthenticator: attempt.actorId === personId,
      scopes,
      attempt: { ...attempt, codeMac },
      at,
    });
  }

  async #match(guess: Guess, subject: Subject | null): Promise<Match | null> {
    const typed = readCode(guess.code);
    if (typed?.kind === 'recovery') return toRecovery(await this.#findRecovery(typed.text, guess.personId, subject));
    if (typed?.kind === 'both') return this.#matchBoth(typed, guess, subject);
    // What is no code at all is checked like a wrong one.
    return this.#matchDigits(typed?.digits ?? '', guess, subject);
  }

  async #matchBoth({ digits, text }: { readonly digits: string; readonly text: string }, guess: Guess, subject: Subject | null): Promise<Match | null> {
    const code = await this.#matchDigits(digits, guess, subject);
    const recoveryCodeId = await this.#findRecovery(text, guess.personId, subject);
    return code === null || recoveryCodeId === null ? null : { kind: 'code-and-recovery-code', step: code.step, recoveryCodeId };
  }

  async #matchDigits(digits: string, guess: Guess, subject: Subject | null): Promise<CodeMatch | null> {
    const sealed = subject === null ? await this.#stranger() : sealedSeed(subject.authenticator, guess.personId);
    const { lastStep } = subject?.authenticator ?? { lastStep: 0n };
    const look = { algorithm: sealed.algorithm, at: subject?.checkedAt ?? guess.at, lastStep, repeated: subject?.repeated === true };
    return this.#vault.withSeed(sealed, (seed) => matchCode(seed, digits, look));
  }

  async #findRecovery(text: string, personId: string, subject: Subject | null): Promise<string | null> {
    const rows = await this.#store.recoveryCodes(personId);
    const found = await findRecoveryCode(text, personId, subject === null ? [] : rows, this.#rowMac);
    const row = rows.find(({ id }) => id === found);
    if (row === undefined || (row.used && subject?.repeated !== true)) return null;
    return row.id;
  }

  async #stranger(): Promise<SealedAuthenticator> {
    this.#nobody ??= await sealNobody(this.#vault);
    return this.#nobody;
  }
}

function toRecovery(recoveryCodeId: string | null): Match | null {
  return recoveryCodeId === null ? null : { kind: 'recovery', recoveryCodeId };
}

function subjectOf(authenticator: StoredAuthenticator | null, reservation: Reservation, { personId, attempt, at }: Guess): Subject | null {
  const checkedAt = momentToCheck(reservation, at);
  if (authenticator === null || checkedAt === null) return null;
  return { authenticator, checkedAt, repeated: reservation.kind === 'repeated', spared: attempt.actorId !== personId };
}

function dayOf({ personId, attempt: { actorId }, at }: Guess): Scope {
  return dayScope(actorId, actorId === personId ? 'own' : 'others', at);
}

function isExhausted(scopes: readonly Scope[], { scopeTries }: Reservation): boolean {
  return scopes.some(({ limit }, place) => (scopeTries[place] ?? limit) >= limit);
}

/** A repeat counted nothing, so nothing may be taken back for it. */
function spendOf(match: Match, { authenticator, repeated, spared }: Subject, scopes: readonly Scope[]): SpentCode {
  const counted = repeated ? [] : scopes.map(({ key }) => key);
  return { ...match, authenticatorId: authenticator.id, personId: authenticator.personId, counted, ...(spared ? { spared } : {}) };
}

/** Bound to the person who was asked about, whatever the row says. */
export function sealedSeed({ id, algorithm, sealed }: StoredAuthenticator, personId: string): SealedAuthenticator {
  return { authenticatorId: id, personId, algorithm, sealed };
}

async function sealNobody(vault: KeyVault): Promise<SealedAuthenticator> {
  const nobody = { authenticatorId: 'nobody', personId: 'nobody', algorithm: TOTP_ALGORITHM };
  return { ...nobody, sealed: await vault.sealSeed(nobody, newSeed()) };
}
