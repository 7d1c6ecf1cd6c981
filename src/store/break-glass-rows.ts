// Rows of sealed codes and of their uses, and what a use writes in the transaction of the request's step.
import { toHex } from '../lib/bytes.js';
import { newId } from '../lib/ids.js';
import type { StoredSealedCode } from '../stepup/sealed-codes.js';
import type { GlassUsed } from '../unblock/break-glass.js';
import type { GlassUse } from '../unblock/request-store.js';
import type { UnblockRequest } from '../unblock/request.js';
import type { RowMac } from '../vault/row-mac.js';
import { uncount } from './code-columns.js';
import { type Queries, toColumn } from './database.js';
import type { BreakGlassCode, BreakGlassSet, BreakGlassUse } from './generated/client.js';

export type SetContent = Omit<BreakGlassSet, 'mac'>;
export type CodeContent = Omit<BreakGlassCode, 'mac'>;
export type UseContent = Omit<BreakGlassUse, 'mac'>;

/** Throws VaultError `row-tampered`. */
export function checkSet(row: BreakGlassSet, rowMac: RowMac): void {
  rowMac.check('BreakGlassSet', row.id, setFacts(row), row.mac);
}

export function setMac(row: SetContent, rowMac: RowMac): Uint8Array<ArrayBuffer> {
  return toColumn(rowMac.tag('BreakGlassSet', row.id, setFacts(row)));
}

function setFacts({ issuedAt, issuedBy, people, endedAt }: SetContent) {
  return [issuedAt, issuedBy, people, endedAt];
}

/** Throws VaultError `row-tampered`. */
export function toSealedCode(row: BreakGlassCode, rowMac: RowMac): StoredSealedCode {
  rowMac.check('BreakGlassCode', row.id, codeFacts(row), row.mac);
  const { id, personId, digest, usedAt } = row;
  return { id, personId, digest, used: usedAt !== null };
}

export function codeMac(row: CodeContent, rowMac: RowMac): Uint8Array<ArrayBuffer> {
  return toColumn(rowMac.tag('BreakGlassCode', row.id, codeFacts(row)));
}

function codeFacts({ setId, personId, digest, usedAt, requestId }: CodeContent) {
  return [setId, personId, toHex(digest), usedAt, requestId];
}

/** Throws VaultError `row-tampered`. */
export function toGlassUsed(row: BreakGlassUse, rowMac: RowMac): GlassUsed {
  rowMac.check('BreakGlassUse', row.id, useFacts(row), row.mac);
  const { mac, ...used } = row;
  return used;
}

export function useMac(row: UseContent, rowMac: RowMac): Uint8Array<ArrayBuffer> {
  return toColumn(rowMac.tag('BreakGlassUse', row.id, useFacts(row)));
}

function useFacts({ requestId, cardId, requesterId, by, reason, place, at, reports, reportedAt, acknowledgedAt, acknowledgedBy }: UseContent) {
  return [requestId, cardId, requesterId, by, reason, place, at, reports, reportedAt, acknowledgedAt, acknowledgedBy];
}

/** The set in force, or null. Issuing and ending take the organisation's lock alone, so it stays so within a step. */
export async function setInForce(tx: Queries, rowMac: RowMac): Promise<BreakGlassSet | null> {
  const row = await tx.breakGlassSet.findFirst({ where: { endedAt: null } });
  if (row !== null) checkSet(row, rowMac);
  return row;
}

/**
 * Spends the codes, each by compare-and-set, and keeps the use for its report. False: one was spent meanwhile or the set
 * has ended, and the caller gives its transaction up.
 */
export async function recordGlass(tx: Queries, request: UnblockRequest, use: GlassUse, { at, rowMac }: { readonly at: Date; readonly rowMac: RowMac }): Promise<boolean> {
  const { spend, reason, place } = use;
  await uncount(tx, spend.counted);
  if ((await setInForce(tx, rowMac))?.id !== spend.setId) return false;
  for (const { id } of [...spend.codes].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (!(await spendSealed(tx, { id, requestId: request.id, at, rowMac }))) return false;
  }
  const { id: requestId, cardId, requesterId } = request;
  const by = [...new Set(spend.codes.map(({ personId }) => personId))];
  const row: UseContent = { id: newId(), requestId, cardId, requesterId, by, reason, place, at, reports: 0, reportedAt: null, acknowledgedAt: null, acknowledgedBy: null };
  await tx.breakGlassUse.create({ data: { ...row, mac: useMac(row, rowMac) } });
  return true;
}

async function spendSealed(tx: Queries, { id, requestId, at, rowMac }: { readonly id: string; readonly requestId: string; readonly at: Date; readonly rowMac: RowMac }): Promise<boolean> {
  const row = await tx.breakGlassCode.findUnique({ where: { id } });
  if (row === null || toSealedCode(row, rowMac).used) return false;
  const used = { usedAt: at, requestId };
  const won = await tx.breakGlassCode.updateMany({ where: { id, usedAt: null }, data: { ...used, mac: codeMac({ ...row, ...used }, rowMac) } });
  return won.count === 1;
}
