// The columns that make a code work once and count every guess.
import { z } from 'zod';
import { addMs, DAY_MS } from '../lib/clock.js';
import type { GuessToReserve, Reservation, SpentCode } from '../stepup/authenticator-store.js';
import { AUTHENTICATOR_TRIES, lockAfter } from '../stepup/throttle.js';
import type { RecipientName } from '../unblock/recipients.js';
import type { RowMac } from '../vault/row-mac.js';
import { type Database, inTransaction, isDuplicate, type Queries, toColumn } from './database.js';
import { Prisma } from './generated/client.js';
import { endInvitations } from './invitation-rows.js';
import { authenticatorMac, checkAuthenticator } from './rows.js';
import { writeEvents } from './tell.js';

/**
 * Spends a right code by compare-and-set, which alone decides between two steps that saw the same code; gives the
 * tries that it cost back. False: it is spent already, and the caller gives its transaction up.
 */
export async function spendCode(tx: Queries, spend: SpentCode): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`WITH ${spending(spend)} SELECT FROM spent`;
  return rows.length === 1;
}

/** The same as parts of a statement; of these, `spent` has one row when the code was not spent before. */
export function spending(spend: SpentCode): Prisma.Sql {
  return Prisma.sql`uncounted AS (${scopesUncounted(spend)}), ${codeSpent(spend)}`;
}

/** Where only one of two can be spent, `spent` has no row, and the caller gives up what the other part did. */
function codeSpent(spend: SpentCode): Prisma.Sql {
  if (!('recoveryCodeId' in spend)) return stepSpent(spend, Prisma.sql`true`);
  const used = recoveryCodeUsed(spend);
  const isUsed = Prisma.sql`EXISTS (SELECT FROM used)`;
  return Prisma.sql`${used}, ${spend.kind === 'recovery' ? triesForgiven(spend, isUsed) : stepSpent(spend, isUsed)}`;
}

function scopesUncounted({ counted }: Pick<SpentCode, 'counted'>): Prisma.Sql {
  return Prisma.sql`
    UPDATE "GuessScope" s SET tries = greatest(s.tries - 1, 0)
    FROM (SELECT key FROM "GuessScope" WHERE key = ANY(${counted}::text[]) ORDER BY key FOR UPDATE) l
    WHERE s.key = l.key
    RETURNING s.key`;
}

// Scopes before authenticators, as when a guess is reserved: the other way round two of them could wait for each other.
const SCOPES_FIRST = Prisma.sql`(SELECT count(*) FROM uncounted) >= 0`;

function stepSpent({ authenticatorId, personId, step }: Exclude<SpentCode, { kind: 'recovery' }>, condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    spent AS (
      UPDATE "Authenticator" SET "lastStep" = ${step}, tries = 0, "lockedUntil" = NULL
      WHERE id = ${authenticatorId}::uuid AND "personId" = ${personId} AND state = 'active' AND "lastStep" < ${step}
        AND ${condition} AND ${SCOPES_FIRST}
      RETURNING id)`;
}

function recoveryCodeUsed({ recoveryCodeId, personId }: Extract<SpentCode, { recoveryCodeId: string }>): Prisma.Sql {
  return Prisma.sql`
    used AS (
      UPDATE "RecoveryCode" SET "usedAt" = now()
      WHERE id = ${recoveryCodeId}::uuid AND "personId" = ${personId} AND "usedAt" IS NULL
      RETURNING id)`;
}

function triesForgiven({ authenticatorId }: SpentCode, condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    spent AS (
      UPDATE "Authenticator" SET tries = 0, "lockedUntil" = NULL
      WHERE id = ${authenticatorId}::uuid AND state = 'active' AND ${condition} AND ${SCOPES_FIRST}
      RETURNING id)`;
}

/** Takes back tries that right codes cost in these places. */
export async function uncount(tx: Queries, counted: readonly string[]): Promise<void> {
  if (counted.length > 0) await tx.$executeRaw`${scopesUncounted({ counted })}`;
}

/**
 * After a recovery code was spent in the place of an authenticator's code, in the same transaction: the authenticator has
 * to be replaced before its person asks for anything again. Both codes at once prove that it is at hand. False: another
 * step did the same before.
 */
export async function markRecovered(tx: Queries, { kind, authenticatorId }: SpentCode, { rowMac, at }: { readonly rowMac: RowMac; readonly at: Date }): Promise<boolean> {
  if (kind !== 'recovery') return true;
  const row = await tx.authenticator.findUniqueOrThrow({ where: { id: authenticatorId } });
  checkAuthenticator(row, rowMac);
  if (row.recoveredAt !== null) return false;
  const mac = authenticatorMac({ ...row, recoveredAt: at }, rowMac);
  await tx.authenticator.update({ where: { id: authenticatorId }, data: { recoveredAt: at, mac } });
  return true;
}

