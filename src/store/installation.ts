// What this database is, for good: a playground on which anyone is anyone, or a real installation.
import { auditDraft } from '../audit/entry.js';
import { type Database, inTransaction } from './database.js';
import { type Writing, writeEntries } from './tell.js';

export type InstallationKind = 'playground' | 'real';

export async function installationKind(database: Database): Promise<InstallationKind | null> {
  const row = await database.installation.findUnique({ where: { id: 1 } });
  return row === null ? null : row.kind === 'playground' ? 'playground' : 'real';
}

/**
 * Marks an unmarked database, and returns what it is marked as: with two processes at once, the first one's word stands.
 * A database with people or cards in it is never made a playground.
 */
export async function markInstallation(database: Database, kind: InstallationKind, writing: Writing): Promise<InstallationKind> {
  return await inTransaction(database, async (tx) => {
    const used = (await tx.person.count()) > 0 || (await tx.card.count()) > 0;
    const wanted = kind === 'playground' && used ? 'real' : kind;
    const marked = await tx.installation.createMany({ data: [{ id: 1, kind: wanted }], skipDuplicates: true });
    if (marked.count === 1) {
      await writeEntries(tx, [auditDraft('installation-marked', 'system', {}, { as: wanted })], writing);
    }
    const row = await tx.installation.findUniqueOrThrow({ where: { id: 1 } });
    return row.kind === 'playground' ? 'playground' : 'real';
  });
}
