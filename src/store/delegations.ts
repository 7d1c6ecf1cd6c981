// Delegations in PostgreSQL: one for each person, changed under the organisation's lock, so that no decision runs meanwhile.
import type { Delegation } from '../approval/delegation.js';
import { auditDraft } from '../audit/entry.js';
import type { Person, StandIn } from '../directory/person.js';
import { equalBytes } from '../lib/bytes.js';
import { DAY_MS } from '../lib/clock.js';
import type { Delegated, DelegationStore, PaidForm, StandInsOf } from '../unblock/delegating.js';
import type { EventNotice } from '../unblock/request-store.js';
import type { RowMac } from '../vault/row-mac.js';
import { spendCode } from './code-columns.js';
import { type Database, holdOrganisation, inTransaction, type Queries, toColumn } from './database.js';
import { wakeOthers, writeEntries, writeEvents } from './tell.js';
import { CodeSpentFirst } from './write-change.js';

export interface DelegationRow {
  readonly personId: string;
  readonly standInId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly reason: string;
  readonly mac: Uint8Array;
}

interface Ending {
  /** A person's id, or `cli`. */
  readonly actor: string | null;
  readonly at: Date;
  readonly rowMac: RowMac;
}

/** For so long after its end a delegation still tells for whom a vote was given. Longer than any request lives. */
export const DELEGATION_KEPT_MS = 8 * DAY_MS;

export class PrismaDelegations implements DelegationStore {
  readonly #parts: { readonly database: Database; readonly rowMac: RowMac };

  constructor(parts: { readonly database: Database; readonly rowMac: RowMac }) {
    this.#parts = parts;
  }

