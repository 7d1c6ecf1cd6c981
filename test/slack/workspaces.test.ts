// Two workspaces: installed by OAuth with a state that works once, tokens sealed, each answered with its own.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examineSlack } from '../../src/app/slack-doctor.js';
import { eventually, SlackWorld, TEAM, viewIn } from '../support/slack-world.js';

const PUBLIC_URL = 'http://countersign.test';
const REDIRECT = `${PUBLIC_URL}/slack/oauth_redirect`;
const SECOND = 'T0SECOND';

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open({
    redirectUri: REDIRECT,
    env: {
      SLACK_BOT_TOKEN: '',
      SLACK_CLIENT_ID: 'client',
      SLACK_CLIENT_SECRET: 'client-secret',
      SLACK_WORKSPACES: `${TEAM}, ${SECOND}`,
      SLACK_HELPDESK_CHANNEL: '',
      SLACK_SECURITY_CHANNEL: '',
      COUNTERSIGN_PUBLIC_URL: PUBLIC_URL,
    },
  });
});
afterAll(() => world.close());

interface Begun {
  readonly state: string;
  readonly cookie: string;
  readonly authorize: URL;
}

async function begin(): Promise<Begun> {
  const answer = await fetch(`${world.address}/slack/install`, { redirect: 'manual' });
  const authorize = new URL(answer.headers.get('location') ?? '');
  return { authorize, state: authorize.searchParams.get('state') ?? '', cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
}

/** The administrator agrees on Slack's page; the browser is led back with a code. */
async function agree({ state }: Begun, scope: string): Promise<string> {
  const fields = { user_id: world.id('sam'), redirect_uri: REDIRECT, scope, user_scope: '', state, client_id: 'client' };
  const answer = await fetch(`${world.slack.url}/oauth/v2/authorize/callback`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
  return new URL(answer.headers.get('location') ?? '').search;
}

async function comeBack(query: string, cookie: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(`${world.address}/slack/oauth_redirect${query}`, { headers: { cookie } });
  return { status: answer.status, text: await answer.text() };
}

async function install(team: string) {
  world.slack.installingTeam = team;
  const begun = await begin();
  return await comeBack(await agree(begun, begun.authorize.searchParams.get('scope') ?? ''), begun.cookie);
}

const installations = () => world.server?.parts.database.slackInstallation.findMany({ orderBy: { tenant: 'asc' } }) ?? Promise.resolve([]);

describe('an installation', () => {
  it('asks for the least scopes and leads back to us', async () => {
    const { authorize, state } = await begin();
    expect(authorize.searchParams.get('scope')?.split(',').sort()).toEqual(
      ['channels:read', 'chat:write', 'commands', 'groups:read', 'im:history', 'im:write', 'users:read', 'users:read.email'],
    );
    expect(authorize.searchParams.get('redirect_uri')).toBe(REDIRECT);
    expect(state).toMatch(/^[\w-]{22}$/);
  });

  it.each([
    ['with a state that was never given out', (begun: Begun) => ({ ...begun, state: 'x'.repeat(22), cookie: begun.cookie.replace(begun.state, 'x'.repeat(22)) })],
    ['in another browser than it was begun in', (begun: Begun) => ({ ...begun, cookie: '' })],
  ])('is refused %s', async (_what, change) => {
    const begun = change(await begin());
    expect(await comeBack(await agree(begun, 'commands'), begun.cookie)).toMatchObject({ status: 400, text: expect.stringContaining('not installed') });
    expect(await installations()).toHaveLength(0);
  });

  it('that cannot begin says nothing of what is inside', async () => {
    const database = world.server?.parts.database;
    await database?.$executeRawUnsafe('ALTER TABLE "SlackInstallState" RENAME TO "SlackInstallStateAway"');
    const answer = await fetch(`${world.address}/slack/install`, { redirect: 'manual' });
    await database?.$executeRawUnsafe('ALTER TABLE "SlackInstallStateAway" RENAME TO "SlackInstallState"');
    expect([answer.status, await answer.text()]).toEqual([500, '']);
  });

  it('is begun so often a minute and no more', async () => {
    world.clock.forward(60_000);
    const statuses: number[] = [];
    for (let nth = 0; nth < 21; nth += 1) statuses.push((await fetch(`${world.address}/slack/install`, { redirect: 'manual' })).status);
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 302), 429]);
    world.clock.forward(60_000);
  });

  it('is refused when it was begun more than ten minutes ago', async () => {
    const begun = await begin();
    const query = await agree(begun, 'commands');
    world.clock.forward(601_000);
    expect((await comeBack(query, begun.cookie)).status).toBe(400);
  });

  it('is refused in a workspace that is not named', async () => {
    expect(await install('T0FOREIGN')).toMatchObject({ status: 403, text: expect.stringContaining('SLACK_WORKSPACES') });
    expect(await installations()).toHaveLength(0);
  });

  it('that is refused gives its token back to Slack', () => {
    const [revoked] = world.slack.called('auth.revoke').slice(-1);
    expect(revoked?.answer).toEqual({ ok: true, revoked: true });
    expect(world.slack.tokens.has(revoked?.token ?? '')).toBe(false);
  });

  it('is kept with its token sealed, and works once', async () => {
    world.slack.installingTeam = TEAM;
    const begun = await begin();
    const query = await agree(begun, 'commands');
    expect(await comeBack(query, begun.cookie)).toMatchObject({ status: 200, text: expect.stringContaining('installed') });
    expect((await comeBack(query, begun.cookie)).status).toBe(400);
    expect(await install(SECOND)).toMatchObject({ status: 200 });
    const rows = await installations();
    expect(rows.map(({ tenant }) => tenant)).toEqual([TEAM, SECOND]);
    const tokens = [...world.slack.tokens.keys()];
    for (const row of rows) expect(tokens.filter((token) => Buffer.from(row.sealedTokens).includes(token))).toEqual([]);
  });
});

