// 10,000 requests that are forged, malformed or misframed, over real HTTP: none is believed, none breaks anything.
import { Agent, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { openLog } from '../../src/lib/log.js';
import { TeamsWorld } from '../support/teams-world.js';
import { forgedRequests, malformedRequests, misframedRequests, type Sent } from './forged-activities.js';

/** So many are on their way at once, each on a connection that is kept. */
const AT_ONCE = 50;
const ROUNDS = { forged: 167, malformed: 30, misframed: 3 };
/** A run that finds something looks for the smallest case, which takes longer than the run. */
const TIMEOUT_MS = 180_000;

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
let world: TeamsWorld;
const faults: string[] = [];
beforeAll(async () => {
  // What the SDK writes about a wrong signature.
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  world = await TeamsWorld.open({ log: openLog('warn', { write: (line) => void faults.push(line) }) });
});
afterAll(async () => {
  jest.restoreAllMocks();
  agent.destroy();
  await world.close();
});

interface Answer extends Pick<Sent, 'what'> {
  readonly status: number;
  /** The answer's own words. */
  readonly told: string;
  /** What was sent, where it was text. */
  readonly body: string;
}

/** Not `fetch`, which spends more time on a request than the server does. */
function send({ what, authorization, headers = {}, body }: Sent): Promise<Answer> {
  const port = world.server?.port ?? 0;
  const options = { agent, port, path: '/api/messages', method: 'POST', headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers, ...(authorization === null ? {} : { authorization }) } };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', ...options }, (response) => {
      text(response).then((told) => resolve({ what, status: response.statusCode ?? 0, told, body: typeof body === 'string' ? body : '' }), reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function inRounds(requests: fc.Arbitrary<Sent>, numRuns: number, judge: (answer: Answer) => void): Promise<void> {
  const round = fc.array(requests, { minLength: AT_ONCE, maxLength: AT_ONCE });
  await fc.assert(
    fc.asyncProperty(round, async (sent) => {
      for (const answer of await Promise.all(sent.map(send))) judge(answer);
      // Its own clock stands still, and somebody who does so much at once would be asked to wait.
      world.clock.forward(1_000);
    }),
    { numRuns },
  );
}

/** What could have changed by it. */
async function traces(): Promise<unknown> {
  if (world.server === null) throw new Error('the server is not running');
  const { request, submission, teamsConversation, teamsDelivery, auditEntry } = world.server.parts.database;
  const rows = await Promise.all([request.count(), submission.count(), teamsConversation.count(), teamsDelivery.count(), auditEntry.count()]);
  return { rows, calls: world.teams.calls.length, faults: [...faults] };
}

const INSIDES = /\n\s+at |node_modules|\.[jt]s:\d|Error:|SyntaxError|ZodError|prisma/i;

describe(`of ${(ROUNDS.forged + ROUNDS.malformed + ROUNDS.misframed) * AT_ONCE} requests`, () => {
  it('none with a forged token is believed, leaves a trace, or is told why', async () => {
    const before = await traces();
    await inRounds(forgedRequests(world), ROUNDS.forged, ({ what, status, told, body }) => {
      // A body that is no JSON at all is refused before anybody asks whose it is.
      const expected = isActivity(body) ? [401] : [400, 401];
      if (!expected.includes(status)) throw new Error(`${what}: ${status}`);
      if (told !== '') throw new Error(`${what}: ${told}`);
    });
    expect(await traces()).toEqual(before);
  }, TIMEOUT_MS);

  it('none with a right token and nonsense in it breaks anything, or opens a request', async () => {
    await inRounds(malformedRequests(world), ROUNDS.malformed, ({ status, told, body }) => {
      const isInvoke = body.includes('"type":"invoke"');
      // 501 is the protocol's own word for an invoke that nobody understands.
      const expected = [200, 400, 401, 403, ...(isInvoke ? [501] : [])];
      if (!expected.includes(status)) throw new Error(`${status} to ${body}`);
      if ((status !== 200 || !isInvoke) && told !== '') throw new Error(`${told} to ${body}`);
      expect(told).not.toMatch(INSIDES);
    });
    expect(await world.server?.parts.database.request.count()).toBe(0);
  }, TIMEOUT_MS);

  it('none that is too large, or not what its headers say, is read', async () => {
    const before = await traces();
    await inRounds(misframedRequests(world), ROUNDS.misframed, ({ what, status, told }) => {
      if (![400, 401, 413, 415].includes(status)) throw new Error(`${what}: ${status}`);
      expect(told).toBe('');
    });
    expect(await traces()).toEqual(before);
  }, TIMEOUT_MS);

  it('none was a fault of ours, and whoever comes after them is served', async () => {
    expect(faults).toEqual([]);
    const welcome = await world.say('liam', 'unblock');
    expect(await world.press('liam', welcome.card, 'start-unblock')).toMatchObject({ kind: 'dialog', title: 'Unblock my card' });
  });
});

/** Whether it is one of ours as a client sends it, so that only its token can be what is wrong with it. */
function isActivity(body: string): boolean {
  return body.includes('"channelId":"msteams"');
}
