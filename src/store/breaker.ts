// The breaker of the whole organisation: opened by the step that meets a limit, released by two administrators.
import { auditDraft } from '../audit/entry.js';
import { refuse, type Refused } from '../lib/refusal.js';
import type { BreakerLimit } from '../unblock/breaker.js';
import type { EventNotice, EventNoticeKind } from '../unblock/request-store.js';
import type { RowMac } from '../vault/row-mac.js';
import type { Proof } from './card-import-alone.js';
import type { Database, Queries } from './database.js';
import { type BreakerContent, breakerRow, ONLY_ROW, toBreaker } from './installation-rows.js';
import { type Writing, writeEntries, writeEvents } from './tell.js';
import { byTwoAdministrators, type PairRefusal } from './two-administrators.js';

const EVERY_ONE = { id: ONLY_ROW } as const;

/** Null where it was never open. Throws VaultError `row-tampered`. */
export async function readBreaker(tx: Queries, rowMac: RowMac): Promise<BreakerContent | null> {
  const row = await tx.breaker.findUnique({ where: EVERY_ONE });
  return row === null ? null : toBreaker(row, rowMac);
}

/** Opens the breaker and tells the helpdesk and security; does nothing where another step opened it a moment ago. */
export async function openTheBreaker(tx: Queries, why: BreakerLimit, writing: Writing & { readonly policyHash: string | null }): Promise<void> {
  const { at, rowMac, policyHash } = writing;
  // Two steps may meet the limit at once: the second waits here, and finds it open.
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(${BREAKER_LOCK}::bigint)::text`;
  const before = await readBreaker(tx, rowMac);
  if (before?.state === 'open') return;
  const row = breakerRow({ state: 'open', why, openedAt: at, releasedAt: before?.releasedAt ?? null, releasedBy: before?.releasedBy ?? [] }, rowMac);
  await tx.breaker.upsert({ where: EVERY_ONE, create: row, update: row });
  await writeEntries(tx, [auditDraft('breaker-opened', 'system', { policyHash }, { why })], writing);
  await writeEvents(tx, toldToBoth('breaker-opened', { limit: why }), at);
}

const BREAKER_LOCK = 7_263_407n;

/** Lets the organisation go on: responses are counted anew from now. Refused where the breaker is not open. */
export async function releaseBreaker(
  parts: { readonly database: Database; readonly rowMac: RowMac },
  proofs: readonly Proof[],
  at: Date,
): Promise<Refused<PairRefusal | 'breaker-not-open'> | null> {
  const { rowMac } = parts;
  const by = proofs.map(({ personId }) => personId);
  return await byTwoAdministrators(parts, proofs, async (tx) => {
    const before = await readBreaker(tx, rowMac);
    if (before?.state !== 'open') return refuse('breaker-not-open');
    const row = breakerRow({ ...before, state: 'released', releasedAt: at, releasedBy: by }, rowMac);
    await tx.breaker.update({ where: EVERY_ONE, data: row });
    await writeEntries(tx, [auditDraft('breaker-released', by[0] ?? null, {}, { why: before.why, administrators: by })], { at, rowMac });
    await writeEvents(tx, toldToBoth('breaker-released', {}), at);
    return null;
  });
}

function toldToBoth(kind: EventNoticeKind, params: EventNotice['params']): readonly EventNotice[] {
  return (['channel:helpdesk', 'channel:security'] as const).map((recipient) => ({ kind, recipient, params }));
}
