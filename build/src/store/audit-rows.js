// The statements about audit rows: the tree's newest state, the next places in it, and what the file still lacks.
import { AuditError } from '../audit/audit-error.js';
import { openCheckpoint, signCheckpoint } from '../audit/checkpoint.js';
import { decodePeaks, emptyRange, encodePeaks, HASH_BYTES, rootOf } from '../audit/merkle.js';
import { equalBytes } from '../lib/bytes.js';
import { toColumn } from './database.js';
/** Takes a lock until the transaction ends; false when somebody else has it. */
export async function tryLock(tx, lock) {
    const rows = await tx.$queryRaw `SELECT pg_try_advisory_xact_lock(${lock}::bigint) AS taken`;
    return rows[0]?.taken === true;
}
/**
 * The tree that the next entries are added to, only from a checkpoint that this key signed: whoever signed a tree once
 * must never sign another one of that size. Throws an AuditError `checkpoint-damaged`.
 */
export async function readTree(tx, key) {
    const stored = await tx.auditCheckpoint.findFirst({ orderBy: { size: 'desc' } });
    const tree = stored === null ? emptyRange : openTree(stored, key);
    const last = await tx.auditEntry.findFirst({
        where: { index: { not: null } },
        orderBy: { index: 'desc' },
        select: { index: true },
    });
    if (tree === null || (last?.index ?? -1) !== tree.size - 1) {
        throw new AuditError('checkpoint-damaged', "The audit's newest checkpoint does not fit its entries or was signed by another key: run `countersign audit verify`.");
    }
    return tree;
}
function openTree({ size, frontier, note }, key) {
    const checkpoint = openCheckpoint(note, key);
    const tree = decodePeaks(size, frontier);
    if (checkpoint?.size !== size || tree === null)
        return null;
    return equalBytes(rootOf(tree), checkpoint.root) ? tree : null;
}
/** Gives entries the indexes from `from` on, in the order of `ids`. Throws when one of them has its place already. */
export async function placeEntries(tx, { ids, from, leaves }) {
    const placed = await tx.$executeRaw `
    UPDATE "AuditEntry" AS e SET "index" = ${from}::int + p.place::int - 1, leaf = decode(p.leaf, 'hex')
    FROM unnest(${ids}::bigint[], ${leaves.map(hex)}::text[]) WITH ORDINALITY AS p (id, leaf, place)
    WHERE e.id = p.id AND e."index" IS NULL`;
    // The rows are only changed under the lock, so this cannot happen; if it does, nothing may be signed.
    if (placed !== ids.length)
        throw new AuditError('entry-damaged', 'Audit entries changed while they were sequenced.');
}
/** Signs the tree and keeps the checkpoint. `at` is the time of the newest entry under it. */
export async function writeCheckpoint(tx, tree, { key, at }) {
    const root = rootOf(tree);
    const note = signCheckpoint({ size: tree.size, root }, key);
    await tx.auditCheckpoint.create({
        data: { size: tree.size, root: toColumn(root), frontier: toColumn(encodePeaks(tree)), note, at },
    });
}
/** The newest checkpoint's size and note, of size 0 while there is none. */
export async function newestCheckpoint(tx) {
    const select = { size: true, note: true };
    return (await tx.auditCheckpoint.findFirst({ orderBy: { size: 'desc' }, select })) ?? { size: 0, note: '' };
}
/**
 * The next leaves, at most `limit`, that a file with this end lacks of a tree of `size` entries.
 * Throws an AuditError `file-foreign` when the file's last entry is not the database's, `entry-damaged` when one is missing.
 */
export async function readLeaves(tx, { end, size, limit }) {
    const from = Math.max(0, end.size - 1);
    const rows = await tx.auditEntry.findMany({
        where: { index: { gte: from, lt: size } },
        orderBy: { index: 'asc' },
        take: limit + 1,
        select: { index: true, leaf: true },
    });
    const leaves = rows.map(({ index, leaf }, at) => {
        if (index === from + at && leaf?.length === HASH_BYTES)
            return { index, leaf };
        throw new AuditError('entry-damaged', `Audit entry ${from + at} is missing or changed: run \`countersign audit verify\`.`);
    });
    if (end.lastLeaf === null)
        return leaves.slice(0, limit);
    const [last, ...next] = leaves;
    if (last !== undefined && equalBytes(last.leaf, end.lastLeaf))
        return next;
    throw new AuditError('file-foreign', `The audit file's entry ${from} is not the database's: the file belongs to another database, or an entry was changed.`);
}
/** The time of the entry that has waited longest for its place, or for its line in a file that holds `published` entries. */
export async function oldestWaiting(tx, published) {
    const rows = await tx.$queryRaw `
    SELECT min(waiting.at) AS at FROM (
      (SELECT at FROM "AuditEntry" WHERE "index" IS NULL ORDER BY id LIMIT 1)
      UNION ALL
      (SELECT at FROM "AuditEntry" WHERE "index" = ${published})
    ) AS waiting`;
    return rows[0]?.at ?? null;
}
function hex(bytes) {
    return Buffer.from(bytes).toString('hex');
}
