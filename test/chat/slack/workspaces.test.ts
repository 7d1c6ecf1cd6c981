// The one workspace of a bot token, alone or in an Enterprise Grid organisation.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '../../../src/lib/log.js';
import { authorizeWith, oneWorkspace } from '../../../src/chat/slack/workspaces.js';
import { SlackApi } from '../../../src/chat/slack/slack-api.js';
import { SlackService } from '../../support/slack-service.js';

let slack: SlackService;
let api: SlackApi;
beforeAll(async () => {
  slack = await SlackService.open([]);
  slack.tokens.set('xoxb-alone', { teamId: 'T1', botUserId: 'U1', botId: 'B1' });
  slack.tokens.set('xoxb-grid', { teamId: 'T1', enterpriseId: 'E1', botUserId: 'U1', botId: 'B1' });
  api = new SlackApi({ apiUrl: slack.apiUrl, clock: () => new Date(), log: silentLog });
});
afterAll(() => slack.close());

describe('the workspace of a token', () => {
  it('is found by its own id alone', async () => {
    const alone = await oneWorkspace('xoxb-alone', api);
    expect(alone.only).toMatchObject({ tenant: 'T1', botId: 'B1', botUserId: 'U1' });
    expect(await alone.from({ teamId: 'T1', enterpriseId: null, orgWide: false })).toBe(alone.only);
    expect(await alone.from({ teamId: 'T2', enterpriseId: 'E1', orgWide: false })).toBeNull();
    expect([await alone.at('T1'), await alone.at('T2'), await alone.reaching('T2')]).toEqual([alone.only, null, []]);
  });

  it('binds people by the organisation where there is one, and hears all its workspaces', async () => {
    const grid = await oneWorkspace('xoxb-grid', api);
    expect(grid.only.tenant).toBe('E1');
    expect(await grid.from({ teamId: 'T2', enterpriseId: 'E1', orgWide: false })).toBe(grid.only);
    expect(await grid.from({ teamId: 'T2', enterpriseId: 'E2', orgWide: false })).toBeNull();
    expect([await grid.at('E1'), await grid.at('T1'), await grid.reaching('E1')]).toEqual([grid.only, grid.only, [grid.only]]);
  });

  it('is refused with Slack\'s own reason when the token is not taken', async () => {
    await expect(oneWorkspace('xoxb-of-nobody', api)).rejects.toMatchObject({ name: 'SlackFault', code: 'refused', reason: 'invalid_auth' });
  });

  it('lends its token to Bolt, and none for a place where the app is not installed', async () => {
    const authorize = authorizeWith(await oneWorkspace('xoxb-alone', api));
    expect(await authorize({ teamId: 'T1', enterpriseId: undefined, isEnterpriseInstall: false })).toMatchObject({ botToken: 'xoxb-alone', teamId: 'T1' });
    await expect(authorize({ teamId: 'T2', enterpriseId: undefined, isEnterpriseInstall: false })).rejects.toMatchObject({ code: 'not-installed' });
  });
});

describe('a limited method', () => {
  it('is not called until its time is over, and the others are', async () => {
    let now = Date.UTC(2026, 5, 1);
    const limited = new SlackApi({ apiUrl: slack.apiUrl, clock: () => new Date(now), log: silentLog });
    const caller = { place: 'T1', botToken: 'xoxb-alone' };
    const list = () => limited.call('conversations.list', caller, (client) => client.conversations.list());
    slack.limit('conversations.list', 20);
    await expect(list()).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 20_000 });
    now += 19_000;
    await expect(list()).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 1_000 });
    expect(slack.called('conversations.list')).toHaveLength(1);
    expect((await limited.call('auth.test', caller, (client) => client.auth.test())).ok).toBe(true);
    now += 1_000;
    expect((await list()).ok).toBe(true);
  });
});
