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
  OpenInvitation,
  PendingAuthenticator,
} from '../stepup/enrolment-store.js';
import { auditDraft } from '../audit/entry.js';
import { personAndManager } from '../unblock/recipients.js';
import type { RowMac } from '../vault/row-mac.js';
import { endInvitations, giveBackTries, reserveGuess, spendCode } from './code-columns.js';
import { type Database, holdOrganisation, inTransaction, type Queries, toColumn } from './database.js';
import type { Authenticator } from './generated/client.js';
import { type AuthenticatorContent, authenticatorMac, checkAuthenticator, checkInvitation, invitationMac, toPerson } from './rows.js';
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

  async createInvitation({ id, personId, digest, createdAt, expiresAt }: NewInvitation): Promise<void> {
    const row = { id, personId, digest: toColumn(digest), createdAt, expiresAt, usedAt: null };
    await inTransaction(this.#database, async (tx) => {
      await endInvitations(tx, personId, { rowMac: this.#rowMac, at: createdAt });
      await tx.invitation.create({ data: { ...row, mac: invitationMac(row, this.#rowMac) } });
      const facts = { until: expiresAt.toISOString() };
      await writeEntries(tx, [auditDraft('enrolment-invited', 'cli', { personId }, facts)], { at: createdAt, rowMac: this.#rowMac });
    });
  }

  async openInvitation(digest: Uint8Array, at: Date): Promise<OpenInvitation | null> {
    const row = await this.#database.invitation.findUnique({ where: { digest: toColumn(digest) }, include: { person: true } });
    if (row === null) return null;
    checkInvitation(row, this.#rowMac);
    const person = toPerson(row.person, this.#rowMac);
    if (row.usedAt !== null || row.expiresAt <= at || !person.active) return null;
    return { id: row.id, personId: row.personId, account: person.email };
  }

  startPending(invitationId: string, authenticator: NewAuthenticator, at: Date): Promise<boolean> {
    return inTransaction(this.#database, async (tx) => {
      const { personId } = authenticator;
      const row = await tx.invitation.findFirst({ where: { id: invitationId, personId, usedAt: null, expiresAt: { gt: at } } });
      if (row === null) return false;
      checkInvitation(row, this.#rowMac);
      const used = { usedAt: at, mac: invitationMac({ ...row, usedAt: at }, this.#rowMac) };
      // Whoever sets it first has it: of two at once the other one finds no row.
      const won = await tx.invitation.updateMany({ where: { id: invitationId, usedAt: null }, data: used });
      if (won.count !== 1) return false;
      // One set-up at a time: a seed that was shown before and never proved ends.
      await this.#endPending(tx, personId);
      await this.#insert(tx, authenticator, 'pending');
      return true;
    });
  }

  async pendingAuthenticator(id: string): Promise<PendingAuthenticator | null> {
    const row = await this.#database.authenticator.findFirst({ where: { id, state: 'pending' } });
    return row === null ? null : { ...this.#stored(row), createdAt: row.createdAt };
  }

  activate(activation: Activation): Promise<'activated' | 'lost'> {
    const lost = new Error('lost');
    return inTransaction(this.#database, (tx) => this.#exchange(tx, activation, lost)).catch((error: unknown) => {
      if (error === lost) return 'lost';
      throw error;
    });
  }

  activateFirst(authenticator: NewAuthenticator): Promise<boolean> {
    return inTransaction(this.#database, async (tx) => {
      await holdOrganisation(tx);
      if ((await tx.authenticator.count({ where: { state: 'active' } })) > 0) return false;
      await this.#insert(tx, authenticator, 'active');
      const { personId, createdAt } = authenticator;
      await writeEntries(tx, [auditDraft('enrolled', 'cli', { personId }, { by: 'seed shown at the command line' })], { at: createdAt, rowMac: this.#rowMac });
      return true;
    });
  }

  /** Spends a right code that pays for nothing. */
  async burn(spend: SpentCode, at: Date): Promise<void> {
    await inTransaction(this.#database, async (tx) => {
      if (!(await spendCode(tx, spend))) return;
      const { personId } = spend;
      await writeEntries(tx, [auditDraft('code-burnt', personId, { personId }, { factor: spend.kind })], { at, rowMac: this.#rowMac });
      await wakeOthers(tx);
    });
  }

  /** For a playground's sample people: active at once, and its seed is known to everyone at this machine. */
  async addSample(authenticator: NewAuthenticator, at: Date): Promise<void> {
    await inTransaction(this.#database, async (tx) => {
      await this.#insert(tx, authenticator, 'active');
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
    // An authenticator that still works has to agree to its successor.
    if (spend === null && active !== null) throw lost;
    if (spend !== null && !(await spendCode(tx, spend))) throw lost;
    if (active !== null) await this.#setState(tx, active, { state: 'replaced', activatedAt: active.activatedAt });
    await this.#setState(tx, pending, { state: 'active', activatedAt: at });
    await tx.authenticator.update({ where: { id: authenticatorId }, data: { lastStep: provedStep, tries: 0, lockedUntil: null } });
    await tx.recoveryCode.deleteMany({ where: { personId } });
    await tx.recoveryCode.createMany({
      data: activation.recoveryCodes.map(({ id, digest }) => ({ id, personId, digest: toColumn(digest) })),
    });
    const kind = active === null ? 'enrolled' : 'authenticator-replaced';
    await writeEntries(tx, [auditDraft(kind, personId, { personId }, { authenticator: authenticatorId })], { at, rowMac: this.#rowMac });
    const person = await tx.person.findUnique({ where: { id: personId } });
    const told = personAndManager({ id: personId, managerId: person?.managerId ?? null });
    await writeEvents(tx, told.map((recipient) => ({ kind: 'enrolled', recipient, params: { person: personId } })), at);
    return 'activated';
  }

  async #endPending(tx: Queries, personId: string): Promise<void> {
    for (const row of await tx.authenticator.findMany({ where: { personId, state: 'pending' } })) {
      await this.#setState(tx, row, { state: 'disabled', activatedAt: null });
    }
  }

  async #insert(tx: Queries, authenticator: NewAuthenticator, state: 'pending' | 'active'): Promise<void> {
    const { id, personId, algorithm, sealed, createdAt } = authenticator;
    const content: AuthenticatorContent = { id, personId, algorithm, state, createdAt, activatedAt: state === 'active' ? createdAt : null };
    await tx.authenticator.create({
      data: {
        ...content,
        kekId: sealed.kekId,
        wrappedKey: toColumn(sealed.wrappedKey),
        sealedSeed: toColumn(sealed.sealed),
        mac: authenticatorMac(content, this.#rowMac),
      },
    });
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
