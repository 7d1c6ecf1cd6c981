// What the bot proves itself with, from its settings to a token: a certificate in files, and a machine's managed identity.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { settingsOf } from '../../src/app/teams.js';
import { TeamsAdapter } from '../../src/chat/teams/adapter.js';
import { GRAPH_SCOPE } from '../../src/chat/teams/settings.js';
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
  async function certificate(content: string): Promise<TeamsConfig> {
    const [pem, key] = [join(folder, 'bot.crt'), join(folder, 'bot.key')];
    await writeFile(pem, content);
    await writeFile(key, '-----BEGIN PRIVATE KEY-----\n');
    return configWith({ TEAMS_CERTIFICATE_FILE: pem, TEAMS_CERTIFICATE_KEY_FILE: key });
  }

  it('is read from its two files', async () => {
    const { credentials } = await settingsOf(await certificate('-----BEGIN CERTIFICATE-----\n'));
    expect(credentials).toMatchObject({ kind: 'certificate', certificatePem: '-----BEGIN CERTIFICATE-----\n' });
  });

  it('that is missing, or is in another format, is said with the name of its variable', async () => {
    await expect(settingsOf(await certificate('binary'))).rejects.toThrow('TEAMS_CERTIFICATE_FILE');
    const gone = configWith({ TEAMS_CERTIFICATE_FILE: join(folder, 'none.crt'), TEAMS_CERTIFICATE_KEY_FILE: join(folder, 'none.key') });
    await expect(settingsOf(gone)).rejects.toThrow('TEAMS_CERTIFICATE_FILE');
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
