// An organisation whose workspaces have the app one by one: each person is reached where they are.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Members } from '../../../src/chat/slack/members.js';
import { SlackPlatform } from '../../../src/chat/slack/platform.js';
import { SlackApi } from '../../../src/chat/slack/slack-api.js';
import type { Workspace, Workspaces } from '../../../src/chat/slack/workspaces.js';
import { silentLog } from '../../../src/lib/log.js';
import { SlackService } from '../../support/slack-service.js';

const workspace = (teamId: string): Workspace => ({ place: teamId, tenant: 'E1', teamId, enterpriseId: 'E1', botToken: `xoxb-${teamId}`, botId: 'B1', botUserId: 'U1' });
const clock = () => new Date(Date.UTC(2026, 5, 1));

let slack: SlackService;
let installed: Workspace[];
let workspaces: Workspaces;
let api: SlackApi;
let userId: string;
beforeEach(async () => {
  slack = await SlackService.open([{ name: 'emma', email: 'emma@example.com' }]);
  installed = [workspace('T1'), workspace('T2')];
  for (const { botToken, place } of installed) slack.tokens.set(botToken, { teamId: place, enterpriseId: 'E1', botUserId: 'U1', botId: 'B1' });
  workspaces = {
    from: () => Promise.resolve(null),
    at: (place) => Promise.resolve(installed.find((one) => one.place === place) ?? null),
    reaching: (tenant) => Promise.resolve(tenant === 'E1' ? installed : []),
  };
  api = new SlackApi({ apiUrl: slack.apiUrl, clock, log: silentLog });
  userId = await slack.userId('emma@example.com');
  slack.users.set(userId, { enterprise_user: { enterprise_id: 'E1' } });
});
afterEach(() => slack.close());

const platform = () => new SlackPlatform({ api, workspaces, members: new Members(api, workspaces, clock), channels: { helpdesk: 'T2/C1', security: null }, home: null, clock });
const emma = () => ({ kind: 'account' as const, tenant: 'E1', userId });
const message = { title: 'Hello', tone: 'neutral' as const, blocks: [], buttons: [] };

describe('a person of the organisation', () => {
  it('is written to by the workspace that knows them', async () => {
    const chat = platform();
    slack.fail('conversations.open', 'user_not_found');
    const address = await chat.addressOf(emma());
    expect(address).toMatch(/^T2\/D/);
    await chat.post(address ?? '', message);
    expect(slack.called('chat.postMessage').map(({ token }) => token)).toEqual(['xoxb-T2']);
    expect(await chat.addressOf(emma())).toBe(address);
    expect(slack.called('conversations.open')).toHaveLength(2);
  });

  it('is written to by another workspace once the app was taken out of the first', async () => {
    const chat = platform();
    expect(await chat.addressOf(emma())).toMatch(/^T1\//);
    installed.shift();
    expect(await chat.addressOf(emma())).toMatch(/^T2\//);
    installed.shift();
    expect(await chat.addressOf(emma())).toBeNull();
  });

  it('whom no workspace knows cannot be reached', async () => {
    slack.fail('conversations.open', 'user_not_found');
    slack.fail('conversations.open', 'user_not_found');
    await expect(platform().addressOf(emma())).rejects.toMatchObject({ name: 'Undeliverable' });
  });

  it('is asked about where they did something, else in each workspace', async () => {
    const asked = () => slack.called('users.info').map(({ token }) => token);
    expect((await new Members(api, workspaces, clock).find('E1', userId, installed[1])).full).toBe(true);
    expect(asked()).toEqual(['xoxb-T2']);
    slack.fail('users.info', 'user_not_found');
    expect((await new Members(api, workspaces, clock).find('E1', userId)).full).toBe(true);
    expect(asked().slice(1)).toEqual(['xoxb-T1', 'xoxb-T2']);
  });
});
