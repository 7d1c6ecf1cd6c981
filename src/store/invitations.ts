// Invitations and vouchers: who may begin to set up an authenticator, once and for ten minutes.
import { auditDraft } from '../audit/entry.js';
import { addMs, DAY_MS } from '../lib/clock.js';
import type { NewInvitation, NewVoucher, OpenInvitation, VoucherOutcome } from '../stepup/enrolment-store.js';
import { VOUCHERS_FOR_PERSON, VOUCHERS_OF_GIVER } from '../stepup/throttle.js';
import type { Person } from '../directory/person.js';
import { personAndManager } from '../unblock/recipients.js';
import { mayReplaceLost, voucherRole } from '../unblock/vouching.js';
import type { RowMac } from '../vault/row-mac.js';
import { spendCode } from './code-columns.js';
import { holdOrganisation, type Queries, toColumn } from './database.js';
import type { Invitation } from './generated/client.js';
import { checkInvitation, endInvitations, invitationMac } from './invitation-rows.js';
import { toPerson } from './rows.js';
import { writeEntries, writeEvents } from './tell.js';

export async function createInvitation(tx: Queries, invitation: NewInvitation, rowMac: RowMac): Promise<void> {
  const { personId, createdAt: at, expiresAt } = invitation;
  await endInvitations(tx, { personId }, { rowMac, at });
  await insert(tx, invitation, { issuedBy: null, rowMac });
  await writeEntries(tx, [auditDraft('enrolment-invited', 'cli', { personId }, { until: expiresAt.toISOString() })], { at, rowMac });
}

/** Throws `lost` to give up the transaction: the code was spent meanwhile. */
export async function createVoucher(tx: Queries, voucher: NewVoucher, { rowMac, lost }: { readonly rowMac: RowMac; readonly lost: Error }): Promise<VoucherOutcome> {
  const { personId, issuedBy, spend, attempt, createdAt: at, expiresAt } = voucher;
  await holdOrganisation(tx);
  const { formId, actorId } = attempt;
  if ((await tx.submission.findUnique({ where: { formId_actorId: { formId, actorId } } })) !== null) return 'repeated';
  const [giver, person] = [await personOf(tx, issuedBy, rowMac), await personOf(tx, personId, rowMac)];
  const role = voucherRole(giver, person);
  if (role === null || person === undefined) return 'may-not-vouch';
  if (await tooMany(tx, voucher)) return 'too-many-vouchers';
  if (!(await spendCode(tx, spend))) throw lost;
  await tx.submission.create({ data: { formId, actorId, action: 'vouch', at } });
  // Another giver's stays: for a lost authenticator it takes two.
  await endInvitations(tx, { personId, issuedBy }, { rowMac, at });
  await insert(tx, voucher, { issuedBy, rowMac });
  const facts = { as: role, factor: spend.kind, until: expiresAt.toISOString() };
  await writeEntries(tx, [auditDraft('enrolment-vouched', issuedBy, { personId }, facts)], { at, rowMac });
  await writeEvents(tx, personAndManager(person).map((recipient) => ({ kind: 'vouched', recipient, params: { person: personId } })), at);
  return 'created';
}

/** The open invitation with this digest: unused, in time, and of somebody who may still give it. */
export async function openInvitation(tx: Queries, digest: Uint8Array, { at, rowMac }: { readonly at: Date; readonly rowMac: RowMac }): Promise<OpenInvitation | null> {
  const row = await tx.invitation.findUnique({ where: { digest: toColumn(digest) } });
  const person = row === null ? null : await inviteeOf(tx, row, { at, rowMac });
  return row === null || person === null ? null : { id: row.id, personId: row.personId, account: person.email };
}

