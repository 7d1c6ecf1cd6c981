// What a transaction tells beside what it does: audit entries, and notices to people.
import { auditBody, type AuditDraft } from '../audit/entry.js';
import { newId } from '../lib/ids.js';
import type { EventNotice } from '../unblock/request-store.js';
import type { RowMac } from '../vault/row-mac.js';
import { sealEntry } from './audit-seal.js';
import type { Queries } from './database.js';
import { Prisma } from './generated/client.js';

/** The channel of LISTEN and NOTIFY on which every process hears that there is something to carry or to show. */
export const NEWS_CHANNEL = 'countersign_news';

/** When, and the key of the seals. */
export interface Writing {
  readonly at: Date;
  readonly rowMac: RowMac;
}

export async function writeEntries(tx: Queries, entries: readonly AuditDraft[], writing: Writing): Promise<void> {
  if (entries.length > 0) await tx.$executeRaw`${entriesInserted(entries, writing)}`;
}

/** The statement that does so, alone or as a part of another one. */
export function entriesInserted(entries: readonly AuditDraft[], { at, rowMac }: Writing): Prisma.Sql {
  const bodies = entries.map((entry) => sealEntry(auditBody(entry), at, rowMac));
  return Prisma.sql`
    INSERT INTO "AuditEntry" (at, body)
    SELECT ${at}, body FROM unnest(${bodies}::text[]) WITH ORDINALITY AS e (body, place) ORDER BY place`;
}

export async function writeEvents(tx: Queries, events: readonly EventNotice[], at: Date): Promise<void> {
  for (const { kind, recipient, params } of events) {
    await tx.notice.create({ data: { id: newId(), kind, recipient, params, wanted: 1, nextAttemptAt: at, createdAt: at } });
  }
  if (events.length > 0) await wakeOthers(tx);
}

/** Told to every process when the transaction commits. */
export async function wakeOthers(tx: Queries): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${NEWS_CHANNEL}, '')`;
}
