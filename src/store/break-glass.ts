// Sealed codes in PostgreSQL: issued and ended by administrators, used once, reported until somebody acknowledges it.
import { nextMorning } from '../approval/morning.js';
import type { BreakGlassSettings } from '../approval/policy.js';
import { auditDraft } from '../audit/entry.js';
import type { Person } from '../directory/person.js';
import { isId } from '../lib/ids.js';
import { refuse, type Refused } from '../lib/refusal.js';
import type { GuessToReserve, Reservation } from '../stepup/authenticator-store.js';
import type { SealedRow, SealedSet, SpentSealed } from '../stepup/sealed-codes.js';
import { breakGlassOf, type GlassReading, type GlassUsed, partakersOf, readersOf } from '../unblock/break-glass.js';
import type { Acknowledging, AcknowledgeRefusal, BreakGlassStore } from '../unblock/break-glass-store.js';
import type { LoadedPolicy } from '../unblock/decision.js';
import { notInForce } from '../unblock/opening.js';
import type { EventNotice } from '../unblock/request-store.js';
import type { RecipientName } from '../unblock/recipients.js';
import type { RowMac } from '../vault/row-mac.js';
import { checkSet, codeMac, setInForce, setMac, toGlassUsed, toSealedCode, type UseContent, useMac } from './break-glass-rows.js';
import { GivenUp, type Proof, spendProofs } from './card-import-alone.js';
import { reserveGuess, spendCode, uncount } from './code-columns.js';
import { type Database, holdOrganisation, inTransaction, type Queries, toColumn } from './database.js';
import type { BreakGlassUse } from './generated/client.js';
import { policyInForce } from './policies.js';
import { toPerson, toRequest } from './rows.js';
import { wakeOthers, writeEntries, writeEvents } from './tell.js';
import { byTwoAdministrators, type PairRefusal } from './two-administrators.js';

interface BreakGlassParts {
  readonly database: Database;
  readonly rowMac: RowMac;
}

/** A set to be kept: its codes were made for these people. */
export interface NewSet {
  readonly id: string;
  readonly people: readonly string[];
  readonly rows: readonly SealedRow[];
}

export class PrismaBreakGlass implements BreakGlassStore {
  readonly #parts: BreakGlassParts;

  constructor({ database, rowMac }: BreakGlassParts) {
    this.#parts = { database, rowMac };
  }

  async inForce(): Promise<SealedSet | null> {
    const { database, rowMac } = this.#parts;
    const set = await setInForce(database, rowMac);
    if (set === null) return null;
    const codes = await database.breakGlassCode.findMany({ where: { setId: set.id }, orderBy: { id: 'asc' } });
    return { id: set.id, people: set.people, issuedAt: set.issuedAt, codes: codes.map((row) => toSealedCode(row, rowMac)) };
  }

