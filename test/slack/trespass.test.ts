// Who presses and sends what was made for somebody else: buttons and modals are believed in nothing but who sent them.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { challengeBehind, newChallenge } from '../flows/steps.js';
import type { PostedMessage, View } from '../support/slack-service.js';
import { buttonsOf, eventually, type Name, type Sent, SlackWorld, textOf, viewIn } from '../support/slack-world.js';

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open();
});
afterAll(() => world.close());

interface Posted {
  readonly channel: string;
  readonly message: PostedMessage;
}

const RESPONSE = /\b[0-9A-F]{4} ?[0-9A-F]{4} ?[0-9A-F]{4} ?[0-9A-F]{4}\b/;
const helpdesk = async () => ({ channel: await world.slack.channelId('helpdesk') });
const state = async () => (await world.server?.parts.database.request.findFirst({ orderBy: { openedAt: 'desc' } }))?.state;

function wordsIn(sent: Sent): string {
  if (sent.kind === 'view') return textOf(sent.view);
  return sent.kind === 'errors' ? Object.values(sent.errors).join(' ') : '';
}

/** What comes of it is a sentence to whoever pressed, and no dialog. */
async function isTurnedAway(name: Name, action: string, posted: Posted, words: string): Promise<void> {
  expect(await world.press(name, action, posted)).toMatchObject({ body: { response_type: 'ephemeral', text: expect.stringContaining(words) } });
}

describe('a request that is somebody else\'s', () => {
  const challenge = newChallenge();
  let approval: View;
  let confirm: View;

  it('is not opened for its holder by who sends the holder\'s modal', async () => {
    const dialog = viewIn(await world.command('emma', challenge));
    const sent = await world.submit('eve', dialog, { challenge, code: world.code('emma'), reason: 'x' });
    expect(wordsIn(sent)).not.toContain('accepted.');
    expect(await world.server?.parts.database.request.count({ where: { requesterId: 'emma' } })).toBe(0);
    expect(wordsIn(await world.submit('emma', dialog, { challenge, code: world.code('emma'), reason: 'PIN forgotten' }))).toContain('Your code was accepted');
    await world.beat();
  });

  it('is decided by nobody who was not asked, whosever button, modal or code they use', async () => {
    const asked = await world.latest('dana');
    for (const name of ['eve', 'liam', 'emma'] as const) await isTurnedAway(name, 'approve', asked, 'You cannot decide this request');
    for (const name of ['eve', 'emma'] as const) await isTurnedAway(name, 'deny', await world.latest(await helpdesk()), 'You cannot decide this request');
    await isTurnedAway('sam', 'not-my-report', asked, 'You cannot decide this request');
    approval = viewIn(await world.press('dana', 'approve', asked));
    for (const name of ['eve', 'liam', 'emma'] as const) {
      for (const code of [await world.freshCode(name), world.code('dana')]) expect(wordsIn(await world.submit(name, approval, { code }))).not.toContain('recorded');
    }
    expect(await state()).toBe('awaiting-approval');
  });

  it('is ended, frozen or revealed by nobody else from the copy of who asked', async () => {
    const mine = await world.latest('emma');
    for (const action of ['cancel', 'not-me', 'give-new-challenge']) await isTurnedAway('eve', action, mine, 'Only the person who asked');
    expect(wordsIn(await world.submit('dana', approval, { code: await world.freshCode('dana') }))).toContain('recorded');
    await world.beat();
    const approved = await world.latest('emma');
    for (const name of ['eve', 'dana', 'sam'] as const) await isTurnedAway(name, 'show-response', approved, 'Only the person who asked');
    confirm = viewIn(await world.press('emma', 'show-response', approved));
    for (const name of ['eve', 'dana', 'sam'] as const) expect(wordsIn(await world.submit(name, confirm, {}))).not.toMatch(RESPONSE);
    expect(await state()).toBe('approved');
  });

  it('is shown in no modal but its holder\'s, whose buttons are nobody else\'s', async () => {
    const shown = viewIn(await world.submit('emma', confirm, {}));
    expect(challengeBehind('emma', /^[0-9A-F]{16}$/m.exec(textOf(shown))?.[0] ?? '')).toBe(challenge);
    const before = world.view(shown.id);
    for (const action of ['it-worked', 'it-was-refused']) expect(textOf(await world.pressIn('eve', action, shown))).not.toMatch(RESPONSE);
    expect(await state()).toBe('answered');
    world.slack.views.set(before.id, before);
    expect(textOf(await world.pressIn('emma', 'it-worked', shown))).toContain('The request is closed');
  });

  it.each([
    ['a word of the language', '__proto__'],
    ['a path', '../x'],
    ['SQL', "' OR 1=1 --"],
    ['a zero byte', '\u0000'],
    ['the longest value of a button', 'x'.repeat(2_000)],
  ])('is not found by a target that is %s', async (_what, target) => {
    const { channel, message } = await world.latest('emma');
    const blocks = [{ type: 'actions', elements: [{ type: 'button', action_id: 'show-response:0', value: target }] }];
    await isTurnedAway('emma', 'show-response', { channel, message: { ...message, blocks } }, 'This request is gone');
    const forged = { ...confirm, private_metadata: JSON.stringify({ form: 'show-response', formId: 'A'.repeat(22), target }) };
    expect(wordsIn(await world.submit('emma', forged, {}))).not.toMatch(RESPONSE);
  });

  it.each(['', '{', '[]', '{"form":"no-such-form","formId":"x","target":""}', '{"form":"approve"}', '{"form":"approve","formId":7,"target":""}'])('is not reached by a modal whose name is %p, which closes', async (metadata) => {
    expect(await world.submit('emma', { ...confirm, private_metadata: metadata }, {})).toEqual({ kind: 'closed' });
  });
});

