// What must hold in the end: every copy tells the final state, and the audit is whole, inside the database and outside.
import { readFile } from 'node:fs/promises';
import { expect } from '@jest/globals';
import { z } from 'zod';
import type { World } from '../../src/chat/playground/page/wire.js';
import { ENGLISH } from '../../src/chat/english.js';
import { PrismaRequestReader } from '../../src/store/request-reader.js';
import { checkStory, noNoticesBehind, requestOf } from './aftermath.js';
import type { Installation } from './installation.js';
import { textOf } from './page.js';
import type { Story } from './story.js';

/** A dead process holds what it has claimed for half a minute. */
const CLAIMS_END_MS = 45_000;

interface CopyRow {
  readonly notice: string;
  readonly requestId: string;
  readonly address: string;
  readonly messageId: string;
}

/** The part of data/playground.json that tells which copy a message is. */
const chats = z.object({ places: z.record(z.string(), z.array(z.object({ copyId: z.string() }))) });

/** To be called while the server runs. */
export async function checkCopies(installation: Installation, stories: readonly Story[]): Promise<void> {
  await noNoticesBehind(installation, { claimed: true, withinMs: CLAIMS_END_MS });
  const copies = await installation.rows<CopyRow>(
    `SELECT n.id AS notice, n."requestId", m.address, m."messageId"
     FROM "Notice" n JOIN "MessageRef" m ON m."noticeId" = n.id WHERE n."requestId" IS NOT NULL`,
  );
  const places = await installation.page.places();
  const posted = chats.parse(JSON.parse(await readFile(installation.inData('playground.json'), 'utf8')));
  for (const story of stories) {
    const requestId = await requestOf(installation, story);
    const theirs = copies.filter((copy) => copy.requestId === requestId);
    // The requester, the manager and the helpdesk's channel.
    expect(theirs).toHaveLength(3);
    for (const { notice, address, messageId } of theirs) {
      expect(textAt(places, address, messageId)).toContain(finalWords(story, address));
      const extra = (posted.places[address] ?? []).filter(({ copyId }) => copyId === notice).length - 1;
      expect([0, 1]).toContain(extra);
    }
  }
}

/** To be called when the server has left. */
export async function checkRecords(installation: Installation, stories: readonly Story[]): Promise<void> {
  await installation.withParts(async ({ database, rowMac, profiles, clock }) => {
    const reader = new PrismaRequestReader({ database, rowMac, profiles, clock });
    for (const story of stories) {
      await checkStory(installation, story);
      // Reading checks the row's HMAC and every field.
      const picture = await reader.picture(await requestOf(installation, story), null);
      expect(picture?.request).toMatchObject({ reason: story.reason, state: story.done.at(-1)?.leaves.at(-1)?.state });
    }
    await checkAudit(installation);
  });
}

async function checkAudit(installation: Installation): Promise<void> {
  const [counted] = await installation.rows<{ size: number }>('SELECT count(*)::int AS size FROM "AuditEntry"');
  const size = counted?.size ?? 0;
  const verdict: unknown = JSON.parse(await installation.countersign('audit', 'verify', '--json'));
  expect(verdict).toMatchObject({ ok: true, size, anchored: size, pending: 0 });
  const lines = (await readFile(installation.inData('audit.log'), 'utf8')).split('\n').filter((line) => line.startsWith('e '));
  expect(lines.map((line) => line.split(' ')[1])).toEqual(Array.from({ length: size }, (_, index) => String(index)));
}

function textAt(places: World['places'], address: string, messageId: string): string {
  const item = places[address]?.find(({ id }) => id === messageId);
  return item === undefined ? 'no such message' : textOf(item);
}

/** What a closed request says, to the person who asked and to those who were asked. */
function finalWords({ requester, approver, reason, plot }: Story, address: string): string {
  const { say } = ENGLISH;
  const mine = address === `person:${requester.id}`;
  if (plot.includes('deny')) return say.denied(`Helpdesk ${approver.id}`, reason);
  if (plot.includes('cancel')) return mine ? say.cancelled.requester : say.state.cancelled;
  return mine ? say.done.worked : say.state.worked;
}
