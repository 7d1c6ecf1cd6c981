// What a decision is made on, read inside its transaction, after its locks.
import { z } from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/clock.js';
import { toPerson } from './rows.js';
const MONTH_MS = 30 * DAY_MS;
/** An entry that waits longer for its place in the audit tree means that the audit is not being kept. */
export const AUDIT_BEHIND_MS = MINUTE_MS;
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
    people: z.array(personJson),
    cardResponsesToday: z.number(),
    personRequestsToday: z.number(),
    personRequestsThisMonth: z.number(),
    responsesLastHour: z.number(),
    challengeAnswered: z.boolean(),
    repeated: z.boolean(),
    auditBehind: z.boolean(),
});
/** One statement, so that a step costs one round trip for all that it looks at. Throws VaultError `row-tampered`. */
export async function readFacts(tx, query, rowMac) {
    const { at, card, requesterId, personIds, groups, challengeMac, by } = query;
    const before = (ms) => new Date(at - ms);
    const rows = await tx.$queryRaw `
    SELECT
      (SELECT coalesce(json_agg(p), '[]') FROM "Person" p
        WHERE p.id = ANY(${personIds}::text[])
           OR p.id = (SELECT "managerId" FROM "Person" WHERE id = ${requesterId})
           OR p.groups && ${groups}::text[]) AS people,
      (SELECT count(*)::int FROM "AnsweredChallenge" WHERE "cardId" = ${card.id}::uuid AND at > ${before(DAY_MS)}) AS "cardResponsesToday",
      (SELECT count(*)::int FROM "Request" WHERE "requesterId" = ${requesterId} AND "openedAt" > ${before(DAY_MS)}) AS "personRequestsToday",
      (SELECT count(*)::int FROM "Request" WHERE "requesterId" = ${requesterId} AND "openedAt" > ${before(MONTH_MS)}) AS "personRequestsThisMonth",
      (SELECT count(*)::int FROM "AnsweredChallenge" WHERE at > ${before(HOUR_MS)}) AS "responsesLastHour",
      EXISTS (SELECT 1 FROM "AnsweredChallenge" WHERE "cardId" = ${card.id}::uuid AND "challengeMac" = ${challengeMac}) AS "challengeAnswered",
      EXISTS (SELECT 1 FROM "Submission" WHERE "formId" = ${by?.formId ?? ''} AND "actorId" = ${by?.actorId ?? ''}) AS repeated,
      coalesce((SELECT e.at FROM "AuditEntry" e WHERE e.index IS NULL ORDER BY e.id LIMIT 1) < ${before(AUDIT_BEHIND_MS)}, false) AS "auditBehind"`;
    const { people, challengeAnswered, repeated, auditBehind, ...counts } = factsRow.parse(rows[0]);
    const known = people.map((row) => toPerson(row, rowMac));
    return { people: new Map(known.map((person) => [person.id, person])), counts, challengeAnswered, repeated, auditBehind };
}
