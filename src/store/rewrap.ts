// Brings every data key under the current KEK while the bot runs: short statements, and each row is under one KEK at any time.
import { auditDraft } from '../audit/entry.js';
import type { Clock } from '../lib/clock.js';
import { inParallel } from '../lib/in-parallel.js';
import type { Keks } from '../vault/kek.js';
import { rewrapKey } from '../vault/rewrap.js';
import type { RowMac } from '../vault/row-mac.js';
import { VaultError } from '../vault/vault-error.js';
import { type Database, inTransaction } from './database.js';
import { Prisma } from './generated/client.js';
import { countSealed, identifier, SEALED_TABLES, type SealedTable, type WrappedRow } from './sealed-tables.js';
import { writeEntries } from './tell.js';

export interface Rewrapping {
  readonly database: Database;
  readonly keks: Keks;
  readonly rowMac: RowMac;
  readonly clock: Clock;
  /** How many data keys the KEKs are asked for at the same time. */
  readonly width: number;
  readonly progress: (progress: RewrapProgress) => void;
}

export interface RewrapProgress {
  readonly done: number;
  readonly total: number;
}

export interface RewrapOutcome {
  readonly to: string;
  /** The KEKs that were left. */
  readonly from: readonly string[];
  readonly moved: number;
  /** What could not be moved, and stays as it was. */
  readonly left: readonly RowLeft[];
}

export interface RowLeft {
  readonly table: string;
  readonly row: string;
  readonly problem: string;
}

// What a kill loses at most: the work on these, which is done again.
const BATCH_ROWS = 200;
// A bot whose current KEK is still the old one may add rows meanwhile.
const MOST_PASSES = 5;

/**
 * May be killed at any moment and run again, also twice at once. A damaged row stays and is named in the outcome.
 * Throws VaultError `kek-unknown` before anything is moved when a KEK in use is not configured, and `kek-unavailable`.
 */
export async function rewrapAll(rewrapping: Rewrapping): Promise<RewrapOutcome> {
  const { keks } = rewrapping;
  const before = await countOld(rewrapping);
  refuseUnknown(before.from, keks);
  const outcome = { to: keks.current.id, from: before.from };
  if (before.keys === 0) return { ...outcome, moved: 0, left: [] };
  await record(rewrapping, 'keys-rotation-began', { to: outcome.to, from: before.from, keys: before.keys });
  const run = { moved: 0, total: before.keys, left: new Map<string, RowLeft>() };
  for (let pass = 1; pass <= MOST_PASSES; pass += 1) {
    const moved = run.moved;
    run.left.clear();
    for (const table of SEALED_TABLES) await rewrapTable(rewrapping, table, run);
    if (run.moved === moved || (await countOld(rewrapping)).keys <= run.left.size) break;
  }
  await record(rewrapping, 'keys-rotation-ended', { to: outcome.to, from: before.from, keys: run.moved, left: (await countOld(rewrapping)).keys });
  return { ...outcome, moved: run.moved, left: [...run.left.values()] };
}

interface Run {
  moved: number;
  total: number;
  readonly left: Map<string, RowLeft>;
}

async function rewrapTable(rewrapping: Rewrapping, table: SealedTable, run: Run): Promise<void> {
  for (let after: string | null = null; ; ) {
    const rows: readonly WrappedRow[] = await readOld(rewrapping, table, after);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    const rewrapped = await inParallel(rows, rewrapping.width, (row) => rewrapRow(row, table, rewrapping));
    for (const result of rewrapped) if ('problem' in result) run.left.set(`${result.table} ${result.row}`, result);
    run.moved += await replace(rewrapping, table, rewrapped.flatMap((result) => ('problem' in result ? [] : [result])));
    run.total = Math.max(run.total, run.moved);
    rewrapping.progress({ done: run.moved, total: run.total });
  }
}

async function readOld({ database, keks }: Rewrapping, table: SealedTable, after: string | null): Promise<readonly WrappedRow[]> {
  const id = identifier(table.id.column);
  const beyond = after === null ? Prisma.empty : Prisma.sql`AND ${id} > ${after}${typeOf(table)}`;
  const rows = await database.$queryRaw<unknown[]>`
    SELECT ${Prisma.join(table.columns.map(identifier))}, ${id}::text AS "rowId", "kekId", "wrappedKey" FROM ${identifier(table.name)}
    WHERE "kekId" <> ${keks.current.id} ${beyond} ORDER BY ${id} LIMIT ${BATCH_ROWS}`;
  return rows.map(table.toRow);
}

interface Rewrapped {
  readonly row: WrappedRow;
  readonly wrappedKey: Uint8Array;
}

async function rewrapRow(row: WrappedRow, table: SealedTable, { keks }: Rewrapping): Promise<Rewrapped | RowLeft> {
  try {
    return { row, wrappedKey: await rewrapKey(row, row.binding, keks) };
  } catch (fault) {
    // One damaged row does not hold up the others; a KEK that does not answer holds up all.
    if (!(fault instanceof VaultError) || (fault.code !== 'sealed-damaged' && fault.code !== 'kek-unknown')) throw fault;
    return { table: table.name, row: row.id, problem: fault.message };
  }
}

/** Only rows that are still as they were read: whoever changed one meanwhile has the last word. Returns how many. */
async function replace({ database, keks }: Rewrapping, table: SealedTable, rewrapped: readonly Rewrapped[]): Promise<number> {
  const ids = rewrapped.map(({ row }) => row.id);
  const olds = rewrapped.map(({ row }) => row.kekId);
  const before = rewrapped.map(({ row }) => hex(row.wrappedKey));
  const after = rewrapped.map(({ wrappedKey }) => hex(wrappedKey));
  return await inTransaction(
    database,
    (tx) => tx.$executeRaw`
      UPDATE ${identifier(table.name)} AS t SET "kekId" = ${keks.current.id}, "wrappedKey" = decode(v.after, 'hex')
      FROM unnest(${ids}::text[], ${olds}::text[], ${before}::text[], ${after}::text[]) AS v (id, old, before, after)
      WHERE t.${identifier(table.id.column)} = v.id${typeOf(table)} AND t."kekId" = v.old AND t."wrappedKey" = decode(v.before, 'hex')`,
  );
}

function typeOf({ id }: SealedTable): Prisma.Sql {
  return Prisma.raw(`::${id.type}`);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

async function countOld({ database, keks }: Rewrapping): Promise<{ readonly from: readonly string[]; readonly keys: number }> {
  const old = (await countSealed(database)).filter(({ kekId }) => kekId !== keks.current.id);
  return { from: [...new Set(old.map(({ kekId }) => kekId))], keys: old.reduce((sum, { keys }) => sum + keys, 0) };
}

function refuseUnknown(ids: readonly string[], keks: Keks): void {
  const unknown = ids.filter((id) => keks.find(id) === null);
  if (unknown.length === 0) return;
  throw new VaultError('kek-unknown', `nothing was moved: ${unknown.join(' and ')} is in use and not configured here. Name it in COUNTERSIGN_KEK_ALSO`);
}

type Facts = Parameters<typeof auditDraft>[3];

async function record({ database, rowMac, clock }: Rewrapping, kind: 'keys-rotation-began' | 'keys-rotation-ended', facts: Facts): Promise<void> {
  await inTransaction(database, (tx) => writeEntries(tx, [auditDraft(kind, 'cli', {}, facts)], { at: clock(), rowMac }));
}
