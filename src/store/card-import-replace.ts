// A new secret for cards that are there: a PUK after the old one was shown, or another admin key.
//
// One transaction for the whole file, so that it is all rows or none. It holds the locks of these cards alone, each as
// long as the rest of the file takes; a request for one of them waits that long and then meets the new secret.
import { auditDraft } from '../audit/entry.js';
import type { CardProblem } from '../card/card-file-columns.js';
import type { CardDraft } from '../card/card-file.js';
import { equalBytes } from '../lib/bytes.js';
import type { Refused } from '../lib/refusal.js';
import { OPEN_STATES } from '../unblock/request.js';
import type { KeyVault } from '../vault/key-vault.js';
import type { ImportParts } from './card-import.js';
import { GivenUp, importingAlone, type ImportRefusal, orGivenUp, type Proof, spendProofs } from './card-import-alone.js';
import { type CardChecks, type CheckedBatch, type PreparedCard, without } from './card-import-check.js';
import { type Reading, type ReadingOrder, readThrough, RowsRefused } from './card-import-read.js';
import { renewCards } from './card-import-rows.js';
import { sealCards, secretColumns } from './card-import-seal.js';
import type { Queries } from './database.js';
import { type CardRow, type PersonRow, toCard, toPerson, toSealedCard } from './rows.js';
import { wakeOthers, writeEntries } from './tell.js';

export interface ReplaceOrder extends ReadingOrder {
  /** Nobody, or two administrators where one may not do it alone. */
  readonly proofs: readonly Proof[];
  /** The digest of the file that was checked before; null where it was not. */
  readonly expected: Uint8Array | null;
}

export class CardReplacements {
  readonly #parts: ImportParts;

  constructor(parts: ImportParts) {
    this.#parts = parts;
  }

  /** Only looks. */
  check(order: ReadingOrder): Promise<Reading> {
    return readThrough(order, this.#parts, async (drafts, checks) => (await this.#check(this.#parts.database, drafts, checks)).batch);
  }

  /** Gives every card of the file its new secret, or none where one row has a problem. */
  async replace(order: ReplaceOrder): Promise<Reading | Refused<ImportRefusal>> {
    const replaced = importingAlone(this.#parts.database, (tx) => this.#replaceAll(tx, order));
    return await orGivenUp(replaced).catch((error: unknown) => {
      if (error instanceof RowsRefused) return error.reading;
      throw error;
    });
  }

  async #replaceAll(tx: Queries, order: ReplaceOrder): Promise<Reading> {
    const { rowMac, clock } = this.#parts;
    const reading = await readThrough(order, this.#parts, (drafts, checks, clean) => this.#take(tx, { drafts, checks, clean }));
    if (reading.problems > 0) throw new RowsRefused(reading);
    if (order.expected !== null && !equalBytes(reading.digest, order.expected)) throw new GivenUp('file-changed');
    await spendProofs(tx, order.proofs, rowMac);
    const facts = { cards: reading.cards, administrators: order.proofs.map(({ personId }) => personId) };
    await writeEntries(tx, [auditDraft('cards-renewed', 'cli', {}, facts)], { at: clock(), rowMac });
    await wakeOthers(tx);
    return reading;
  }

  async #take(tx: Queries, { drafts, checks, clean }: { readonly drafts: readonly CardDraft[]; readonly checks: CardChecks; readonly clean: boolean }): Promise<CheckedBatch> {
    const serials = drafts.map(({ serial }) => serial);
    await tx.$queryRaw`SELECT id FROM "Card" WHERE serial = ANY(${serials}::text[]) ORDER BY id FOR UPDATE`;
    const { batch, rows } = await this.#check(tx, drafts, checks);
    if (!clean || batch.problems.length > 0 || batch.fit.length === 0) return batch;
    const { vault, rowMac, clock } = this.#parts;
    const renewed = await sealCards(batch.fit, vault, (card) => renewedContent(card, rows));
    await renewCards(tx, renewed, rowMac);
    const entries = renewed.map(({ content }) => auditDraft('card-renewed', 'cli', { cardId: content.id }, { version: content.keyVersion, state: content.state }));
    await writeEntries(tx, entries, { at: clock(), rowMac });
    return batch;
  }

  async #check(tx: Queries, drafts: readonly CardDraft[], checks: CardChecks): Promise<{ readonly batch: CheckedBatch; readonly rows: Rows }> {
    const prepared = await checks.prepare(tx, drafts);
    const found = await tx.card.findMany({ where: { serial: { in: drafts.map(({ serial }) => serial) } }, include: { holder: true } });
    const rows: Rows = new Map(found.map((row) => [row.serial, row]));
    const open = await tx.request.findMany({
      where: { cardId: { in: found.map(({ id }) => id) }, state: { in: [...OPEN_STATES] } },
      select: { cardId: true },
    });
    const busy = new Set(open.map(({ cardId }) => cardId));
    const problems: CardProblem[] = [];
    for (const card of prepared.fit) {
      const { line, serial } = card.draft;
      const problem = await this.#problemOf(card, rows.get(serial), busy);
      if (problem !== null) problems.push({ line, serial, problem });
    }
    return { batch: without(prepared.fit, prepared.problems, problems), rows };
  }

  async #problemOf({ draft, keyDigest }: PreparedCard, row: CardAndHolder | undefined, busy: ReadonlySet<string>): Promise<string | null> {
    if (row === undefined) return 'There is no card with this serial: import it without --replace.';
    const { state, profileId } = toCard(row, this.#parts);
    const holder = row.holder === null ? null : toPerson(row.holder, this.#parts.rowMac).email;
    if (state === 'waiting') return 'The card still waits for a second administrator: `countersign cards imports` lists what waits.';
    if (draft.profile.id !== profileId) return `The card is registered with profile ${profileId}: write that one.`;
    if (draft.holderEmail !== null && draft.holderEmail !== holder) return `The card belongs to ${holder ?? 'nobody'}: write that, or leave the holder empty. A new secret never moves a card.`;
    if (draft.secret.kind === 'none') return 'The row has no secret, so there is nothing to replace: leave it out.';
    if (busy.has(row.id)) return 'A request for the card is open: wait until it ends, or cancel it.';
    const isSame = keyDigest === null ? await isSamePuk(draft, row, this.#parts.vault) : row.keyDigest !== null && equalBytes(keyDigest, row.keyDigest);
    return isSame ? 'It is the secret that the card had before: set a new one on the card first.' : null;
  }
}

type CardAndHolder = CardRow & { readonly holder: PersonRow | null };
type Rows = ReadonlyMap<string, CardAndHolder>;

async function isSamePuk({ secret }: CardDraft, row: CardRow, vault: KeyVault): Promise<boolean> {
  const before = toSealedCard(row);
  if (secret.kind !== 'puk' || before === null) return false;
  return await vault.withCardKey(before, (puk) => equalBytes(puk, secret.puk));
}

/** Who holds the card and what it is called stay, and so do its tags and its sponsor. A frozen card stays frozen: a new secret says nothing about why it was. */
function renewedContent({ draft, ...card }: PreparedCard, rows: Rows) {
  const row = rows.get(draft.serial);
  if (row === undefined) throw new Error(`card ${draft.serial} is gone`);
  const { id, serial, label, profile, holderId, keyVersion, importId, tags, sponsorId } = row;
  const state = row.state === 'puk-shown' ? 'active' : row.state;
  return { id, serial, label, profile, holderId, importId, tags, sponsorId, ...secretColumns(draft, card), state, refusedResponses: 0, keyVersion: keyVersion + 1 };
}
