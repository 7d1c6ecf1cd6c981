// A seal on each audit entry, under a key that the database does not have: an entry that somebody slips into the table is
// not signed into the tree. The seal is the last member of the entry's text, so that text stays canonical and is hashed whole.
import { equalBytes } from '../lib/bytes.js';
import type { RowMac } from '../vault/row-mac.js';

const SEAL = /^(.*),"seal":"([A-Za-z0-9_-]{43})"\}$/s;

/** `body` as auditBody makes it (its members come before "seal" in the alphabet), with the seal added. */
export function sealEntry(body: string, at: Date, rowMac: RowMac): string {
  return `${body.slice(0, -1)},"seal":"${sealOf(body, at, rowMac).toString('base64url')}"}`;
}

/** Whether the text carries the seal of itself and its time. */
export function isSealed({ body, at }: { readonly body: string; readonly at: Date }, rowMac: RowMac): boolean {
  const [, text, seal] = SEAL.exec(body) ?? [];
  if (text === undefined || seal === undefined) return false;
  return equalBytes(sealOf(`${text}}`, at, rowMac), Buffer.from(seal, 'base64url'));
}

function sealOf(body: string, at: Date, rowMac: RowMac): Buffer {
  return Buffer.from(rowMac.digest('audit-entry', at.toISOString(), body));
}
