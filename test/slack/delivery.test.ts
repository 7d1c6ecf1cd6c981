// What Slack does to us: rate limits, revoked tokens, slow answers, dialogs that stay open, a restart in between.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newChallenge } from '../flows/steps.js';
import { buttonsOf, eventually, SlackWorld, textOf, viewIn } from '../support/slack-world.js';
import type { View } from '../support/slack-service.js';

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open();
});
afterAll(() => world.close());

type Holder = 'emma' | 'liam' | 'dana';

async function open(name: Holder): Promise<void> {
  const dialog = viewIn(await world.command(name));
  const sent = viewIn(await world.submit(name, dialog, { challenge: newChallenge(), code: await world.freshCode(name), reason: 'PIN forgotten' }));
  expect(textOf(sent)).toContain('Your code was accepted');
  await world.beat();
}

async function approve(name: 'dana' | 'sam', place: Parameters<SlackWorld['latest']>[0]): Promise<void> {
  const approval = viewIn(await world.press(name, 'approve', await world.latest(place)));
  viewIn(await world.submit(name, approval, { code: await world.freshCode(name) }));
  await world.beat();
}

async function reveal(name: Holder): Promise<View> {
  const confirm = viewIn(await world.press(name, 'show-response', await world.latest(name)));
  return viewIn(await world.submit(name, confirm, {}));
}

const helpdesk = async () => ({ channel: await world.slack.channelId('helpdesk') });

describe('a message that Slack limits', () => {
  it('is posted once the wait that Slack asked for is over, and not before', async () => {
    world.slack.limit('chat.postMessage', 90);
    await open('emma');
    const calls = () => world.slack.called('chat.postMessage').filter(({ answer }) => answer.ok !== true).length;
    expect(calls()).toBe(1);
    await world.later(60_000);
    expect(calls()).toBe(1);
    await world.later(60_000);
    await world.beat();
    expect(textOf((await world.latest('emma')).message)).toContain('Waiting for Dana Weber');
    expect(buttonsOf((await world.latest('dana')).message)).toEqual(['approve', 'deny', 'not-my-report']);
    expect(await world.slack.messages((await helpdesk()).channel)).toHaveLength(1);
  });
});

describe('a denied request', () => {
  it('is denied with a reason in a dialog; each copy says by whom, and an old button explains itself to its clicker alone', async () => {
    const old = await world.latest('dana');
    const denial = viewIn(await world.press('sam', 'deny', await world.latest(await helpdesk())));
    viewIn(await world.submit('sam', denial, { reason: 'Call us <@everyone>' }));
    await world.beat();
    expect(textOf((await world.latest('emma')).message)).toContain('Denied by Sam Ortiz: Call us <@everyone>');
    expect(buttonsOf((await world.latest(await helpdesk())).message)).toEqual([]);
    expect(await world.press('dana', 'approve', old)).toMatchObject({
      body: { response_type: 'ephemeral', replace_original: false, text: expect.stringContaining('cannot be done any more') },
    });
  });
});

describe('a copy that nobody remembers', () => {
  it('is put right by the first press on it', async () => {
    const { channel, message } = await world.latest('dana');
    const old = (await world.slack.ask('chat.postMessage', {
      channel,
      text: 'left by a crash',
      blocks: JSON.stringify([{ type: 'actions', elements: [{ type: 'button', action_id: 'approve:0', text: { type: 'plain_text', text: 'Approve' }, value: await anyRequest() }] }]),
    })) as { ts: string };
    const copy = (await world.slack.messages(channel)).find(({ ts }) => ts === old.ts);
    await world.press('dana', 'approve', { channel, message: copy ?? message });
    const put = await eventually(async () => (await world.slack.messages(channel)).find((one) => one.ts === old.ts && textOf(one).includes('Denied by Sam Ortiz')) ?? null);
    expect(buttonsOf(put ?? {})).toEqual([]);
  });

  const anyRequest = async () => (await world.server?.parts.database.request.findFirst({ orderBy: { openedAt: 'desc' } }))?.id ?? '';
});

describe('a dialog with a response', () => {
  it('is emptied when its window ends, also by a process that did not open it', async () => {
    await open('liam');
    await approve('dana', 'dana');
    const shown = await reveal('liam');
    expect(textOf(shown)).toMatch(/^[0-9A-F]{16}$/m);
    await world.restart();
    await world.later(4 * 60_000);
    expect(world.slack.called('views.update')).toHaveLength(0);
    world.slack.limit('views.update', 5);
    await world.later(61_000);
    await world.later(30_000);
    expect(textOf(world.view(shown.id))).toBe('The time to look at this is over, so it is not shown any more.');
    await world.later(120_000);
    expect(world.slack.called('views.update').filter(({ answer }) => answer.ok === true)).toHaveLength(1);
  });

  it('that is shown again is opened empty, so that it can be emptied whatever becomes of Slack\'s answer', async () => {
    await open('emma');
    await approve('dana', 'dana');
    const first = await reveal('emma');
    const again = viewIn(await world.press('emma', 'show-response', await world.latest('emma')));
    const opened = world.slack.called('views.open').map(({ body }) => body.view ?? '');
    const shown = await eventually(() => (textOf(world.view(again.id)) === textOf(first) ? true : null));
    const response = /^[0-9A-F]{16}$/m.exec(textOf(first))?.[0] ?? 'none';
    expect([shown, opened.filter((view) => view.includes(response))]).toEqual([true, []]);
    await world.later(6 * 60_000);
    expect(textOf(world.view(again.id))).not.toContain(response);
  });

  it('is not emptied over what took its place', async () => {
    await open('dana');
    await approve('sam', await helpdesk());
    const shown = await reveal('dana');
    const next = await world.pressIn('dana', 'it-was-refused', shown);
    expect(next.title?.text).toBe('The response was refused');
    await world.later(6 * 60_000);
    expect(world.view(shown.id).title?.text).toBe('The response was refused');
  });
});

