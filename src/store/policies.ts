// The texts of all policies that were ever in force, by their hash: an audit entry names the hash that decided it.
import { auditDraft } from '../audit/entry.js';
import { type Database, inTransaction } from './database.js';
import { type Writing, writeEntries } from './tell.js';

export async function keepPolicy(database: Database, { hash, text }: { readonly hash: string; readonly text: string }, writing: Writing): Promise<void> {
  await inTransaction(database, async (tx) => {
    const kept = await tx.policyText.createMany({ data: [{ hash, text, at: writing.at }], skipDuplicates: true });
    if (kept.count === 0) return;
    await writeEntries(tx, [auditDraft('policy-loaded', 'system', { policyHash: hash })], writing);
  });
}

/** From which moment on the decisions of a process followed which policy. */
export async function noteStart(database: Database, policyHash: string, writing: Writing): Promise<void> {
  await writeEntries(database, [auditDraft('started', 'system', { policyHash })], writing);
}
