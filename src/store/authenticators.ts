// Authenticators, recovery codes and invitations in PostgreSQL.
import type {
  AuthenticatorStore,
  GuessToReserve,
  Reservation,
  SpentCode,
  StoredAuthenticator,
  StoredRecoveryCode,
} from '../stepup/authenticator-store.js';
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
} from '../stepup/enrolment-store.js';
import type { RecoveryRow } from '../stepup/recovery.js';
import { type AuditDraft, auditDraft } from '../audit/entry.js';
import { personAndManager } from '../unblock/recipients.js';
import type { EventNoticeKind } from '../unblock/request-store.js';
import type { RowMac } from '../vault/row-mac.js';
import { giveBackTries, reserveGuess, spendCode } from './code-columns.js';
import { type Database, holdOrganisation, inTransaction, type Queries, toColumn } from './database.js';
import type { Authenticator } from './generated/client.js';
import { insertAuthenticator } from './authenticator-rows.js';
import { createInvitation, createVoucher, openInvitation, standBehind, useInvitation, type Vouched } from './invitations.js';
import { endRequestsOf } from './replaced-requests.js';
import { authenticatorMac, checkAuthenticator } from './rows.js';
import { wakeOthers, writeEntries, writeEvents } from './tell.js';

export class PrismaAuthenticators implements AuthenticatorStore, EnrolmentStore {
  readonly #database: Database;
  readonly #rowMac: RowMac;

  constructor({ database, rowMac }: { readonly database: Database; readonly rowMac: RowMac }) {
    this.#database = database;
    this.#rowMac = rowMac;
  }

  async activeAuthenticator(personId: string): Promise<StoredAuthenticator | null> {
    const row = await this.#database.authenticator.findFirst({ where: { personId, state: 'active' } });
    return row === null ? null : this.#stored(row);
  }

  async recoveryCodes(personId: string): Promise<readonly StoredRecoveryCode[]> {
    const rows = await this.#database.recoveryCode.findMany({ where: { personId } });
    return rows.map(({ id, digest, usedAt }) => ({ id, digest, used: usedAt !== null }));
  }