describe('what people write', () => {
  it('reaches nobody\'s screen as anything but letters', async () => {
    await world.later(24 * 3_600_000);
    const dialog = viewIn(await world.command('liam', newChallenge()));
    const reason = '<!channel> *b* <https://evil.example|here> \u202egnp.exe\u202c \u200b@here :bell: `x` & you';
    viewIn(await world.submit('liam', dialog, { code: await world.freshCode('liam'), reason }));
    await world.beat();
    const posted = [await world.latest('dana'), await world.latest(await helpdesk())];
    expect(textOf(posted[0]?.message ?? {})).toContain('<!channel> *b*');
    for (const { body } of world.slack.called('chat.postMessage')) {
      expect(body).toMatchObject({ parse: 'none', link_names: 'false' });
      expect(`${body.text ?? ''}${body.blocks ?? ''}`).not.toMatch(/mrkdwn|[\u202a-\u202e\u2066-\u2069\u200b]/);
      expect(body.text).not.toMatch(/[<>]/);
    }
  });
});

describe('a channel that is shared since something was posted there', () => {
  it('is told nothing new by a press on an old copy either', async () => {
    const { channel } = await helpdesk();
    const old = await world.latest({ channel });
    expect(buttonsOf(old.message)).toContain('approve');
    const there = async () => JSON.stringify((await world.slack.messages(channel)).find(({ ts }) => ts === old.message.ts));
    const before = await there();
    world.slack.channels.set(channel, { is_ext_shared: true });
    world.clock.forward(6 * 60_000);
    const denial = viewIn(await world.press('dana', 'deny', await world.latest('dana')));
    viewIn(await world.submit('dana', denial, { reason: 'a secret reason' }));
    await world.beat();
    await isTurnedAway('sam', 'approve', old, 'cannot be done any more');
    await world.beat();
    expect(await there()).toBe(before);
    world.slack.channels.delete(channel);
  });
});

describe('a code in an edited message', () => {
  it('is burnt like one in a new message, and other edits are left alone', async () => {
    const lastStep = async () => (await world.server?.parts.authenticators.activeAuthenticator('priya'))?.lastStep ?? 0n;
    const channel = await world.slack.directChannel(world.id('priya'));
    const code = await world.freshCode('priya');
    const before = await lastStep();
    const edited = (text: string) => ({
      type: 'message',
      subtype: 'message_changed',
      channel_type: 'im',
      channel,
      ts: '2',
      message: { type: 'message', user: world.id('priya'), text, ts: '1', edited: { user: world.id('priya'), ts: '2' } },
      previous_message: { type: 'message', user: world.id('priya'), text: 'hello', ts: '1' },
    });
    await world.event(edited('hello there'));
    await world.event(edited(`hello ${code}`));
    expect(await eventually(async () => ((await world.slack.messages(channel)).length > 0 ? true : null))).toBe(true);
    expect((await world.slack.messages(channel)).map(textOf)).toEqual([expect.stringContaining('That looks like a one-time code')]);
    expect(await lastStep()).toBeGreaterThan(before);
  });
});

describe('an approver who is no full member any more', () => {
  it.each([['a guest', { is_restricted: true }], ['deactivated', { deleted: true }]])('is written to no more, and the helpdesk reads who was not reached: %s', async (_what, flags) => {
    await world.later(48 * 3_600_000);
    world.slack.users.set(world.id('dana'), flags);
    // What users.info said before is believed for five minutes.
    await world.later(6 * 60_000);
    const direct = await world.slack.directChannel(world.id('dana'));
    const before = (await world.slack.messages(direct)).length;
    const dialog = viewIn(await world.command('emma', newChallenge()));
    viewIn(await world.submit('emma', dialog, { code: await world.freshCode('emma'), reason: 'PIN forgotten' }));
    await world.later(10_000);
    expect(await world.slack.messages(direct)).toHaveLength(before);
    expect(textOf((await world.latest(await helpdesk())).message)).toContain('reached in no chat: Dana Weber');
    world.slack.users.delete(world.id('dana'));
  });
});
