// What enrolling an authenticator asks of storage. Each call is one transaction, with its audit entry and its notices.
import type { Sealed } from '../vault/seal.js';
import type { Attempt, SpentCode, StoredAuthenticator } from './authenticator-store.js';
import type { RecoveryRow } from './recovery.js';

export interface NewInvitation {
  readonly id: string;
  readonly personId: string;
  /** A keyed digest: the code itself is stored nowhere. */
  readonly digest: Uint8Array;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A colleague's word for who somebody is, paid for with a code of the colleague. */
export interface NewVoucher extends NewInvitation {
  readonly issuedBy: string;
  readonly spend: SpentCode;
  readonly attempt: Attempt;
}

/** `repeated`: the same form of the same actor did it before; `lost`: the code is spent. */
export type VoucherOutcome = 'created' | 'repeated' | 'lost' | 'may-not-vouch' | 'too-many-vouchers';

export interface OpenInvitation {
  readonly id: string;
  readonly personId: string;
  /** What the authenticator app shows beside the code: the person's e-mail address. */
  readonly account: string;
}

export interface NewAuthenticator {
  readonly id: string;
  readonly personId: string;
  readonly algorithm: string;
  readonly sealed: Sealed;
  readonly createdAt: Date;
  /** Where its counter stands, for a token that was in use elsewhere; absent: nothing was spent. */
  readonly lastStep?: bigint;
  /** A keyed digest of a seed that was brought in: no second authenticator has it. */
  readonly seedDigest?: Uint8Array;
}

export interface PendingAuthenticator extends StoredAuthenticator {
  readonly createdAt: Date;
}

export interface Activation {
  readonly authenticatorId: string;
  readonly personId: string;
  /** Becomes lastStep, so that the code which proved the seed opens nothing later. */
  readonly provedStep: bigint;
  /** The person's active authenticator that this one replaces, or null for a first one. */
  readonly replaces: string | null;
  /** The old authenticator's code; null where `replaces` is null, or where a voucher stands in for it. */
  readonly spend: SpentCode | null;
  /** The digest of a second voucher, where the old authenticator is lost; else null. */
  readonly voucher: Uint8Array | null;
  /** Take the place of all the person's earlier recovery codes. */
  readonly recoveryCodes: readonly RecoveryRow[];
  readonly at: Date;
}

/** New recovery codes for somebody whose authenticator goes on. */
export interface Renewal {
  readonly personId: string;
  /** A code of their authenticator. */
  readonly spend: SpentCode;
  /** Take the place of all the person's earlier recovery codes. */
  readonly recoveryCodes: readonly RecoveryRow[];
  readonly attempt: Attempt;
  readonly at: Date;
}

/** A code that was refused, by what it was typed for. */
export interface RefusedCode {
  readonly actorId: string;
  readonly personId: string;
  readonly purpose: 'enrolment' | 'recovery-codes' | 'voucher';
}

export interface EnrolmentStore {
  /** Saves the invitation; earlier unused ones of the same person end. */
  createInvitation(invitation: NewInvitation): Promise<void>;
  /**
   * Saves the voucher and spends the code: all or nothing. The giver's earlier unused ones for the same person end.
   * Refused unless the giver is, at this moment, the person's manager or at the helpdesk, and not the person.
   */
  createVoucher(voucher: NewVoucher): Promise<VoucherOutcome>;
  /** Writes down that a code was refused: those are counted over the whole organisation. */
  noteRefusedCode(refused: RefusedCode, at: Date): Promise<void>;
  /** Whether anybody's manager is this person. */
  hasReports(personId: string): Promise<boolean>;
  /** The invitation with this digest if it is unused, expiresAt is after `at` and its giver may still give it; or null. */
  openInvitation(digest: Uint8Array, at: Date): Promise<OpenInvitation | null>;
  /**
   * Sets usedAt where it is null and expiresAt is after `at`, and saves the authenticator as `pending`;
   * the person's earlier pending ones end. False when the invitation was no longer open: nothing is saved.
   */
  startPending(invitationId: string, authenticator: NewAuthenticator, at: Date): Promise<boolean>;
  /** The authenticator in state `pending`, or null. */
  pendingAuthenticator(id: string): Promise<PendingAuthenticator | null>;
  /**
   * `pending` → `active`, the replaced one → `replaced`, the old code spent, recovery codes exchanged: all or nothing.
   * `lost` when it is no longer pending, when the person's active authenticator is not the one in `replaces`, when the
   * code is spent, when there is neither code nor voucher although something is replaced, when the voucher is not open or
   * its giver and the one who began the set-up may not together, or when who began it may not vouch any more.
   */
  activate(activation: Activation): Promise<'activated' | 'lost'>;
  /**
   * The code spent, recovery codes exchanged and the form remembered: all or nothing. `repeated`: the same form of the
   * same actor did it before; `lost`: the code is spent, or the authenticator is not active any more.
   */
  renewRecoveryCodes(renewal: Renewal): Promise<'renewed' | 'repeated' | 'lost'>;
  /** Saves the authenticator as `active` if the database has no active one, or returns false. */
  activateFirst(authenticator: NewAuthenticator): Promise<boolean>;
}
