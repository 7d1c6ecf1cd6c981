// How many codes were refused lately: for one person, and in the whole organisation, of which security is told where they are too many.
import { auditDraft } from '../audit/entry.js';
import { addMs, HOUR_MS } from '../lib/clock.js';
import type { RefusedCodes } from '../unblock/request-store.js';
import type { RowMac } from '../vault/row-mac.js';
import { type Database, inTransaction, type Queries } from './database.js';
import { writeEntries, writeEvents } from './tell.js';

/** The row that remembers the last alarm: several processes look, and one of them tells. */
const ALARM = 'alarm:wrong-codes';

/** Looks at the last hour. Returns 1 where security was told now, else 0; it is told at most once an hour. */
export async function alarmWrongCodes(
  { database, rowMac }: { readonly database: Database; readonly rowMac: RowMac },
  { limit, at }: { readonly limit: number; readonly at: Date },
): Promise<number> {
  const count = await refusedSince(database, addMs(at, -HOUR_MS));
  if (count < limit) return 0;
  return await inTransaction(database, async (tx) => {
    if (!(await claimAlarm(tx, at))) return 0;
    await writeEntries(tx, [auditDraft('wrong-codes-alarm', 'system', {}, { count, limit })], { at, rowMac });
    await writeEvents(tx, [{ kind: 'many-wrong-codes', recipient: 'channel:security', params: {} }], at);
    return 1;
  });
}

/** By the words of the partial index over these entries. */
async function refusedSince(database: Database, since: Date): Promise<number> {
  const rows = await database.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM "AuditEntry" WHERE at > ${since} AND body LIKE '%"kind":"code-refused"%'`;
  return rows[0]?.count ?? 0;
}

/**
 * Of one person since this moment: for requests in their name, whoever typed them, and for whatever else took their code.
 * Null: none. What somebody mistyped to approve, be it on their requests or by them, is not among them.
 */
export async function refusedCodesOf(database: Database, personId: string, since: Date): Promise<RefusedCodes | null> {
  const rows = await database.$queryRaw<{ count: number; since: Date | null }[]>`
    SELECT count(*)::int AS count, min(e.at) AS since FROM "AuditEntry" e
    WHERE e.at > ${since} AND e.body LIKE '%"kind":"code-refused"%' AND e.body::jsonb->'facts'->>'purpose' <> 'vote'
      AND (e.body::jsonb->>'personId' = ${personId} OR e.body::jsonb->>'requestId' IN (SELECT id::text FROM "Request" WHERE "requesterId" = ${personId}))`;
  const [row] = rows;
  return row === undefined || row.since === null ? null : { count: row.count, since: row.since };
}

async function claimAlarm(tx: Queries, at: Date): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    INSERT INTO "GuessScope" AS s (key, tries, at) VALUES (${ALARM}, 0, ${at})
    ON CONFLICT (key) DO UPDATE SET at = excluded.at WHERE s.at <= ${addMs(at, -HOUR_MS)}
    RETURNING s.key`;
  return rows.length === 1;
}
