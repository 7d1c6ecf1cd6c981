// How a person comes to an authenticator: a one-time invitation, a seed shown once, and a code that proves it arrived.
import { inGroups, wipe } from '../lib/bytes.js';
import { addMs, MINUTE_MS } from '../lib/clock.js';
import { newId, newReadableCode } from '../lib/ids.js';
import { isRefused, type Refused, refuse } from '../lib/refusal.js';
import type { KeyVault } from '../vault/key-vault.js';
import type { RowMac } from '../vault/row-mac.js';
import type { Attempt, AuthenticatorStore } from './authenticator-store.js';
import { plainCode } from './code-text.js';
import type { Activation, EnrolmentStore, NewAuthenticator, NewInvitation, PendingAuthenticator, RefusedCode } from './enrolment-store.js';
import { newRecoveryCodes } from './recovery.js';
import { type Guess, sealedSeed, type StepUp } from './step-up.js';
import { enrolmentScope, momentToCheck } from './throttle.js';
import { matchTotp, newSeed, provisioningUri, seedBase32, seedText, TOTP_ALGORITHM } from './totp.js';

// NIST SP 800-63B, binding codes: at least 40 bits, used once, for at most ten minutes. Ten characters hold 50 bits.
const INVITATION_CHARACTERS = 10;
const INVITATION_GROUP = 5;
const VOUCHER = /^[0-9A-HJKMNP-TV-Z]{10}$/;
const INVITATION_MS = 10 * MINUTE_MS;
/** How long a new seed waits for its proving code. */
export const PENDING_MS = 10 * MINUTE_MS;

/** A new seed, to be shown once and kept nowhere else. */
export interface ShownSeed {
  /** Base32 in groups of four, for typing. */
  readonly seedGroups: string;
  readonly seedBase32: string;
  /** For the QR code. */
  readonly provisioningUri: string;
}

export interface PendingEnrolment extends ShownSeed {
  readonly authenticatorId: string;
  readonly personId: string;
  /** The person has an authenticator that works: it must agree to its successor. */
  readonly needsOldCode: boolean;
}

export interface EnrolmentProof {
  readonly authenticatorId: string;
  /** Who proves, where the caller knows it (in chat). */
  readonly personId?: string;
  readonly newCode: string;
  readonly oldCode?: string;
  readonly attempt: Attempt;
  readonly at: Date;
}

export interface EnrolmentParts {
  readonly store: EnrolmentStore;
  readonly authenticators: AuthenticatorStore;
  readonly stepUp: StepUp;
  readonly vault: KeyVault;
  readonly rowMac: RowMac;
  /** Shown beside the code in the app, for example "Example Ltd PIN unblock". */
  readonly issuer: string;
}

export class Enrolment {
  readonly #parts: EnrolmentParts;

  constructor(parts: EnrolmentParts) {
    this.#parts = parts;
  }

  /** A one-time invitation in two groups of five characters, good for ten minutes. The person's earlier ones end. */
  async invite(personId: string, at: Date): Promise<string> {
    const { code, invitation } = this.#newInvitation(personId, at);
    await this.#parts.store.createInvitation(invitation);
    return inGroups(code, INVITATION_GROUP);
  }

  /** Whether there is anybody whose manager this person is. */
  hasReports(personId: string): Promise<boolean> {
    return this.#parts.store.hasReports(personId);
  }

  /**
   * The same from a colleague, for a code of the colleague's own authenticator: a voucher, good for ten minutes, which the
   * colleague tells the person by voice. `voucher-given`: the same form had its effect before, and its code is shown once.
   */
  async vouch(asked: {
    readonly personId: string;
    readonly giver: Pick<Guess, 'personId' | 'code' | 'attempt'>;
    readonly at: Date;
  }): Promise<{ readonly voucher: string; readonly until: Date } | Refused<'code-not-accepted' | 'may-not-vouch' | 'too-many-vouchers' | 'voucher-given'>> {
    const { store, stepUp } = this.#parts;
    const { giver, personId, at } = asked;
    const verdict = await stepUp.check({ ...giver, scopes: [], at });
    if (verdict.kind !== 'proof' || verdict.spend.kind === 'recovery') return this.#notAccepted(giver, 'voucher', at);
    const { code, invitation } = this.#newInvitation(personId, at);
    const { spend } = verdict;
    const outcome = await store.createVoucher({ ...invitation, issuedBy: giver.personId, spend, attempt: giver.attempt });
    if (outcome === 'created') return { voucher: inGroups(code, INVITATION_GROUP), until: invitation.expiresAt };
    if (outcome === 'lost') return this.#notAccepted(giver, 'voucher', at);
    await stepUp.giveBack(spend);
    return refuse(outcome === 'repeated' ? 'voucher-given' : outcome);
  }

