// Delegations in PostgreSQL: one for each person, changed under the organisation's lock, so that no decision runs meanwhile.
import type { Delegation } from '../approval/delegation.js';
import { auditDraft } from '../audit/entry.js';
import type { StandIn } from '../directory/person.js';
import { DAY_MS } from '../lib/clock.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import type { EventNotice } from '../unblock/request-store.js';
import type { RowMac } from '../vault/row-mac.js';
import { spendCode } from './code-columns.js';
import { type Database, holdOrganisation, inTransaction, type Queries, toColumn } from './database.js';
import { wakeOthers, writeEntries, writeEvents } from './tell.js';

export interface DelegationRow {
  readonly personId: string;
  readonly standInId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly reason: string;
  readonly mac: Uint8Array;
}

/** For so long after its end a delegation still tells for whom a vote was given. Longer than any request lives. */
export const DELEGATION_KEPT_MS = 8 * DAY_MS;

export class PrismaDelegations {
  readonly #parts: { readonly database: Database; readonly rowMac: RowMac };

  constructor(parts: { readonly database: Database; readonly rowMac: RowMac }) {
    this.#parts = parts;
  }

  /** The person's delegation that holds or will hold, or null. Throws VaultError `row-tampered`. */
  async of(personId: string, at: Date): Promise<Delegation | null> {
    const row = await this.#parts.database.delegation.findUnique({ where: { personId } });
    return row === null || row.endsAt <= at ? null : toDelegation(row, this.#parts.rowMac);
  }

  /** All that hold or will hold. Throws VaultError `row-tampered`. */
  async all(at: Date): Promise<readonly Delegation[]> {
    const rows = await this.#parts.database.delegation.findMany({ where: { endsAt: { gt: at } }, orderBy: [{ startsAt: 'asc' }, { personId: 'asc' }] });
    return rows.map((row) => toDelegation(row, this.#parts.rowMac));
  }

  /**
   * In the place of one that was there. `spend`: the person's own code, which is spent with it; null at the command line.
   * False, and nothing is done, where the code was spent already.
   */
  async give(delegation: Delegation, spend: SpentCode | null, at: Date): Promise<boolean> {
    const { database, rowMac } = this.#parts;
    const { personId, standInId, from, until, reason } = delegation;
    return await inTransaction(database, async (tx) => {
      await holdOrganisation(tx);
      if (spend !== null && !(await spendCode(tx, spend))) return false;
      const row = { personId, standInId, startsAt: new Date(from), endsAt: new Date(until), reason };
      await this.#keep(tx, row);
      const facts = { standIn: standInId, from: row.startsAt.toISOString(), until: row.endsAt.toISOString(), reason, ...(spend === null ? {} : { factor: spend.kind }) };
      await writeEntries(tx, [auditDraft('delegated', spend === null ? 'cli' : personId, { personId }, facts)], { at, rowMac });
      await writeEvents(tx, toldOf(delegation, 'delegated'), at);
      await wakeOthers(tx);
      return true;
    });
  }

  /** Gives the person their say back from now on. False where nobody has it. */
  async end(personId: string, actor: string, at: Date): Promise<boolean> {
    const { database, rowMac } = this.#parts;
    return await inTransaction(database, async (tx) => {
      await holdOrganisation(tx);
      const row = await tx.delegation.findUnique({ where: { personId } });
      if (row === null || row.endsAt <= at) return false;
      const delegation = toDelegation(row, rowMac);
      if (row.startsAt >= at) await tx.delegation.delete({ where: { personId } });
      else await this.#keep(tx, { ...row, endsAt: at });
      await writeEntries(tx, [auditDraft('delegation-ended', actor, { personId }, { standIn: row.standInId })], { at, rowMac });
      await writeEvents(tx, toldOf(delegation, 'delegation-ended'), at);
      await wakeOthers(tx);
      return true;
    });
  }

  async #keep(tx: Queries, row: Omit<DelegationRow, 'mac'>): Promise<void> {
    const { personId, standInId, startsAt, endsAt, reason } = row;
    const data = { standInId, startsAt, endsAt, reason, mac: toColumn(this.#parts.rowMac.tag('Delegation', personId, delegationFacts(row))) };
    await tx.delegation.upsert({ where: { personId }, create: { personId, ...data }, update: data });
  }
}

/** Throws VaultError `row-tampered`. */
export function toDelegation(row: DelegationRow, rowMac: RowMac): Delegation {
  rowMac.check('Delegation', row.personId, delegationFacts(row), row.mac);
  const { personId, standInId, startsAt, endsAt, reason } = row;
  return { personId, standInId, from: startsAt.getTime(), until: endsAt.getTime(), reason };
}

/** As decisions at this instant (ms since 1970) see it. */
export function toStandIn({ standInId, from, until }: Delegation, at: number): StandIn {
  return { personId: standInId, from, until, now: from <= at && at < until };
}

function delegationFacts({ standInId, startsAt, endsAt, reason }: Omit<DelegationRow, 'mac'>) {
  return [standInId, startsAt.getTime(), endsAt.getTime(), reason];
}

function toldOf({ personId, standInId }: Delegation, kind: 'delegated' | 'delegation-ended'): readonly EventNotice[] {
  const params = { person: personId, other: standInId };
  return [personId, standInId].map((id) => ({ kind, recipient: `person:${id}`, params }));
}
