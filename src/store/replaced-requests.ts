// What ends when another authenticator begins to work, in the transaction that brings it about.
import { isRefused } from '../lib/refusal.js';
import { OPEN_STATES, type OpenState } from '../unblock/request.js';
import { decideReplaced } from '../unblock/vouching.js';
import type { RowMac } from '../vault/row-mac.js';
import type { Queries } from './database.js';
import { lockRequest } from './locks.js';
import { toRequest } from './rows.js';
import { writeChange } from './write-change.js';

/**
 * `lost`: the one before may be in other hands, so that all ends which was proved with it; else only what nobody proved yet.
 * The caller holds the organisation's lock, so that no step is under way meanwhile.
 */
export async function endRequestsOf(tx: Queries, personId: string, { at, rowMac, lost }: { readonly at: Date; readonly rowMac: RowMac; readonly lost: boolean }): Promise<void> {
  const states: readonly OpenState[] = lost ? OPEN_STATES : ['opened'];
  const open = await tx.request.findMany({ where: { requesterId: personId, state: { in: [...states] } }, select: { id: true } });
  for (const { id } of open) {
    const locked = await lockRequest(tx, id, { releases: false });
    if (locked === null) continue;
    const before = toRequest(locked.request, rowMac);
    const change = decideReplaced(before, at.getTime());
    if (!isRefused(change)) await writeChange(tx, change, { at, by: null, card: locked.card, before, rowMac });
  }
}
