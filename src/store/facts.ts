// What a decision is made on, read inside its transaction, after its locks.
import { z } from 'zod';
import type { Person } from '../directory/person.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/clock.js';
import type { OpenBreaker } from '../unblock/breaker.js';
import type { Attempted, CardFacts, Counts } from '../unblock/request-store.js';
import type { RowMac } from '../vault/row-mac.js';
import type { Queries } from './database.js';
import { DELEGATION_KEPT_MS, toDelegation, withStandIns } from './delegations.js';
import { Prisma } from './generated/client.js';
import { openBreaker, toBreaker, toPolicyInForce } from './installation-rows.js';
import { toPerson } from './rows.js';

const WEEK_MS = 7 * DAY_MS;
const MONTH_MS = 30 * DAY_MS;
/** An entry that waits longer for its place in the audit tree means that the audit is not being kept. */
export const AUDIT_BEHIND_MS = MINUTE_MS;

export interface FactsQuery {
  readonly at: number;
  readonly card: CardFacts;
  readonly requesterId: string;
  readonly personIds: readonly string[];
  /** People with these addresses come along too. */
  readonly emails: readonly string[];
  /** Members of these groups come along (lower case). */
  readonly groups: readonly string[];
  readonly challengeMac: Uint8Array;
  readonly by: Attempted | null;
  /** When the night began that the responses of are counted; null: none is. */
  readonly nightSince: number | null;
}

export interface FactsRead {
  readonly people: ReadonlyMap<string, Person>;
  readonly counts: Counts;
  readonly challengeAnswered: boolean;
  readonly repeated: boolean;
  readonly auditBehind: boolean;
  readonly breaker: OpenBreaker | null;
  readonly policyInForce: string | null;
}

/** A `bytea` column inside JSON: backslash, x, hex digits. */
const byteaText = z
  .string()
  .startsWith('\\x')
  .transform((text) => new Uint8Array(Buffer.from(text.slice(2), 'hex')));

const personJson = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  managerId: z.string().nullable(),
  groups: z.array(z.string()),
  site: z.string().nullable(),
  locale: z.string().nullable(),
  active: z.boolean(),
  mac: byteaText,
});

const isoDate = z.string().transform((text) => new Date(text));

const breakerJson = z.object({
  state: z.string(),
  why: z.string(),
  openedAt: isoDate,
  releasedAt: isoDate.nullable(),
  releasedBy: z.array(z.string()),
  mac: byteaText,
});

const delegationJson = z.object({ personId: z.string(), standInId: z.string(), startsAt: isoDate, endsAt: isoDate, reason: z.string(), mac: byteaText });

const policyJson = z.object({ hash: z.string(), by: z.array(z.string()), at: isoDate, mac: byteaText });

const factsRow = z.object({
  people: z.unknown(),
  delegations: z.unknown(),
  cardResponsesToday: z.number(),
  personRequestsToday: z.number(),
  personUnprovedToday: z.number(),
  personRequestsThisWeek: z.number(),
  personRequestsThisMonth: z.number(),
  responsesLastHour: z.number(),
  responsesTonight: z.number(),
  challengeAnswered: z.boolean(),
  repeated: z.boolean(),
  auditBehind: z.boolean(),
  breaker: breakerJson.nullable(),
  policy: policyJson.nullable(),
});

/** Of a request: nobody gave its requester's code, so that it says nothing about its requester. */
const UNPROVED = Prisma.sql`(state = 'opened' OR coalesce(body->'proved' = 'false'::jsonb, false))`;

/** Responses before the breaker was last released count no more. */
const SINCE_RELEASE = Prisma.sql`coalesce((SELECT "releasedAt" FROM "Breaker"), '-infinity')`;

