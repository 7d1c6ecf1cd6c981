// The storage of step-up in memory, with the conditions that the real one has: what is read and written together happens at once.
import { equalBytes, toHex } from '../../src/lib/bytes.js';
import type {
  AuthenticatorStore,
  GuessToReserve,
  Reservation,
  Scope,
  SpentCode,
  StoredAuthenticator,
  StoredRecoveryCode,
} from '../../src/stepup/authenticator-store.js';
import type {
  Activation,
  EnrolmentStore,
  NewAuthenticator,
  NewInvitation,
  NewVoucher,
  OpenInvitation,
  PendingAuthenticator,
  RefusedCode,
  Renewal,
  VoucherOutcome,
} from '../../src/stepup/enrolment-store.js';
import type { RecoveryRow } from '../../src/stepup/recovery.js';
import { AUTHENTICATOR_TRIES, lockAfter } from '../../src/stepup/throttle.js';

type Changing<T> = { -readonly [K in keyof T]: T[K] };

interface AuthenticatorRow extends Changing<PendingAuthenticator> {
  state: 'pending' | 'active' | 'replaced' | 'disabled';
  lockedUntil: Date | null;
}

interface RecoveryCodeRow extends Changing<StoredRecoveryCode> {
  personId: string;
}

interface InvitationRow extends NewInvitation {
  usedAt: Date | null;
}

export class StepUpMemory implements AuthenticatorStore, EnrolmentStore {
  readonly accounts = new Map<string, string>();
  readonly authenticators: AuthenticatorRow[] = [];
  readonly invitations: InvitationRow[] = [];
  readonly scopes = new Map<string, number>();
  readonly refusedCodes: RefusedCode[] = [];
  #recovery: RecoveryCodeRow[] = [];
  readonly #attempts = new Map<string, Date>();
  readonly #submissions = new Set<string>();

  addPerson(personId: string, account: string): Promise<void> {
    this.accounts.set(personId, account);
    return Promise.resolve();
  }

  addActive(authenticator: NewAuthenticator): Promise<void> {
    this.authenticators.push({ lastStep: 0n, ...authenticator, state: 'active', tries: 0, lockedUntil: null });
    return Promise.resolve();
  }

  addRecoveryCodes(personId: string, rows: readonly RecoveryRow[]): Promise<void> {
    this.#recovery.push(...rows.map((row) => ({ ...row, personId, used: false })));
    return Promise.resolve();
  }

