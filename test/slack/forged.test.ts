// 10,000 requests that are forged, malformed or misframed, over real HTTP: none is believed, none breaks anything.
import { Agent, request as open } from 'node:http';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isErrno } from '../../src/lib/errno.js';
import { openLog } from '../../src/lib/log.js';
import type { Database } from '../../src/store/database.js';
import { SlackWorld, TEAM, viewIn } from '../support/slack-world.js';
import { forgedRequests, JSON_TYPE, malformedRequests, misframedRequests, type Sent, signatureOf } from './forged-requests.js';

/** So many are on their way at once, each on a connection that is kept. */
const AT_ONCE = 50;
const ROUNDS = { forged: 185, malformed: 12, misframed: 2 };
/** Bytes that are not even HTTP, on connections of their own. */
const RAW = 50;
/** A run that finds something looks for the smallest case, which takes longer than the run. */
const TIMEOUT_MS = 120_000;

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
const faults: string[] = [];
let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open({ log: openLog('warn', { write: (line) => void faults.push(line) }) });
});
afterAll(async () => {
  agent.destroy();
  await world.close();
});

interface Answer {
  readonly what: string;
  readonly status: number;
  readonly text: string;
}

/** Not with fetch, which puts two headers of one name into one. */
function send(sent: Sent): Promise<Answer> {
  const { what, headers, body } = sent;
  return new Promise((resolve, reject) => {
    const lines = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]));
    const asked = open(`${world.address}/slack/events`, { method: 'POST', agent, headers: { ...lines, 'content-length': body.length } }, (answer) => {
      const status = answer.statusCode ?? 0;
      readText(answer).then((text) => resolve({ what, status, text }), reject);
    });
    asked.on('error', (error) => {
      // A kept connection may be closed just when it is taken again (nodejs.org, http: request.reusedSocket).
      if (asked.reusedSocket && isErrno(error, 'ECONNRESET')) send(sent).then(resolve, reject);
      else reject(error);
    });
    asked.end(body);
  });
}

async function inRounds(requests: fc.Arbitrary<Sent>, numRuns: number, judge: (answer: Answer) => void): Promise<void> {
  const round = fc.array(requests, { minLength: AT_ONCE, maxLength: AT_ONCE });
  const property = fc.asyncProperty(round, async (sent) => {
    for (const answer of await Promise.all(sent.map(send))) judge(answer);
  });
  await fc.assert(property, { numRuns, endOnFailure: true });
}

const now = () => Math.floor(world.clock.now().getTime() / 1_000);
const people = () => ({ users: [...world.ids.values(), 'U0NOBODY'], team: TEAM, now });

function database(): Database {
  if (world.server === null) throw new Error('no server');
  return world.server.parts.database;
}

/** What would be there if anything had reached the conversation, or been taken for Slack's. */
async function traces(): Promise<unknown> {
  const { request, submission, guessAttempt, auditEntry, notice, slackDelivery } = database();
  const counts = [request.count(), submission.count(), guessAttempt.count(), auditEntry.count(), notice.count(), slackDelivery.count()];
  return { rows: await Promise.all(counts), calls: world.slack.calls.length, whispers: world.slack.whispers.length, faults: [...faults] };
}

const INSIDES = /\n\s+at |node_modules|\.[jt]s:\d|Error\b|zod|prisma/i;

describe(`of ${(ROUNDS.forged + ROUNDS.malformed + ROUNDS.misframed) * AT_ONCE + RAW} requests`, () => {
  it('none that is forged reaches the conversation, leaves a trace, or is told why', async () => {
    const captured = world.signed(JSON.stringify({ type: 'url_verification', challenge: 'x' }), JSON_TYPE);
    expect((await world.send(captured)).status).toBe(200);
    const before = await traces();
    const body = Buffer.from(captured.body);
    const caught = [{ body, type: JSON_TYPE, time: String(now()), signature: signatureOf(body, String(now())) }];
    await inRounds(forgedRequests({ ...people(), caught }), ROUNDS.forged, ({ what, status, text }) => {
      expect([what, status, text]).toEqual([what, 401, '']);
    });
    expect(await traces()).toEqual(before);
  }, TIMEOUT_MS);

  it('none that is too large, or not what its headers say, is read', async () => {
    const before = await traces();
    await inRounds(misframedRequests(now), ROUNDS.misframed, ({ what, status, text }) => {
      expect(`${what}: ${status}`).toMatch(/: (400|401|413|415)$/);
      expect(text).toBe('');
    });
    expect(await traces()).toEqual(before);
  }, TIMEOUT_MS);

  it('none that is not even HTTP is more than closed', async () => {
    const before = await traces();
    const answers = await Promise.all(Array.from({ length: RAW }, (_none, nth) => sendRaw(RAW_REQUESTS[nth % RAW_REQUESTS.length] ?? '')));
    for (const text of answers) {
      expect(text).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
      expect(text).not.toMatch(INSIDES);
    }
    expect(await traces()).toEqual(before);
  }, TIMEOUT_MS);

  it('none that is signed and nonsense breaks anything, opens a request, or shows what is inside', async () => {
    await inRounds(malformedRequests(people()), ROUNDS.malformed, ({ what, status, text }) => {
      expect(`${what}: ${status}`).toMatch(/: (200|400|401)$/);
      expect(text).not.toMatch(INSIDES);
    });
    expect(await database().request.count()).toBe(0);
  }, TIMEOUT_MS);

  it('none keeps the server from serving whoever comes after them', async () => {
    expect(viewIn(await world.command('liam')).title?.text).toBe('Unblock my card');
  });
});

const HEAD = 'POST /slack/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n';
const RAW_REQUESTS = [
  'nonsense\r\n\r\n',
  `${HEAD}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
  `${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `${HEAD}Content-Length: -1\r\n\r\n`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`,
  `${HEAD}X: ${'y'.repeat(20_000)}\r\n\r\n`,
  `${HEAD}Content Length: 5\r\n\r\nhello`,
  'POST /slack/events HTTP/9.9\r\n\r\n',
  `${HEAD}Content-Length: 500\r\n\r\ncut short`,
  '\u0016\u0003\u0001\u0002',
];

/** What came back before the connection was closed. */
function sendRaw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(world.server?.port ?? 0, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => void (text += chunk.toString('latin1')));
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
    socket.end(bytes, 'latin1');
  });
}
