// How the bot proves itself to Entra, against a token endpoint of the test's own.
import { execFileSync } from 'node:child_process';
import { constants, createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { clientAssertion, tokenSource } from '../../../src/chat/teams/tokens.js';
import { GRAPH_SCOPE, type TeamsCredentials } from '../../../src/chat/teams/settings.js';
import { TestClock } from '../../support/world.js';

const APP_ID = '11111111-2222-4333-8444-555555555555';
const TENANT = '99999999-8888-4777-8666-555555555555';

let server: Server;
let asked: { readonly path: string; readonly form: URLSearchParams }[] = [];
let answer: { readonly status: number; readonly body: unknown } = { status: 200, body: {} };
let loginUrl = '';
let certificatePem = '';
let privateKeyPem = '';
beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ path: request.url ?? '', form: new URLSearchParams(body) });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  loginUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = mkdtempSync(join(tmpdir(), 'countersign-certificate-'));
  const [key, certificate] = [join(folder, 'bot.key'), join(folder, 'bot.crt')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-subj', '/CN=bot', '-days', '1'], { stdio: 'ignore' });
  certificatePem = readFileSync(certificate, 'utf8');
  privateKeyPem = readFileSync(key, 'utf8');
});
afterAll(() => void server.close());
beforeEach(() => {
  asked = [];
  answer = { status: 200, body: { access_token: 'a-token', expires_in: 3_600 } };
});

function source(credentials: TeamsCredentials, clock = new TestClock()) {
  return tokenSource({ appId: APP_ID, tenantId: TENANT, credentials, loginUrl }, clock.now);
}

describe('a client secret', () => {
  it("gets a token for the Bot Connector from the tenant's own endpoint", async () => {
    expect(await source({ kind: 'secret', secret: 'hush' }).token()).toBe('a-token');
    const [{ path, form } = { path: '', form: new URLSearchParams() }] = asked;
    expect(path).toBe(`/${TENANT}/oauth2/v2.0/token`);
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'client_credentials',
      client_id: APP_ID,
      client_secret: 'hush',
      scope: 'https://api.botframework.com/.default',
    });
  });

  it('asks again only when the token is near its end', async () => {
    const clock = new TestClock();
    const tokens = source({ kind: 'secret', secret: 'hush' }, clock);
    await tokens.token();
    clock.forward(54 * 60_000);
    await tokens.token();
    expect(asked).toHaveLength(1);
    clock.forward(2 * 60_000);
    await tokens.token();
    expect(asked).toHaveLength(2);
  });

  it('asks again when the token was not taken, and keeps the new one when the old one is dropped late', async () => {
    const tokens = source({ kind: 'secret', secret: 'hush' });
    const first = await tokens.token();
    answer = { status: 200, body: { access_token: 'another-token', expires_in: 3_600 } };
    tokens.drop(first);
    expect(await tokens.token()).toBe('another-token');
    tokens.drop(first);
    await tokens.token();
    expect(asked).toHaveLength(2);
  });

  it("gets another token for Microsoft Graph, by the same proof", async () => {
    const settings = { appId: APP_ID, tenantId: TENANT, credentials: { kind: 'secret', secret: 'hush' }, loginUrl } as const;
    await tokenSource(settings, new TestClock().now, GRAPH_SCOPE).token();
    expect(asked[0]?.form.get('scope')).toBe('https://graph.microsoft.com/.default');
  });

  it('that is refused is a fault that names the reason and not the secret', async () => {
    answer = { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS7000215', error_codes: [7000215] } };
    const refused = source({ kind: 'secret', secret: 'hush' }).token();
    await expect(refused).rejects.toMatchObject({ code: 'no-token', message: expect.stringContaining('7000215') });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('hush') });
  });

  it.each([{ status: 500, body: 'broken' }, { status: 200, body: {} }, { status: 200, body: { access_token: 7 } }])('and the answer %j give no token', async (odd) => {
    answer = odd;
    await expect(source({ kind: 'secret', secret: 'hush' }).token()).rejects.toMatchObject({ code: 'no-token' });
  });
});

describe('a certificate', () => {
  it('signs an assertion that its public key proves, good for minutes and for this endpoint', () => {
    const at = new Date('2026-06-01T09:00:00Z');
    const [head = '', claims = '', signature = ''] = clientAssertion({ certificatePem, privateKeyPem, appId: APP_ID, audience: 'https://login/token' }, at).split('.');
    // RFC 7518, section 3.5: the salt is as long as the hash.
    const key = { key: createPublicKey(certificatePem), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    expect(verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
    const thumbprint = createHash('sha256').update(new X509Certificate(certificatePem).raw).digest('base64url');
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint });
    const seconds = at.getTime() / 1_000;
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ aud: 'https://login/token', iss: APP_ID, sub: APP_ID, iat: seconds, nbf: seconds, exp: seconds + 300 });
  });

  it('is used in the place of a secret', async () => {
    expect(await source({ kind: 'certificate', certificatePem, privateKeyPem }).token()).toBe('a-token');
    expect(asked[0]?.form.get('client_secret')).toBeNull();
    expect(asked[0]?.form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  });
});