describe('a fault of Slack', () => {
  it('is one sentence for the person, and nothing is lost', async () => {
    world.clock.forward(10 * 60_000);
    world.slack.fail('users.info', 'internal_error');
    expect(await world.command('emma')).toMatchObject({ body: { text: expect.stringContaining('Something went wrong') } });
    expect(viewIn(await world.command('emma')).title?.text).toBe('Unblock my card');
  });

  it('leads a person on whose trigger was over when the dialog was ready', async () => {
    world.slack.fail('views.open', 'expired_trigger_id');
    expect(await world.command('emma')).toMatchObject({ body: { text: expect.stringContaining('took too long') } });
  });

  it('that limits dialogs is told to the person, who presses again', async () => {
    world.slack.limit('views.open', 30);
    expect(await world.command('emma')).toMatchObject({ body: { text: expect.stringContaining('took too long') } });
    world.clock.forward(31_000);
    expect(viewIn(await world.command('emma')).title?.text).toBe('Unblock my card');
  });

  it('that takes no token any more holds notices back until it does', async () => {
    world.clock.forward(24 * 3_600_000);
    await world.beat();
    for (let calls = 0; calls < 3; calls += 1) world.slack.fail('chat.postMessage', 'token_revoked');
    await open('emma');
    const before = textOf((await world.latest('emma')).message);
    await world.later(60_000);
    await world.later(60_000);
    expect([before, textOf((await world.latest('emma')).message)]).toEqual([expect.not.stringContaining('Waiting'), expect.stringContaining('Waiting for Dana Weber')]);
    await world.later(2 * 3_600_000);
  });

  it('in a shared channel posts nothing there', async () => {
    const { channel } = await helpdesk();
    const before = (await world.slack.messages(channel)).length;
    world.slack.channels.set(channel, { is_ext_shared: true });
    world.clock.forward(24 * 3_600_000);
    await world.beat();
    await open('emma');
    await world.later(30_000);
    expect(await world.slack.messages(channel)).toHaveLength(before);
    expect(buttonsOf((await world.latest('dana')).message)).toEqual(['approve', 'deny', 'not-my-report']);
  });
});

describe('a channel that was shared meanwhile', () => {
  it('is told no more of what was posted there before', async () => {
    const { channel } = await helpdesk();
    world.slack.channels.set(channel, {});
    world.clock.forward(24 * 3_600_000);
    await world.beat();
    await open('liam');
    await world.later(30_000);
    const there = async () => JSON.stringify(await world.slack.messages(channel));
    const before = await there();
    expect(before).toContain('Liam Okafor');
    world.slack.channels.set(channel, { is_ext_shared: true });
    await world.later(6 * 60_000);
    const { message } = await world.latest('liam');
    const { channel: direct } = await world.latest('liam');
    const place = { container: { type: 'message', message_ts: message.ts, channel_id: direct }, channel: { id: direct, name: 'x' }, message, response_url: world.slack.responseUrl('shared') };
    await world.send(await world.pressing('liam', { action: 'cancel', blocks: message.blocks ?? [], place }));
    await world.later(30_000);
    expect(textOf((await world.latest('liam')).message)).toContain('Cancelled');
    expect(await there()).toBe(before);
    world.slack.channels.set(channel, {});
  });
});

describe('a process that leaves', () => {
  it('finishes first what it has acknowledged', async () => {
    world.clock.forward(24 * 3_600_000);
    await world.beat();
    await open('liam');
    const { channel, message } = await world.latest('liam');
    const place = { container: { type: 'message', message_ts: message.ts, channel_id: channel }, channel: { id: channel, name: 'x' }, message, response_url: world.slack.responseUrl('leaving') };
    const pressed = await world.pressing('liam', { action: 'cancel', blocks: message.blocks ?? [], place });
    expect((await world.send(pressed)).status).toBe(200);
    await world.restart();
    const request = await world.server?.parts.database.request.findFirst({ where: { requesterId: 'liam' }, orderBy: { openedAt: 'desc' } });
    expect(request?.state).toBe('cancelled');
    await world.beat();
  });
});

describe('the Home tab', () => {
  it('greets its person and has the buttons that begin something', async () => {
    const home = await world.openHome('emma');
    expect(textOf(home)).toContain('Hello Emma Novak');
    expect(buttonsOf(home)).toEqual(expect.arrayContaining(['start-unblock', 'my-authenticator']));
    expect(textOf(home)).toContain("Emma's card (…EMMA): denied");
  });

  it('opens the dialog from its button', async () => {
    const home = await world.openHome('liam');
    const before = world.slack.views.size;
    await world.send(await world.pressing('liam', { action: 'start-unblock', blocks: home.blocks, place: { container: { type: 'view' }, view: home } }));
    expect(await eventually(() => (world.slack.views.size > before ? true : null))).toBe(true);
    expect([...world.slack.views.values()].at(-1)?.title?.text).toBe('Unblock my card');
  });
});