  reserveGuess(guess: GuessToReserve): Promise<Reservation> {
    return reserveGuess(this.#parts.database, guess, this.#parts.rowMac);
  }

  giveBack({ counted }: SpentSealed): Promise<void> {
    return inTransaction(this.#parts.database, (tx) => uncount(tx, counted));
  }

  /** Puts a set in force in the place of the one before, for two active people who are not the same. */
  async issue(set: NewSet, proofs: readonly Proof[], at: Date): Promise<Refused<PairRefusal | 'not-two-people'> | null> {
    const { rowMac } = this.#parts;
    const issuedBy = proofs.map(({ personId }) => personId);
    return await byTwoAdministrators(this.#parts, proofs, async (tx) => {
      if (new Set(set.people).size !== 2 || (await activeAmong(tx, set.people, rowMac)) !== 2) return refuse('not-two-people');
      await this.#endSet(tx, at);
      const row = { id: set.id, issuedAt: at, issuedBy, people: [...set.people], endedAt: null };
      await tx.breakGlassSet.create({ data: { ...row, mac: setMac(row, rowMac) } });
      for (const { id, personId, digest } of set.rows) {
        const code = { id, setId: set.id, personId, digest: toColumn(digest), usedAt: null, requestId: null };
        await tx.breakGlassCode.create({ data: { ...code, mac: codeMac(code, rowMac) } });
      }
      await writeEntries(tx, [auditDraft('break-glass-issued', issuedBy[0] ?? null, {}, { administrators: issuedBy, people: set.people })], { at, rowMac });
      const told: readonly RecipientName[] = ['channel:security', ...set.people.map((id): RecipientName => `person:${id}`)];
      await writeEvents(tx, told.map((recipient) => ({ kind: 'break-glass-issued', recipient, params: { others: JSON.stringify(set.people) } })), at);
      return null;
    });
  }

  /** Ends the set in force. It takes one administrator, as it gives nobody anything. */
  async end(proof: Proof, at: Date): Promise<Refused<'not-administrator' | 'code-not-accepted' | 'sealed-none'> | null> {
    const { database, rowMac } = this.#parts;
    try {
      return await inTransaction(database, async (tx) => {
        await holdOrganisation(tx);
        const people = await this.#endSet(tx, at);
        if (people === null) return refuse('sealed-none');
        await spendProofs(tx, [proof], rowMac);
        await writeEntries(tx, [auditDraft('break-glass-ended', proof.personId, {}, { people })], { at, rowMac });
        return null;
      });
    } catch (error) {
      if (!(error instanceof GivenUp)) throw error;
      return refuse(error.refusal.refused === 'not-administrator' ? 'not-administrator' : 'code-not-accepted');
    }
  }

  /** Whose it was; null where none is in force. */
  async #endSet(tx: Queries, at: Date): Promise<readonly string[] | null> {
    const { rowMac } = this.#parts;
    const rows = await tx.breakGlassSet.findMany({ where: { endedAt: null } });
    for (const row of rows) {
      checkSet(row, rowMac);
      const ended = { ...row, endedAt: at };
      await tx.breakGlassSet.update({ where: { id: row.id }, data: { endedAt: at, mac: setMac(ended, rowMac) } });
    }
    return rows[0]?.people ?? null;
  }

  /** The latest first. `openOnly`: those that nobody acknowledged yet. Throws VaultError `row-tampered`. */
  async uses({ openOnly, limit }: { readonly openOnly: boolean; readonly limit: number }): Promise<readonly GlassUsed[]> {
    const { database, rowMac } = this.#parts;
    const rows = await database.breakGlassUse.findMany({ ...(openOnly ? { where: { acknowledgedAt: null } } : {}), orderBy: { at: 'desc' }, take: limit });
    return rows.map((row) => toGlassUsed(row, rowMac));
  }

  async reading(useId: string, settings: BreakGlassSettings): Promise<GlassReading | null> {
    const { database, rowMac } = this.#parts;
    const row = isId(useId) ? await database.breakGlassUse.findUnique({ where: { id: useId } }) : null;
    if (row === null) return null;
    const used = toGlassUsed(row, rowMac);
    return { used, readers: readersOf(await partakersNow(database, used, rowMac), await everybody(database, rowMac), settings) };
  }

  async acknowledge({ useId, personId, spend, loaded, at }: Acknowledging): Promise<Refused<AcknowledgeRefusal> | null> {
    const { database, rowMac } = this.#parts;
    try {
      return await inTransaction(database, async (tx) => {
        const row = await lockUse(tx, useId);
        if (row === null) return refuse('no-such-report');
        const used = toGlassUsed(row, rowMac);
        if (used.acknowledgedAt !== null) return refuse('report-acknowledged');
        if (!(await isInForce(tx, loaded, rowMac))) return refuse('policy-not-in-force');
        const readers = readersOf(await partakersNow(tx, used, rowMac), await everybody(tx, rowMac), breakGlassOf(loaded.policy));
        if (spend.personId !== personId || !readers.some(({ id }) => id === personId)) return refuse('not-your-report');
        if (!(await spendCode(tx, spend))) throw new GivenUp('code-not-accepted');
        await changeUse(tx, row, { acknowledgedAt: at, acknowledgedBy: personId }, rowMac);
        const { requestId, cardId, requesterId } = used;
        await writeEntries(tx, [auditDraft('break-glass-acknowledged', personId, { requestId, cardId, personId: requesterId }, { reports: used.reports, factor: spend.kind })], { at, rowMac });
        await wakeOthers(tx);
        return null;
      });
    } catch (error) {
      if (error instanceof GivenUp) return refuse('code-not-accepted');
      throw error;
    }
  }

