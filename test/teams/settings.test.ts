// What the bot proves itself with, from its settings to a token: a certificate in files, and a machine's managed identity.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { settingsOf } from '../../src/app/teams.js';
import { TeamsAdapter } from '../../src/chat/teams/adapter.js';
import { GRAPH_SCOPE, type TeamsSettings } from '../../src/chat/teams/settings.js';
import { tokenSource } from '../../src/chat/teams/tokens.js';
import { readConfig } from '../../src/config.js';
import type { TeamsConfig } from '../../src/config-teams.js';
import { APP_ID, TENANT } from '../support/teams-service.js';
import { TestClock } from '../support/world.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-settings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function configWith(env: Readonly<Record<string, string>>): TeamsConfig {
  const { teams } = readConfig({ MicrosoftAppId: APP_ID, MicrosoftAppTenantId: TENANT, ...env });
  if (teams === null) throw new Error('no Teams');
  return teams;
}

describe('a certificate', () => {
  /** As `openssl` makes one; with a key of another kind where that is asked for. */
  function made(name: string, key: readonly string[] = ['rsa:2048']): { readonly certificate: string; readonly key: string } {
    const paths = { certificate: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
    execFileSync('openssl', ['req', '-x509', '-newkey', ...key, '-nodes', '-keyout', paths.key, '-out', paths.certificate, '-subj', '/CN=bot', '-days', '1'], { stdio: 'ignore' });
    return paths;
  }

  async function readFrom(certificate: string, key: string): Promise<TeamsSettings> {
    return await settingsOf(configWith({ TEAMS_CERTIFICATE_FILE: certificate, TEAMS_CERTIFICATE_KEY_FILE: key }));
  }

  it('is read from its two files', async () => {
    const { certificate, key } = made('bot');
    const certificatePem = await readFile(certificate, 'utf8');
    expect((await readFrom(certificate, key)).credentials).toMatchObject({ kind: 'certificate', certificatePem });
  });

  it('that is missing, or is in another format, is said with the name of its variable', async () => {
    const { key } = made('whole');
    const binary = join(folder, 'binary.crt');
    await writeFile(binary, 'binary');
    for (const path of [binary, join(folder, 'none.crt')]) await expect(readFrom(path, key)).rejects.toThrow('TEAMS_CERTIFICATE_FILE');
  });

  it('with the key of another one, of another kind, or with a password, is refused at start', async () => {
    const [bot, other, curve] = [made('one'), made('two'), made('three', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'])];
    await expect(readFrom(bot.certificate, other.key)).rejects.toThrow('is not that of the certificate');
    await expect(readFrom(curve.certificate, curve.key)).rejects.toThrow('is no RSA key');
    const locked = join(folder, 'locked.key');
    execFileSync('openssl', ['rsa', '-aes256', '-passout', 'pass:hush', '-in', bot.key, '-out', locked], { stdio: 'ignore' });
    await expect(readFrom(bot.certificate, locked)).rejects.toThrow('without a password');
  });
});

describe('a managed identity', () => {
  let server: Server;
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const expires = Math.floor(Date.now() / 1_000) + 86_400;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ access_token: `token-${asked.length}`, expires_on: String(expires), resource: 'r', token_type: 'Bearer' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // Where an Azure machine's own identity is asked for its tokens (learn.microsoft.com, "How to use managed identities for App Service").
    process.env.IDENTITY_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    process.env.IDENTITY_HEADER = 'header-of-a-test';
  });
  afterAll(() => {
    delete process.env.IDENTITY_ENDPOINT;
    delete process.env.IDENTITY_HEADER;
    server.close();
  });

  it('gives a token for the Bot Connector, and another one for Microsoft Graph', async () => {
    const settings = await settingsOf(configWith({ MicrosoftAppType: 'UserAssignedMSI' }));
    const tokens = tokenSource(settings, new TestClock().now);
    expect(await tokens.token()).toBe('token-1');
    expect(await tokenSource(settings, new TestClock().now, GRAPH_SCOPE).token()).toBe('token-2');
    expect(asked[0]).toContain(encodeURIComponent('https://api.botframework.com'));
    expect(asked[1]).toContain(encodeURIComponent('https://graph.microsoft.com'));
    for (const url of asked) expect(url).toContain(APP_ID);
    expect(await tokens.token()).toBe('token-1');
    tokens.drop('token-1');
    expect(await tokens.token()).toBe('token-3');
  });
});

describe('an empty application id', () => {
  it('is refused once more where the SDK is set up', async () => {
    const settings = await settingsOf(configWith({ MicrosoftAppPassword: 'secret' }));
    expect(() => new TeamsAdapter({ ...settings, appId: '' })).toThrow(RangeError);
  });
});