  /** What the transaction of an effect does with a proof: true if this was the first. */
  spend(code: SpentCode): Promise<boolean> {
    return Promise.resolve(this.#spend(code));
  }

  activeAuthenticator(personId: string): Promise<StoredAuthenticator | null> {
    const active = this.#active(personId);
    return Promise.resolve(active === undefined ? null : { ...active });
  }

  reserveGuess(guess: GuessToReserve): Promise<Reservation> {
    return Promise.resolve(this.#reserve(guess));
  }

  recoveryCodes(personId: string): Promise<readonly StoredRecoveryCode[]> {
    return Promise.resolve(this.#recovery.filter((row) => row.personId === personId).map((row) => ({ ...row })));
  }

  createInvitation(invitation: NewInvitation): Promise<void> {
    for (const row of this.invitations) {
      if (row.personId === invitation.personId) row.usedAt ??= invitation.createdAt;
    }
    this.invitations.push({ ...invitation, usedAt: null });
    return Promise.resolve();
  }

  /** Who may vouch for whom is for a storage that knows the directory. */
  createVoucher(voucher: NewVoucher): Promise<VoucherOutcome> {
    const { formId, actorId } = voucher.attempt;
    if (this.#submissions.has(`${formId} ${actorId}`)) return Promise.resolve('repeated');
    if (!this.#spend(voucher.spend)) return Promise.resolve('lost');
    this.#submissions.add(`${formId} ${actorId}`);
    this.invitations.push({ ...voucher, usedAt: null });
    return Promise.resolve('created');
  }

  noteRefusedCode(refused: RefusedCode): Promise<void> {
    this.refusedCodes.push(refused);
    return Promise.resolve();
  }

  hasReports(): Promise<boolean> {
    return Promise.resolve(false);
  }

  openInvitation(digest: Uint8Array, at: Date): Promise<OpenInvitation | null> {
    const row = this.invitations.find((one) => equalBytes(one.digest, digest));
    if (row === undefined || !isOpen(row, at)) return Promise.resolve(null);
    return Promise.resolve({ id: row.id, personId: row.personId, account: this.accounts.get(row.personId) ?? '' });
  }

  startPending(invitationId: string, authenticator: NewAuthenticator, at: Date): Promise<boolean> {
    const row = this.invitations.find(({ id }) => id === invitationId);
    if (row === undefined || !isOpen(row, at)) return Promise.resolve(false);
    row.usedAt = at;
    for (const one of this.authenticators) {
      if (one.personId === authenticator.personId && one.state === 'pending') one.state = 'replaced';
    }
    this.authenticators.push({ lastStep: 0n, ...authenticator, state: 'pending', tries: 0, lockedUntil: null });
    return Promise.resolve(true);
  }

  pendingAuthenticator(id: string): Promise<PendingAuthenticator | null> {
    const row = this.authenticators.find((one) => one.id === id && one.state === 'pending');
    return Promise.resolve(row === undefined ? null : { ...row });
  }

  activate(activation: Activation): Promise<'activated' | 'lost'> {
    return Promise.resolve(this.#activate(activation) ? 'activated' : 'lost');
  }

  renewRecoveryCodes(renewal: Renewal): Promise<'renewed' | 'repeated' | 'lost'> {
    return Promise.resolve(this.#renew(renewal));
  }

  async activateFirst(authenticator: NewAuthenticator): Promise<boolean> {
    if (this.authenticators.some(({ state }) => state === 'active')) return false;
    await this.addActive(authenticator);
    return true;
  }

  #reserve({ authenticatorId, countsAgainstAuthenticator, scopes, attempt, at }: GuessToReserve): Reservation {
    const attemptKey = [attempt.formId, attempt.actorId, toHex(attempt.codeMac)].join(' ');
    const firstAt = this.#attempts.get(attemptKey);
    if (firstAt !== undefined) return { kind: 'repeated', scopeTries: this.#tries(scopes), firstAt };
    const counted = scopes.map((scope) => this.#countIn(scope));
    const scopeTries = this.#tries(scopes);
    if (counted.includes(false)) return { kind: 'not-checked', scopeTries };
    const authenticator = this.authenticators.find(({ id }) => id === authenticatorId);
    if (authenticatorId !== null && (authenticator === undefined || isClosed(authenticator, at))) {
      return { kind: 'not-checked', scopeTries };
    }
    if (authenticator !== undefined && countsAgainstAuthenticator) {
      authenticator.tries += 1;
      authenticator.lockedUntil = lockAfter(authenticator.tries, at);
      if (authenticator.tries >= AUTHENTICATOR_TRIES) this.#disable(authenticator.personId, at);
    }
    this.#attempts.set(attemptKey, at);
    return { kind: 'reserved', scopeTries };
  }

  #disable(personId: string, at: Date): void {
    for (const row of this.authenticators) {
      if (row.personId === personId && (row.state === 'active' || row.state === 'pending')) row.state = 'disabled';
    }
    for (const invitation of this.invitations) if (invitation.personId === personId) invitation.usedAt ??= at;
  }

  #countIn({ key, limit }: Scope): boolean {
    const tries = this.scopes.get(key) ?? 0;
    if (tries >= limit) return false;
    this.scopes.set(key, tries + 1);
    return true;
  }

  #tries(scopes: readonly Scope[]): readonly number[] {
    return scopes.map(({ key }) => this.scopes.get(key) ?? 0);
  }

  giveBack({ counted, authenticatorId, spared }: SpentCode): Promise<void> {
    for (const key of counted) this.scopes.set(key, Math.max(0, (this.scopes.get(key) ?? 0) - 1));
    const row = this.authenticators.find(({ id }) => id === authenticatorId);
    if (row !== undefined && spared !== true) Object.assign(row, { tries: Math.max(0, row.tries - 1), lockedUntil: null });
    return Promise.resolve();
  }

  #spend(code: SpentCode): boolean {
    const authenticator = this.authenticators.find(({ id, state }) => id === code.authenticatorId && state === 'active');
    if (authenticator === undefined || !this.#burn(code, authenticator)) return false;
    authenticator.tries = 0;
    authenticator.lockedUntil = null;
    for (const key of code.counted) this.scopes.set(key, Math.max(0, (this.scopes.get(key) ?? 0) - 1));
    return true;
  }

  #burn(code: SpentCode, authenticator: AuthenticatorRow): boolean {
    const row = 'recoveryCodeId' in code ? this.#recovery.find(({ id, personId }) => id === code.recoveryCodeId && personId === code.personId) : null;
    if (row === undefined || row?.used === true) return false;
    if (code.kind !== 'recovery' && authenticator.lastStep >= code.step) return false;
    if (code.kind !== 'recovery') authenticator.lastStep = code.step;
    if (row !== null) row.used = true;
    return true;
  }

  #activate({ authenticatorId, personId, provedStep, replaces, spend, voucher, recoveryCodes, at }: Activation): boolean {
    const pending = this.authenticators.find(({ id, state }) => id === authenticatorId && state === 'pending');
    const active = this.#active(personId);
    if (pending === undefined || (active?.id ?? null) !== replaces) return false;
    if (active !== undefined && spend === null && voucher === null) return false;
    const second = voucher === null ? undefined : this.invitations.find(({ digest }) => equalBytes(digest, voucher));
    if (voucher !== null && (second?.personId !== personId || !isOpen(second, at))) return false;
    if (second !== undefined) second.usedAt = at;
    if (spend !== null && !this.#spend(spend)) return false;
    if (active !== undefined) active.state = 'replaced';
    pending.state = 'active';
    pending.lastStep = provedStep;
    this.#exchangeRecoveryCodes(personId, recoveryCodes);
    return true;
  }

  #renew({ personId, spend, recoveryCodes, attempt }: Renewal): 'renewed' | 'repeated' | 'lost' {
    const submission = `${attempt.formId} ${attempt.actorId}`;
    if (this.#submissions.has(submission)) return 'repeated';
    if (!this.#spend(spend)) return 'lost';
    this.#submissions.add(submission);
    this.#exchangeRecoveryCodes(personId, recoveryCodes);
    return 'renewed';
  }

  #exchangeRecoveryCodes(personId: string, rows: readonly RecoveryRow[]): void {
    const others = this.#recovery.filter((row) => row.personId !== personId);
    this.#recovery = [...others, ...rows.map((row) => ({ ...row, personId, used: false }))];
  }

  #active(personId: string): AuthenticatorRow | undefined {
    return this.authenticators.find((row) => row.personId === personId && row.state === 'active');
  }
}

function isOpen({ usedAt, expiresAt }: InvitationRow, at: Date): boolean {
  return usedAt === null && expiresAt > at;
}

function isClosed({ state, lockedUntil }: AuthenticatorRow, at: Date): boolean {
  return state !== 'active' || (lockedUntil !== null && lockedUntil > at);
}
