// The locks of a step, all taken by one statement and in one order: the organisation (shared), releases where the step
// shows a response, the card, the request.
import { isId } from '../lib/ids.js';
import { ORGANISATION_LOCK, RELEASE_LOCK, type Queries } from './database.js';
import { Prisma } from './generated/client.js';
import type { CardRow, RequestRow } from './rows.js';

/** A request and its card, as they stand. */
export interface RequestAndCard {
  readonly card: CardRow;
  readonly request: RequestRow;
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
  mac: 'c.mac',
};
const REQUEST: Readonly<Record<Exclude<keyof RequestRow, 'cardId'>, string>> = {
  id: 'r.id AS "requestId"',
  formId: 'r."formId"',
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
  Omit<RequestRow, 'id' | 'cardId' | 'state' | 'mac'> & {
    readonly requestId: string;
    readonly requestState: string;
    readonly requestMac: Uint8Array;
  };

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
  return apart(rows[0]);
}

/** The same without any lock. */
export async function readRequest(tx: Queries, id: string): Promise<RequestAndCard | null> {
  if (!isId(id)) return null;
  const rows = await tx.$queryRaw<JoinedRow[]>`
    SELECT ${CARD_COLUMNS}, ${REQUEST_COLUMNS}
    FROM "Request" r JOIN "Card" c ON c.id = r."cardId" WHERE r.id = ${id}::uuid`;
  return apart(rows[0]);
}

function apart(row: JoinedRow | undefined): RequestAndCard | null {
  if (row === undefined) return null;
  const { requestId, requestState, requestMac, ...both } = row;
  return { card: row, request: { ...both, id: requestId, cardId: row.id, state: requestState, mac: requestMac } };
}