  /**
   * Uses the invitation up and makes a pending authenticator, whose seed is in the answer and nowhere else.
   * With `personId` (in chat, where the account is known) the invitation must be that person's.
   */
  async begin(start: {
    invitation: string;
    personId?: string;
    at: Date;
  }): Promise<PendingEnrolment | Refused<'invitation-not-accepted'>> {
    const { store, authenticators } = this.#parts;
    const invitation = await store.openInvitation(this.#invitationDigest(start.invitation), start.at);
    if (invitation === null || (start.personId ?? invitation.personId) !== invitation.personId) {
      return refuse('invitation-not-accepted');
    }
    const { personId } = invitation;
    const active = await authenticators.activeAuthenticator(personId);
    const { authenticator, shown } = await this.#newAuthenticator({ personId, account: invitation.account, at: start.at });
    const started = await store.startPending(invitation.id, authenticator, start.at);
    if (!started) return refuse('invitation-not-accepted');
    return { ...shown, authenticatorId: authenticator.id, personId, needsOldCode: active !== null };
  }

  /**
   * Activates the pending authenticator: a code of its own, and one of the authenticator that it replaces (or a recovery
   * code; or, where that one is lost, a second voucher). Both are spent. Gives ten new recovery codes, to be shown once; earlier ones end.
   * `enrolment-expired`: ten minutes are over, five proving codes were wrong, or it is no longer pending;
   * `already-set-up`: to its own person (`personId`), where it works already, as when the same form is sent again.
   */
  async prove(
    proof: EnrolmentProof,
  ): Promise<{ recoveryCodes: readonly string[] } | Refused<'code-not-accepted' | 'enrolment-expired' | 'already-set-up'>> {
    const pending = await this.#parts.store.pendingAuthenticator(proof.authenticatorId);
    if (pending === null) return refuse((await this.#isSetUp(proof)) ? 'already-set-up' : 'enrolment-expired');
    if (!mayProve(pending, proof)) return refuse('enrolment-expired');
    const proved = await this.#proveBoth(pending, proof);
    if (!isRefused(proved) || proved.refused !== 'code-not-accepted') return proved;
    return this.#notAccepted({ personId: pending.personId, attempt: proof.attempt }, 'enrolment', proof.at);
  }

  /** With a code of the new authenticator, and what agrees in the place of the old one. */
  async #proveBoth(pending: PendingAuthenticator, proof: EnrolmentProof): Promise<{ recoveryCodes: readonly string[] } | Refused<'code-not-accepted' | 'enrolment-expired'>> {
    const { store, rowMac } = this.#parts;
    const provedStep = await this.#checkNewCode(pending, proof);
    if (isRefused(provedStep)) return provedStep;
    const consent = await this.#checkOldCode(pending.personId, proof);
    if (consent === null) return refuse('code-not-accepted');
    const { shown, rows } = await newRecoveryCodes(pending.personId, rowMac);
    const { id: authenticatorId, personId } = pending;
    const activation = { authenticatorId, personId, provedStep, ...consent, recoveryCodes: rows, at: proof.at };
    const outcome = await store.activate(activation);
    return outcome === 'activated' ? { recoveryCodes: shown } : refuse('code-not-accepted');
  }

  /** How many of the person's recovery codes can still be used; null where no authenticator of theirs works. */
  async recoveryCodesLeft(personId: string): Promise<number | null> {
    const { authenticators } = this.#parts;
    if ((await authenticators.activeAuthenticator(personId)) === null) return null;
    return (await authenticators.recoveryCodes(personId)).filter(({ used }) => !used).length;
  }

  /**
   * Ten new recovery codes, to be shown once, for a code of the authenticator itself: a recovery code cannot beget others.
   * Earlier ones end. `recovery-codes-made`: the same form had its effect before.
   */
  async renewRecoveryCodes(
    asked: Pick<Guess, 'personId' | 'code' | 'attempt' | 'at'>,
  ): Promise<{ recoveryCodes: readonly string[] } | Refused<'code-not-accepted' | 'recovery-codes-made'>> {
    const { store, stepUp, rowMac } = this.#parts;
    const { personId, attempt, at } = asked;
    const verdict = await stepUp.check({ ...asked, scopes: [] });
    if (verdict.kind !== 'proof' || verdict.spend.kind === 'recovery') return this.#notAccepted(asked, 'recovery-codes', at);
    const { shown, rows } = await newRecoveryCodes(personId, rowMac);
    const outcome = await store.renewRecoveryCodes({ personId, spend: verdict.spend, recoveryCodes: rows, attempt, at });
    if (outcome === 'renewed') return { recoveryCodes: shown };
    return outcome === 'repeated' ? refuse('recovery-codes-made') : this.#notAccepted(asked, 'recovery-codes', at);
  }

  async #notAccepted({ personId, attempt: { actorId } }: Pick<Guess, 'personId' | 'attempt'>, purpose: RefusedCode['purpose'], at: Date): Promise<Refused<'code-not-accepted'>> {
    await this.#parts.store.noteRefusedCode({ actorId, personId, purpose }, at);
    return refuse('code-not-accepted');
  }

  /**
   * For the very first authenticator of an installation, made at the command line: active at once, without a proving code.
   * Refused as soon as anyone has an active one, because whoever runs this sees the seed.
   */
  async enrolWithShownSeed(person: {
    personId: string;
    account: string;
    at: Date;
  }): Promise<ShownSeed | Refused<'already-enrolled'>> {
    const { authenticator, shown } = await this.#newAuthenticator(person);
    const saved = await this.#parts.store.activateFirst(authenticator);
    return saved ? shown : refuse('already-enrolled');
  }

  async #isSetUp({ authenticatorId, personId }: EnrolmentProof): Promise<boolean> {
    if (personId === undefined) return false;
    return (await this.#parts.authenticators.activeAuthenticator(personId))?.id === authenticatorId;
  }

  async #newAuthenticator(person: {
    personId: string;
    account: string;
    at: Date;
  }): Promise<{ authenticator: NewAuthenticator; shown: ShownSeed }> {
    const { vault, issuer } = this.#parts;
    const { personId, account, at } = person;
    const id = newId();
    const seed = newSeed();
    try {
      const sealed = await vault.sealSeed({ authenticatorId: id, personId, algorithm: TOTP_ALGORITHM }, seed);
      const uri = provisioningUri({ issuer, account, seed });
      return {
        authenticator: { id, personId, algorithm: TOTP_ALGORITHM, sealed, createdAt: at },
        shown: { seedGroups: seedText(seed), seedBase32: seedBase32(seed), provisioningUri: uri },
      };
    } finally {
      wipe(seed);
    }
  }

  /** The step of the proving code, counted before it is checked. */
  async #checkNewCode(
    pending: PendingAuthenticator,
    { newCode, attempt, at }: EnrolmentProof,
  ): Promise<bigint | Refused<'code-not-accepted' | 'enrolment-expired'>> {
    const { authenticators, vault, rowMac } = this.#parts;
    const code = plainCode(newCode);
    const codeMac = rowMac.digest('enrolment', pending.id, attempt.formId, attempt.actorId, code);
    const reservation = await authenticators.reserveGuess({
      authenticatorId: null,
      countsAgainstAuthenticator: false,
      scopes: [enrolmentScope(pending.id, 'new')],
      attempt: { ...attempt, codeMac },
      at,
    });
    const checkedAt = momentToCheck(reservation, at);
    if (checkedAt === null) return refuse('enrolment-expired');
    const step = await vault.withSeed(sealedSeed(pending, pending.personId), (seed) => matchTotp(seed, code, { at: checkedAt, lastStep: 0n }));
    return step ?? refuse('code-not-accepted');
  }

  /** What is replaced and the code that agrees to it, or null when it does not agree. A disabled one is not active, so it is not asked. */
  async #checkOldCode(
    personId: string,
    { authenticatorId, oldCode, attempt, at }: EnrolmentProof,
  ): Promise<Pick<Activation, 'replaces' | 'spend' | 'voucher'> | null> {
    const { authenticators, stepUp } = this.#parts;
    const active = await authenticators.activeAuthenticator(personId);
    if (active === null) return { replaces: null, spend: null, voucher: null };
    if (oldCode === undefined) return null;
    // A voucher has too many bits to be guessed; whether it stands, and with whom, is for the store to say.
    if (VOUCHER.test(plainCode(oldCode))) return { replaces: active.id, spend: null, voucher: this.#invitationDigest(oldCode) };
    const scopes = [enrolmentScope(authenticatorId, 'old')];
    const verdict = await stepUp.check({ personId, code: oldCode, scopes, attempt, at });
    return verdict.kind === 'proof' ? { replaces: verdict.spend.authenticatorId, spend: verdict.spend, voucher: null } : null;
  }

  #newInvitation(personId: string, at: Date): { readonly code: string; readonly invitation: NewInvitation } {
    const code = newReadableCode(INVITATION_CHARACTERS);
    const digest = this.#invitationDigest(code);
    return { code, invitation: { id: newId(), personId, digest, createdAt: at, expiresAt: addMs(at, INVITATION_MS) } };
  }

  #invitationDigest(typed: string): Uint8Array {
    return this.#parts.rowMac.digest('invitation', plainCode(typed));
  }
}

function mayProve({ personId, createdAt }: PendingAuthenticator, proof: EnrolmentProof): boolean {
  const isTheirs = proof.personId === undefined || proof.personId === personId;
  return isTheirs && proof.at < addMs(createdAt, PENDING_MS);
}
