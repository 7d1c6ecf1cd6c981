// Saves what a step made: request, card, audit entries, notices, the spent code and the submission, in one statement.
import type { Attempted, Change } from '../unblock/request-store.js';
import type { UnblockRequest } from '../unblock/request.js';
import type { RowMac } from '../vault/row-mac.js';
import { disableAuthenticators, markRecovered, spending } from './code-columns.js';
import { recordGlass } from './break-glass-rows.js';
import { type Queries, toColumn } from './database.js';
import { Prisma } from './generated/client.js';
import { cardMac, type CardRow, requestColumns } from './rows.js';
import { entriesInserted, NEWS_CHANNEL, writeEvents } from './tell.js';

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

/**
 * One statement, so that a step costs one round trip for all that it writes. No part reads what another one writes, so
 * their order does not matter. Throws a CodeSpentFirst.
 */
export async function writeChange(tx: Queries, change: Change, saving: Saving): Promise<void> {
  const { at, by, before, rowMac } = saving;
  const parts = [
    change.spend === undefined ? nothingToDo('spent') : spending(change.spend),
    change.request === before ? nothingToDo('saved') : Prisma.sql`saved AS (${requestSaved(change.request, saving)})`,
    ...(change.card === undefined ? [] : [Prisma.sql`card AS (${cardSaved(change.card, saving)})`]),
    ...(change.answered === undefined ? [] : [Prisma.sql`answered AS (${challengeKept(change, change.answered, saving)})`]),
    ...(by === null ? [] : [Prisma.sql`submitted AS (${formKept(by, change, at)})`]),
    Prisma.sql`entries AS (${entriesInserted(change.entries, saving)})`,
    copiesWanted(change, at),
  ];
  const rows = await tx.$queryRaw<{ spent: number; saved: number }[]>`
    WITH ${Prisma.join(parts)}
    SELECT (SELECT count(*)::int FROM spent) AS spent, (SELECT count(*)::int FROM saved) AS saved,
           (SELECT pg_notify(${NEWS_CHANNEL}, '')::text FROM wanted LIMIT 1) AS told`;
  if (rows[0]?.spent !== 1) throw new CodeSpentFirst();
  // The row is locked, so this cannot happen; if it does, nothing may be saved.
  if (rows[0].saved !== 1) throw new Error(`request ${change.request.id} was not at the version before`);
  if (change.glass !== undefined && !(await recordGlass(tx, change.request, change.glass, { at, rowMac }))) throw new CodeSpentFirst();
  const isFirst = change.spend === undefined || (await markRecovered(tx, change.spend, { rowMac, at }));
  // Two recovery codes at the same moment open one request: the second one came before the mark could be seen.
  if (!isFirst && (before === null || before.state === 'opened')) throw new CodeSpentFirst();
  if (change.disableAuthenticatorOf !== undefined) await disableAuthenticators(tx, change.disableAuthenticatorOf, { rowMac, at });
  await writeEvents(tx, change.events ?? [], at);
}

function nothingToDo(part: 'spent' | 'saved'): Prisma.Sql {
  return Prisma.sql`${Prisma.raw(part)} AS (SELECT 1)`;
}

function requestSaved(request: UnblockRequest, { before, rowMac }: Saving): Prisma.Sql {
  const row = requestColumns(request, rowMac);
  const body = JSON.stringify(row.body);
  if (before === null) {
    return Prisma.sql`
      INSERT INTO "Request" (id, "formId", "cardId", "requesterId", state, version, "openedAt", "deadlineAt", body, mac)
      VALUES (${row.id}::uuid, ${row.formId}, ${row.cardId}::uuid, ${row.requesterId}, ${row.state}, ${row.version},
              ${row.openedAt}, ${row.deadlineAt}, ${body}::jsonb, ${row.mac})
      RETURNING id`;
  }
  return Prisma.sql`
    UPDATE "Request" SET state = ${row.state}, version = ${row.version}, "deadlineAt" = ${row.deadlineAt},
                         body = ${body}::jsonb, mac = ${row.mac}
    WHERE id = ${row.id}::uuid AND version = ${before.version}
    RETURNING id`;
}

function cardSaved(change: NonNullable<Change['card']>, { card, rowMac }: Saving): Prisma.Sql {
  const state = change.state ?? card.state;
  const refusedResponses = change.refusedResponses ?? card.refusedResponses;
  const mac = cardMac({ ...card, state, refusedResponses }, rowMac);
  return Prisma.sql`
    UPDATE "Card" SET state = ${state}, "refusedResponses" = ${refusedResponses}, mac = ${mac} WHERE id = ${card.id}::uuid`;
}

function challengeKept({ request }: Change, challenge: string | null, { at, card, rowMac }: Saving): Prisma.Sql {
  const mac = toColumn(challengeMac(rowMac, card, challenge));
  return Prisma.sql`
    INSERT INTO "AnsweredChallenge" ("cardId", "challengeMac", "requestId", at)
    VALUES (${card.id}::uuid, ${mac}, ${request.id}::uuid, ${at})`;
}

/** Of what was answered: a challenge, or (null) the PUK that the card has now. */
export function challengeMac(rowMac: RowMac, card: Pick<CardRow, 'id' | 'keyVersion'>, challenge: string | null): Uint8Array {
  return rowMac.digest('challenge', card.id, challenge ?? `PUK ${card.keyVersion}`);
}

function formKept(by: Attempted, { request }: Change, at: Date): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO "Submission" ("formId", "actorId", action, "requestId", at)
    VALUES (${by.formId}, ${by.actorId}, ${by.action}, ${request.id}::uuid, ${at})
    ON CONFLICT ("formId", "actorId") DO NOTHING`;
}

/** Those named see the request from now on; everybody who has a copy of it will see its new version. `wanted`: a row for each. */
function copiesWanted({ request, recipients = [] }: Change, at: Date): Prisma.Sql {
  const { id, version } = request;
  return Prisma.sql`
    named AS (
      INSERT INTO "Notice" (id, "requestId", kind, recipient, params, wanted, "nextAttemptAt", "createdAt")
      SELECT gen_random_uuid(), ${id}::uuid, 'request', recipient, '{}', ${version}, ${at}, ${at}
      FROM unnest(${recipients}::text[]) AS n (recipient)
      ON CONFLICT ("requestId", recipient) DO UPDATE
        SET wanted = excluded.wanted, attempts = 0, "nextAttemptAt" = excluded."nextAttemptAt"
      RETURNING id),
    others AS (
      UPDATE "Notice" SET wanted = ${version}, attempts = 0, "nextAttemptAt" = ${at}
      WHERE "requestId" = ${id}::uuid AND recipient <> ALL(${recipients}::text[])
      RETURNING id),
    wanted AS (SELECT id FROM named UNION ALL SELECT id FROM others)`;
}