  reserveGuess(guess: GuessToReserve): Promise<Reservation> {
    return reserveGuess(this.#database, guess, this.#rowMac);
  }

  giveBack(code: SpentCode): Promise<void> {
    return inTransaction(this.#database, (tx) => giveBackTries(tx, code));
  }

  createInvitation(invitation: NewInvitation): Promise<void> {
    return inTransaction(this.#database, (tx) => createInvitation(tx, invitation, this.#rowMac));
  }

  createVoucher(voucher: NewVoucher): Promise<VoucherOutcome> {
    return this.#orLost((tx, lost) => createVoucher(tx, voucher, { rowMac: this.#rowMac, lost }));
  }

  async noteRefusedCode({ actorId, personId, purpose }: RefusedCode, at: Date): Promise<void> {
    await writeEntries(this.#database, [auditDraft('code-refused', actorId, { personId }, { purpose })], { at, rowMac: this.#rowMac });
  }

  async hasReports(personId: string): Promise<boolean> {
    return (await this.#database.person.count({ where: { managerId: personId, active: true } })) > 0;
  }

  openInvitation(digest: Uint8Array, at: Date): Promise<OpenInvitation | null> {
    return openInvitation(this.#database, digest, { at, rowMac: this.#rowMac });
  }

  startPending(invitationId: string, authenticator: NewAuthenticator, at: Date): Promise<boolean> {
    return inTransaction(this.#database, async (tx) => {
      const { id: authenticatorId, personId } = authenticator;
      if (!(await useInvitation(tx, invitationId, { authenticatorId, personId, at, rowMac: this.#rowMac }))) return false;
      // One set-up at a time: a seed that was shown before and never proved ends.
      await this.#endPending(tx, personId);
      await insertAuthenticator(tx, authenticator, { state: 'pending', rowMac: this.#rowMac });
      return true;
    });
  }

  async pendingAuthenticator(id: string): Promise<PendingAuthenticator | null> {
    const row = await this.#database.authenticator.findFirst({ where: { id, state: 'pending' } });
    return row === null ? null : { ...this.#stored(row), createdAt: row.createdAt };
  }

  activate(activation: Activation): Promise<'activated' | 'lost'> {
    return this.#orLost((tx, lost) => this.#exchange(tx, activation, lost));
  }

  renewRecoveryCodes(renewal: Renewal): Promise<'renewed' | 'repeated' | 'lost'> {
    return this.#orLost((tx, lost) => this.#renew(tx, renewal, lost));
  }

  activateFirst(authenticator: NewAuthenticator): Promise<boolean> {
    return inTransaction(this.#database, async (tx) => {
      await holdOrganisation(tx);
      if ((await tx.authenticator.count({ where: { state: 'active' } })) > 0) return false;
      await insertAuthenticator(tx, authenticator, { state: 'active', rowMac: this.#rowMac });
      const { personId, createdAt } = authenticator;
      await writeEntries(tx, [auditDraft('enrolled', 'cli', { personId }, { by: 'seed shown at the command line' })], { at: createdAt, rowMac: this.#rowMac });
      return true;
    });
  }

  /** Spends a right code that pays for nothing. */
  async burn(spend: SpentCode, at: Date): Promise<void> {
    await this.#orLost(async (tx, lost) => {
      if (!(await spendCode(tx, spend))) throw lost;
      const { personId } = spend;
      await writeEntries(tx, [auditDraft('code-burnt', personId, { personId }, { factor: spend.kind })], { at, rowMac: this.#rowMac });
      await wakeOthers(tx);
    });
  }

  /** For a playground's sample people: active at once, and its seed is known to everyone at this machine. */
  async addSample(authenticator: NewAuthenticator, at: Date): Promise<void> {
    await inTransaction(this.#database, async (tx) => {
      await insertAuthenticator(tx, authenticator, { state: 'active', rowMac: this.#rowMac });
      await writeEntries(tx, [auditDraft('enrolled', 'system', { personId: authenticator.personId }, { by: 'playground sample' })], { at, rowMac: this.#rowMac });
    });
  }

  /** Throws `lost` to give up the transaction. */
  async #exchange(tx: Queries, activation: Activation, lost: Error): Promise<'activated'> {
    const { authenticatorId, personId, provedStep, replaces, spend, at } = activation;
    await holdOrganisation(tx);
    const pending = await tx.authenticator.findFirst({ where: { id: authenticatorId, personId, state: 'pending' } });
    const active = await tx.authenticator.findFirst({ where: { personId, state: 'active' } });
    if (pending === null || (active?.id ?? null) !== replaces) throw lost;
    // An authenticator that still works has to agree to its successor, or a second person who knows whose it was.
    if (active !== null && spend === null && activation.voucher === null) throw lost;
    const behind = await standBehind(tx, activation, this.#rowMac);
    if (behind === null || (spend !== null && !(await spendCode(tx, spend)))) throw lost;
    if (active !== null) await this.#setState(tx, active, { state: 'replaced', activatedAt: active.activatedAt });
    await this.#setState(tx, pending, { state: 'active', activatedAt: at });
    await tx.authenticator.update({ where: { id: authenticatorId }, data: { lastStep: provedStep, tries: 0, lockedUntil: null } });
    await exchangeRecoveryCodes(tx, personId, activation.recoveryCodes);
    await endRequestsOf(tx, personId, { at, rowMac: this.#rowMac, lost: isLost(activation) });
    const kind = active === null ? 'enrolled' : 'authenticator-replaced';
    await writeEntries(tx, [auditDraft(kind, personId, { personId }, { authenticator: authenticatorId, ...vouchedFacts(behind) })], { at, rowMac: this.#rowMac });
    await tellOfPerson(tx, 'enrolled', personId, at);
    return 'activated';
  }

  /** Throws `lost` to give up the transaction. */
  async #renew(tx: Queries, { personId, spend, recoveryCodes, attempt, at }: Renewal, lost: Error): Promise<'renewed' | 'repeated'> {
    await holdOrganisation(tx);
    const { formId, actorId } = attempt;
    if ((await tx.submission.findUnique({ where: { formId_actorId: { formId, actorId } } })) !== null) return 'repeated';
    if (!(await spendCode(tx, spend))) throw lost;
    await tx.submission.create({ data: { formId, actorId, action: 'recovery-codes', at } });
    await exchangeRecoveryCodes(tx, personId, recoveryCodes);
    await writeEntries(tx, [auditDraft('recovery-codes-renewed', actorId, { personId }, { codes: recoveryCodes.length })], { at, rowMac: this.#rowMac });
    await tellOfPerson(tx, 'recovery-codes-renewed', personId, at);
    return 'renewed';
  }

  /** A transaction that gives itself up by throwing `lost`: nothing of it remains. */
  async #orLost<T>(work: (tx: Queries, lost: Error) => Promise<T>): Promise<T | 'lost'> {
    const lost = new Error('lost');
    return await inTransaction(this.#database, (tx) => work(tx, lost)).catch((error: unknown) => {
      if (error === lost) return 'lost' as const;
      throw error;
    });
  }

  async #endPending(tx: Queries, personId: string): Promise<void> {
    for (const row of await tx.authenticator.findMany({ where: { personId, state: 'pending' } })) {
      await this.#setState(tx, row, { state: 'disabled', activatedAt: null });
    }
  }

  async #setState(tx: Queries, row: Authenticator, to: { readonly state: string; readonly activatedAt: Date | null }): Promise<void> {
    checkAuthenticator(row, this.#rowMac);
    await tx.authenticator.update({ where: { id: row.id }, data: { ...to, mac: authenticatorMac({ ...row, ...to }, this.#rowMac) } });
  }

  #stored(row: Authenticator): StoredAuthenticator {
    checkAuthenticator(row, this.#rowMac);
    const { id, personId, algorithm, kekId, wrappedKey, sealedSeed, lastStep, tries } = row;
    return { id, personId, algorithm, sealed: { kekId, wrappedKey, sealed: sealedSeed }, lastStep, tries };
  }
}

/** Whoever gave no code of the old one, also where it had stopped by then: it may be in other hands. */
function isLost({ spend }: Activation): boolean {
  return spend === null || spend.kind === 'recovery';
}

function vouchedFacts({ first, second }: Vouched): AuditDraft['facts'] {
  const by = [first, second].filter((giver) => giver !== null);
  return by.length === 0 ? {} : { vouchedBy: by };
}

async function exchangeRecoveryCodes(tx: Queries, personId: string, rows: readonly RecoveryRow[]): Promise<void> {
  await tx.recoveryCode.deleteMany({ where: { personId } });
  await tx.recoveryCode.createMany({ data: rows.map(({ id, digest }) => ({ id, personId, digest: toColumn(digest) })) });
}

/** Themselves and their manager. */
async function tellOfPerson(tx: Queries, kind: EventNoticeKind, personId: string, at: Date): Promise<void> {
  const person = await tx.person.findUnique({ where: { id: personId } });
  const told = personAndManager({ id: personId, managerId: person?.managerId ?? null });
  await writeEvents(tx, told.map((recipient) => ({ kind, recipient, params: { person: personId } })), at);
}
