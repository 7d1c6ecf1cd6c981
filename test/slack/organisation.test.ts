// An app that is installed on a whole Enterprise Grid organisation: people, channels and tokens go by the organisation.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examineSlack } from '../../src/app/slack-doctor.js';
import { readPeopleFile } from '../../src/directory/people-file.js';
import { newChallenge } from '../flows/steps.js';
import { buttonsOf, eventually, NAMES, SlackWorld, TEAM, textOf, viewIn } from '../support/slack-world.js';

const ORGANISATION = 'E000000001';
const PUBLIC_URL = 'http://countersign.test';
const REDIRECT = `${PUBLIC_URL}/slack/oauth_redirect`;

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open({
    bound: false,
    redirectUri: REDIRECT,
    env: {
      SLACK_BOT_TOKEN: '',
      SLACK_CLIENT_ID: 'client',
      SLACK_CLIENT_SECRET: 'client-secret',
      SLACK_WORKSPACES: ORGANISATION,
      // The emulator's first channels; SlackWorld's own names have no organisation.
      SLACK_HELPDESK_CHANNEL: `${ORGANISATION}/C000000001`,
      SLACK_SECURITY_CHANNEL: `${ORGANISATION}/C000000002`,
      COUNTERSIGN_PUBLIC_URL: PUBLIC_URL,
    },
  });
  world.enterprise = ORGANISATION;
  world.slack.installingTeam = null;
  world.slack.installingEnterprise = ORGANISATION;
  const lines = NAMES.map((name) => `${name},${name},${name}@example.com,${name === 'emma' ? 'dana@example.com' : ''},${name === 'sam' ? 'helpdesk' : ''},${ORGANISATION}/${world.id(name)}`);
  const { people } = readPeopleFile(['id,name,e-mail,manager,groups,slack', ...lines].join('\n'));
  expect(await world.server?.parts.people.import(people, null)).toMatchObject({ linked: NAMES.length });
  for (const name of NAMES) world.slack.users.set(world.id(name), { team_id: 'T0ELSEWHERE', enterprise_user: { enterprise_id: ORGANISATION } });
});
afterAll(() => world.close());

/** The administrator follows the address, agrees, and comes back. */
async function install(): Promise<number> {
  const begun = await fetch(`${world.address}/slack/install`, { redirect: 'manual' });
  const authorize = new URL(begun.headers.get('location') ?? '');
  const state = authorize.searchParams.get('state') ?? '';
  const fields = { user_id: world.id('sam'), redirect_uri: REDIRECT, scope: 'commands', user_scope: '', state, client_id: 'client' };
  const agreed = await fetch(`${world.slack.url}/oauth/v2/authorize/callback`, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(fields).toString() });
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return (await fetch(`${world.address}/slack/oauth_redirect${new URL(agreed.headers.get('location') ?? '').search}`, { headers: { cookie } })).status;
}

const installations = async () => (await world.server?.parts.database.slackInstallation.findMany()) ?? [];

describe('an organisation', () => {
  it('is installed as one, under its own id', async () => {
    expect(await install()).toBe(200);
    expect(await installations()).toMatchObject([{ tenant: ORGANISATION, enterpriseId: ORGANISATION, teamId: null, orgWide: true }]);
  });

  it('has its people asked, answered and written to with its one token, whichever workspace they are in', async () => {
    for (const team of [TEAM, 'T0ANOTHER']) {
      world.team = team;
      expect(viewIn(await world.command('emma')).title?.text).toBe('Unblock my card');
    }
    const dialog = viewIn(await world.command('emma', newChallenge()));
    expect(textOf(viewIn(await world.submit('emma', dialog, { code: world.code('emma'), reason: 'PIN forgotten' })))).toContain('Your code was accepted');
    await world.beat();
    expect(textOf((await world.latest('emma')).message)).toContain('Waiting for dana');
    expect(buttonsOf((await world.latest({ channel: 'C000000001' })).message)).toEqual(['approve', 'deny']);
    const tokens = new Set(world.slack.calls.filter(({ method }) => method.startsWith('chat.') || method.startsWith('views.')).map(({ token }) => world.slack.tokens.get(token)?.enterpriseId));
    expect([...tokens]).toEqual([ORGANISATION]);
  });

  it('decides in any of its workspaces', async () => {
    world.team = 'T0THIRD';
    const approval = viewIn(await world.press('dana', 'approve', await world.latest('dana')));
    expect(textOf(viewIn(await world.submit('dana', approval, { code: world.code('dana') })))).toBe('Your approval was recorded.');
    await world.beat();
    expect(textOf((await world.latest('emma')).message)).toContain('Approved by dana');
    expect(textOf(await world.openHome('liam'))).toContain('Hello liam');
  });

  it('does not answer people of another organisation, nor those whom it only hosts as guests', async () => {
    world.clock.forward(6 * 60_000);
    world.slack.users.set(world.id('eve'), { team_id: 'T0ELSEWHERE', enterprise_user: { enterprise_id: 'E0OTHER' } });
    expect(await world.command('eve')).toMatchObject({ body: { text: expect.stringContaining('Only full members') } });
    world.clock.forward(6 * 60_000);
    world.slack.users.set(world.id('eve'), { is_restricted: true, enterprise_user: { enterprise_id: ORGANISATION } });
    expect(await world.command('eve')).toMatchObject({ body: { text: expect.stringContaining('Only full members') } });
  });

  it('is looked at by the doctor under its own id, also its channels', async () => {
    const { slack } = world.config;
    if (slack === null) throw new Error('Slack is not set up');
    const looked = async (helpdesk: string) => {
      const found = await examineSlack(world.config, { ...slack, channels: { helpdesk, security: null } }, world.clock.now);
      return found.filter(({ about }) => about === 'channel' || about === 'token').map(({ state, text }) => `${state}: ${text}`);
    };
    world.slack.channels.set('C000000001', { is_member: true, is_private: true });
    expect(await looked(`${ORGANISATION}/C000000001`)).toEqual([expect.stringMatching(/^ok: The bot token works/), expect.stringMatching(/^ok: .*private/), expect.stringContaining('SLACK_SECURITY_CHANNEL')]);
    expect((await looked(`${TEAM}/C000000001`)).join('\n')).toContain('E…/C…');
  });

  it('is forgotten when it takes the app out', async () => {
    await world.event({ type: 'app_uninstalled' });
    expect(await eventually(async () => ((await installations()).length === 0 ? true : null))).toBe(true);
  });
});
