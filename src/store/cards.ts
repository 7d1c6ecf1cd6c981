// Smart cards and their sealed keys in PostgreSQL: listed, and a few brought in at once. Keys are never given out.
import { auditDraft } from '../audit/entry.js';
import type { CardProblem } from '../card/card-file-columns.js';
import { type CardDraft, wipeDrafts } from '../card/card-file.js';
import type { Clock } from '../lib/clock.js';
import type { CardFacts } from '../unblock/request-store.js';
import type { KeyVault } from '../vault/key-vault.js';
import { CardChecks } from './card-import-check.js';
import { insertCards } from './card-import-rows.js';
import { sealNewCards } from './card-import-seal.js';
import { type Database, holdOrganisation, inTransaction, type Queries } from './database.js';
import { type RowReading, toCard } from './rows.js';
import { wakeOthers, writeEntries } from './tell.js';

export interface ListedCard extends CardFacts {
  readonly holderEmail: string | null;
  readonly sponsorEmail: string | null;
}

interface CardParts extends RowReading {
  readonly database: Database;
  readonly vault: KeyVault;
  readonly clock: Clock;
}

export class PrismaCards {
  readonly #parts: CardParts;

  constructor(parts: CardParts) {
    this.#parts = parts;
  }

  async all(): Promise<readonly ListedCard[]> {
    const rows = await this.#parts.database.card.findMany({ include: { holder: true, sponsor: true }, orderBy: { serial: 'asc' } });
    return rows.map((row) => ({ ...toCard(row, this.#parts), holderEmail: row.holder?.email ?? null, sponsorEmail: row.sponsor?.email ?? null }));
  }

  /** Null where no card has this serial. Throws VaultError `row-tampered`. */
  async bySerial(serial: string): Promise<CardFacts | null> {
    const row = await this.#parts.database.card.findUnique({ where: { serial } });
    return row === null ? null : toCard(row, this.#parts);
  }

  /** A card's label for a person to read, or null if there is no such card. */
  async label(id: string): Promise<string | null> {
    const row = await this.#parts.database.card.findUnique({ where: { id } });
    return row === null ? null : toCard(row, this.#parts).label;
  }

  async serials(): Promise<readonly string[]> {
    return (await this.#parts.database.card.findMany({ select: { serial: true } })).map(({ serial }) => serial);
  }

  /**
   * Seals and saves a few cards at once, or none, in one short transaction. Returns what does not fit, and wipes the
   * drafts. Whole files go through CardImports.
   */
  async import(drafts: readonly CardDraft[]): Promise<readonly CardProblem[]> {
    const { database, rowMac, clock } = this.#parts;
    try {
      return await inTransaction(database, async (tx) => {
        await holdOrganisation(tx);
        const problems = await this.#insert(tx, drafts);
        if (problems.length > 0) return problems;
        await writeEntries(tx, [auditDraft('cards-imported', 'cli', {}, { added: drafts.length })], { at: clock(), rowMac });
        await wakeOthers(tx);
        return [];
      });
    } finally {
      // Not before: a transaction may be run again.
      wipeDrafts(drafts);
    }
  }

  async #insert(tx: Queries, drafts: readonly CardDraft[]): Promise<readonly CardProblem[]> {
    const { vault, rowMac } = this.#parts;
    const checks = new CardChecks(this.#parts);
    try {
      const { fit, problems } = await checks.newCards(tx, drafts);
      if (problems.length === 0) await insertCards(tx, await sealNewCards(fit, vault, null), rowMac);
      return problems;
    } finally {
      checks.wipe();
    }
  }
}
