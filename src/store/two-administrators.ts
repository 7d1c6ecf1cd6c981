// What only two administrators may do together: both give a one-time code, and both codes are spent with what they pay for.
import { refuse, type Refused } from '../lib/refusal.js';
import type { RowMac } from '../vault/row-mac.js';
import { GivenUp, type Proof, spendProofs } from './card-import-alone.js';
import { type Database, holdOrganisation, inTransaction, type Queries } from './database.js';

const PAIR_REFUSALS = ['not-administrator', 'code-not-accepted', 'same-administrator'] as const;
export type PairRefusal = (typeof PAIR_REFUSALS)[number];

interface PairParts {
  readonly database: Database;
  readonly rowMac: RowMac;
}

/**
 * Does `work` under the organisation's lock, so that no step of a request is under way meanwhile. Where one of the two
 * may not, or a code was spent meanwhile, or `work` refuses, nothing of it remains and no code is spent.
 */
export async function byTwoAdministrators<R extends string>(
  { database, rowMac }: PairParts,
  proofs: readonly Proof[],
  work: (tx: Queries) => Promise<Refused<R> | null>,
): Promise<Refused<R | PairRefusal> | null> {
  if (new Set(proofs.map(({ personId }) => personId)).size !== 2) return refuse('same-administrator');
  try {
    return await inTransaction(database, async (tx) => {
      await holdOrganisation(tx);
      const refused = await work(tx);
      // At the end, because it locks the administrators' rows.
      if (refused === null) await spendProofs(tx, proofs, rowMac);
      return refused;
    });
  } catch (error) {
    const refused = error instanceof GivenUp ? PAIR_REFUSALS.find((one) => one === error.refusal.refused) : undefined;
    if (refused === undefined) throw error;
    return refuse(refused);
  }
}
