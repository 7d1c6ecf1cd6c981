// Gives audit entries their place in the tree, signs a checkpoint over them, and anchors both in the file outside.
import { createHash } from 'node:crypto';
import { AuditError } from '../audit/audit-error.js';
import { type AuditEntry, entryLeaf } from '../audit/entry.js';
import { append } from '../audit/merkle.js';
import { addMs } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { AuditFile, FileEnd } from './audit-file.js';
import type { AuditKey } from './audit-key.js';
import { newestCheckpoint, oldestWaiting, placeEntries, readLeaves, readTree, tryLock, writeCheckpoint } from './audit-rows.js';
import { type Database, inTransaction, type Queries } from './database.js';
import { AUDIT_BEHIND_MS } from './facts.js';

/** Held by the one process that gives entries their places (transaction-level advisory lock). */
const SEQUENCE_LOCK = 7_263_402n;
const SEQUENCE_BATCH = 1_000;
const PUBLISH_BATCH = 2_000;

/** Why nothing may be decided: entries wait too long, the file cannot be kept, or what is there was changed. */
export type AuditTrouble = 'audit-behind' | 'audit-file' | 'audit-damaged';

export type AuditHealth =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: AuditTrouble; readonly message: string };

export interface SequencerParts {
  readonly database: Database;
  readonly key: AuditKey;
  readonly file: AuditFile;
  /** Whether we wrote an entry: one that somebody else put into the table gets no place in the tree. */
  readonly isGenuine: (entry: AuditEntry) => boolean;
  readonly log: Log;
}

/** Any number of processes may have one each: a lock lets one of them at a time sequence, and one write a file. */
export class AuditSequencer {
  readonly #parts: SequencerParts;
  readonly #fileLock: bigint;
  /** How many entries are known to be in the file, null before the first look. */
  #published: number | null = null;
  #fault: AuditError | null = null;

  constructor(parts: SequencerParts) {
    this.#parts = parts;
    this.#fileLock = createHash('sha256').update(parts.file.path).digest().readBigInt64BE();
  }

  /**
   * Sequences every entry that is committed and anchors them; returns how many entries got a place. Zero also when
   * another process is at it. Throws an AuditError for what only a person can put right, and what the database throws.
   */
  async sequence(): Promise<number> {
    return await this.#remembering(async () => {
      let total = 0;
      for (let count = SEQUENCE_BATCH; count === SEQUENCE_BATCH; total += count) count = await this.#sequenceBatch();
      await this.#publish();
      return total;
    });
  }

  /** Adds to the file what it lacks. Run it at start, before anything is decided: until then `trouble` is 'audit-file'. */
  async publish(): Promise<void> {
    await this.#remembering(() => this.#publish());
  }

  /** Why nothing may be decided, as far as this process knows without asking the database; null when all is well. */
  trouble(): Exclude<AuditTrouble, 'audit-behind'> | null {
    if (this.#fault !== null) return isAboutFile(this.#fault) ? 'audit-file' : 'audit-damaged';
    return this.#published === null ? 'audit-file' : null;
  }

  /** Whether the audit is being kept, asked of the database too. */
  async health(now: Date): Promise<AuditHealth> {
    const why = this.trouble();
    if (why !== null) return { ok: false, why, message: this.#fault?.message ?? 'The audit file was not looked at yet.' };
    const oldest = await oldestWaiting(this.#parts.database, this.#published ?? 0);
    if (oldest === null || oldest >= addMs(now, -AUDIT_BEHIND_MS)) return { ok: true };
    return { ok: false, why: 'audit-behind', message: `An audit entry has been waiting since ${oldest.toISOString()}.` };
  }

  async #sequenceBatch(): Promise<number> {
    const { database, key } = this.#parts;
    // Read before the database, which is never behind the file unless somebody put it back.
    const end = await this.#parts.file.end();
    return await inTransaction(database, async (tx) => {
      if (!(await tryLock(tx, SEQUENCE_LOCK))) return 0;
      // Rows without an index rather than rows after the last id: a transaction with a lower id may commit later.
      const entries = await tx.auditEntry.findMany({ where: { index: null }, orderBy: { id: 'asc' }, take: SEQUENCE_BATCH });
      const newest = entries.at(-1);
      if (newest === undefined) return 0;
      const before = await readTree(tx, key.verifier);
      // The first entries of all: an empty file is as it must be.
      if (before.size === 0) this.#published ??= 0;
      refuseFileAhead(end, before.size);
      this.#refuseForged(entries);
      const leaves = entries.map(entryLeaf);
      const after = leaves.reduce(append, before);
      await placeEntries(tx, { ids: entries.map(({ id }) => id), from: before.size, leaves });
      await writeCheckpoint(tx, after, { key, at: newest.at });
      return entries.length;
    });
  }

  #refuseForged(entries: readonly AuditEntry[]): void {
    const forged = entries.find((entry) => !this.#parts.isGenuine(entry));
    if (forged === undefined) return;
    throw new AuditError(
      'entry-damaged',
      `Audit entry ${forged.id} was not written by Countersign, or was changed: keep the database as it is, and find out who writes to it.`,
    );
  }

  async #publish(): Promise<void> {
    while (!(await this.#isPublished())) {
      if (await inTransaction(this.#parts.database, (tx) => this.#publishBatch(tx))) return;
    }
  }

  async #isPublished(): Promise<boolean> {
    const { database, file, log } = this.#parts;
    // Read before the database, as above.
    const end = await file.end();
    const { size } = await newestCheckpoint(database);
    refuseFileAhead(end, size);
    if (end.size === 0 && size > 0 && this.#published !== 0) {
      log.warn({ entries: size }, 'the audit file is empty: writing it anew');
    }
    if (!isUpToDate(end, size)) return false;
    this.#published = size;
    return true;
  }

  /** Adds a batch of lines. False when there may be more to add. */
  async #publishBatch(tx: Queries): Promise<boolean> {
    // Somebody else is writing this file.
    if (!(await tryLock(tx, this.#fileLock))) return true;
    const { file } = this.#parts;
    const end = await file.end();
    const { size, note } = await newestCheckpoint(tx);
    if (isUpToDate(end, size)) return false;
    const leaves = await readLeaves(tx, { end, size, limit: PUBLISH_BATCH });
    const complete = end.size + leaves.length === size;
    await file.append(leaves, complete ? note : null);
    if (complete) this.#published = size;
    return complete;
  }

  async #remembering<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#fault = null;
      return result;
    } catch (error) {
      if (error instanceof AuditError) this.#fault = error;
      throw error;
    }
  }
}

function isUpToDate(end: FileEnd, size: number): boolean {
  return end.size === size && (end.checkpointed || size === 0);
}

/** A database younger than its file was put back to an older state; going on would sign a second history. */
function refuseFileAhead(end: FileEnd, size: number): void {
  if (end.size <= size) return;
  throw new AuditError(
    'file-ahead',
    `The audit file holds ${end.size} entries, the database only ${size}: ` +
      'bring back the newer database, or move the file away and keep it.',
  );
}

function isAboutFile({ code }: AuditError): boolean {
  return code === 'file-unwritable' || code === 'file-ahead' || code === 'file-foreign';
}
