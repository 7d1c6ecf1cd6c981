// The columns that make a code work once and count every guess.
import { z } from 'zod';
import { addMs, DAY_MS } from '../lib/clock.js';
import type { GuessToReserve, Reservation, SpentCode } from '../stepup/authenticator-store.js';
import { isDisabled, lockAfter } from '../stepup/throttle.js';
import type { RecipientName } from '../unblock/recipients.js';
import type { RowMac } from '../vault/row-mac.js';
import { type Database, type Queries, toColumn } from './database.js';
import { Prisma } from './generated/client.js';
import { authenticatorMac, checkAuthenticator, checkInvitation, invitationMac } from './rows.js';
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
  return Prisma.sql`uncounted AS (${scopesUncounted(spend)}), ${spend.kind === 'totp' ? stepSpent(spend) : recoveryCodeSpent(spend)}`;
}

function scopesUncounted({ counted }: SpentCode): Prisma.Sql {
  return Prisma.sql`
    UPDATE "GuessScope" s SET tries = greatest(s.tries - 1, 0)
    FROM (SELECT key FROM "GuessScope" WHERE key = ANY(${counted}::text[]) ORDER BY key FOR UPDATE) l
    WHERE s.key = l.key
    RETURNING s.key`;
}

// Scopes before authenticators, as when a guess is reserved: the other way round two of them could wait for each other.
const SCOPES_FIRST = Prisma.sql`(SELECT count(*) FROM uncounted) >= 0`;

function stepSpent({ authenticatorId, personId, step }: Extract<SpentCode, { kind: 'totp' }>): Prisma.Sql {
  return Prisma.sql`
    spent AS (
      UPDATE "Authenticator" SET "lastStep" = ${step}, tries = 0, "lockedUntil" = NULL
      WHERE id = ${authenticatorId}::uuid AND "personId" = ${personId} AND state = 'active' AND "lastStep" < ${step} AND ${SCOPES_FIRST}
      RETURNING id)`;
}

function recoveryCodeSpent({ authenticatorId, recoveryCodeId, personId }: Extract<SpentCode, { kind: 'recovery' }>): Prisma.Sql {
  return Prisma.sql`
    used AS (
      UPDATE "RecoveryCode" SET "usedAt" = now()
      WHERE id = ${recoveryCodeId}::uuid AND "personId" = ${personId} AND "usedAt" IS NULL
      RETURNING id),
    spent AS (
      UPDATE "Authenticator" SET tries = 0, "lockedUntil" = NULL
      WHERE id = ${authenticatorId}::uuid AND state = 'active' AND EXISTS (SELECT FROM used) AND ${SCOPES_FIRST}
      RETURNING id)`;
}

/** Takes back what a right code counted that was not spent. */
export async function giveBackTries(tx: Queries, code: SpentCode): Promise<void> {
  if (code.counted.length === 0) return;
  await tx.$executeRaw`${scopesUncounted(code)}`;
  // It was let through, so there was no lock before it.
  await tx.$executeRaw`
    UPDATE "Authenticator" SET tries = greatest(tries - 1, 0), "lockedUntil" = NULL WHERE id = ${code.authenticatorId}::uuid`;
}

/**
 * Takes the person's authenticators out of use, and ends what was begun for them: else whoever holds an invitation
 * could finish a set-up without the old authenticator's code.
 */
export async function disableAuthenticators(tx: Queries, personId: string, { rowMac, at }: { readonly rowMac: RowMac; readonly at: Date }): Promise<void> {
  const rows = await tx.authenticator.findMany({ where: { personId, state: { in: ['active', 'pending'] } } });
  for (const row of rows) {
    checkAuthenticator(row, rowMac);
    const mac = authenticatorMac({ ...row, state: 'disabled' }, rowMac);
    await tx.authenticator.update({ where: { id: row.id }, data: { state: 'disabled', mac } });
  }
  await endInvitations(tx, personId, { rowMac, at });
}

/** Every invitation of the person that is still open ends. */
export async function endInvitations(tx: Queries, personId: string, { rowMac, at }: { readonly rowMac: RowMac; readonly at: Date }): Promise<void> {
  for (const row of await tx.invitation.findMany({ where: { personId, usedAt: null } })) {
    checkInvitation(row, rowMac);
    const mac = invitationMac({ ...row, usedAt: at }, rowMac);
    await tx.invitation.update({ where: { id: row.id }, data: { usedAt: at, mac } });
  }
}

/** Counts a guess before it is checked, inside the caller's transaction. */
export async function reserveGuess(tx: Queries, guess: GuessToReserve, rowMac: RowMac): Promise<Reservation> {
  const { scopes, authenticatorId, countsAgainstAuthenticator, at } = guess;
  const { fresh, counted, tried } = await countGuess(tx, guess);
  if (!fresh) return await repeated(tx, guess);
  const triesOf = new Map(counted.map(({ key, tries }) => [key, tries]));
  // A scope that was not counted in had no try left.
  const scopeTries = scopes.map(({ key, limit }) => triesOf.get(key) ?? limit);
  if (counted.length < scopes.length || (authenticatorId !== null && tried === null)) {
    await forgetAttempt(tx, guess);
    return { kind: 'not-checked', scopeTries };
  }
  if (tried !== null && countsAgainstAuthenticator) await lockAuthenticator(tx, tried, { rowMac, at });
  return { kind: 'reserved', scopeTries };
}