/** Takes back what a right code counted that was not spent. */
export async function giveBackTries(tx: Queries, code: SpentCode): Promise<void> {
  if (code.counted.length === 0) return;
  await tx.$executeRaw`${scopesUncounted(code)}`;
  if (code.spared === true) return;
  // It was let through, so there was no lock before it.
  await tx.$executeRaw`
    UPDATE "Authenticator" SET tries = greatest(tries - 1, 0), "lockedUntil" = NULL WHERE id = ${code.authenticatorId}::uuid`;
}

/**
 * Takes the person's authenticators out of use, and ends what was begun for them: else whoever holds an invitation
 * could finish a set-up without the old authenticator's code.
 */
export async function disableAuthenticators(tx: Queries, personId: string, { rowMac, at }: { readonly rowMac: RowMac; readonly at: Date }): Promise<void> {
  // Another step may be marking one of them at this moment, and the HMAC is of the whole row.
  await tx.$queryRaw`SELECT id FROM "Authenticator" WHERE "personId" = ${personId} AND state IN ('active', 'pending') ORDER BY id FOR UPDATE`;
  const rows = await tx.authenticator.findMany({ where: { personId, state: { in: ['active', 'pending'] } } });
  for (const row of rows) {
    checkAuthenticator(row, rowMac);
    const mac = authenticatorMac({ ...row, state: 'disabled' }, rowMac);
    await tx.authenticator.update({ where: { id: row.id }, data: { state: 'disabled', mac } });
  }
  await endInvitations(tx, { personId }, { rowMac, at });
}

/** Counts a guess before it is checked. */
export async function reserveGuess(database: Database, guess: GuessToReserve, rowMac: RowMac): Promise<Reservation> {
  const { firstAt, scopes, remembered, exhausted } = await countGuess(database, guess);
  if (exhausted !== null) await inTransaction(database, (tx) => disableExhausted(tx, exhausted, { rowMac, at: guess.at }));
  const triesOf = new Map(scopes.map(({ key, tries }) => [key, tries]));
  if (firstAt !== null) return { kind: 'repeated', scopeTries: guess.scopes.map(({ key }) => triesOf.get(key) ?? 0), firstAt };
  // A scope that was not counted in had no try left.
  const scopeTries = guess.scopes.map(({ key, limit }) => triesOf.get(key) ?? limit);
  return { kind: remembered ? 'reserved' : 'not-checked', scopeTries };
}

const countedRow = z.object({
  /** When this attempt was counted before; null when it was not. */
  firstAt: z.date().nullable(),
  /** The scopes that were counted in, each with its tries by now; of an attempt that was counted before, all that there are. */
  scopes: z.array(z.object({ key: z.string(), tries: z.int() })),
  /** Whether the attempt is counted now: no scope and no authenticator was in its way. */
  remembered: z.boolean(),
  /** Whose authenticator has no try left and is in use all the same. */
  exhausted: z.string().nullable(),
});
type Counted = z.infer<typeof countedRow>;

/** Once more when the same attempt was counted at the same moment: then it is known. */
async function countGuess(database: Database, guess: GuessToReserve): Promise<Counted> {
  try {
    return await countOnce(database, guess);
  } catch (error) {
    if (isDuplicate(error)) return countOnce(database, guess);
    throw error;
  }
}

/**
 * One try in every scope that has one left, by key, so that two guesses never deadlock; then one on the authenticator if
 * all scopes had; then the attempt if nothing was in its way. Each part reads what the one before it gives, which is what
 * puts them in this order. One statement, so all of it is kept or nothing.
 */
