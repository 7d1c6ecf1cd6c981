// Saves what a step made: request, card, audit entries, notices, the spent code and the submission, in one transaction.
import type { SpentCode } from '../stepup/authenticator-store.js';
import type { RecipientName } from '../unblock/recipients.js';
import type { Attempted, Change } from '../unblock/request-store.js';
import type { UnblockRequest } from '../unblock/request.js';
import type { RowMac } from '../vault/row-mac.js';
import { disableAuthenticators, spendCode } from './code-columns.js';
import { type Queries, toColumn } from './database.js';
import { cardMac, type CardRow, requestColumns } from './rows.js';
import { wakeOthers, writeEntries, writeEvents } from './tell.js';

export interface Saving {
  readonly at: Date;
  readonly by: Attempted | null;
  readonly card: CardRow;
  /** The request as it was, null for a new one. */
  readonly before: UnblockRequest | null;
  readonly rowMac: RowMac;
}

/** A code that somebody spent first: the transaction is given up and nothing of the step remains. */
export class CodeSpentFirst extends Error {
  override readonly name = 'CodeSpentFirst';
}

export async function writeChange(tx: Queries, change: Change, saving: Saving): Promise<void> {
  const { at, by, rowMac } = saving;
  if (change.spend !== undefined) await requireSpend(tx, change.spend);
  await writeRequest(tx, change.request, saving);
  if (change.card !== undefined) await writeCard(tx, change.card, saving);
  if (change.answered !== undefined) await writeAnswered(tx, change, saving);
  if (change.disableAuthenticatorOf !== undefined) await disableAuthenticators(tx, change.disableAuthenticatorOf, { rowMac, at });
  await writeEntries(tx, change.entries, { at, rowMac });
  await wantCopies(tx, change, at);
  await writeEvents(tx, change.events ?? [], at);
  if (by !== null) await writeSubmission(tx, by, change.request, at);
}

async function requireSpend(tx: Queries, spend: SpentCode): Promise<void> {
  if (!(await spendCode(tx, spend))) throw new CodeSpentFirst();
}

async function writeRequest(tx: Queries, request: UnblockRequest, { before, rowMac }: Saving): Promise<void> {
  if (request === before) return;
  const row = requestColumns(request, rowMac);
  const body = JSON.stringify(row.body);
  if (before === null) {
    await tx.$executeRaw`
      INSERT INTO "Request" (id, "formId", "cardId", "requesterId", state, version, "openedAt", "deadlineAt", body, mac)
      VALUES (${row.id}::uuid, ${row.formId}, ${row.cardId}::uuid, ${row.requesterId}, ${row.state}, ${row.version},
              ${row.openedAt}, ${row.deadlineAt}, ${body}::jsonb, ${row.mac})`;
    return;
  }
  const changed = await tx.$executeRaw`
    UPDATE "Request" SET state = ${row.state}, version = ${row.version}, "deadlineAt" = ${row.deadlineAt},
                         body = ${body}::jsonb, mac = ${row.mac}
    WHERE id = ${row.id}::uuid AND version = ${before.version}`;
  // The row is locked, so this cannot happen; if it does, nothing may be saved.
  if (changed !== 1) throw new Error(`request ${row.id} was not at version ${before.version}`);
}

async function writeCard(tx: Queries, change: NonNullable<Change['card']>, { card, rowMac }: Saving): Promise<void> {
  const state = change.state ?? card.state;
  const refusedResponses = change.refusedResponses ?? card.refusedResponses;
  const mac = cardMac({ ...card, state, refusedResponses }, rowMac);
  await tx.card.update({ where: { id: card.id }, data: { state, refusedResponses, mac } });
}

async function writeAnswered(tx: Queries, { answered, request }: Change, { at, card, rowMac }: Saving): Promise<void> {
  const mac = toColumn(challengeMac(rowMac, card.id, answered ?? ''));
  await tx.$executeRaw`
    INSERT INTO "AnsweredChallenge" ("cardId", "challengeMac", "requestId", at)
    VALUES (${card.id}::uuid, ${mac}, ${request.id}::uuid, ${at})`;
}

export function challengeMac(rowMac: RowMac, cardId: string, challenge: string): Uint8Array {
  return rowMac.digest('challenge', cardId, challenge);
}

/** Those named see the request from now on; everybody who has a copy of it will see its new version. */
async function wantCopies(tx: Queries, { request, recipients = [] }: Change, at: Date): Promise<void> {
  const names: readonly RecipientName[] = recipients;
  if (names.length > 0) {
    await tx.$executeRaw`
      INSERT INTO "Notice" (id, "requestId", kind, recipient, params, wanted, "nextAttemptAt", "createdAt")
      SELECT gen_random_uuid(), ${request.id}::uuid, 'request', recipient, '{}', 0, ${at}, ${at}
      FROM unnest(${names}::text[]) AS n (recipient)
      ON CONFLICT ("requestId", recipient) DO NOTHING`;
  }
  const woken = await tx.$executeRaw`
    UPDATE "Notice" SET wanted = ${request.version}, attempts = 0, "nextAttemptAt" = ${at}
    WHERE "requestId" = ${request.id}::uuid`;
  if (woken > 0) await wakeOthers(tx);
}

async function writeSubmission(tx: Queries, by: Attempted, request: UnblockRequest, at: Date): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "Submission" ("formId", "actorId", action, "requestId", at)
    VALUES (${by.formId}, ${by.actorId}, ${by.action}, ${request.id}::uuid, ${at})
    ON CONFLICT ("formId", "actorId") DO NOTHING`;
}
