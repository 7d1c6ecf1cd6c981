// Who is believed to be Teams: tokens of a local issuer, right and wrong in every way, over real HTTP.
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { APP_ID, APP_SECRET, TENANT, type TokenParts } from '../support/teams-service.js';
import { TeamsWorld } from '../support/teams-world.js';

let world: TeamsWorld;
/** What the SDK writes to the console about a wrong signature, which cannot be turned off. */
const printed: string[] = [];
beforeAll(async () => {
  jest.spyOn(console, 'error').mockImplementation((...parts: readonly unknown[]) => void printed.push(parts.map(String).join(' ')));
  world = await TeamsWorld.open();
});
afterAll(async () => {
  jest.restoreAllMocks();
  await world.close();
});

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const seconds = () => Math.floor(Date.now() / 1_000);

async function statusOf(token: TokenParts | string | null, facts: Readonly<Record<string, unknown>> = {}): Promise<number> {
  const before = world.teams.calls.length;
  const { status } = await world.send(world.activity('emma', { type: 'message', text: 'unblock', ...facts }), token);
  // Whoever is not believed makes us call nobody.
  if (status !== 200) expect(world.teams.calls.length).toBe(before);
  return status;
}

describe('a token', () => {
  it('of the Bot Connector is taken', async () => {
    expect(await statusOf({})).toBe(200);
  });

  it.each<[string, () => TokenParts | string | null]>([
    ['missing', () => null],
    ['no JWT', () => 'nonsense'],
    ['signed with another key', () => ({ key: stranger })],
    ['with another signature', () => ({ signature: 'AAAA' })],
    ['without a signature', () => ({ signature: '' })],
    ['that says it needs none', () => ({ head: { alg: 'none' }, signature: '' })],
    ['that says it needs none and has one', () => ({ head: { alg: 'none' } })],
    ['with an HMAC under our public key', hmacToken],
    ['of an unknown key', () => ({ head: { kid: 'another' } })],
    ['of no key', () => ({ head: { kid: undefined } })],
    ['of another issuer', () => ({ claims: { iss: 'https://api.botframework.com' } })],
    ['of the emulator', () => ({ claims: { iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/', ver: '1.0', appid: APP_ID } })],
    ['of another bot', () => ({ claims: { iss: `https://login.microsoftonline.com/${TENANT}/v2.0`, ver: '2.0', azp: '22222222-2222-4333-8444-555555555555' } })],
    ['for another bot', () => ({ claims: { aud: '22222222-2222-4333-8444-555555555555' } })],
    ['for several bots', () => ({ claims: { aud: [APP_ID, '22222222-2222-4333-8444-555555555555'] } })],
    ['for no bot', () => ({ claims: { aud: undefined } })],
    ['that is over', () => ({ claims: { exp: seconds() - 600 } })],
    ['that never ends', () => ({ claims: { exp: undefined } })],
    ['that has not begun', () => ({ claims: { nbf: seconds() + 600 } })],
    ['without a service address', () => ({ claims: { serviceurl: undefined } })],
    ['for another service address', () => ({ claims: { serviceurl: 'https://smba.trafficmanager.net/teams/' } })],
  ])('%s is refused', async (_, token) => {
    expect(await statusOf(token())).toBe(401);
  });

  it('that is forged makes the SDK print the public key that it does not fit, and nothing of the token or of ours', () => {
    expect(printed.length).toBeGreaterThan(0);
    const secrets = [APP_SECRET, world.teams.token().split('.')[1] ?? '', 'Bearer'];
    for (const text of printed) for (const secret of secrets) expect(text).not.toContain(secret);
  });

  it('that fits an address outside of the list is refused', async () => {
    const serviceUrl = 'https://smba.trafficmanager.net.evil.example/teams/';
    expect(await statusOf({ claims: { serviceurl: serviceUrl } }, { serviceUrl })).toBe(401);
  });

  it('of another channel than Teams is refused', async () => {
    expect(await statusOf({}, { channelId: 'webchat' })).toBe(400);
  });
});

describe('with a right token', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['people of another tenant', { conversation: { id: 'a:emma', tenantId: '12345678-8888-4777-8666-555555555555', conversationType: 'personal' } }],
    ['people whose tenant has two names', { channelData: { tenant: { id: '12345678-8888-4777-8666-555555555555' } } }],
    ['people without a tenant', { conversation: { id: 'a:emma', conversationType: 'personal' }, channelData: {} }],
    ['anonymous people', { from: { id: '29:emma' } }],
    ['people without an Entra id', { from: { id: '29:emma', aadObjectId: 'emma' } }],
    ['apps', { from: { id: '28:another-app', aadObjectId: '11111111-2222-4333-8444-555555555555' } }],
    ['apps that call themselves so', { from: { id: '29:x', aadObjectId: '11111111-2222-4333-8444-555555555555', role: 'bot' } }],
  ])('%s are answered nothing', async (_, facts) => {
    const posted = world.teams.posted.length;
    await world.send(world.activity('emma', { type: 'message', text: 'unblock', ...facts }));
    expect(world.teams.posted.length).toBe(posted);
    const invoke = world.activity('emma', { type: 'invoke', name: 'task/fetch', value: { data: { kind: 'pressed', action: 'start-unblock', target: '' } }, ...facts });
    expect((await world.send(invoke)).status).toBe(403);
  });

  it('a guest is told that only members are served', async () => {
    world.teams.addUser('gus', { role: 'guest' });
    const answer = await world.invoke('gus', 'task/fetch', { data: { kind: 'pressed', action: 'start-unblock', target: '' } });
    expect(JSON.stringify(answer)).toContain('Only full members');
  });

  it('somebody whom Teams calls a member of another tenant is served no more than a guest', async () => {
    world.teams.addUser('ann', { tenantId: TENANT, email: 'ann_example.org#EXT#@example.com' });
    const answer = await world.invoke('ann', 'task/fetch', { data: { kind: 'pressed', action: 'start-unblock', target: '' } });
    expect(JSON.stringify(answer)).toContain('Only full members');
  });
});

describe('while the keys of the Bot Connector cannot be read', () => {
  it('nobody is believed, nothing happens, and Teams may try again', async () => {
    const closed = await TeamsWorld.open({ env: { TEAMS_OPENID_METADATA: 'http://127.0.0.1:9/openid' } });
    const { status } = await closed.send(closed.activity('emma', { type: 'message', text: 'unblock' }));
    expect(status).toBe(500);
    expect(closed.teams.calls).toEqual([]);
    await closed.close();
  });
});

describe('nonsense', () => {
  it.each(['', '[]', 'null', '{', '"text"', '{"type":"message"}', JSON.stringify({ type: 'invoke', channelId: 'msteams' })])('%s is refused and breaks nothing', async (body) => {
    expect([400, 401]).toContain((await world.send(body)).status);
    expect([400, 401]).toContain((await world.send(body, null)).status);
  });

  it('of every kind in an invoke is answered, and the server goes on', async () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    const name = fc.constantFrom('task/fetch', 'task/submit', 'adaptiveCard/action', 'composeExtension/query', '');
    await fc.assert(
      fc.asyncProperty(name, value, async (invoke, content) => {
        const { status } = await world.send(world.activity('emma', { type: 'invoke', name: invoke, value: content }));
        expect([200, 501]).toContain(status);
        // Its own clock stands still, and forty events in twenty seconds are too many.
        world.clock.forward(1_000);
      }),
      { numRuns: 60 },
    );
  });

  it('longer than any activity is refused', async () => {
    expect((await world.send(world.activity('emma', { type: 'message', text: 'x'.repeat(300_000) }))).status).toBe(413);
  });
});

/** An HMAC under what everybody may read: the trap of libraries that let the token choose. */
function hmacToken(): string {
  const [, claims = ''] = world.teams.token().split('.');
  const head = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT', kid: 'key-of-a-test' })).toString('base64url');
  return `${head}.${claims}.${createHmac('sha256', world.teams.publicPem).update(`${head}.${claims}`).digest('base64url')}`;
}
