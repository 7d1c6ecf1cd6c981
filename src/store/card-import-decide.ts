// Imports that wait for a second administrator: who brought in how many cards, and their end.
import { auditDraft } from '../audit/entry.js';
import { isId } from '../lib/ids.js';
import type { Refused } from '../lib/refusal.js';
import type { ImportParts } from './card-import.js';
import { GivenUp, type ImportRefusal, inLongTransaction, orGivenUp, type Proof, spendProofs } from './card-import-alone.js';
import { activateCards, checkImport, type ImportContent, importRow, removeWaiting } from './card-import-rows.js';
import type { Queries } from './database.js';
import { toPerson } from './rows.js';
import { wakeOthers, writeEntries } from './tell.js';

export interface WaitingImport {
  readonly id: string;
  readonly cards: number;
  /** SHA-256 of the file, to compare with the file itself. */
  readonly digest: Uint8Array;
  readonly byEmail: string;
  readonly at: Date;
}

export class WaitingImports {
  readonly #parts: ImportParts;

  constructor(parts: ImportParts) {
    this.#parts = parts;
  }

  /** Oldest first. Throws VaultError `row-tampered`. */
  async all(): Promise<readonly WaitingImport[]> {
    const { database, rowMac } = this.#parts;
    const rows = await database.cardImport.findMany({ where: { state: 'waiting' }, orderBy: { at: 'asc' } });
    const people = await database.person.findMany({ where: { id: { in: rows.map(({ by }) => by) } } });
    const emailOf = new Map(people.map((row) => toPerson(row, rowMac)).map(({ id, email }) => [id, email]));
    return rows.map((row) => {
      checkImport(row, rowMac);
      return { id: row.id, cards: row.cards, digest: row.digest, byEmail: emailOf.get(row.by) ?? row.by, at: row.at };
    });
  }

  /** Makes the cards active. Returns how many. Refused to whoever brought them in. */
  commit(id: string, proof: Proof): Promise<number | Refused<ImportRefusal>> {
    return this.#decide(id, proof, async (tx, waiting) => {
      if (waiting.by === proof.personId) throw new GivenUp('same-administrator');
      const activated = await activateCards(tx, id, this.#parts);
      // Somebody else changed them.
      if (activated !== waiting.cards) throw new Error(`import ${id} brought in ${waiting.cards} cards, and ${activated} are there`);
      return 'committed';
    });
  }

  /** Removes the cards. Returns how many. Any administrator may, also the one who brought them in. */
  drop(id: string, proof: Proof): Promise<number | Refused<ImportRefusal>> {
    return this.#decide(id, proof, async (tx) => {
      await removeWaiting(tx, id);
      return 'dropped';
    });
  }

  #decide(
    id: string,
    proof: Proof,
    take: (tx: Queries, waiting: ImportContent) => Promise<'committed' | 'dropped'>,
  ): Promise<number | Refused<ImportRefusal>> {
    const { database, rowMac, clock } = this.#parts;
    return orGivenUp(
      inLongTransaction(database, async (tx) => {
        const waiting = await this.#lockWaiting(tx, id);
        const state = await take(tx, waiting);
        // At the end, because it locks the administrator's row.
        await spendProofs(tx, [proof], rowMac);
        const at = clock();
        await tx.cardImport.update({ where: { id }, data: importRow({ ...waiting, state, decidedBy: proof.personId, decidedAt: at }, rowMac) });
        const facts = { cards: waiting.cards, import: id, by: waiting.by };
        await writeEntries(tx, [auditDraft(`cards-import-${state}`, proof.personId, { personId: proof.personId }, facts)], { at, rowMac });
        await wakeOthers(tx);
        return waiting.cards;
      }),
    );
  }

  async #lockWaiting(tx: Queries, id: string): Promise<ImportContent> {
    if (!isId(id)) throw new GivenUp('no-such-import');
    await tx.$queryRaw`SELECT id FROM "CardImport" WHERE id = ${id}::uuid FOR UPDATE`;
    const row = await tx.cardImport.findUnique({ where: { id } });
    if (row === null) throw new GivenUp('no-such-import');
    checkImport(row, this.#parts.rowMac);
    if (row.state !== 'waiting') throw new GivenUp('import-decided');
    return { ...row, state: row.state };
  }
}
