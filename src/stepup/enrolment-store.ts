// What enrolling an authenticator asks of storage. Each call is one transaction, with its audit entry and its notices.
import type { Sealed } from '../vault/seal.js';
import type { SpentCode, StoredAuthenticator } from './authenticator-store.js';
import type { RecoveryRow } from './recovery.js';

export interface NewInvitation {
  readonly id: string;
  readonly personId: string;
  /** A keyed digest: the code itself is stored nowhere. */
  readonly digest: Uint8Array;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

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
  /** The old authenticator's code; null where `replaces` is null. */
  readonly spend: SpentCode | null;
  /** Take the place of all the person's earlier recovery codes. */
  readonly recoveryCodes: readonly RecoveryRow[];
  readonly at: Date;
}

export interface EnrolmentStore {
  /** Saves the invitation; earlier unused ones of the same person end. */
  createInvitation(invitation: NewInvitation): Promise<void>;
  /** The invitation with this digest if it is unused and expiresAt is after `at`, or null. */
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
   * `lost` when it is no longer pending, when the person's active authenticator is not the one in `replaces`,
   * when the code is spent, or when there is none although the replaced one has fewer than AUTHENTICATOR_TRIES.
   */
  activate(activation: Activation): Promise<'activated' | 'lost'>;
  /** Saves the authenticator as `active` if the database has no active one, or returns false. */
  activateFirst(authenticator: NewAuthenticator): Promise<boolean>;
}
