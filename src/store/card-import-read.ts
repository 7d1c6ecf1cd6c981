// Reads a file of cards once, a batch at a time: however long it is, no more than a batch of keys is in memory.
import { createHash, type Hash } from 'node:crypto';
import { CARD_COLUMNS, type CardProblem } from '../card/card-file-columns.js';
import { type CardDraft, cardRowReader, wipeDrafts } from '../card/card-file.js';
import type { SecretOptions } from '../card/card-file-secret.js';
import { decodeText, readCsvRows } from '../lib/csv-stream.js';
import type { KeyVault } from '../vault/key-vault.js';
import { CardChecks, type CheckedBatch } from './card-import-check.js';
import type { RowReading } from './rows.js';

/** A file that may be read more than once. */
export interface CardSource {
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** A row without a problem, for a list or a report. */
export interface CheckedRow {
  readonly line: number;
  readonly serial: string;
  readonly profile: string;
  readonly holder: string | null;
  readonly kcv: string;
}

export interface ReadingOrder {
  readonly source: CardSource;
  readonly options: SecretOptions;
  /** Is told of each batch. A problem may be about a row of an earlier batch. */
  readonly watch: (rows: readonly CheckedRow[], problems: readonly CardProblem[]) => Promise<void>;
}

export interface Reading {
  readonly cards: number;
  readonly problems: number;
  /** SHA-256 of the bytes. */
  readonly digest: Uint8Array;
  /** What is allowed and should be known. */
  readonly warnings: readonly string[];
}

/** Gives up the transaction of a file that has problems. */
export class RowsRefused extends Error {
  override readonly name = 'RowsRefused';
  readonly reading: Reading;

  constructor(reading: Reading) {
    super('rows were refused');
    this.reading = reading;
  }
}

/** `clean`: no row had a problem so far, so that it still makes sense to seal. The drafts are wiped afterwards. */
export type TakeBatch = (drafts: readonly CardDraft[], checks: CardChecks, clean: boolean) => Promise<CheckedBatch>;

export async function readThrough(order: ReadingOrder, parts: RowReading & { readonly vault: KeyVault }, take: TakeBatch): Promise<Reading> {
  const checks = new CardChecks(parts);
  const hash = createHash('sha256');
  let [cards, problems] = [0, 0];
  try {
    for await (const batch of readBatches(order, parts, hash)) {
      const checked = await take(batch.drafts, checks, problems + batch.problems.length === 0).finally(() => wipeDrafts(batch.drafts));
      const found = [...batch.problems, ...checked.problems].sort((a, b) => a.line - b.line);
      cards += checked.fit.length;
      problems += found.length;
      await order.watch(checked.fit.map(({ draft, kcv }) => toRow(draft, kcv)), found);
    }
  } finally {
    checks.wipe();
  }
  return { cards, problems, digest: new Uint8Array(hash.digest()), warnings: checks.warnings() };
}

function toRow({ line, serial, profile, holderEmail }: CardDraft, kcv: string): CheckedRow {
  return { line, serial, profile: profile.id, holder: holderEmail, kcv };
}

const BATCH_ROWS = 500;

interface FileBatch {
  readonly drafts: readonly CardDraft[];
  readonly problems: readonly CardProblem[];
}

async function* readBatches({ source, options }: ReadingOrder, { profiles }: RowReading, hash: Hash): AsyncGenerator<FileBatch> {
  const readRow = cardRowReader({ ...options, profiles });
  let drafts: CardDraft[] = [];
  let problems: CardProblem[] = [];
  try {
    for await (const item of readCsvRows(decodeText(hashed(source.open(), hash)), CARD_COLUMNS)) {
      const read = 'cell' in item ? readRow(item) : { ...item, serial: null };
      if ('problem' in read) problems.push(read);
      else drafts.push(read);
      if (drafts.length + problems.length < BATCH_ROWS) continue;
      yield { drafts, problems };
      [drafts, problems] = [[], []];
    }
    if (drafts.length + problems.length > 0) yield { drafts, problems };
  } finally {
    // Also where the file breaks off.
    wipeDrafts(drafts);
  }
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
