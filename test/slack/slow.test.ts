// Slack's clock: what is not ready in time is announced by a dialog that waits, and comes when it is there.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { silentLog } from '../../src/lib/log.js';
import type { Reply } from '../../src/chat/event.js';
import type { Form } from '../../src/chat/message.js';
import { Dialogs } from '../../src/chat/slack/dialogs.js';
import { HeldErrands } from '../../src/chat/slack/held.js';
import { Showing } from '../../src/chat/slack/showing.js';
import { SlackApi } from '../../src/chat/slack/slack-api.js';
import type { Workspace } from '../../src/chat/slack/workspaces.js';
import { ENGLISH } from '../../src/chat/english.js';
import { languagesWith } from '../../src/chat/languages.js';
import { BOT_TOKEN, TEAM, textOf } from '../support/slack-world.js';
import { SlackService } from '../support/slack-service.js';

const workspace: Workspace = { place: TEAM, tenant: TEAM, teamId: TEAM, enterpriseId: null, botToken: BOT_TOKEN, botId: 'B0', botUserId: 'U0' };
const clock = () => new Date();
const languages = languagesWith('en', 'UTC', Date.now);

let slack: SlackService;
let dialogs: Dialogs;
let showing: Showing;
let userId: string;
beforeEach(async () => {
  slack = await SlackService.open([{ name: 'emma', email: 'emma@example.com' }]);
  slack.tokens.set(BOT_TOKEN, { teamId: TEAM, botUserId: 'U0', botId: 'B0' });
  userId = await slack.userId('emma@example.com');
  const api = new SlackApi({ apiUrl: slack.apiUrl, clock, log: silentLog });
  const memory = { takeDelivery: () => Promise.resolve(true), keepDialog: () => Promise.resolve(), forgetDialog: () => Promise.resolve(), claimDialogs: () => Promise.resolve([]) };
  const workspaces = { from: () => Promise.resolve(workspace), at: () => Promise.resolve(workspace), reaching: () => Promise.resolve([workspace]) };
  dialogs = new Dialogs({ api, workspaces, memory, languages, clock, log: silentLog });
  const held = new HeldErrands(clock, silentLog);
  showing = new Showing({ api, dialogs, held, wordsFor: () => ENGLISH, clock, log: silentLog });
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

  it('and finds something wrong with a dialog brings it back as it was filled in, but for the code', async () => {
    const form = callerCodeForm();
    const opened = await dialogs.open(workspace, await slack.triggerId(userId), dialogs.draw(form));
    const [challenge = '', code = ''] = (slack.views.get(opened)?.blocks ?? []).map(({ block_id: id = '' }) => id);
    await dialogs.replace(workspace, opened, dialogs.waiting(ENGLISH));
    const { title, submit = null, close = null, private_metadata: metadata = '', blocks } = dialogs.draw(form).view;
    const values = { [challenge]: { value: { value: '1603 EBDF 1C8A 2E72' } }, [code]: { value: { value: '123456' } } };
    const sent = { id: opened, title, submit, close, private_metadata: metadata, blocks, state: { values } };
    await showing.sentBack(sent, { code: 'That code was not accepted.' }, { workspace, userId });
    const [wrong, first, second] = slack.views.get(opened)?.blocks ?? [];
    expect(wrong?.text?.text).toBe('⚠️ That code was not accepted.');
    expect([first?.element?.initial_value, second?.element?.initial_value]).toEqual(['1603 EBDF 1C8A 2E72', undefined]);
  });
});

function callerCodeForm(): Form {
  const fields: Form['fields'] = [
    { id: 'challenge', label: 'Challenge', kind: 'line', maxLength: 100 },
    { id: 'code', label: 'Code', kind: 'one-time-code', maxLength: 40 },
  ];
  return { name: 'unblock', formId: 'A'.repeat(22), target: '', title: 'Unblock', blocks: [], fields, submit: 'Send', buttons: [], frame: ENGLISH.frame };
}