  /**
   * Sends the report of each use that nobody acknowledged, when the next morning of whoever reads it has come: again each
   * morning. Safe to run in several processes at once; one that goes by another policy than the one in force leaves it to
   * the others. `zone`: for people without a site. Returns how many were sent.
   */
  async report(loaded: LoadedPolicy, { zone, at }: { readonly zone: string; readonly at: Date }): Promise<number> {
    const open = await this.uses({ openOnly: true, limit: MOST_REPORTS });
    const { database, rowMac } = this.#parts;
    if (open.length === 0 || !(await isInForce(database, loaded, rowMac))) return 0;
    const { policy } = loaded;
    const people = await everybody(database, rowMac);
    let sent = 0;
    for (const used of open) {
      const readers = readersOf(await partakersNow(database, used, rowMac), people, breakGlassOf(policy));
      const since = (used.reportedAt ?? used.at).getTime();
      if (nextMorning(policy, { site: readers[0]?.site ?? null, zone }, since) > at.getTime()) continue;
      if (await this.#send(used, readers, at)) sent += 1;
    }
    return sent;
  }

  async #send(used: GlassUsed, readers: readonly Person[], at: Date): Promise<boolean> {
    const { database, rowMac } = this.#parts;
    return await inTransaction(database, async (tx) => {
      const row = await lockUse(tx, used.id);
      // Another process sent it, or somebody acknowledged it, a moment ago.
      if (row === null || row.reports !== used.reports || row.acknowledgedAt !== null) return false;
      toGlassUsed(row, rowMac);
      await changeUse(tx, row, { reports: row.reports + 1, reportedAt: at }, rowMac);
      const { requestId, cardId, requesterId } = used;
      const to = readers.map(({ id }) => id);
      await writeEntries(tx, [auditDraft('break-glass-reported', 'system', { requestId, cardId, personId: requesterId }, { to, reports: row.reports + 1 })], { at, rowMac });
      await writeEvents(tx, reportOf(used, to), at);
      return true;
    });
  }
}

/** More than that wait for nobody. */
const MOST_REPORTS = 100;

/** To the channel of security where nobody is left to read it. */
function reportOf({ id, requesterId, cardId, by, reason, at }: GlassUsed, to: readonly string[]): readonly EventNotice[] {
  const params = { person: requesterId, card: cardId, others: JSON.stringify(by), reason, use: id, from: String(at.getTime()) };
  const told: readonly RecipientName[] = to.length === 0 ? ['channel:security'] : to.map((reader): RecipientName => `person:${reader}`);
  return told.map((recipient) => ({ kind: 'break-glass-report', recipient, params }));
}

async function lockUse(tx: Queries, id: string): Promise<BreakGlassUse | null> {
  if (!isId(id)) return null;
  await tx.$queryRaw`SELECT id FROM "BreakGlassUse" WHERE id = ${id}::uuid FOR UPDATE`;
  return await tx.breakGlassUse.findUnique({ where: { id } });
}

async function changeUse(tx: Queries, { mac, ...row }: BreakGlassUse, change: Partial<UseContent>, rowMac: RowMac): Promise<void> {
  await tx.breakGlassUse.update({ where: { id: row.id }, data: { ...change, mac: useMac({ ...row, ...change }, rowMac) } });
}

async function everybody(tx: Queries, rowMac: RowMac): Promise<readonly Person[]> {
  return (await tx.person.findMany({ orderBy: { id: 'asc' } })).map((row) => toPerson(row, rowMac));
}

async function partakersNow(tx: Queries, used: GlassUsed, rowMac: RowMac): Promise<readonly string[]> {
  const request = await tx.request.findUnique({ where: { id: used.requestId } });
  return partakersOf(used, request === null ? null : toRequest(request, rowMac));
}

async function isInForce(tx: Queries, loaded: LoadedPolicy, rowMac: RowMac): Promise<boolean> {
  const row = await policyInForce({ database: tx, rowMac });
  return notInForce({ policyInForce: row?.hash ?? null }, loaded) === null;
}

async function activeAmong(tx: Queries, ids: readonly string[], rowMac: RowMac): Promise<number> {
  const rows = await tx.person.findMany({ where: { id: { in: [...ids] } } });
  return rows.filter((row) => toPerson(row, rowMac).active).length;
}
