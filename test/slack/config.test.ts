// Slack's variables: all that is wrong with them at once, without quoting a secret.
import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig } from '../../src/config.js';

const ONE = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's' };
const SEVERAL = {
  SLACK_CLIENT_ID: '1.2',
  SLACK_CLIENT_SECRET: 'x',
  SLACK_WORKSPACES: 'T1, E2',
  SLACK_SIGNING_SECRET: 's',
  COUNTERSIGN_PUBLIC_URL: 'https://unblock.example.com',
};

function problems(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('Slack\'s variables', () => {
  it('are none, for one workspace, for Socket Mode, or for several workspaces', () => {
    expect(readConfig({}).slack).toBeNull();
    expect(readConfig(ONE).slack).toMatchObject({ botToken: 'xoxb-1', oauth: null, linkByEmail: false, apiUrl: 'https://slack.com/api/' });
    expect(readConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }).slack).toMatchObject({ appToken: 'xapp-1', signingSecret: null });
    expect(readConfig(SEVERAL).slack?.oauth?.workspaces).toEqual(['T1', 'E2']);
  });

  it.each([
    ['a token alone', { SLACK_BOT_TOKEN: 'xoxb-1' }, ['SLACK_SIGNING_SECRET']],
    ['a secret alone', { SLACK_SIGNING_SECRET: 's' }, ['SLACK_BOT_TOKEN']],
    ['a channel alone', { SLACK_HELPDESK_CHANNEL: 'C1' }, ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET']],
    ['one workspace and several', { ...ONE, ...SEVERAL }, ['remove one of them']],
    ['half of a client', { ...SEVERAL, SLACK_CLIENT_SECRET: '' }, ['belong together']],
    ['several without a list', { ...SEVERAL, SLACK_WORKSPACES: '' }, ['SLACK_WORKSPACES']],
    ['several without an address', { ...SEVERAL, COUNTERSIGN_PUBLIC_URL: '' }, ['COUNTERSIGN_PUBLIC_URL']],
    ['a channel\'s name', { ...ONE, SLACK_HELPDESK_CHANNEL: '#helpdesk' }, ['SLACK_HELPDESK_CHANNEL']],
    ['a channel of several workspaces without its own', { ...SEVERAL, SLACK_HELPDESK_CHANNEL: 'C1' }, ['T0123ABCD/C0456EFGH']],
    ['neither yes nor no', { ...ONE, SLACK_LINK_BY_EMAIL: 'true' }, ['SLACK_LINK_BY_EMAIL']],
    ['a stranger\'s API', { ...ONE, SLACK_API_URL: 'https://slack.evil.example/api/' }, ['SLACK_API_URL']],
    ['an API of one\'s own in production', { ...ONE, SLACK_API_URL: 'http://127.0.0.1:1/', NODE_ENV: 'production' }, ['SLACK_API_URL']],
  ])('with %s are refused with what to do', (_what, env, words) => {
    const found = problems(env);
    expect(found).toHaveLength(words.length);
    words.forEach((word, at) => expect(found[at]).toContain(word));
  });

  it('that were swapped are refused without being quoted', () => {
    const found = problems({ SLACK_BOT_TOKEN: 'xapp-secret-one', SLACK_APP_TOKEN: 'xoxb-secret-two' });
    expect(found).toEqual([expect.stringContaining('SLACK_BOT_TOKEN'), expect.stringContaining('SLACK_APP_TOKEN')]);
    expect(found.join(' ')).not.toContain('secret-');
  });
});
