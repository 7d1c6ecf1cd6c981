// Smart cards and their sealed keys in PostgreSQL: brought in by a file, never given out.
import { auditDraft } from '../audit/entry.js';
import type { CardDraft } from '../card/card-file.js';
import { comparableKey } from '../card/key.js';
import { keyCheckValue } from '../card/kcv.js';
import { wipe } from '../lib/bytes.js';
import type { Clock } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import type { CardFacts } from '../unblock/request-store.js';
import type { KeyVault } from '../vault/key-vault.js';
import type { RowMac } from '../vault/row-mac.js';
import { type Database, holdOrganisation, inTransaction, type Queries, toColumn } from './database.js';
import { cardMac, type RowReading, toCard, toPerson } from './rows.js';
import { wakeOthers, writeEntries } from './tell.js';

export interface CardProblem {
  readonly line: number;
  readonly serial: string;
  readonly problem: string;
}

export interface ListedCard extends CardFacts {
  readonly kcv: string;
  readonly holderEmail: string | null;
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
    const rows = await this.#parts.database.card.findMany({ include: { holder: true }, orderBy: { serial: 'asc' } });
    return rows.map((row) => ({ ...toCard(row, this.#parts), kcv: row.kcv, holderEmail: row.holder?.email ?? null }));
  }

  /** A card's label for a person to read, or null if there is no such card. */
  async label(id: string): Promise<string | null> {
    const row = await this.#parts.database.card.findUnique({ where: { id } });
    return row === null ? null : toCard(row, this.#parts).label;
  }

  async serials(): Promise<readonly string[]> {
    return (await this.#parts.database.card.findMany({ select: { serial: true } })).map(({ serial }) => serial);
  }

  /** What in the drafts does not fit the database: unknown holders, serials and keys that are there already. */
  problems(drafts: readonly CardDraft[]): Promise<readonly CardProblem[]> {
    return this.#problems(this.#parts.database, drafts);
  }

  /** Seals and saves all the cards, or none. Returns what does not fit. The caller wipes the drafts' keys. */
  async import(drafts: readonly CardDraft[]): Promise<readonly CardProblem[]> {
    const { database, clock } = this.#parts;
    return inTransaction(database, async (tx) => {
      await holdOrganisation(tx);
      const problems = await this.#problems(tx, drafts);
      if (problems.length > 0) return problems;
      const holders = await holderIds(tx, drafts, this.#parts.rowMac);
      for (const draft of drafts) await this.#insert(tx, draft, holderOf(draft, holders));
      await writeEntries(tx, [auditDraft('cards-imported', 'cli', {}, { added: drafts.length })], { at: clock(), rowMac: this.#parts.rowMac });
      await wakeOthers(tx);
      return [];
    });
  }

  async #problems(tx: Queries, drafts: readonly CardDraft[]): Promise<readonly CardProblem[]> {
    const holders = await holderIds(tx, drafts, this.#parts.rowMac);
    const serials = await tx.card.findMany({ where: { serial: { in: drafts.map(({ serial }) => serial) } }, select: { serial: true } });
    const taken = new Set(serials.map(({ serial }) => serial));
    const digests = drafts.map((draft) => toColumn(this.#digest(draft.key)));
    const repeated = await tx.card.findMany({ where: { keyDigest: { in: digests } }, select: { serial: true, keyDigest: true } });
    const ownerOf = new Map(repeated.map(({ keyDigest, serial }) => [Buffer.from(keyDigest ?? []).toString('hex'), serial]));
    return drafts.flatMap((draft, at) => {
      const { line, serial, holderEmail } = draft;
      const found: string[] = [];
      if (taken.has(serial)) found.push('a card with this serial is there already');
      if (holderEmail !== null && !holders.has(holderEmail)) found.push(`no person has the e-mail ${holderEmail}: import the people first`);
      const twin = ownerOf.get(Buffer.from(digests[at] ?? []).toString('hex'));
      if (twin !== undefined && !taken.has(serial)) found.push(`its key is the key of card ${twin}: a response would open both`);
      return found.map((problem) => ({ line, serial, problem }));
    });
  }

  async #insert(tx: Queries, draft: CardDraft, holderId: string | null): Promise<void> {
    const { vault, rowMac } = this.#parts;
    const { serial, label, profile, key } = draft;
    const content = {
      id: newId(),
      serial,
      label,
      profile: profile.id,
      unlock: profile.unlock,
      holderId,
      state: 'active',
      refusedResponses: 0,
      keyVersion: 1,
      kcv: profile.cipher === null ? '' : keyCheckValue(profile.cipher, key),
      keyDigest: toColumn(this.#digest(key)),
      masterKeyId: null,
      diversifier: null,
      importId: null,
    };
    const sealed = await vault.sealCardKey({ ...content, cardId: content.id }, key);
    await tx.card.create({
      data: {
        ...content,
        kekId: sealed.kekId,
        wrappedKey: toColumn(sealed.wrappedKey),
        sealedKey: toColumn(sealed.sealed),
        mac: cardMac(content, rowMac),
      },
    });
  }

  #digest(key: Uint8Array): Uint8Array {
    const comparable = comparableKey(key);
    try {
      return this.#parts.rowMac.digest('card-key', comparable);
    } finally {
      wipe(comparable);
    }
  }
}

async function holderIds(tx: Queries, drafts: readonly CardDraft[], rowMac: RowMac): Promise<ReadonlyMap<string, string>> {
  const emails = drafts.flatMap(({ holderEmail }) => (holderEmail === null ? [] : [holderEmail]));
  const rows = await tx.person.findMany({ where: { email: { in: emails } } });
  return new Map(rows.map((row) => toPerson(row, rowMac)).map(({ id, email }) => [email, id]));
}

function holderOf({ holderEmail }: CardDraft, holders: ReadonlyMap<string, string>): string | null {
  return holderEmail === null ? null : (holders.get(holderEmail) ?? null);
}
