// What in a file of cards does not fit the file itself or the database, a batch of rows at a time.
import { RepeatedKeys, RepeatedPuks } from '../card/card-file-repeats.js';
import type { CardProblem } from '../card/card-file-columns.js';
import type { CardDraft } from '../card/card-file.js';
import { comparableKey } from '../card/key.js';
import { toHex, wipe } from '../lib/bytes.js';
import type { KeyVault } from '../vault/key-vault.js';
import { type DerivedKey, MasterKeyRing } from './card-import-derive.js';
import { type Queries, toColumn } from './database.js';
import { type RowReading, toPerson } from './rows.js';

/** A draft with what the database adds to it. */
export interface PreparedCard {
  readonly draft: CardDraft;
  readonly holderId: string | null;
  readonly sponsorId: string | null;
  /** The HMAC of its key. Null for a PUK, which two cards may share by chance, and where there is no secret. */
  readonly keyDigest: Uint8Array | null;
  readonly kcv: string;
  readonly derived: Pick<DerivedKey, 'masterKeyId' | 'diversifier'> | null;
}

export interface CheckedBatch {
  readonly fit: readonly PreparedCard[];
  readonly problems: readonly CardProblem[];
}

/** One for each reading of a file: it remembers the serials and the digests of the keys before, some 250 bytes a card. */
export class CardChecks {
  readonly #rowMac: RowReading['rowMac'];
  readonly #masters: MasterKeyRing;
  readonly #keys = new RepeatedKeys();
  readonly #puks = new RepeatedPuks();

  constructor(parts: RowReading & { readonly vault: KeyVault }) {
    this.#rowMac = parts.rowMac;
    this.#masters = new MasterKeyRing(parts);
  }

  /** Cards that must not be there yet. */
  async newCards(tx: Queries, drafts: readonly CardDraft[]): Promise<CheckedBatch> {
    const batch = await this.prepare(tx, drafts);
    const people = await this.#peopleNamed(tx, batch.fit);
    const serials = batch.fit.map(({ draft }) => draft.serial);
    const rows = await tx.card.findMany({ where: { serial: { in: serials } }, select: { serial: true } });
    const taken = new Set(rows.map(({ serial }) => serial));
    const problems = batch.fit.flatMap(({ draft }) => problemsOfNew(draft, taken, people));
    const idOf = (email: string | null): string | null => people.get(email ?? '') ?? null;
    const placed = batch.fit.map((card) => ({ ...card, holderId: idOf(card.draft.holderEmail), sponsorId: idOf(card.draft.sponsorEmail) }));
    return without(placed, batch.problems, problems);
  }

  /** What holds for every row: keys are derived, and no two cards have the same one. */
  async prepare(tx: Queries, drafts: readonly CardDraft[]): Promise<CheckedBatch> {
    const problems: CardProblem[] = [];
    const fit: PreparedCard[] = [];
    for (const draft of drafts) {
      const prepared = await this.#prepare(tx, draft);
      if ('problem' in prepared) problems.push(prepared);
      else fit.push(prepared);
    }
    const repeated = fit.flatMap(({ draft, keyDigest }) => (keyDigest === null ? [] : this.#keys.note(Buffer.from(keyDigest).toString('base64'), draft)));
    return without(fit, problems, [...repeated, ...(await twinsInDatabase(tx, fit, repeated))]);
  }

  /** Things that are allowed and should be known. */
  warnings(): readonly string[] {
    const warning = this.#puks.warning();
    return warning === null ? [] : [warning];
  }

  wipe(): void {
    this.#masters.wipe();
  }

  async #prepare(tx: Queries, draft: CardDraft): Promise<PreparedCard | CardProblem> {
    const { secret } = draft;
    const bare = { draft, holderId: null, sponsorId: null, keyDigest: null, kcv: '', derived: null };
    if (secret.kind === 'none') return bare;
    if (secret.kind === 'puk') {
      this.#puks.note(Buffer.from(this.#rowMac.digest('import-puk', secret.puk)).toString('base64'));
      return bare;
    }
    if (secret.kind === 'key') return { ...bare, kcv: secret.kcv, keyDigest: this.#digest(secret.key) };
    const derived = await this.#masters.derive(tx, secret, draft.profile);
    if ('problem' in derived) return { line: draft.line, serial: draft.serial, problem: derived.problem };
    const { key, kcv, ...kept } = derived;
    const keyDigest = this.#digest(key);
    wipe(key);
    return { ...bare, kcv, keyDigest, derived: kept };
  }

  #digest(key: Uint8Array): Uint8Array {
    const comparable = comparableKey(key);
    try {
      return this.#rowMac.digest('card-key', comparable);
    } finally {
      wipe(comparable);
    }
  }

  /** Ids of holders and sponsors by their e-mail addresses. */
  async #peopleNamed(tx: Queries, cards: readonly PreparedCard[]): Promise<ReadonlyMap<string, string>> {
    const emails = [...new Set(cards.flatMap(({ draft }) => [draft.holderEmail ?? [], draft.sponsorEmail ?? []].flat()))];
    const rows = await tx.person.findMany({ where: { email: { in: emails } } });
    return new Map(rows.map((row) => toPerson(row, this.#rowMac)).map(({ id, email }) => [email, id]));
  }
}

function problemsOfNew({ line, serial, holderEmail, sponsorEmail }: CardDraft, taken: ReadonlySet<string>, people: ReadonlyMap<string, string>): readonly CardProblem[] {
  const found: string[] = [];
  if (taken.has(serial)) found.push('A card with this serial is there already: leave the row out, or give the card a new secret with --replace.');
  const unknown = [holderEmail, sponsorEmail].filter((email) => email !== null && !people.has(email));
  for (const email of new Set(unknown)) found.push(`No person has the e-mail ${email ?? ''}: import the people first, or correct it.`);
  return found.map((problem) => ({ line, serial, problem }));
}

/** A card of another serial that has the same key. What was told as a repeat within the file is not told twice. */
async function twinsInDatabase(tx: Queries, cards: readonly PreparedCard[], told: readonly CardProblem[]): Promise<readonly CardProblem[]> {
  const digests = cards.flatMap(({ keyDigest }) => (keyDigest === null ? [] : [toColumn(keyDigest)]));
  const rows = await tx.card.findMany({ where: { keyDigest: { in: digests } }, select: { serial: true, keyDigest: true } });
  if (rows.length === 0) return [];
  const ownerOf = new Map(rows.map(({ keyDigest, serial }) => [toHex(keyDigest ?? new Uint8Array()), serial]));
  const known = new Set(told.map(({ line }) => line));
  return cards.flatMap(({ draft: { line, serial }, keyDigest }) => {
    const owner = keyDigest === null ? undefined : ownerOf.get(toHex(keyDigest));
    if (owner === undefined || owner === serial || known.has(line)) return [];
    return [{ line, serial, problem: `Card ${serial} has the same key as card ${owner}, which is there already: a response would open both.` }];
  });
}

/** The cards on whose lines there is no problem; a problem may also be about a line of an earlier batch. */
export function without(cards: readonly PreparedCard[], ...problems: readonly (readonly CardProblem[])[]): CheckedBatch {
  const all = problems.flat().sort((a, b) => a.line - b.line);
  const lines = new Set(all.map(({ line }) => line));
  return { fit: cards.filter(({ draft }) => !lines.has(draft.line)), problems: all };
}