const countedRow = z.object({
  /** Whether this attempt was not known; if it was, nothing was counted. */
  fresh: z.boolean(),
  /** The scopes that had a try left, each with its tries by now. */
  counted: z.array(z.object({ key: z.string(), tries: z.int() })),
  /** The authenticator; null when it is locked or disabled, or a scope had no try left. */
  tried: z.object({ id: z.string(), personId: z.string(), tries: z.int() }).nullable(),
});

/**
 * The attempt; then one try in every scope that has one left, by key, so that two guesses never deadlock; then one on the
 * authenticator if all scopes had. Each part reads what the one before it gives, which is what puts them in this order.
 */
async function countGuess(tx: Queries, guess: GuessToReserve): Promise<z.infer<typeof countedRow>> {
  const { attempt, scopes, authenticatorId, countsAgainstAuthenticator, at } = guess;
  const keys = scopes.map(({ key }) => key);
  const rows = await tx.$queryRaw<unknown[]>`
    WITH attempt AS (
      INSERT INTO "GuessAttempt" ("formId", "actorId", "codeMac", at)
      VALUES (${attempt.formId}, ${attempt.actorId}, ${toColumn(attempt.codeMac)}, ${at}) ON CONFLICT DO NOTHING
      RETURNING at),
    counted AS (
      INSERT INTO "GuessScope" AS s (key, tries, at)
      SELECT key, 1, ${at} FROM unnest(${keys}::text[]) AS a (key) WHERE EXISTS (SELECT FROM attempt) ORDER BY key
      ON CONFLICT (key) DO UPDATE SET tries = s.tries + 1, at = excluded.at
      WHERE s.tries < (
        SELECT most FROM unnest(${keys}::text[], ${scopes.map(({ limit }) => limit)}::int[]) AS l (key, most) WHERE l.key = s.key)
      RETURNING s.key, s.tries),
    tried AS (
      UPDATE "Authenticator" SET tries = tries + ${countsAgainstAuthenticator ? 1 : 0}
      WHERE id = ${authenticatorId}::uuid AND state = 'active' AND ("lockedUntil" IS NULL OR "lockedUntil" <= ${at})
        AND (SELECT count(*) FROM counted) = ${scopes.length}
      RETURNING id, "personId", tries)
    SELECT EXISTS (SELECT FROM attempt) AS fresh,
           (SELECT coalesce(json_agg(counted), '[]') FROM counted) AS counted,
           (SELECT row_to_json(tried) FROM tried) AS tried`;
  return countedRow.parse(rows[0]);
}

/** When it comes again it is a guess like any other. */
async function forgetAttempt(tx: Queries, { attempt }: GuessToReserve): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM "GuessAttempt"
    WHERE "formId" = ${attempt.formId} AND "actorId" = ${attempt.actorId} AND "codeMac" = ${toColumn(attempt.codeMac)}`;
}

async function repeated(tx: Queries, { attempt, scopes, at }: GuessToReserve): Promise<Reservation> {
  const known = await tx.guessAttempt.findUnique({
    where: { formId_actorId_codeMac: { formId: attempt.formId, actorId: attempt.actorId, codeMac: toColumn(attempt.codeMac) } },
  });
  const rows = await tx.guessScope.findMany({ where: { key: { in: scopes.map(({ key }) => key) } } });
  const triesOf = new Map(rows.map(({ key, tries }) => [key, tries]));
  return { kind: 'repeated', scopeTries: scopes.map(({ key }) => triesOf.get(key) ?? 0), firstAt: known?.at ?? at };
}

/** What a try brings with it that was one too many. */
async function lockAuthenticator(
  tx: Queries,
  { id, personId, tries }: { readonly id: string; readonly personId: string; readonly tries: number },
  { rowMac, at }: { readonly rowMac: RowMac; readonly at: Date },
): Promise<void> {
  const lockedUntil = lockAfter(tries, at);
  if (lockedUntil !== null) await tx.$executeRaw`UPDATE "Authenticator" SET "lockedUntil" = ${lockedUntil} WHERE id = ${id}::uuid`;
  if (!isDisabled(tries)) return;
  await disableAuthenticators(tx, personId, { rowMac, at });
  await tellLastTry(tx, personId, at);
}

async function tellLastTry(tx: Queries, personId: string, at: Date): Promise<void> {
  const told: readonly RecipientName[] = ['channel:security', `person:${personId}`];
  await writeEvents(tx, told.map((recipient) => ({ kind: 'authenticator-locked', recipient, params: { person: personId } })), at);
}

/** Longer than the longest request may live (a week): a vote that wrong codes ended does not come back. */
const GUESSES_KEPT_MS = 8 * DAY_MS;
const SUBMISSIONS_KEPT_MS = 30 * DAY_MS;

/** Lets go of counters and submissions that can matter no more. */
export async function sweepOldRows(database: Database, at: Date): Promise<void> {
  const guesses = { at: { lt: addMs(at, -GUESSES_KEPT_MS) } };
  await database.guessScope.deleteMany({ where: guesses });
  await database.guessAttempt.deleteMany({ where: guesses });
  await database.invitation.deleteMany({ where: { expiresAt: { lt: addMs(at, -GUESSES_KEPT_MS) } } });
  await database.authenticator.deleteMany({ where: { state: 'pending', createdAt: { lt: addMs(at, -GUESSES_KEPT_MS) } } });
  await database.submission.deleteMany({ where: { at: { lt: addMs(at, -SUBMISSIONS_KEPT_MS) } } });
}
