// The Bot Connector's keys change while the server runs: new ones are believed, withdrawn ones are not, and nobody can make us read their list all day.
import { generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import express from 'express';
import { TeamsAdapter } from '../../src/chat/teams/adapter.js';
import { teamsRoutes } from '../../src/chat/teams/receiver.js';
import { serviceUrlCheck } from '../../src/chat/teams/service-urls.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { APP_ID, TeamsService, TENANT } from '../support/teams-service.js';
import { TestClock } from '../support/world.js';

/** All but the date. */
const TIMERS = [
  'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout',
] as const;

/** Making one takes a while, and nothing here asks for fresh ones. */
const pairs = new Map<string, KeyPairKeyObjectResult>();

function pairOf(kid: string): KeyPairKeyObjectResult {
  const pair = pairs.get(kid) ?? generateKeyPairSync('rsa', { modulusLength: 2048 });
  pairs.set(kid, pair);
  return pair;
}

/** A list of keys that changes, and how often it was fetched. */
class KeyList {
  readonly #keys = new Map<string, KeyObject>();
  readonly #public = new Map<string, object>();
  readonly #server: Server;
  fetches = 0;
  down = false;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', ({ url = '' }, response) => {
      if (url === '/keys') this.fetches += 1;
      response.writeHead(this.down ? 503 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(url === '/keys' ? { keys: [...this.#public.values()] } : { jwks_uri: `${this.origin}/keys` }));
    });
  }

  static async open(): Promise<KeyList> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new KeyList(server);
  }

  get origin(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  publish(kid: string, endorsements: readonly string[] = ['msteams']): void {
    const { privateKey, publicKey } = pairOf(kid);
    this.#keys.set(kid, privateKey);
    this.#public.set(kid, { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', endorsements });
  }

  withdraw(kid: string): void {
    this.#public.delete(kid);
  }

  key(kid: string): KeyObject {
    const key = this.#keys.get(kid);
    if (key === undefined) throw new Error(`no key ${kid}`);
    return key;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

let keys: KeyList;
let teams: TeamsService;
let server: Server;
const clock = new TestClock();

/** The SDK reads the machine's clock for the age of the keys that it holds. */
function later(ms: number): void {
  clock.forward(ms);
  jest.setSystemTime(clock.now());
}

beforeAll(async () => {
  teams = await TeamsService.open([]);
});
afterAll(() => teams.close());
beforeEach(async () => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jest.useFakeTimers({ doNotFake: [...TIMERS], now: clock.now() });
  keys = await KeyList.open();
  keys.publish('first');
  const { origin: issuer, serviceUrl } = teams;
  const adapter = new TeamsAdapter({ appId: APP_ID, tenantId: TENANT, openIdMetadata: `${keys.origin}/openid`, issuer, loginUrl: issuer });
  const rules = { appId: APP_ID, issuer, isKnown: serviceUrlCheck(serviceUrl) };
  server = express().use(teamsRoutes({ adapter, rules, hear: () => Promise.resolve(null), clock: clock.now, isClosing: () => false, log: silentLog })).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  server.close();
  server.closeAllConnections();
  keys.close();
});

/** How an activity is taken that is signed with this key, and says so unless it names another one. */
async function statusWith(kid: string, named = kid): Promise<number> {
  const activity = { type: 'typing', channelId: 'msteams', serviceUrl: teams.serviceUrl, from: { id: '29:liam' }, conversation: { id: 'a:liam' } };
  const token = teams.token({ head: { kid: named }, key: keys.key(kid) }, clock.now());
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const { port } = server.address() as AddressInfo;
  const { status } = await fetch(`http://127.0.0.1:${port}/api/messages`, { method: 'POST', headers, body: JSON.stringify(activity) });
  return status;
}

describe('a key of the Bot Connector', () => {
  it('is fetched once for many tokens', async () => {
    for (let count = 0; count < 5; count += 1) expect(await statusWith('first')).toBe(200);
    expect(keys.fetches).toBe(1);
  });

  it('that is new is believed when the list was read again, and the earlier one still is', async () => {
    expect(await statusWith('first')).toBe(200);
    keys.publish('second');
    later(HOUR_MS + MINUTE_MS);
    expect(await statusWith('second')).toBe(200);
    expect(await statusWith('first')).toBe(200);
    expect(keys.fetches).toBe(2);
  });

  it('that was withdrawn is refused when the list was read again', async () => {
    expect(await statusWith('first')).toBe(200);
    keys.publish('second');
    keys.withdraw('first');
    later(HOUR_MS + MINUTE_MS);
    expect(await statusWith('second')).toBe(200);
    expect(await statusWith('first')).toBe(401);
  });

  it('that was withdrawn is refused after a day, though no other one was seen', async () => {
    expect(await statusWith('first')).toBe(200);
    keys.withdraw('first');
    later(DAY_MS + MINUTE_MS);
    expect(await statusWith('first')).toBe(401);
  });

  it('that nobody knows makes the list be read once an hour at most', async () => {
    expect(await statusWith('first')).toBe(200);
    for (let count = 0; count < 20; count += 1) expect(await statusWith('first', `unknown-${count}`)).toBe(401);
    expect(keys.fetches).toBe(1);
    later(HOUR_MS + MINUTE_MS);
    for (let count = 0; count < 20; count += 1) expect(await statusWith('first', `unknown-${count}`)).toBe(401);
    expect(keys.fetches).toBe(2);
  });

  it('under the name of another one is refused', async () => {
    keys.publish('second');
    expect(await statusWith('second', 'first')).toBe(401);
  });

  it('that Microsoft endorses for other channels alone is refused', async () => {
    keys.publish('webchat', ['webchat']);
    expect(await statusWith('webchat')).toBe(401);
  });

  it('that is endorsed for no channel at all is believed, as the SDK has it', async () => {
    keys.publish('bare', []);
    expect(await statusWith('bare')).toBe(200);
  });

  it('that is held is believed while the list cannot be read, until it is a day old', async () => {
    expect(await statusWith('first')).toBe(200);
    keys.down = true;
    later(2 * HOUR_MS);
    expect(await statusWith('first')).toBe(200);
    later(DAY_MS);
    expect(await statusWith('first')).toBe(500);
    keys.down = false;
    expect(await statusWith('first')).toBe(200);
  });
});
