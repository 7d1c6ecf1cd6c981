// Rows of invitations and vouchers, with their HMAC.
import { toHex } from '../lib/bytes.js';
import type { RowMac } from '../vault/row-mac.js';
import { type Queries, toColumn } from './database.js';

export interface InvitationContent {
  readonly id: string;
  readonly personId: string;
  readonly digest: Uint8Array;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly issuedBy: string | null;
  readonly authenticatorId: string | null;
}

export function invitationMac(row: InvitationContent, rowMac: RowMac): Uint8Array<ArrayBuffer> {
  return toColumn(rowMac.tag('Invitation', row.id, invitationFacts(row)));
}

/** Throws VaultError `row-tampered`. */
export function checkInvitation(row: InvitationContent & { readonly mac: Uint8Array }, rowMac: RowMac): void {
  rowMac.check('Invitation', row.id, invitationFacts(row), row.mac);
}

function invitationFacts({ personId, digest, createdAt, expiresAt, usedAt, issuedBy, authenticatorId }: InvitationContent) {
  const facts = [personId, toHex(digest), createdAt, expiresAt, usedAt];
  // Rows from before there were such columns keep the HMAC that they have.
  return issuedBy === null && authenticatorId === null ? facts : [...facts, issuedBy, authenticatorId];
}

/** Ids of those whose vouchers began this set-up, or stood for the authenticator that it replaced. Throws VaultError `row-tampered`. */
export async function vouchersBehind(tx: Queries, authenticatorId: string, rowMac: RowMac): Promise<readonly string[]> {
  const rows = await tx.invitation.findMany({ where: { authenticatorId } });
  for (const row of rows) checkInvitation(row, rowMac);
  return rows.flatMap(({ issuedBy }) => issuedBy ?? []);
}

/** Every invitation of the person that is still open ends; with `issuedBy`, those of this giver alone. */
export async function endInvitations(
  tx: Queries,
  whose: { readonly personId: string; readonly issuedBy?: string },
  { rowMac, at }: { readonly rowMac: RowMac; readonly at: Date },
): Promise<void> {
  for (const row of await tx.invitation.findMany({ where: { ...whose, usedAt: null } })) {
    checkInvitation(row, rowMac);
    const mac = invitationMac({ ...row, usedAt: at }, rowMac);
    await tx.invitation.update({ where: { id: row.id }, data: { usedAt: at, mac } });
  }
}