async function countOnce(database: Database, guess: GuessToReserve): Promise<Counted> {
  const { attempt, scopes, authenticatorId, countsAgainstAuthenticator, at } = guess;
  const { formId, actorId } = attempt;
  const codeMac = toColumn(attempt.codeMac);
  const keys = scopes.map(({ key }) => key);
  const inEveryScope = Prisma.sql`NOT EXISTS (SELECT FROM known) AND (SELECT count(*) FROM counted) = ${scopes.length}`;
  const rows = await database.$queryRaw<unknown[]>`
    WITH known AS (
      SELECT at FROM "GuessAttempt" WHERE "formId" = ${formId} AND "actorId" = ${actorId} AND "codeMac" = ${codeMac}),
    counted AS (
      INSERT INTO "GuessScope" AS s (key, tries, at)
      SELECT key, 1, ${at} FROM unnest(${keys}::text[]) AS a (key) WHERE NOT EXISTS (SELECT FROM known) ORDER BY key
      ON CONFLICT (key) DO UPDATE SET tries = s.tries + 1, at = excluded.at
      WHERE s.tries < (
        SELECT most FROM unnest(${keys}::text[], ${scopes.map(({ limit }) => limit)}::int[]) AS l (key, most) WHERE l.key = s.key)
      RETURNING s.key, s.tries),
    tried AS (
      UPDATE "Authenticator" SET
        tries = tries + ${countsAgainstAuthenticator ? 1 : 0},
        "lockedUntil" = coalesce(nullif((${countsAgainstAuthenticator ? locksAfter(at) : []}::text[])[tries + 1], '')::timestamptz, "lockedUntil")
      WHERE id = ${authenticatorId}::uuid AND state = 'active' AND tries < ${AUTHENTICATOR_TRIES}
        AND ("lockedUntil" IS NULL OR "lockedUntil" <= ${at}) AND ${inEveryScope}
      RETURNING "personId", tries),
    remembered AS (
      INSERT INTO "GuessAttempt" ("formId", "actorId", "codeMac", at)
      SELECT ${formId}, ${actorId}, ${codeMac}, ${at}
      WHERE ${inEveryScope} AND (${authenticatorId}::uuid IS NULL OR EXISTS (SELECT FROM tried))
      RETURNING at)
    SELECT (SELECT at FROM known) AS "firstAt",
      (SELECT coalesce(json_agg(s), '[]') FROM (
        SELECT key, tries FROM counted
        UNION ALL
        SELECT key, tries FROM "GuessScope" WHERE key = ANY(${keys}::text[]) AND EXISTS (SELECT FROM known)) s) AS scopes,
      EXISTS (SELECT FROM remembered) AS remembered,
      (SELECT "personId" FROM (
        SELECT "personId", tries FROM tried
        UNION ALL
        SELECT "personId", tries FROM "Authenticator" WHERE id = ${authenticatorId}::uuid AND state = 'active') a
       WHERE tries >= ${AUTHENTICATOR_TRIES} LIMIT 1) AS exhausted`;
  return countedRow.parse(rows[0]);
}

/** Until when the first, the second, … try in a row at this moment locks an authenticator; empty where it does not. */
function locksAfter(at: Date): readonly string[] {
  return Array.from({ length: AUTHENTICATOR_TRIES }, (_, before) => lockAfter(before + 1, at)?.toISOString() ?? '');
}

/** After the last try. Nothing more is counted on it by then, so if this does not come about, the next guess sees to it. */
async function disableExhausted(tx: Queries, personId: string, changing: { readonly rowMac: RowMac; readonly at: Date }): Promise<void> {
  const active = await tx.$queryRaw<unknown[]>`SELECT FROM "Authenticator" WHERE "personId" = ${personId} AND state = 'active' FOR UPDATE`;
  if (active.length === 0) return;
  await disableAuthenticators(tx, personId, changing);
  await tellLastTry(tx, personId, changing.at);
}

async function tellLastTry(tx: Queries, personId: string, at: Date): Promise<void> {
  const told: readonly RecipientName[] = ['channel:security', `person:${personId}`];
  await writeEvents(tx, told.map((recipient) => ({ kind: 'authenticator-locked', recipient, params: { person: personId } })), at);
}

/** Longer than the longest request may live (a week): a vote that wrong codes ended does not come back. */
const GUESSES_KEPT_MS = 8 * DAY_MS;
const SUBMISSIONS_KEPT_MS = 30 * DAY_MS;
/** Longer than an authenticator may cool off (30 days): whoever vouched for it has no say as long. */
const INVITATIONS_KEPT_MS = 40 * DAY_MS;

/** Lets go of counters and submissions that can matter no more. */
export async function sweepOldRows(database: Database, at: Date): Promise<void> {
  const guesses = { at: { lt: addMs(at, -GUESSES_KEPT_MS) } };
  await database.guessScope.deleteMany({ where: guesses });
  await database.guessAttempt.deleteMany({ where: guesses });
  await database.invitation.deleteMany({ where: { expiresAt: { lt: addMs(at, -INVITATIONS_KEPT_MS) } } });
  await database.authenticator.deleteMany({ where: { state: 'pending', createdAt: { lt: addMs(at, -GUESSES_KEPT_MS) } } });
  await database.submission.deleteMany({ where: { at: { lt: addMs(at, -SUBMISSIONS_KEPT_MS) } } });
}
