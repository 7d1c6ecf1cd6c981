// Notices in PostgreSQL: claimed with SKIP LOCKED, so that two couriers never carry one at the same time.
import { z } from 'zod';
import { addMs, SECOND_MS } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import type { ClaimedNotice, Copy, Outbox } from '../unblock/outbox.js';
import { parseRecipient } from '../unblock/recipients.js';
import { EVENT_NOTICE_KINDS } from '../unblock/request-store.js';
import { type Database, inTransaction } from './database.js';

/** In `lastError`: the person is reached in no chat. */
export const UNREACHED = 'unreached';
/** In `claimedBy`: whoever carries it now does so in vain, and it is drawn once more. */
const DRAW_AGAIN = 'again';

/** Longer than any send may take; a courier that died holds its notices no longer than this. */
const CLAIM_MS = 30 * SECOND_MS;

const subjectRow = z.union([
  z.object({ kind: z.literal('request'), requestId: z.string() }),
  z.object({ kind: z.enum(EVENT_NOTICE_KINDS), params: z.record(z.string(), z.string()) }),
]);

const noticeRow = z.object({
  id: z.string(),
  recipient: z.string().transform(parseRecipient),
  wanted: z.number(),
  attempts: z.number(),
  copies: z.array(z.object({ platform: z.string(), address: z.string(), messageId: z.string(), sent: z.number() })),
});

function toNotice(row: unknown): ClaimedNotice {
  return { ...noticeRow.parse(row), subject: subjectRow.parse(row) };
}

export class PrismaOutbox implements Outbox {
  readonly #database: Database;
  readonly #courierId: string;

  constructor(database: Database, courierId: string) {
    this.#database = database;
    this.#courierId = courierId;
  }

  async claim(at: Date, limit: number): Promise<readonly ClaimedNotice[]> {
    const until = addMs(at, CLAIM_MS);
    const rows = await this.#database.$queryRaw<unknown[]>`
      WITH due AS (
        SELECT id FROM "Notice"
        WHERE sent < wanted AND "nextAttemptAt" <= ${at} AND ("claimedUntil" IS NULL OR "claimedUntil" <= ${at})
        ORDER BY "nextAttemptAt" LIMIT ${limit} FOR UPDATE SKIP LOCKED)
      UPDATE "Notice" n SET "claimedBy" = ${this.#courierId}, "claimedUntil" = ${until}
      FROM due WHERE n.id = due.id
      RETURNING n.id, n.kind, n."requestId", n.recipient, n.params, n.wanted, n.attempts,
        (SELECT coalesce(json_agg(json_build_object(
           'platform', m.platform, 'address', m.address, 'messageId', m."messageId", 'sent', m.sent)), '[]')
         FROM "MessageRef" m WHERE m."noticeId" = n.id) AS copies`;
    return rows.map(toNotice);
  }

  async keepCopy(noticeId: string, copy: Copy, at: Date): Promise<void> {
    const { platform, address, messageId, sent } = copy;
    await this.#database.messageRef.upsert({
      where: { noticeId_platform_address: { noticeId, platform, address } },
      create: { id: newId(), noticeId, platform, address, messageId, sent, at },
      update: { messageId, sent, at },
    });
  }

  async settle(noticeId: string, sent: number): Promise<void> {
    const settled = await this.#database.$executeRaw`
      UPDATE "Notice" SET sent = greatest(sent, ${sent}), "claimedBy" = NULL, "claimedUntil" = NULL, attempts = 0, "lastError" = NULL
      WHERE id = ${noticeId}::uuid AND "claimedBy" = ${this.#courierId}`;
    if (settled === 0) await this.#drawAgain(noticeId);
  }

  async settleUnreached(noticeId: string, sent: number, at: Date): Promise<void> {
    // What a courier holds at this moment stays held, so that no copy is posted twice: its own settling sets it free.
    await this.#database.$executeRaw`
      WITH before AS (
        SELECT n.id, n."lastError", EXISTS (SELECT 1 FROM "MessageRef" m WHERE m."noticeId" = n.id AND m.sent >= ${sent}) AS reached
        FROM "Notice" n WHERE n.id = ${noticeId}::uuid AND n."claimedBy" = ${this.#courierId} FOR UPDATE),
      settled AS (
        UPDATE "Notice" n SET sent = greatest(n.sent, ${sent}), "claimedBy" = NULL, "claimedUntil" = NULL, attempts = 0,
                              "lastError" = CASE WHEN before.reached THEN NULL ELSE ${UNREACHED} END
        FROM before WHERE n.id = before.id
        RETURNING n."requestId", n.wanted, NOT before.reached AND before."lastError" IS DISTINCT FROM ${UNREACHED} AS news),
      channel AS (
        INSERT INTO "Notice" (id, "requestId", kind, recipient, params, wanted, "nextAttemptAt", "createdAt")
        SELECT gen_random_uuid(), "requestId", 'request', 'channel:helpdesk', '{}', wanted, ${at}, ${at} FROM settled WHERE news
        ON CONFLICT ("requestId", recipient) DO UPDATE
          SET sent = 0, "nextAttemptAt" = excluded."nextAttemptAt",
              "claimedBy" = CASE WHEN "Notice"."claimedBy" IS NULL THEN NULL ELSE ${DRAW_AGAIN} END
        RETURNING id)
      UPDATE "MessageRef" m SET sent = 0 FROM channel WHERE m."noticeId" = channel.id`;
  }

  /** Our claim ran out and another courier went on: who wrote last is unknown, so every copy is drawn once more. */
  async #drawAgain(noticeId: string): Promise<void> {
    await inTransaction(this.#database, async (tx) => {
      await tx.$executeRaw`
        UPDATE "Notice" SET sent = 0, "claimedUntil" = CASE WHEN "claimedBy" = ${DRAW_AGAIN} THEN NULL ELSE "claimedUntil" END
        WHERE id = ${noticeId}::uuid`;
      await tx.$executeRaw`UPDATE "MessageRef" SET sent = 0 WHERE "noticeId" = ${noticeId}::uuid`;
    });
  }

  async postpone(noticeId: string, until: Date, why: string): Promise<void> {
    await this.#database.$executeRaw`
      UPDATE "Notice" SET "claimedBy" = NULL, "claimedUntil" = NULL, "nextAttemptAt" = ${until},
                          attempts = attempts + 1, "lastError" = ${why}
      WHERE id = ${noticeId}::uuid AND "claimedBy" = ${this.#courierId}`;
  }
}
