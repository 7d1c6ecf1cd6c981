// The texts of all policies that were ever in force, by their hash, and which of them is in force now.
import { auditDraft } from '../audit/entry.js';
import { refuse, type Refused } from '../lib/refusal.js';
import type { RowMac } from '../vault/row-mac.js';
import type { Proof } from './card-import-alone.js';
import { type Database, holdOrganisation, inTransaction, type Queries } from './database.js';
import { ONLY_ROW, type PolicyInForceContent, policyInForceRow, toPolicyInForce } from './installation-rows.js';
import { type Writing, writeEntries } from './tell.js';
import { byTwoAdministrators, type PairRefusal } from './two-administrators.js';

const THE_ROW = { id: ONLY_ROW } as const;

export interface PolicyToKeep {
  /** SHA-256 of the text. */
  readonly hash: string;
  readonly text: string;
}

interface PolicyParts {
  readonly database: Database;
  readonly rowMac: RowMac;
}

/** Null before the very first start. Throws VaultError `row-tampered`. */
export async function policyInForce({ database, rowMac }: { readonly database: Queries; readonly rowMac: RowMac }): Promise<PolicyInForceContent | null> {
  const row = await database.policyInForce.findUnique({ where: THE_ROW });
  return row === null ? null : toPolicyInForce(row, rowMac);
}

/**
 * Keeps the policy that a process starts with, and puts it in force where none ever was, or where `always` says so (a
 * playground). Returns the hash of the one that is in force now; null where one was applied once and its row is gone.
 */
export async function startWithPolicy({ database, rowMac }: PolicyParts, policy: PolicyToKeep, { at, always }: { readonly at: Date; readonly always: boolean }): Promise<string | null> {
  const writing = { at, rowMac };
  return await inTransaction(database, async (tx) => {
    await holdOrganisation(tx);
    await keepText(tx, policy, writing);
    const before = await policyInForce({ database: tx, rowMac });
    if (before?.hash === policy.hash) return policy.hash;
    if (!always && before !== null) return before.hash;
    // Whoever could delete that row must not choose the next policy by a restart.
    if (!always && (await wasOnceInForce(tx))) return null;
    await putInForce(tx, { hash: policy.hash, by: [], at }, { writing, actor: 'system', before: before?.hash ?? null });
    return policy.hash;
  });
}

/** Puts another policy in force for the whole installation. Refused where it is already. */
export async function applyPolicy(
  parts: PolicyParts,
  policy: PolicyToKeep,
  { proofs, at }: { readonly proofs: readonly Proof[]; readonly at: Date },
): Promise<Refused<PairRefusal | 'policy-in-force'> | null> {
  const { rowMac } = parts;
  const writing = { at, rowMac };
  const by = proofs.map(({ personId }) => personId);
  return await byTwoAdministrators(parts, proofs, async (tx) => {
    const before = await policyInForce({ database: tx, rowMac });
    if (before?.hash === policy.hash) return refuse('policy-in-force');
    await keepText(tx, policy, writing);
    await putInForce(tx, { hash: policy.hash, by, at }, { writing, actor: by[0] ?? null, before: before?.hash ?? null });
    return null;
  });
}

/** From which moment on the decisions of a process followed which policy. */
export async function noteStart(database: Database, policyHash: string, writing: Writing): Promise<void> {
  await writeEntries(database, [auditDraft('started', 'system', { policyHash })], writing);
}

/** A calendar beside the policy was read again, because its file had changed. */
export async function noteCalendar({ database, rowMac }: PolicyParts, calendar: { readonly file: string; readonly sha256: string; readonly policyHash: string }, at: Date): Promise<void> {
  const { file, sha256, policyHash } = calendar;
  await writeEntries(database, [auditDraft('calendar-loaded', 'system', { policyHash }, { file, sha256 })], { at, rowMac });
}

async function keepText(tx: Queries, { hash, text }: PolicyToKeep, writing: Writing): Promise<void> {
  const kept = await tx.policyText.createMany({ data: [{ hash, text, at: writing.at }], skipDuplicates: true });
  if (kept.count > 0) await writeEntries(tx, [auditDraft('policy-loaded', 'system', { policyHash: hash })], writing);
}

async function putInForce(
  tx: Queries,
  content: PolicyInForceContent,
  { writing, actor, before }: { readonly writing: Writing; readonly actor: string | null; readonly before: string | null },
): Promise<void> {
  const row = policyInForceRow(content, writing.rowMac);
  await tx.policyInForce.upsert({ where: THE_ROW, create: row, update: row });
  await writeEntries(tx, [auditDraft('policy-applied', actor, { policyHash: content.hash }, { before, administrators: content.by })], writing);
}

async function wasOnceInForce(tx: Queries): Promise<boolean> {
  return (await tx.auditEntry.findFirst({ where: { body: { contains: '"kind":"policy-applied"' } }, select: { id: true } })) !== null;
}
