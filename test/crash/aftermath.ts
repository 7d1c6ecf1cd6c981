// What must hold after every new start: nothing acknowledged is lost, and nothing took effect twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { AuditKind } from '../../src/audit/entry.js';
import type { RequestState } from '../../src/unblock/request.js';
import type { Installation } from './installation.js';
import type { Story, Trace } from './story.js';

const BEATS_MS = 5_000;
const POLL_MS = 50;

interface RequestRow {
  readonly id: string;
  readonly state: RequestState;
  readonly version: number;
  readonly answered: number;
}

/** The id of a story's request. Throws when there is none. */
export async function requestOf(installation: Installation, story: Story): Promise<string> {
  story.requestId ??= (await findRequest(installation, story))?.id ?? null;
  if (story.requestId === null) throw new Error(`the request "${story.reason}" is gone`);
  return story.requestId;
}

/**
 * Compares a story with what the database and its audit tell of it: every deed that was acknowledged, then as much of the
 * pending one as whole transactions make, and nothing else. Whether all of the pending deed is there.
 */
export async function checkStory(installation: Installation, story: Story): Promise<boolean> {
  const request = await findRequest(installation, story);
  if (request === null) {
    expect(story.done).toEqual([]);
    return false;
  }
  const told = await kindsOf(installation, request.id);
  const traces = tracesIn(story, told);
  const [released, shownAgain] = [count(told, 'released'), count(told, 'shown-again')];
  const { state, version, answered } = request;
  const expected = { state: traces.at(-1)?.state, version: traces.length + shownAgain, answered: released };
  expect({ state, version, answered }).toEqual(expected);
  // No response but those that were asked for, and none that came is missing in the audit.
  expect(released + shownAgain).toBeGreaterThanOrEqual(story.reveals.shown);
  expect(released + shownAgain).toBeLessThanOrEqual(story.reveals.sent);
  const pending = story.pending?.leaves ?? [];
  return pending.length > 0 && traces.length === surely(story).length + pending.length;
}

/** The transactions that the audit tells of. Throws when they are not those of the story. */
function tracesIn(story: Story, told: readonly string[]): readonly Trace[] {
  const kinds = told.filter((kind) => kind !== 'shown-again' && kind !== 'code-refused').join();
  const pending = story.pending?.leaves ?? [];
  const possible = [0, ...pending.map((_, at) => at + 1)].map((more) => [...surely(story), ...pending.slice(0, more)]);
  const found = possible.find((traces) => traces.flatMap(({ entries }) => entries).join() === kinds);
  if (found === undefined) throw new Error(`the audit tells "${kinds}" of ${inWords(story)}`);
  return found;
}

function surely({ done }: Story): readonly Trace[] {
  return done.flatMap(({ leaves }) => leaves);
}

function count(told: readonly string[], kind: AuditKind): number {
  return told.filter((one) => one === kind).length;
}

/** What must hold of all requests together, and of the notices that no dead process has claimed. */
export async function checkDatabase(installation: Installation): Promise<void> {
  const broken = await installation.rows(`
    SELECT 'two open requests for one card' AS what, "cardId"::text AS which FROM "Request"
      WHERE state IN ('opened', 'awaiting-approval', 'approved', 'answered') GROUP BY "cardId" HAVING count(*) > 1
    UNION ALL SELECT 'two states in one request', id::text FROM "Request" WHERE state <> body->>'state'
    UNION ALL SELECT 'one challenge released twice', b->'facts'->>'challenge' FROM (SELECT body::jsonb AS b FROM "AuditEntry") AS e
      WHERE b->>'kind' = 'released' GROUP BY b->>'cardId', b->'facts'->>'challenge' HAVING count(*) > 1`);
  expect(broken).toEqual([]);
  await noNoticesBehind(installation, { claimed: false, withinMs: BEATS_MS });
}

/** Waits until every notice shows what is committed; with `claimed`, also those that a dead process still holds. */
export async function noNoticesBehind(
  installation: Installation,
  { claimed, withinMs }: { readonly claimed: boolean; readonly withinMs: number },
): Promise<void> {
  const free = claimed ? '' : `AND ("claimedUntil" IS NULL OR "claimedUntil" <= now())`;
  const sql = `SELECT id, recipient, wanted, sent, "claimedUntil", "lastError" FROM "Notice" WHERE sent < wanted ${free}`;
  for (let waited = 0; waited < withinMs; waited += POLL_MS) {
    if ((await installation.rows(sql)).length === 0) return;
    await sleep(POLL_MS);
  }
  expect(await installation.rows(sql)).toEqual([]);
}

export function inWords({ requester, approver, reason, done, pending }: Story): string {
  const deeds = done.map(({ name }) => name).join(', ');
  return `"${reason}" (${requester.id}, ${approver.id}): acknowledged ${deeds || 'nothing'}; pending ${pending?.name ?? 'nothing'}`;
}

async function findRequest(installation: Installation, { requester, reason }: Story): Promise<RequestRow | null> {
  const rows = await installation.rows<RequestRow>(
    `SELECT id, state, version, (SELECT count(*)::int FROM "AnsweredChallenge" a WHERE a."requestId" = r.id) AS answered
     FROM "Request" r WHERE "requesterId" = $1 AND body->>'reason' = $2`,
    [requester.id, reason],
  );
  expect(rows.length).toBeLessThanOrEqual(1);
  return rows[0] ?? null;
}

async function kindsOf(installation: Installation, requestId: string): Promise<readonly string[]> {
  const rows = await installation.rows<{ kind: string }>(
    `SELECT b->>'kind' AS kind FROM (SELECT id, body::jsonb AS b FROM "AuditEntry") AS e WHERE b->>'requestId' = $1 ORDER BY id`,
    [requestId],
  );
  return rows.map(({ kind }) => kind);
}
