// Replies that Slack keeps waiting (429): they come when the time is over, or the person is told in another way.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, SlackWorld, textOf, viewIn } from '../support/slack-world.js';
import type { ShownBlock, View } from '../support/slack-service.js';

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open();
});
afterAll(() => world.close());

const AUTHENTICATOR: ShownBlock = { type: 'actions', elements: [{ type: 'button', action_id: 'my-authenticator:0' }] };

/** A press in a dialog, whose answer replaces it; resolves when Slack was asked to. */
async function pressIn(dialog: View): Promise<void> {
  const before = world.slack.called('views.update').length;
  const place = { container: { type: 'view', view_id: dialog.id }, view: dialog };
  await world.send(await world.pressing('emma', { action: 'my-authenticator', blocks: [AUTHENTICATOR], place }));
  await eventually(() => (world.slack.called('views.update').length > before ? true : null));
}

async function toldToEmma(words: string): Promise<boolean> {
  const told = await eventually(async () => {
    const messages = await world.slack.messages(await world.slack.directChannel(world.id('emma')));
    return messages.some((message) => textOf(message).includes(words)) ? true : null;
  }, 50);
  return told === true;
}

describe('a reply that Slack limits', () => {
  it('in the direct chat comes when the time that Slack asked for is over, and not before', async () => {
    const channel = await world.slack.directChannel(world.id('emma'));
    world.slack.limit('chat.postMessage', 20);
    await world.event({ type: 'message', channel_type: 'im', channel, user: world.id('emma'), text: 'hello', ts: '1' });
    await eventually(() => (world.slack.called('chat.postMessage').length > 0 ? true : null));
    await world.later(19_000);
    expect(await world.slack.messages(channel)).toHaveLength(0);
    await world.later(1_000);
    expect(await toldToEmma('I unblock the PIN')).toBe(true);
  });

  it('in a dialog comes into it a little later', async () => {
    const dialog = viewIn(await world.command('emma'));
    world.slack.limit('views.update', 10);
    await pressIn(dialog);
    expect(world.view(dialog.id).title).toEqual(dialog.title);
    await world.later(10_000);
    expect(world.view(dialog.id).title?.text).not.toBe(dialog.title?.text);
  });

  it('in a dialog for longer than anybody waits is told in the direct chat', async () => {
    const dialog = viewIn(await world.command('emma'));
    world.slack.limit('views.update', 600);
    await pressIn(dialog);
    expect(await toldToEmma('took too long')).toBe(true);
    await world.later(600_000);
    expect(world.view(dialog.id).title).toEqual(dialog.title);
  });

  it('on the Home tab comes there a little later', async () => {
    world.slack.limit('views.publish', 5);
    await world.event({ type: 'app_home_opened', tab: 'home', user: world.id('emma'), channel: 'D0' });
    await eventually(() => (world.slack.called('views.publish').length > 0 ? true : null));
    expect(world.slack.homes.size).toBe(0);
    await world.later(5_000);
    expect(textOf(world.slack.homes.get(world.id('emma')) ?? { blocks: [] })).toContain('Emma Novak');
  });

  it('before its dialog is open is told in the direct chat, where there is no other place', async () => {
    const channel = await world.slack.directChannel(world.id('emma'));
    const before = (await world.slack.messages(channel)).length;
    world.slack.limit('views.open', 5);
    await world.shortcut('emma');
    expect(await eventually(async () => ((await world.slack.messages(channel)).length > before ? true : null))).toBe(true);
    expect(textOf((await world.latest('emma')).message)).toContain('took too long');
  });
});

describe('a dialog that cannot be emptied', () => {
  const dialogs = async () => (await world.server?.parts.database.slackDialog.count()) ?? 0;
  const due = (viewId: string) =>
    world.server?.parts.database.slackDialog.create({ data: { viewId, tenant: world.team, emptyAt: world.clock.now() } });

  it('is forgotten when its person has closed it', async () => {
    await due('V0CLOSED');
    world.slack.fail('views.update', 'not_found');
    await world.beat();
    expect(await dialogs()).toBe(0);
  });

  it('is tried again for an hour and no longer', async () => {
    await due('V0STUCK');
    const fail = () => {
      for (let calls = 0; calls < 4; calls += 1) world.slack.fail('views.update', 'internal_error');
    };
    fail();
    await world.beat();
    await world.later(59 * 60_000);
    expect(await dialogs()).toBe(1);
    fail();
    await world.later(2 * 60_000);
    expect(await dialogs()).toBe(0);
  });
});
