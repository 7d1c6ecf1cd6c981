// Reads the audit out of the database, in batches and as it stood at one moment, to verify or export it.
import type { SequencedEntry } from '../audit/entry.js';
import type { VerifierKey } from '../audit/note.js';
import type { AuditVerdict, StoredCheckpoint } from '../audit/verifier.js';
import { verifyAudit } from '../audit/verify.js';
import { readAuditFile } from './audit-file.js';
import type { Database } from './database.js';
import type { AuditEntry as AuditEntryRow } from './generated/client.js';

const ENTRY_BATCH = 2_000;
const CHECKPOINT_BATCH = 500;
/** The least value of the columns: a number below zero was never given, so it must be seen. */
const LOWEST_INT = -(2 ** 31);

/** What the command line needs of the audit. */
export interface AuditReader {
  /**
   * Checks all of it with the public key, and against the audit file at `file`; null compares with none, as does a file
   * that is not there. Throws an AuditError `file-unreadable`.
   */
  verify(key: VerifierKey, file: string | null): Promise<AuditVerdict>;
  /** The entries that have their place in the tree, in order. */
  entries(): AsyncIterable<SequencedEntry>;
}

export function openAuditReader(database: Database): AuditReader {
  return {
    async verify(key, path) {
      // The file first: what is added to it later is in the database before.
      const file = path === null ? null : await readAuditFile(path);
      const bounds = await readBounds(database);
      return await verifyAudit(
        {
          entries: readEntries(database, bounds.lastIndex),
          checkpoints: readCheckpoints(database, bounds.lastSize),
          file,
          pending: bounds.pending,
        },
        key,
      );
    },
    async *entries() {
      yield* readEntries(database, (await readBounds(database)).lastIndex);
    },
  };
}

/** Rows never change once they are sequenced, so that what one moment's newest rows bound is that moment's audit. */
interface Bounds {
  readonly lastIndex: number;
  readonly lastSize: number;
  readonly pending: number;
}

async function readBounds(database: Database): Promise<Bounds> {
  const rows = await database.$queryRaw<Bounds[]>`
    SELECT coalesce((SELECT max("index") FROM "AuditEntry"), -1) AS "lastIndex",
           coalesce((SELECT max(size) FROM "AuditCheckpoint"), 0) AS "lastSize",
           (SELECT count(*)::int FROM "AuditEntry" WHERE "index" IS NULL) AS pending`;
  const [bounds] = rows;
  if (bounds === undefined) throw new Error('a query without FROM gave no row');
  return bounds;
}

async function* readEntries(database: Database, lastIndex: number): AsyncGenerator<SequencedEntry> {
  for (let next = LOWEST_INT; next <= lastIndex; ) {
    const rows = await database.auditEntry.findMany({
      where: { index: { gte: next, lte: lastIndex } },
      orderBy: { index: 'asc' },
      take: ENTRY_BATCH,
    });
    for (const row of rows) if (isSequenced(row)) yield row;
    if (rows.length < ENTRY_BATCH) return;
    next = (rows.at(-1)?.index ?? lastIndex) + 1;
  }
}

/** Which the query saw to, but its type does not say. */
function isSequenced(row: AuditEntryRow): row is AuditEntryRow & { index: number } {
  return row.index !== null;
}

async function* readCheckpoints(database: Database, lastSize: number): AsyncGenerator<StoredCheckpoint> {
  for (let next = LOWEST_INT; next <= lastSize; ) {
    const rows = await database.auditCheckpoint.findMany({
      where: { size: { gte: next, lte: lastSize } },
      orderBy: { size: 'asc' },
      take: CHECKPOINT_BATCH,
    });
    yield* rows;
    if (rows.length < CHECKPOINT_BATCH) return;
    next = (rows.at(-1)?.size ?? lastSize) + 1;
  }
}