  /** Throws VaultError `row-tampered`. */
  async about(personId: string, at: Date): Promise<StandInsOf> {
    const rows = await this.#parts.database.delegation.findMany({
      where: { endsAt: { gt: at }, OR: [{ personId }, { standInId: personId }] },
      orderBy: [{ startsAt: 'asc' }, { personId: 'asc' }],
    });
    const found = rows.map((row) => toDelegation(row, this.#parts.rowMac));
    return { own: found.find((one) => one.personId === personId) ?? null, standsInFor: found.filter((one) => one.standInId === personId) };
  }

  /** All that hold or will hold. Throws VaultError `row-tampered`. */
  async all(at: Date): Promise<readonly Delegation[]> {
    const rows = await this.#parts.database.delegation.findMany({ where: { endsAt: { gt: at } }, orderBy: [{ startsAt: 'asc' }, { personId: 'asc' }] });
    return rows.map((row) => toDelegation(row, this.#parts.rowMac));
  }

  /** By the id of the person whose say it is: who has it at this moment. Neither a stand-in who has left nor a changed row has anybody's. */
  async running(at: Date): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#parts.database.delegation.findMany({ where: { startsAt: { lte: at }, endsAt: { gt: at }, standIn: { active: true } } });
    const genuine = rows.filter((row) => equalBytes(macOf(row, this.#parts.rowMac), row.mac));
    return new Map(genuine.map(({ personId, standInId }) => [personId, standInId]));
  }

  async give(delegation: Delegation, paid: PaidForm | null, at: Date): Promise<Delegated> {
    try {
      return await inTransaction(this.#parts.database, (tx) => this.#give(tx, delegation, { paid, at }));
    } catch (error) {
      if (error instanceof CodeSpentFirst) return 'code-spent';
      throw error;
    }
  }

  async #give(tx: Queries, delegation: Delegation, { paid, at }: { readonly paid: PaidForm | null; readonly at: Date }): Promise<Delegated> {
    const { rowMac } = this.#parts;
    const { personId, standInId, from, until, reason } = delegation;
    await holdOrganisation(tx);
    if (paid !== null && (await isRepeated(tx, paid.formId, personId))) return 'repeated';
    if ((await tx.person.count({ where: { id: { in: [personId, standInId] }, active: true } })) !== 2) return 'gone';
    if (paid !== null) {
      if (!(await spendCode(tx, paid.spend))) throw new CodeSpentFirst();
      await tx.submission.create({ data: { formId: paid.formId, actorId: personId, action: 'delegate', at } });
    }
    const before = await this.#present(tx, personId, at);
    const goesOn = before?.standInId === standInId && from <= at.getTime();
    // What the stand-in decided since then stays decided.
    const kept: Delegation = goesOn ? { ...delegation, from: Math.min(from, before.from) } : delegation;
    await keep(tx, { personId, standInId, startsAt: new Date(kept.from), endsAt: new Date(until), reason }, rowMac);
    const facts = { standIn: standInId, from: new Date(kept.from).toISOString(), until: new Date(until).toISOString(), reason };
    await writeEntries(tx, [auditDraft('delegated', paid === null ? 'cli' : personId, { personId }, paid === null ? facts : { ...facts, factor: paid.spend.kind })], { at, rowMac });
    const replaced = before === null || before.standInId === standInId ? [] : [toldOf(before, before.standInId, 'delegation-ended')];
    await writeEvents(tx, [...[personId, standInId].map((id) => toldOf(kept, id, 'delegated')), ...replaced], at);
    await wakeOthers(tx);
    return 'given';
  }

  async end(personId: string, actor: string, at: Date): Promise<boolean> {
    const { database, rowMac } = this.#parts;
    return await inTransaction(database, async (tx) => {
      await holdOrganisation(tx);
      const delegation = await this.#present(tx, personId, at);
      if (delegation === null) return false;
      await endOne(tx, delegation, { actor, at, rowMac });
      await wakeOthers(tx);
      return true;
    });
  }

  /** The one that holds or will hold, or null. */
  async #present(tx: Queries, personId: string, at: Date): Promise<Delegation | null> {
    const row = await tx.delegation.findUnique({ where: { personId } });
    return row === null || row.endsAt <= at ? null : toDelegation(row, this.#parts.rowMac);
  }
}

/** Ends what this person has passed on, and what was passed on to them. The organisation's lock is held. Throws VaultError `row-tampered`. */
export async function endDelegationsAbout(tx: Queries, personId: string, ending: Ending): Promise<void> {
  const rows = await tx.delegation.findMany({ where: { endsAt: { gt: ending.at }, OR: [{ personId }, { standInId: personId }] }, orderBy: { personId: 'asc' } });
  for (const row of rows) await endOne(tx, toDelegation(row, ending.rowMac), ending);
}

/** Throws VaultError `row-tampered`. */
export function toDelegation(row: DelegationRow, rowMac: RowMac): Delegation {
  rowMac.check('Delegation', row.personId, delegationFacts(row), row.mac);
  const { personId, standInId, startsAt, endsAt, reason } = row;
  return { personId, standInId, from: startsAt.getTime(), until: endsAt.getTime(), reason };
}

/** These people as decisions at this instant (ms since 1970) see them, each with who stands in for them. */
export function withStandIns(people: readonly Person[], delegations: readonly Delegation[], at: number): readonly Person[] {
  const standIns = new Map(delegations.map((delegation) => [delegation.personId, toStandIn(delegation, at)]));
  return people.map((person) => {
    const standIn = standIns.get(person.id);
    return standIn === undefined ? person : { ...person, standIn };
  });
}

function toStandIn({ standInId, from, until }: Delegation, at: number): StandIn {
  return { personId: standInId, from, until, now: from <= at && at < until };
}

/** What was decided meanwhile stays decided; one that never began is as if it had not been given. */
async function endOne(tx: Queries, delegation: Delegation, { actor, at, rowMac }: Ending): Promise<void> {
  const { personId, standInId, from, reason } = delegation;
  if (from >= at.getTime()) await tx.delegation.delete({ where: { personId } });
  else await keep(tx, { personId, standInId, startsAt: new Date(from), endsAt: at, reason }, rowMac);
  await writeEntries(tx, [auditDraft('delegation-ended', actor, { personId }, { standIn: standInId })], { at, rowMac });
  await writeEvents(tx, [personId, standInId].map((id) => toldOf(delegation, id, 'delegation-ended')), at);
}

async function keep(tx: Queries, row: Omit<DelegationRow, 'mac'>, rowMac: RowMac): Promise<void> {
  const { personId, standInId, startsAt, endsAt, reason } = row;
  const columns = { standInId, startsAt, endsAt, reason, mac: toColumn(macOf(row, rowMac)) };
  await tx.delegation.upsert({ where: { personId }, create: { personId, ...columns }, update: columns });
}

function macOf(row: Omit<DelegationRow, 'mac'>, rowMac: RowMac): Uint8Array {
  return rowMac.tag('Delegation', row.personId, delegationFacts(row));
}

function delegationFacts({ standInId, startsAt, endsAt, reason }: Omit<DelegationRow, 'mac'>) {
  return [standInId, startsAt.getTime(), endsAt.getTime(), reason];
}

async function isRepeated(tx: Queries, formId: string, actorId: string): Promise<boolean> {
  return (await tx.submission.findUnique({ where: { formId_actorId: { formId, actorId } } })) !== null;
}

function toldOf({ personId, standInId, from, until }: Delegation, told: string, kind: 'delegated' | 'delegation-ended'): EventNotice {
  return { kind, recipient: `person:${told}`, params: { person: personId, other: standInId, from: String(from), until: String(until) } };
}
