// The check of a token while the list of the Bot Connector's keys is not what it should be.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { NotAuthentic, TeamsAdapter } from '../../../src/chat/teams/adapter.js';
import { APP_ID, TENANT } from '../../support/teams-service.js';

const SERVICE_URL = 'https://smba.trafficmanager.net/emea/';
const ISSUER = 'https://api.botframework.com';
let server: Server | null = null;
afterEach(() => {
  jest.useRealTimers();
  server?.closeAllConnections();
  server?.close();
});

async function adapterOf(answer: RequestListener): Promise<TeamsAdapter> {
  const opened = createServer(answer);
  server = opened;
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
  const { port } = opened.address() as AddressInfo;
  return new TeamsAdapter({ appId: APP_ID, tenantId: TENANT, openIdMetadata: `http://127.0.0.1:${port}/`, issuer: ISSUER, loginUrl: 'https://login.microsoftonline.com' });
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** What came of a token that nobody signed. */
async function outcome(adapter: TeamsAdapter): Promise<unknown> {
  const claims = { iss: ISSUER, aud: APP_ID, exp: 4_000_000_000, serviceurl: SERVICE_URL };
  const token = `${part({ alg: 'RS256', kid: 'one' })}.${part(claims)}.${part('unsigned')}`;
  const body = { type: 'message', channelId: 'msteams', serviceUrl: SERVICE_URL } as const;
  return await adapter.receive(`Bearer ${token}`, body, () => Promise.resolve(null)).catch((error: unknown) => error);
}

describe('while the list of keys', () => {
  it('does not come, a token is not waited for without end, and is not called forged', async () => {
    let asked: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => { asked = resolve; });
    const adapter = await adapterOf(() => { asked(); });
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const pending = outcome(adapter);
    await reached;
    await jest.advanceTimersByTimeAsync(4_000);
    const error = await pending;
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(NotAuthentic);
  });

  it.each([
    ['is something else', '{}'],
    ['is no JSON', '<html>'],
  ])('%s, a token is not called forged', async (_, text) => {
    const adapter = await adapterOf((_request, response) => void response.end(text));
    const error = await outcome(adapter);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(NotAuthentic);
  });

  it('does not have the key of a token, it is forged', async () => {
    const adapter = await adapterOf((request, response) => void response.end(JSON.stringify(request.url === '/keys' ? { keys: [] } : { jwks_uri: `http://${request.headers.host ?? ''}/keys` })));
    expect(await outcome(adapter)).toBeInstanceOf(NotAuthentic);
  });
});
