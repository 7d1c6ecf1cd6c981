// The server as a whole: what it refuses to start on, and what it answers over HTTP.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningServer, startServer } from '../../src/app/server.js';
import { readConfig } from '../../src/config.js';
import { systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { openDatabase } from '../../src/store/database.js';
import { markInstallation } from '../../src/store/installation.js';
import { RowMac } from '../../src/vault/row-mac.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-server-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}, playground = true): Promise<RunningServer> {
  const config = readConfig({ DATABASE_URL: database.url, COUNTERSIGN_DATA: folder, PORT: '0', ...env });
  return startServer({ config, clock: systemClock, log: silentLog, playground });
}

describe('the server does not start', () => {
  it.each([
    ['with a bot token while Slack does not answer', { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's', SLACK_API_URL: 'http://127.0.0.1:1/' }, 'SLACK_BOT_TOKEN'],
    ['as a playground in production', { NODE_ENV: 'production' }, 'production'],
    ['as a playground that others could reach', { HOST: '0.0.0.0' }, 'loopback'],
    ['with a policy file that is not there', { COUNTERSIGN_POLICY: '/no/such/policy.yaml' }, 'COUNTERSIGN_POLICY'],
  ])('%s', async (_what, env, words) => {
    await expect(start(env)).rejects.toMatchObject({ name: 'StartProblem', message: expect.stringContaining(words) });
  });

  it('as a playground on a database server, unless that was asked for', async () => {
    await expect(start({}, false)).rejects.toMatchObject({ name: 'StartProblem', message: expect.stringContaining('--playground') });
  });

  it('with a policy that has a mistake, and says where', async () => {
    const policy = join(folder, 'policy.yaml');
    await writeFile(policy, 'version: 1\nrules:\n  - name: all\n    approvals:\n      - from: [manger]\n');
    await expect(start({ COUNTERSIGN_POLICY: policy })).rejects.toMatchObject({ message: expect.stringContaining(`${policy}:5:`) });
  });

  it('as a playground on a database that holds a real installation', async () => {
    const real = await freshDatabase();
    const prisma = openDatabase(real.url);
    await markInstallation(prisma, 'real', { at: new Date(), rowMac: new RowMac(new Uint8Array(32)) });
    await prisma.$disconnect();
    const other = await mkdtemp(join(tmpdir(), 'countersign-server-'));
    await expect(start({ DATABASE_URL: real.url, COUNTERSIGN_DATA: other })).rejects.toMatchObject({ message: expect.stringContaining('real installation') });
    await rm(other, { recursive: true, force: true });
    await real.drop();
  });

  it('on a port that is in use, and says so', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    await expect(start({ PORT: port })).rejects.toMatchObject({ name: 'StartProblem', message: expect.stringContaining(`Port ${port}`) });
    await new Promise((resolve) => taken.close(resolve));
  });
});

describe('a running server', () => {
  let server: RunningServer;
  let base: string;
  beforeAll(async () => {
    server = await start();
    base = `http://127.0.0.1:${server.port}`;
  });
  // Its last test takes the audit file away, so it leaves with that trouble.
  afterAll(() => server.stop().catch(() => undefined));

  it('tells that it lives and that it may be given work', async () => {
    expect(await (await fetch(`${base}/health`)).json()).toMatchObject({ alive: true, checks: { database: null } });
    const ready = await fetch(`${base}/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, checks: { database: null, audit: null, policy: null, breaker: null, breakGlass: null, calendars: null, onCall: null } }]);
  });

  it.each(['/slack/events', '/api/messages'])('answers POST %s with a sentence while that platform is not set up', async (path) => {
    const answer = await fetch(`${base}${path}`, { method: 'POST', body: '{}' });
    expect([answer.status, await answer.json()]).toEqual([404, { error: 'This chat platform is not set up here.' }]);
  });

  it('prints an address whose secret part never reaches a server', () => {
    const address = new URL(server.address);
    expect(address.hash).toMatch(/^#[A-Za-z0-9_-]{22}$/);
    expect(address.search).toBe('');
  });

  it('serves the enrolment page and no headers that tell what it is made of', async () => {
    const page = await fetch(`${base}/enroll`);
    expect(page.status).toBe(200);
    expect(page.headers.get('x-powered-by')).toBeNull();
  });

  it('is the same playground at its next start: people, cards and authenticators are found again', async () => {
    const people = await server.parts.people.all();
    await server.stop();
    server = await start();
    base = `http://127.0.0.1:${server.port}`;
    expect(await server.parts.people.all()).toEqual(people);
    expect(await server.parts.cards.all()).toHaveLength(4);
    expect(await server.parts.database.authenticator.count()).toBe(people.length);
  });

  it('is red, and decides nothing, while the audit file cannot be written', async () => {
    const { auditFile } = server.parts.config;
    await rm(auditFile);
    await mkdir(auditFile);
    await server.parts.sequencer.sequence().catch(() => undefined);
    const ready = await fetch(`${base}/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ ready: false });
    const emma = { platform: 'playground' as const, tenant: 'local', userId: 'E1001' };
    const card = (await server.service.desk.cardsOf(emma.userId))[0];
    const opened = await server.service.desk.open({ actorId: emma.userId, formId: 'f', cardId: card?.id ?? '', challenge: '1603EBDF1C8A2E72', code: '000000', reason: 'x' });
    expect(opened).toMatchObject({ refused: 'audit-unavailable' });
  });
});
