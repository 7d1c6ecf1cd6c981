// Walks the audit's three witnesses side by side: the entries, the stored checkpoints, and the file outside the database.
import type { SequencedEntry } from './entry.js';
import type { FileLine, LeafLine } from './file-line.js';
import type { VerifierKey } from './note.js';
import { AuditVerifier, type AuditVerdict, type StoredCheckpoint } from './verifier.js';

/** Everything as it stood at one moment; the file not later than the database. */
export interface AuditEvidence {
  /** In the order of their index. */
  readonly entries: AsyncIterable<SequencedEntry>;
  /** In the order of their size. */
  readonly checkpoints: AsyncIterable<StoredCheckpoint>;
  /** The lines of the audit file, or null when there is none to compare with. */
  readonly file: AsyncIterable<FileLine> | null;
  /** How many entries have no index yet. */
  readonly pending: number;
}

/** Whether the audit is as it was written, and if not, where it first differs. Holds one entry in memory at a time. */
export async function verifyAudit(evidence: AuditEvidence, key: VerifierKey): Promise<AuditVerdict> {
  const verifier = new AuditVerifier(key);
  const checkpoints = new Ahead(evidence.checkpoints);
  const file = new Ahead(evidence.file ?? noLines());

  for await (const entry of evidence.entries) {
    await feedCheckpoints(verifier, checkpoints, verifier.size);
    verifier.entry(entry, await nextLeaf(verifier, file));
  }
  await feedCheckpoints(verifier, checkpoints, Infinity);
  for (let line = await file.take(); line !== null; line = await file.take()) verifier.line(line);
  return verifier.verdict(evidence.pending, evidence.file !== null);
}

async function feedCheckpoints(
  verifier: AuditVerifier,
  checkpoints: Ahead<StoredCheckpoint>,
  upTo: number,
): Promise<void> {
  for (let next = await checkpoints.peek(); next !== null && next.size <= upTo; next = await checkpoints.peek()) {
    verifier.storedCheckpoint(next);
    await checkpoints.take();
  }
}

/**
 * The file's line for the next entry, after everything that stands before it. Null when the file ends before.
 * A line that comes again means nothing: a writer that lost its lock may have written twice, and the first one counts.
 */
async function nextLeaf(verifier: AuditVerifier, file: Ahead<FileLine>): Promise<LeafLine | null> {
  for (let line = await file.peek(); line !== null; line = await file.peek()) {
    if (line.kind === 'leaf' && line.index > verifier.size) return line;
    await file.take();
    if (line.kind !== 'leaf') verifier.line(line);
    else if (line.index === verifier.size) return line;
  }
  return null;
}

async function* noLines(): AsyncGenerator<FileLine> {
  // Nothing to compare with.
}

/** A stream with one item of look-ahead; null is its end. */
class Ahead<T> {
  readonly #source: AsyncIterator<T>;
  #next: Promise<IteratorResult<T>> | null = null;

  constructor(source: AsyncIterable<T>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async peek(): Promise<T | null> {
    this.#next ??= this.#source.next();
    const result = await this.#next;
    return result.done === true ? null : result.value;
  }

  async take(): Promise<T | null> {
    const item = await this.peek();
    this.#next = null;
    return item;
  }
}