/** Uses an open invitation up for this set-up; false when it was not open any more. */
export async function useInvitation(
  tx: Queries,
  id: string,
  { authenticatorId, personId, at, rowMac }: { readonly authenticatorId: string; readonly personId: string; readonly at: Date; readonly rowMac: RowMac },
): Promise<boolean> {
  const row = await tx.invitation.findFirst({ where: { id, personId } });
  if (row === null || (await inviteeOf(tx, row, { at, rowMac })) === null) return false;
  const used = { usedAt: at, authenticatorId };
  // Whoever sets it first has it: of two at once the other one finds no row.
  const won = await tx.invitation.updateMany({ where: { id, usedAt: null }, data: { ...used, mac: invitationMac({ ...row, ...used }, rowMac) } });
  return won.count === 1;
}

/** Whose vouchers stand behind a set-up: the ids of the givers, null for an invitation of the command line. */
export interface Vouched {
  readonly first: string | null;
  readonly second: string | null;
}

/**
 * Whether what began the set-up still stands. With `voucher`, a second one that takes the place of the lost
 * authenticator's code and is used up by it: both givers together must be allowed that. Null: no.
 */
export async function standBehind(
  tx: Queries,
  { authenticatorId, personId, voucher, at }: { readonly authenticatorId: string; readonly personId: string; readonly voucher: Uint8Array | null; readonly at: Date },
  rowMac: RowMac,
): Promise<Vouched | null> {
  const began = await tx.invitation.findFirst({ where: { authenticatorId, personId } });
  if (began === null) return null;
  checkInvitation(began, rowMac);
  const [person, first] = [await personOf(tx, personId, rowMac), await giverOf(tx, began, rowMac)];
  if (person?.active !== true || (began.issuedBy !== null && voucherRole(first, person) === null)) return null;
  if (voucher === null) return { first: began.issuedBy, second: null };
  const row = await tx.invitation.findUnique({ where: { digest: toColumn(voucher) } });
  if (row?.personId !== personId || row.issuedBy === null) return null;
  const second = await giverOf(tx, row, rowMac);
  if (second === undefined || !mayReplaceLost(person, first ?? null, second)) return null;
  return (await useInvitation(tx, row.id, { authenticatorId, personId, at, rowMac })) ? { first: began.issuedBy, second: row.issuedBy } : null;
}

/** Null: it is used, over, or its giver or its person may not (any more). */
async function inviteeOf(tx: Queries, row: Invitation, { at, rowMac }: { readonly at: Date; readonly rowMac: RowMac }): Promise<Person | null> {
  checkInvitation(row, rowMac);
  const person = await personOf(tx, row.personId, rowMac);
  if (row.usedAt !== null || row.expiresAt <= at || person?.active !== true) return null;
  if (row.issuedBy === null) return person;
  return voucherRole(await giverOf(tx, row, rowMac), person) === null ? null : person;
}

async function giverOf(tx: Queries, { issuedBy }: Pick<Invitation, 'issuedBy'>, rowMac: RowMac): Promise<Person | undefined> {
  return issuedBy === null ? undefined : await personOf(tx, issuedBy, rowMac);
}

async function personOf(tx: Queries, id: string, rowMac: RowMac): Promise<Person | undefined> {
  const row = await tx.person.findUnique({ where: { id } });
  return row === null ? undefined : toPerson(row, rowMac);
}

async function tooMany(tx: Queries, { issuedBy, personId, createdAt }: NewVoucher): Promise<boolean> {
  const lately = { createdAt: { gt: addMs(createdAt, -DAY_MS) } };
  const given = await tx.invitation.count({ where: { ...lately, issuedBy } });
  const had = await tx.invitation.count({ where: { ...lately, personId, issuedBy: { not: null } } });
  return given >= VOUCHERS_OF_GIVER || had >= VOUCHERS_FOR_PERSON;
}

async function insert(tx: Queries, invitation: NewInvitation, { issuedBy, rowMac }: { readonly issuedBy: string | null; readonly rowMac: RowMac }): Promise<void> {
  const { id, personId, digest, createdAt, expiresAt } = invitation;
  const row = { id, personId, digest: toColumn(digest), createdAt, expiresAt, usedAt: null, issuedBy, authenticatorId: null };
  await tx.invitation.create({ data: { ...row, mac: invitationMac(row, rowMac) } });
}
