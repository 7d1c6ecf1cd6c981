// What a decision is made on, read inside its transaction, after its locks.
import { z } from 'zod';
import type { Person } from '../directory/person.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/clock.js';
import type { Attempted, CardFacts, Counts } from '../unblock/request-store.js';
import type { RowMac } from '../vault/row-mac.js';
import type { Queries } from './database.js';
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
}

export interface FactsRead {
  readonly people: ReadonlyMap<string, Person>;
  readonly counts: Counts;
  readonly challengeAnswered: boolean;
  readonly repeated: boolean;
  readonly auditBehind: boolean;
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

const factsRow = z.object({
  people: z.unknown(),
  cardResponsesToday: z.number(),
  personRequestsToday: z.number(),
  personRequestsThisWeek: z.number(),
  personRequestsThisMonth: z.number(),
  responsesLastHour: z.number(),
  challengeAnswered: z.boolean(),
  repeated: z.boolean(),
  auditBehind: z.boolean(),
});

/** One statement, so that a step costs one round trip for all that it looks at. Throws VaultError `row-tampered`. */
export async function readFacts(tx: Queries, query: FactsQuery, rowMac: RowMac): Promise<FactsRead> {
  const { at, card, requesterId, personIds, emails, groups, challengeMac, by } = query;
  const before = (ms: number) => new Date(at - ms);
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT
      (SELECT coalesce(json_agg(p), '[]') FROM "Person" p
        WHERE p.id = ANY(${personIds}::text[])
           OR p.email = ANY(${emails}::text[])
           OR p.id = (SELECT "managerId" FROM "Person" WHERE id = ${requesterId})
           OR p.id = (SELECT m."managerId" FROM "Person" r JOIN "Person" m ON m.id = r."managerId" WHERE r.id = ${requesterId})
           OR p.groups && ${groups}::text[]) AS people,
      (SELECT count(*)::int FROM "AnsweredChallenge" WHERE "cardId" = ${card.id}::uuid AND at > ${before(DAY_MS)}) AS "cardResponsesToday",
      (SELECT count(*)::int FROM "Request" WHERE "requesterId" = ${requesterId} AND "openedAt" > ${before(DAY_MS)}) AS "personRequestsToday",
      (SELECT count(*)::int FROM "Request" WHERE "requesterId" = ${requesterId} AND "openedAt" > ${before(WEEK_MS)}) AS "personRequestsThisWeek",
      (SELECT count(*)::int FROM "Request" WHERE "requesterId" = ${requesterId} AND "openedAt" > ${before(MONTH_MS)}) AS "personRequestsThisMonth",
      (SELECT count(*)::int FROM "AnsweredChallenge" WHERE at > ${before(HOUR_MS)}) AS "responsesLastHour",
      EXISTS (SELECT 1 FROM "AnsweredChallenge" WHERE "cardId" = ${card.id}::uuid AND "challengeMac" = ${challengeMac}) AS "challengeAnswered",
      EXISTS (SELECT 1 FROM "Submission" WHERE "formId" = ${by?.formId ?? ''} AND "actorId" = ${by?.actorId ?? ''} AND action = ${by?.action ?? ''}) AS repeated,
      coalesce((SELECT e.at FROM "AuditEntry" e WHERE e.index IS NULL ORDER BY e.id LIMIT 1) < ${before(AUDIT_BEHIND_MS)}, false) AS "auditBehind"`;
  const { people, challengeAnswered, repeated, auditBehind, ...counts } = factsRow.parse(rows[0]);
  return { people: toPeople(people, rowMac), counts, challengeAnswered, repeated, auditBehind };
}

/** Of rows of Person as `json_agg` gives them. Throws VaultError `row-tampered`. */
export function toPeople(rows: unknown, rowMac: RowMac): ReadonlyMap<string, Person> {
  const people = z.array(personJson).parse(rows).map((row) => toPerson(row, rowMac));
  return new Map(people.map((person) => [person.id, person]));
}
