// Brings in files of cards of any size, all rows or none.
//
// One transaction for the whole file: whoever is killed in the middle leaves nothing behind, and no card can be used
// before all are there. It lasts as long as sealing does (a minute for 100,000 cards and a KEK in a file), yet holds no
// lock that a request waits for: its rows are new, and the organisation's lock is not taken. Imports exclude each other.
import { auditDraft } from '../audit/entry.js';
import { equalBytes, toHex } from '../lib/bytes.js';
import type { Clock } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import type { Refused } from '../lib/refusal.js';
import type { KeyVault } from '../vault/key-vault.js';
import { GivenUp, importingAlone, type ImportRefusal, orGivenUp, type Proof, spendProofs } from './card-import-alone.js';
import { type Reading, type ReadingOrder, readThrough, RowsRefused } from './card-import-read.js';
import { type ImportContent, importRow, insertCards, type NewCard } from './card-import-rows.js';
import { sealNewCards } from './card-import-seal.js';
import type { Database, Queries } from './database.js';
import type { RowReading } from './rows.js';
import { wakeOthers, writeEntries } from './tell.js';

export interface ImportParts extends RowReading {
  readonly database: Database;
  readonly vault: KeyVault;
  readonly clock: Clock;
}

export interface ImportOrder extends ReadingOrder {
  /** The administrator who brings the file in, where a second one has to commit it; then the cards wait. */
  readonly waitsFor: Proof | null;
  /** The digest of the file that was checked before; null where it was not. */
  readonly expected: Uint8Array | null;
}

export interface ImportOutcome extends Reading {
  /** Of the import that waits; null where none does. */
  readonly id: string | null;
}

export class CardImports {
  readonly #parts: ImportParts;

  constructor(parts: ImportParts) {
    this.#parts = parts;
  }

  /** Only looks: tells every problem, and keeps nothing. */
  check(order: ReadingOrder): Promise<Reading> {
    return readThrough(order, this.#parts, (drafts, checks) => checks.newCards(this.#parts.database, drafts));
  }

  /** Keeps all rows, or none where one has a problem. Seals as it reads. */
  async import(order: ImportOrder): Promise<ImportOutcome | Refused<ImportRefusal>> {
    const imported = importingAlone(this.#parts.database, (tx) => this.#importAll(tx, order));
    return await orGivenUp(imported).catch((error: unknown) => {
      if (error instanceof RowsRefused) return { ...error.reading, id: null };
      throw error;
    });
  }

  async #importAll(tx: Queries, order: ImportOrder): Promise<ImportOutcome> {
    const { rowMac } = this.#parts;
    const waiting = order.waitsFor === null ? null : await this.#begin(tx, order.waitsFor);
    const reading = await this.#fill(tx, order, waiting?.id ?? null);
    if (reading.problems > 0) throw new RowsRefused(reading);
    if (order.expected !== null && !equalBytes(reading.digest, order.expected)) throw new GivenUp('file-changed');
    // At the end, because it locks the administrator's row.
    await spendProofs(tx, order.waitsFor === null ? [] : [order.waitsFor], rowMac);
    await this.#end(tx, reading, waiting);
    await wakeOthers(tx);
    return { ...reading, id: waiting?.id ?? null };
  }

  async #begin(tx: Queries, { personId }: Proof): Promise<ImportContent> {
    const { rowMac, clock } = this.#parts;
    const nothing = { state: 'waiting', cards: 0, digest: new Uint8Array(), decidedBy: null, decidedAt: null } as const;
    const content: ImportContent = { ...nothing, id: newId(), by: personId, at: clock() };
    await tx.cardImport.create({ data: importRow(content, rowMac) });
    return content;
  }

  /** While one batch is sealed here, PostgreSQL takes the one before. */
  async #fill(tx: Queries, order: ImportOrder, importId: string | null): Promise<Reading> {
    const { vault, rowMac } = this.#parts;
    let sealed: readonly NewCard[] = [];
    const reading = await readThrough(order, this.#parts, async (drafts, checks, clean) => {
      const checked = await checks.newCards(tx, drafts);
      if (!clean || checked.problems.length > 0) return checked;
      [, sealed] = await Promise.all([insertCards(tx, sealed, rowMac), sealNewCards(checked.fit, vault, importId)]);
      return checked;
    });
    if (reading.problems === 0) await insertCards(tx, sealed, rowMac);
    return reading;
  }

  async #end(tx: Queries, { cards, digest }: Reading, waiting: ImportContent | null): Promise<void> {
    const { rowMac, clock } = this.#parts;
    const facts = { added: cards, file: toHex(digest).toLowerCase() };
    if (waiting === null) {
      await writeEntries(tx, [auditDraft('cards-imported', 'cli', {}, facts)], { at: clock(), rowMac });
      return;
    }
    const { id, by } = waiting;
    await tx.cardImport.update({ where: { id }, data: importRow({ ...waiting, cards, digest: new Uint8Array(digest) }, rowMac) });
    await writeEntries(tx, [auditDraft('cards-import-waits', by, { personId: by }, { ...facts, import: id })], { at: clock(), rowMac });
  }
}
