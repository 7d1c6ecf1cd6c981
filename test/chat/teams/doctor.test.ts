// What the doctor says to do about credentials that give no token.
import { describe, expect, it } from '@jest/globals';
import { examineTeams } from '../../../src/chat/teams/doctor.js';
import { TeamsFault } from '../../../src/chat/teams/teams-fault.js';
import { NO_IDENTITY } from '../../../src/chat/teams/tokens.js';

async function toldOf(message: string): Promise<string | undefined> {
  const findings = await examineTeams({
    tokens: { token: () => Promise.reject(new TeamsFault('no-token', message)), drop: () => undefined },
    connector: { members: () => Promise.reject(new Error('without a token nobody is asked')) },
    tenantId: 'a-tenant',
    openIdMetadata: 'http://127.0.0.1:9/',
    publicUrl: 'http://localhost',
    channels: [{ name: 'helpdesk', id: '19:helpdesk@thread.tacv2' }],
    serviceUrl: 'https://smba.trafficmanager.net/teams/',
    approvers: [],
    graph: null,
  });
  expect(findings.filter(({ about }) => about === 'channel')).toEqual([]);
  return findings.find(({ about, state }) => about === 'credentials' && state === 'problem')?.text;
}

describe('credentials that give no token', () => {
  it.each([
    ['a wrong secret', 'Entra gives no token: invalid_client 7000215', 'the client secret is wrong'],
    ['an old secret', 'Entra gives no token: invalid_client 7000222', 'the client secret has expired'],
    ['a certificate that was not uploaded', 'Entra gives no token: invalid_client 700027', 'the certificate is not the one of the app registration'],
    ['another tenant', 'Entra gives no token: unauthorized_client 700016', 'check MicrosoftAppId and MicrosoftAppTenantId'],
    ['a machine without the identity', NO_IDENTITY, 'assign the identity to the machine'],
    ['anything else', 'Entra does not answer', 'may call https://login.microsoftonline.com'],
  ])('of %s are told with what to do', async (_, message, remedy) => {
    expect(await toldOf(message)).toContain(remedy);
  });
});
