// Slack's clock: what is not ready in time is announced by a dialog that waits, and comes when it is there.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { silentLog } from '../../src/lib/log.js';
import type { Reply } from '../../src/chat/event.js';
import { Dialogs } from '../../src/chat/slack/dialogs.js';
import { Showing } from '../../src/chat/slack/showing.js';
import { SlackApi } from '../../src/chat/slack/slack-api.js';
import type { Workspace } from '../../src/chat/slack/workspaces.js';
import { ENGLISH } from '../../src/chat/english.js';
import { BOT_TOKEN, TEAM, textOf } from '../support/slack-world.js';
import { SlackService } from '../support/slack-service.js';

const workspace: Workspace = { tenant: TEAM, teamId: TEAM, enterpriseId: null, botToken: BOT_TOKEN, botId: 'B0', botUserId: 'U0' };
const clock = () => new Date();

let slack: SlackService;
let showing: Showing;
let userId: string;
beforeEach(async () => {
  slack = await SlackService.open([{ name: 'emma', email: 'emma@example.com' }]);
  slack.tokens.set(BOT_TOKEN, { teamId: TEAM, botUserId: 'U0', botId: 'B0' });
  userId = await slack.userId('emma@example.com');
  const api = new SlackApi({ apiUrl: slack.apiUrl, clock, log: silentLog });
  const memory = { takeDelivery: () => Promise.resolve(true), keepDialog: () => Promise.resolve(), forgetDialog: () => Promise.resolve(), claimDialogs: () => Promise.resolve([]) };
  const workspaces = { from: () => Promise.resolve(workspace), of: () => Promise.resolve(workspace) };
  const dialogs = new Dialogs({ api, workspaces, memory, words: ENGLISH, clock, log: silentLog });
  showing = new Showing({ api, dialogs, words: ENGLISH, log: silentLog });
});
afterEach(() => slack.close());

describe('a reply that takes longer than a trigger lives', () => {
  it('comes into the dialog that was opened for it', async () => {
    let answer: (reply: Reply) => void = () => undefined;
    const pending = new Promise<Reply>((resolve) => {
      answer = resolve;
    });
    const respond = jest.fn<() => Promise<Response>>().mockResolvedValue(new Response());
    const shown = showing.whenReady(pending, { workspace, userId, triggerId: await slack.triggerId(userId), viewId: null, respond });
    while (slack.views.size === 0) await new Promise((resolve) => setImmediate(resolve));
    const [waiting] = slack.views.values();
    expect(textOf(waiting ?? { blocks: [] })).toBe('One moment, please.');
    answer({ kind: 'done', say: 'Your approval was recorded.' });
    await shown;
    expect(slack.views.size).toBe(1);
    expect(textOf([...slack.views.values()][0] ?? { blocks: [] })).toBe('Your approval was recorded.');
    expect(respond).not.toHaveBeenCalled();
  });
});
