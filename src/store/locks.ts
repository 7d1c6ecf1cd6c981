// The locks of a step, all taken by one statement and in one order: the organisation (shared), releases where the step
// shows a response, the card, the request.
import { addMs } from '../lib/clock.js';
import { isId } from '../lib/ids.js';
import { OPEN_STATES } from '../unblock/request.js';
import { ORGANISATION_LOCK, RELEASE_LOCK, type Queries } from './database.js';
import { DELEGATION_KEPT_MS } from './delegations.js';
import { Prisma } from './generated/client.js';
import type { CardRow, RequestRow } from './rows.js';

/** A request and its card, as they stand. */
export interface RequestAndCard {
  readonly card: CardRow;
  readonly request: RequestRow;
}

/** As `toPeople` reads them. */
interface PeopleRead {
  readonly people: unknown;
  readonly delegations: unknown;
}

// Column by column: a statement that PostgreSQL has planned breaks when "all columns" become more.
const CARD: Readonly<Record<keyof CardRow, string>> = {
  id: 'c.id',
  serial: 'c.serial',
  label: 'c.label',
  profile: 'c.profile',
  unlock: 'c.unlock',
  holderId: 'c."holderId"',
  state: 'c.state',
  refusedResponses: 'c."refusedResponses"',
  keyVersion: 'c."keyVersion"',
  kcv: 'c.kcv',
  keyDigest: 'c."keyDigest"',
  kekId: 'c."kekId"',
  wrappedKey: 'c."wrappedKey"',
  sealedKey: 'c."sealedKey"',
  masterKeyId: 'c."masterKeyId"',
  diversifier: 'c.diversifier',
  importId: 'c."importId"',
  tags: 'c.tags',
  sponsorId: 'c."sponsorId"',
  mac: 'c.mac',
};
const REQUEST: Readonly<Record<keyof RequestRow, string>> = {
  id: 'r.id AS "requestId"',
  formId: 'r."formId"',
  cardId: 'r."cardId"',
  requesterId: 'r."requesterId"',
  state: 'r.state AS "requestState"',
  version: 'r.version',
  openedAt: 'r."openedAt"',
  deadlineAt: 'r."deadlineAt"',
  body: 'r.body',
  mac: 'r.mac AS "requestMac"',
};
const CARD_COLUMNS = Prisma.raw(Object.values(CARD).join(', '));
const REQUEST_COLUMNS = Prisma.raw(Object.values(REQUEST).join(', '));

type JoinedRow = CardRow &
  Omit<RequestRow, 'id' | 'state' | 'mac'> & {
    readonly requestId: string;
    readonly requestState: string;
    readonly requestMac: Uint8Array;
  };

type CardAlone = CardRow & { readonly requestId: null };

// A row is locked last of all that its query does, after it was joined with everything in FROM. So whatever has the
// lock before it in FROM waits for that lock, however PostgreSQL plans the join.
const ORGANISATION = Prisma.sql`
  organisation AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(${ORGANISATION_LOCK}::bigint)::text)`;
const RELEASES = Prisma.sql`
  releases AS MATERIALIZED (SELECT pg_advisory_xact_lock(${RELEASE_LOCK}::bigint)::text FROM organisation)`;

/** For a request that is not there yet. Null when there is no such card. */
export async function lockCard(tx: Queries, id: string): Promise<CardRow | null> {
  const rows = await tx.$queryRaw<CardRow[]>`
    WITH ${ORGANISATION}
    SELECT ${CARD_COLUMNS} FROM organisation, "Card" c WHERE c.id = ${id}::uuid FOR UPDATE OF c`;
  return rows[0] ?? null;
}

/**
 * A row that was changed while its lock was waited for comes as it is now; everything else must be read by a later
 * statement. Null when there is no such request.
 */
export async function lockRequest(tx: Queries, id: string, { releases }: { readonly releases: boolean }): Promise<RequestAndCard | null> {
  if (!isId(id)) return null;
  const [before, gate] = releases ? [Prisma.sql`${ORGANISATION}, ${RELEASES}`, Prisma.sql`releases`] : [ORGANISATION, Prisma.sql`organisation`];
  const rows = await tx.$queryRaw<JoinedRow[]>`
    WITH ${before},
    c AS MATERIALIZED (
      SELECT ${CARD_COLUMNS} FROM ${gate}, "Card" c
      WHERE c.id = (SELECT "cardId" FROM "Request" WHERE id = ${id}::uuid) FOR UPDATE OF c)
    SELECT ${CARD_COLUMNS}, ${REQUEST_COLUMNS} FROM c, "Request" r WHERE r.id = ${id}::uuid FOR UPDATE OF r`;
  const [row] = rows;
  return row === undefined ? null : apart(row);
}

/** The same without any lock; with its requester, their manager, `actorId` and whom they stand in for, as JSON. */
export async function readRequest(tx: Queries, id: string, actorId: string, at: Date): Promise<(RequestAndCard & PeopleRead) | null> {
  if (!isId(id)) return null;
  const lately = addMs(at, -DELEGATION_KEPT_MS);
  const rows = await tx.$queryRaw<(JoinedRow & PeopleRead)[]>`
    SELECT ${CARD_COLUMNS}, ${REQUEST_COLUMNS},
           (SELECT coalesce(json_agg(p), '[]') FROM "Person" p
             WHERE p.id IN (r."requesterId", ${actorId})
                OR p.id = (SELECT "managerId" FROM "Person" WHERE id = r."requesterId")
                OR p.id IN (SELECT "personId" FROM "Delegation" WHERE "standInId" = ${actorId} AND "endsAt" > ${lately})) AS people,
           (SELECT coalesce(json_agg(d), '[]') FROM "Delegation" d
             WHERE (d."standInId" = ${actorId} OR d."personId" = ${actorId}) AND d."endsAt" > ${lately}) AS delegations
    FROM "Request" r JOIN "Card" c ON c.id = r."cardId" WHERE r.id = ${id}::uuid`;
  const [row] = rows;
  return row === undefined ? null : { ...apart(row), people: row.people, delegations: row.delegations };
}

/** A person's card, and the request that this form opened or else the open one for the card; without any lock. */
export async function readBeforeOpening(
  tx: Queries,
  { holderId, formId, cardId }: { readonly holderId: string; readonly formId: string; readonly cardId: string },
): Promise<{ readonly card: CardRow; readonly request: RequestRow | null } | null> {
  if (!isId(cardId)) return null;
  const rows = await tx.$queryRaw<(JoinedRow | CardAlone)[]>`
    SELECT ${CARD_COLUMNS}, ${REQUEST_COLUMNS}
    FROM "Card" c LEFT JOIN "Request" r ON r."formId" = ${formId} OR (r."cardId" = c.id AND r.state = ANY(${OPEN_STATES}::text[]))
    WHERE c.id = ${cardId}::uuid AND c."holderId" = ${holderId}
    ORDER BY r."formId" = ${formId} DESC LIMIT 1`;
  const [row] = rows;
  if (row === undefined) return null;
  return row.requestId === null ? { card: row, request: null } : apart(row);
}

function apart(row: JoinedRow): RequestAndCard {
  const { requestId, requestState, requestMac, ...both } = row;
  return { card: row, request: { ...both, id: requestId, state: requestState, mac: requestMac } };
}
