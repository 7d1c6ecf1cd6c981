// `countersign doctor`: what it finds in Slack, and what it says to do.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examineSlack } from '../../src/app/slack-doctor.js';
import type { Finding } from '../../src/chat/finding.js';
import { knock } from '../../src/chat/slack/doctor.js';
import { SCOPE_NAMES } from '../../src/chat/slack/scopes.js';
import { readConfig } from '../../src/config.js';
import { BOT_TOKEN, SIGNING_SECRET, SlackWorld } from '../support/slack-world.js';

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open();
});
afterAll(() => world.close());

async function examine(env: Readonly<Record<string, string>> = {}): Promise<readonly Finding[]> {
  const config = readConfig({
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: world.slack.apiUrl,
    SLACK_HELPDESK_CHANNEL: await world.slack.channelId('helpdesk'),
    ...env,
  });
  if (config.slack === null) throw new Error('Slack is not set up');
  return await examineSlack(config, config.slack);
}

const about = (findings: readonly Finding[], what: Finding['about']) => findings.filter((one) => one.about === what);

describe('the doctor', () => {
  it('finds a token that works, and the scopes that it has', async () => {
    const findings = await examine();
    expect(about(findings, 'token')).toMatchObject([{ state: 'ok', text: expect.stringContaining('T000000001') }]);
    expect(about(findings, 'scopes')).toMatchObject([{ state: 'ok' }]);
    expect(about(findings, 'clock')).toMatchObject([{ state: 'ok' }]);
  });

  it('says which scope is missing and what for, and which one is too many', async () => {
    world.slack.scopes = [...SCOPE_NAMES.filter((name) => name !== 'im:write'), 'channels:history'];
    const findings = about(await examine(), 'scopes');
    world.slack.scopes = [...SCOPE_NAMES];
    expect(findings).toMatchObject([
      { state: 'problem', text: expect.stringContaining('im:write is missing (open a direct chat with a person)') },
      { state: 'warning', text: expect.stringContaining('channels:history') },
    ]);
  });

  it('says that a token is not taken', async () => {
    expect(about(await examine({ SLACK_BOT_TOKEN: 'xoxb-of-nobody' }), 'token')).toMatchObject([{ state: 'problem', text: expect.stringContaining('(invalid_auth)') }]);
  });

  it.each([
    [{ is_ext_shared: true }, 'problem', 'shared with another organisation'],
    [{ is_pending_ext_shared: true }, 'problem', 'shared with another organisation'],
    [{ is_archived: true }, 'problem', 'archived'],
    [{ is_member: false }, 'problem', '/invite'],
    [{ is_member: true, is_private: false }, 'warning', 'public'],
    [{ is_member: true, is_private: true }, 'ok', 'private'],
  ])('looks at the channel: %p is a %s', async (facts, state, words) => {
    const channel = await world.slack.channelId('helpdesk');
    world.slack.channels.set(channel, facts);
    const [found] = about(await examine(), 'channel');
    world.slack.channels.delete(channel);
    expect(found).toMatchObject({ state, text: expect.stringContaining(words) });
  });

  it('says that no channel is set, and that one cannot be seen', async () => {
    const findings = about(await examine({ SLACK_HELPDESK_CHANNEL: 'C0NOWHERE' }), 'channel');
    expect(findings).toMatchObject([
      { state: 'problem', text: expect.stringContaining('channel_not_found') },
      { state: 'warning', text: expect.stringContaining('set SLACK_SECURITY_CHANNEL') },
    ]);
  });

  it('wants an https address, and a secret that looks like one', async () => {
    const findings = await examine({ COUNTERSIGN_PUBLIC_URL: 'http://unblock.example.com' });
    expect(about(findings, 'address')).toMatchObject([{ state: 'problem', text: expect.stringContaining('no https address') }]);
    expect(about(findings, 'signing secret')).toMatchObject([{ state: 'warning' }]);
  });

  it('knocks at the address with the secret that is set', async () => {
    expect(await knock(world.address, SIGNING_SECRET, world.clock.now)).toMatchObject({ state: 'ok' });
    expect(await knock(world.address, 'another', world.clock.now)).toMatchObject({ state: 'problem', about: 'signing secret' });
    expect(await knock('http://127.0.0.1:1', SIGNING_SECRET, world.clock.now)).toMatchObject({ state: 'problem', about: 'address' });
  });

  it('opens Socket Mode with the app-level token', async () => {
    world.slack.socketUrls = ['ws://127.0.0.1:1'];
    expect(about(await examine({ SLACK_APP_TOKEN: 'xapp-of-a-test' }), 'socket mode')).toMatchObject([{ state: 'ok' }]);
  });
});