/** One statement, so that a step costs one round trip for all that it looks at. Throws VaultError `row-tampered`. */
export async function readFacts(tx: Queries, query: FactsQuery, rowMac: RowMac): Promise<FactsRead> {
  const { at, card, requesterId, personIds, emails, groups, challengeMac, by, nightSince } = query;
  const before = (ms: number) => new Date(at - ms);
  const rows = await tx.$queryRaw<unknown[]>`
    WITH chosen AS MATERIALIZED (
      SELECT p.id FROM "Person" p
        WHERE p.id = ANY(${personIds}::text[])
           OR p.email = ANY(${emails}::text[])
           OR p.id = (SELECT "managerId" FROM "Person" WHERE id = ${requesterId})
           OR p.id = (SELECT m."managerId" FROM "Person" r JOIN "Person" m ON m.id = r."managerId" WHERE r.id = ${requesterId})
           OR p.groups && ${groups}::text[]
           OR p.id IN (SELECT "personId" FROM "Delegation" WHERE "standInId" = ANY(${personIds}::text[]) AND "endsAt" > ${before(DELEGATION_KEPT_MS)})),
    away AS MATERIALIZED (
      SELECT d.* FROM "Delegation" d JOIN chosen ON chosen.id = d."personId" WHERE d."endsAt" > ${before(DELEGATION_KEPT_MS)})
    SELECT
      (SELECT coalesce(json_agg(p), '[]') FROM "Person" p
        WHERE p.id IN (SELECT id FROM chosen UNION SELECT "standInId" FROM away)) AS people,
      (SELECT coalesce(json_agg(away), '[]') FROM away) AS delegations,
      (SELECT count(*)::int FROM "AnsweredChallenge" WHERE "cardId" = ${card.id}::uuid AND at > ${before(DAY_MS)}) AS "cardResponsesToday",
      (SELECT count(*)::int FROM "Request" WHERE "requesterId" = ${requesterId} AND "openedAt" > ${before(DAY_MS)} AND NOT ${UNPROVED}) AS "personRequestsToday",
      (SELECT count(*)::int FROM "Request" WHERE "requesterId" = ${requesterId} AND "openedAt" > ${before(DAY_MS)} AND ${UNPROVED}) AS "personUnprovedToday",
      (SELECT count(*)::int FROM "Request" WHERE "requesterId" = ${requesterId} AND "openedAt" > ${before(WEEK_MS)} AND NOT ${UNPROVED}) AS "personRequestsThisWeek",
      (SELECT count(*)::int FROM "Request" WHERE "requesterId" = ${requesterId} AND "openedAt" > ${before(MONTH_MS)} AND NOT ${UNPROVED}) AS "personRequestsThisMonth",
      (SELECT count(*)::int FROM "AnsweredChallenge" WHERE at > ${before(HOUR_MS)} AND at > ${SINCE_RELEASE}) AS "responsesLastHour",
      (SELECT count(*)::int FROM "AnsweredChallenge" WHERE at >= ${nightSince === null ? null : new Date(nightSince)}::timestamptz AND at > ${SINCE_RELEASE}) AS "responsesTonight",
      (SELECT row_to_json(b) FROM "Breaker" b) AS breaker,
      (SELECT row_to_json(f) FROM "PolicyInForce" f) AS policy,
      EXISTS (SELECT 1 FROM "AnsweredChallenge" WHERE "cardId" = ${card.id}::uuid AND "challengeMac" = ${challengeMac}) AS "challengeAnswered",
      EXISTS (SELECT 1 FROM "Submission" WHERE "formId" = ${by?.formId ?? ''} AND "actorId" = ${by?.actorId ?? ''} AND action = ${by?.action ?? ''}) AS repeated,
      coalesce((SELECT e.at FROM "AuditEntry" e WHERE e.index IS NULL ORDER BY e.id LIMIT 1) < ${before(AUDIT_BEHIND_MS)}, false) AS "auditBehind"`;
  const { people, delegations, challengeAnswered, repeated, auditBehind, breaker, policy, ...counts } = factsRow.parse(rows[0]);
  return {
    people: toPeople({ people, delegations }, rowMac, at),
    counts,
    challengeAnswered,
    repeated,
    auditBehind,
    breaker: openBreaker(breaker === null ? null : toBreaker(breaker, rowMac)),
    policyInForce: policy === null ? null : toPolicyInForce(policy, rowMac).hash,
  };
}

/** Of rows of Person and Delegation as `json_agg` gives them, as they stand at `at` (ms since 1970). Throws VaultError `row-tampered`. */
export function toPeople(rows: { readonly people: unknown; readonly delegations: unknown }, rowMac: RowMac, at: number): ReadonlyMap<string, Person> {
  const people = z.array(personJson).parse(rows.people).map((row) => toPerson(row, rowMac));
  const delegations = z.array(delegationJson).parse(rows.delegations).map((row) => toDelegation(row, rowMac));
  return new Map(withStandIns(people, delegations, at).map((person) => [person.id, person]));
}
