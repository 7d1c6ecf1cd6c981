// What ends when a lost authenticator is replaced, in the transaction that replaces it.
import { isRefused } from '../lib/refusal.js';
import { OPEN_STATES } from '../unblock/request.js';
import { decideReplaced } from '../unblock/vouching.js';
import type { RowMac } from '../vault/row-mac.js';
import type { Queries } from './database.js';
import { lockRequest } from './locks.js';
import { toRequest } from './rows.js';
import { writeChange } from './write-change.js';

/** The caller holds the organisation's lock, so that no step is under way meanwhile. */
export async function endRequestsOf(tx: Queries, personId: string, { at, rowMac }: { readonly at: Date; readonly rowMac: RowMac }): Promise<void> {
  const open = await tx.request.findMany({ where: { requesterId: personId, state: { in: [...OPEN_STATES] } }, select: { id: true } });
  for (const { id } of open) {
    const locked = await lockRequest(tx, id, { releases: false });
    if (locked === null) continue;
    const before = toRequest(locked.request, rowMac);
    const change = decideReplaced(before, at.getTime());
    if (!isRefused(change)) await writeChange(tx, change, { at, by: null, card: locked.card, before, rowMac });
  }
}
