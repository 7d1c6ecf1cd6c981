// The texts of all policies that were ever in force, by their hash: an audit entry names the hash that decided it.
import { type Database, inTransaction } from './database.js';
import { writeEntries } from './tell.js';

export async function keepPolicy(database: Database, { hash, text }: { readonly hash: string; readonly text: string }, at: Date): Promise<void> {
  await inTransaction(database, async (tx) => {
    const kept = await tx.policyText.createMany({ data: [{ hash, text, at }], skipDuplicates: true });
    if (kept.count === 0) return;
    const entry = { kind: 'policy-loaded', actor: 'system', requestId: null, cardId: null, personId: null, policyHash: hash, facts: {} } as const;
    await writeEntries(tx, [entry], at);
  });
}
