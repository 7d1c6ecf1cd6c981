// One import at a time in the whole installation, and what belongs to every import: its limits and its administrators.
import { ADMINISTRATORS_GROUP } from '../approval/policy.js';
import { HOUR_MS, SECOND_MS } from '../lib/clock.js';
import { refuse, type Refused } from '../lib/refusal.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import type { RowMac } from '../vault/row-mac.js';
import { spendCode } from './code-columns.js';
import type { Database, Queries } from './database.js';
import { toPerson } from './rows.js';

const IMPORT_LOCK = 7_263_405n;
/** For what lasts as long as a file does. None of these transactions keeps the organisation's lock. */
const LONG_TRANSACTION = { maxWait: 15 * SECOND_MS, timeout: 12 * HOUR_MS };

/** A transaction that may last. It is not run again, so that what it reads may be read once. */
export function inLongTransaction<T>(database: Database, work: (tx: Queries) => Promise<T>): Promise<T> {
  return database.$transaction(work, LONG_TRANSACTION);
}

/** The same for one import at a time. Throws a GivenUp while another one runs. */
export function importingAlone<T>(database: Database, work: (tx: Queries) => Promise<T>): Promise<T> {
  return inLongTransaction(database, async (tx) => {
    const [lock] = await tx.$queryRaw<{ held: boolean }[]>`SELECT pg_try_advisory_xact_lock(${IMPORT_LOCK}::bigint) AS held`;
    if (lock?.held !== true) throw new GivenUp('import-running');
    // Between two batches it waits for the KEK, which may take longer than a server lets a transaction idle.
    await tx.$executeRaw`SET LOCAL idle_in_transaction_session_timeout = 0`;
    return await work(tx);
  });
}

/** An administrator with a one-time code that was right. */
export interface Proof {
  readonly personId: string;
  readonly spend: SpentCode;
}

export type ImportRefusal =
  | 'import-running'
  | 'not-administrator'
  | 'code-not-accepted'
  /** The file is not the one that was checked. */
  | 'file-changed'
  | 'no-such-import'
  /** It was committed or dropped already. */
  | 'import-decided'
  /** Whoever brought an import in does not commit it. */
  | 'same-administrator';

/** Gives up the transaction: nothing of it remains, and no code is spent. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
  readonly refusal: Refused<ImportRefusal>;

  constructor(reason: ImportRefusal) {
    super(reason);
    this.refusal = refuse(reason);
  }
}

/** What `work` gave, or the refusal that it was given up for. */
export async function orGivenUp<T>(work: Promise<T>): Promise<T | Refused<ImportRefusal>> {
  return await work.catch((error: unknown) => {
    if (error instanceof GivenUp) return error.refusal;
    throw error;
  });
}

/**
 * Spends the codes in the transaction of what they pay for. The rows of these people are locked, so that none of them
 * loses the role meanwhile; the organisation's lock would be held too long. Throws a GivenUp where somebody is no
 * administrator (any more), or a code was spent meanwhile.
 */
export async function spendProofs(tx: Queries, proofs: readonly Proof[], rowMac: RowMac): Promise<void> {
  for (const { personId, spend } of proofs) {
    if (spend.personId !== personId || !(await isAdministrator(tx, personId, rowMac))) throw new GivenUp('not-administrator');
    if (!(await spendCode(tx, spend))) throw new GivenUp('code-not-accepted');
  }
}

async function isAdministrator(tx: Queries, personId: string, rowMac: RowMac): Promise<boolean> {
  await tx.$queryRaw`SELECT id FROM "Person" WHERE id = ${personId} FOR SHARE`;
  const row = await tx.person.findUnique({ where: { id: personId } });
  if (row === null) return false;
  const { active, groups } = toPerson(row, rowMac);
  return active && groups.includes(ADMINISTRATORS_GROUP);
}