describe('the doctor', () => {
  const channels = async (env: Readonly<Record<string, string>> = {}) => {
    const { slack } = world.config;
    if (slack === null) throw new Error('Slack is not set up');
    const findings = await examineSlack(world.config, { ...slack, channels: { ...slack.channels, ...env } }, world.clock.now);
    return findings.filter(({ about }) => about === 'channel').map(({ state, text }) => [state, text]);
  };

  it('says which channel is not set, and which is in a workspace without the app', async () => {
    expect(await channels()).toEqual([
      ['warning', expect.stringContaining('set SLACK_HELPDESK_CHANNEL')],
      ['warning', expect.stringContaining('set SLACK_SECURITY_CHANNEL')],
    ]);
    expect(await channels({ helpdesk: 'T0NOWHERE/C1', security: `${TEAM}/C1` })).toEqual([
      ['problem', expect.stringContaining('C1 cannot be seen')],
      ['problem', expect.stringContaining('where the app is not installed')],
    ]);
  });
});

describe('a person in each workspace', () => {
  it('is answered with that workspace\'s token, and is nobody in the other', async () => {
    viewIn(await world.command('emma'));
    const opened = world.slack.called('views.open').at(-1);
    expect(world.slack.tokens.get(opened?.token ?? '')?.teamId).toBe(TEAM);
    world.team = SECOND;
    world.slack.users.set(world.id('emma'), { team_id: SECOND });
    expect(await world.command('emma')).toMatchObject({ body: { text: expect.stringContaining('I do not know this account') } });
    const asked = world.slack.called('users.info').at(-1);
    expect(world.slack.tokens.get(asked?.token ?? '')?.teamId).toBe(SECOND);
    world.team = TEAM;
  });

  it('is answered as before when only tokens of people were revoked', async () => {
    world.team = SECOND;
    await world.event({ type: 'tokens_revoked', tokens: { oauth: ['U0SOMEBODY'], bot: [] } });
    await world.beat();
    expect(await installations()).toHaveLength(2);
    world.team = TEAM;
  });

  it.each([['app_uninstalled', {}], ['tokens_revoked', { tokens: { oauth: [], bot: ['U0BOT'] } }]])('is not answered any more after %s', async (type, more) => {
    await install(SECOND);
    world.team = SECOND;
    await world.event({ type, ...more });
    await eventually(async () => ((await installations()).length === 1 ? true : null));
    expect((await installations()).map(({ tenant }) => tenant)).toEqual([TEAM]);
    world.team = TEAM;
  });

  it('is not answered when somebody changed the stored installation', async () => {
    const before = world.slack.views.size;
    await world.server?.parts.database.slackInstallation.updateMany({ data: { botUserId: 'U0OTHER' } });
    await world.command('emma').catch(() => null);
    expect(world.slack.views.size).toBe(before);
  }, 15_000);
});
