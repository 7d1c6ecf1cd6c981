// Rows of which the installation has one each: the policy in force, and the breaker.
import { BREAKER_LIMITS, type BreakerLimit, type OpenBreaker } from '../unblock/breaker.js';
import type { RowMac } from '../vault/row-mac.js';
import { toColumn } from './database.js';

/** The id of such a row. */
export const ONLY_ROW = 1;

export interface PolicyInForceContent {
  /** Of the policy's text. */
  readonly hash: string;
  /** The two administrators who applied it; nobody where it was the first. */
  readonly by: readonly string[];
  readonly at: Date;
}

export function policyInForceRow({ hash, by, at }: PolicyInForceContent, rowMac: RowMac) {
  return { id: ONLY_ROW, hash, by: [...by], at, mac: toColumn(rowMac.tag('PolicyInForce', `${ONLY_ROW}`, [hash, by, at])) };
}

/** Throws VaultError `row-tampered`. */
export function toPolicyInForce(row: PolicyInForceContent & { readonly mac: Uint8Array }, rowMac: RowMac): PolicyInForceContent {
  const { hash, by, at, mac } = row;
  rowMac.check('PolicyInForce', `${ONLY_ROW}`, [hash, by, at], mac);
  return { hash, by, at };
}

export interface BreakerContent {
  readonly state: 'open' | 'released';
  readonly why: BreakerLimit;
  readonly openedAt: Date;
  /** Null while it is open for the first time. */
  readonly releasedAt: Date | null;
  readonly releasedBy: readonly string[];
}

type BreakerRow = Omit<BreakerContent, 'state' | 'why'> & { readonly state: string; readonly why: string; readonly mac: Uint8Array };

export function breakerRow(content: BreakerContent, rowMac: RowMac) {
  const mac = toColumn(rowMac.tag('Breaker', `${ONLY_ROW}`, breakerFacts(content)));
  return { ...content, id: ONLY_ROW, releasedBy: [...content.releasedBy], mac };
}

/** Throws VaultError `row-tampered`. */
export function toBreaker(row: BreakerRow, rowMac: RowMac): BreakerContent {
  rowMac.check('Breaker', `${ONLY_ROW}`, breakerFacts(row), row.mac);
  const why = BREAKER_LIMITS.find((limit) => limit === row.why);
  if (why === undefined) throw new Error(`the breaker is open because of ${row.why}: that is not known here`);
  const { openedAt, releasedAt, releasedBy } = row;
  return { state: row.state === 'released' ? 'released' : 'open', why, openedAt, releasedAt, releasedBy };
}

/** Null where it is not open. */
export function openBreaker(breaker: BreakerContent | null): OpenBreaker | null {
  return breaker?.state === 'open' ? { why: breaker.why, since: breaker.openedAt.getTime() } : null;
}

function breakerFacts({ state, why, openedAt, releasedAt, releasedBy }: Omit<BreakerRow, 'mac'>) {
  return [state, why, openedAt, releasedAt, releasedBy];
}
