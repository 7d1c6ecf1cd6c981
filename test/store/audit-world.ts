// A migrated database with an audit key and file of its own, and what a test needs to fill and tamper with it.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditBody, type AuditDraft } from '../../src/audit/entry.js';
import { silentLog } from '../../src/lib/log.js';
import { AuditFile } from '../../src/store/audit-file.js';
import { type AuditKey, openAuditKey } from '../../src/store/audit-key.js';
import { isSealed, sealEntry } from '../../src/store/audit-seal.js';
import { AuditSequencer } from '../../src/store/audit-sequencer.js';
import { type Database, openDatabase } from '../../src/store/database.js';
import { RowMac } from '../../src/vault/row-mac.js';
import { freshDatabase } from '../support/database.js';

export const START = new Date('2026-03-04T05:06:07.089Z');

export interface AuditWorld {
  readonly url: string;
  readonly database: Database;
  readonly key: AuditKey;
  /** The audit file. */
  readonly path: string;
  /** Another file beside it, for a process that keeps its own. */
  readonly otherPath: string;
  /** A sequencer as a newly started process would have it. */
  newSequencer(options?: { path?: string; key?: AuditKey }): Promise<AuditSequencer>;
  /** The text of an entry as we write it, sealed for this time. */
  sealed(round: number, at: Date): string;
  /** Commits that many entries, a second apart. */
  write(count: number): Promise<void>;
  /** The file's lines, a leaf as `e <index>`, a checkpoint as `c`. */
  fileLines(path?: string): Promise<string[]>;
  /** Ids in the order of the tree. */
  sequencedIds(): Promise<bigint[]>;
  /** Back to an empty database without any audit file. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export function draft(round: number): AuditDraft {
  const nobody = { requestId: null, cardId: null, personId: null, policyHash: null };
  return { kind: 'vote', actor: 'dana', ...nobody, facts: { round } };
}

export async function openAuditWorld(): Promise<AuditWorld> {
  const fresh = await freshDatabase();
  const database = openDatabase(fresh.url);
  const folder = await mkdtemp(join(tmpdir(), 'audit-world-'));
  const key = await openAuditKey(join(folder, 'audit.key'), { createIfMissing: true });
  const keyFiles = await readdir(folder);
  const path = join(folder, 'audit.log');
  const rowMac = new RowMac(new Uint8Array(32));
  let written = 0;
  return {
    url: fresh.url,
    database,
    key,
    path,
    otherPath: join(folder, 'other.log'),
    newSequencer: async (options = {}) =>
      new AuditSequencer({ database, key: options.key ?? key, file: await AuditFile.open(options.path ?? path), isGenuine: (entry) => isSealed(entry, rowMac), log: silentLog }),
    sealed: (round, at) => sealEntry(auditBody(draft(round)), at, rowMac),
    write: async (count) => {
      const data = Array.from({ length: count }, () => {
        written += 1;
        const at = new Date(START.getTime() + written * 1_000);
        return { at, body: sealEntry(auditBody(draft(written)), at, rowMac) };
      });
      await database.auditEntry.createMany({ data });
    },
    fileLines: async (other = path) =>
      (await readFile(other, 'utf8')).split('\n').slice(0, -1).map((line) => (line.startsWith('c ') ? 'c' : line.slice(0, -65))),
    sequencedIds: async () => {
      const rows = await database.auditEntry.findMany({ where: { index: { not: null } }, orderBy: { index: 'asc' } });
      return rows.map(({ id }) => id);
    },
    reset: async () => {
      await database.$executeRaw`TRUNCATE "AuditEntry", "AuditCheckpoint" RESTART IDENTITY`;
      const made = (await readdir(folder)).filter((name) => !keyFiles.includes(name));
      for (const name of made) await rm(join(folder, name), { recursive: true });
      written = 0;
    },
    close: async () => {
      await database.$disconnect();
      await fresh.drop();
      await rm(folder, { recursive: true });
    },
  };
}

/** The lines of a file that got `sizes` entries and a checkpoint after each. */
export function linesFor(...sizes: number[]): string[] {
  return sizes.flatMap((size, at) => {
    const from = sizes[at - 1] ?? 0;
    return [...Array.from({ length: size - from }, (_, more) => `e ${from + more}`), 'c'];
  });
}
