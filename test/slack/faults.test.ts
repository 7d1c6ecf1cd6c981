// Where Slack is slow, limits, or breaks in the middle: everyone is acknowledged, and whoever waits hears of it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { captureLog } from '../store/captured-log.js';
import { newChallenge } from '../flows/steps.js';
import type { ShownBlock, View } from '../support/slack-service.js';
import { buttonsOf, eventually, type Name, NAMES, SlackWorld, textOf, viewIn } from '../support/slack-world.js';

const captured = captureLog();
let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open({ log: captured.log });
});
afterAll(() => world.close());

const AUTHENTICATOR: ShownBlock = { type: 'actions', elements: [{ type: 'button', action_id: 'my-authenticator:0' }] };

const told = async (name: Name) => (await world.slack.messages(await world.slack.directChannel(world.id(name)))).map(textOf);

async function isTold(name: Name, words: string): Promise<boolean> {
  return (await eventually(async () => ((await told(name)).some((text) => text.includes(words)) ? true : null))) === true;
}

/** A press in a dialog, whose answer replaces it. */
async function pressIn(dialog: View): Promise<void> {
  const place = { container: { type: 'view', view_id: dialog.id }, view: dialog };
  const before = world.slack.called('views.update').length;
  expect((await world.send(await world.pressing('emma', { action: 'my-authenticator', blocks: [AUTHENTICATOR], place }))).status).toBe(200);
  await eventually(() => (world.slack.called('views.update').length > before ? true : null));
}

describe('a burst of commands', () => {
  it('is acknowledged while Slack itself does not answer, and each gets its dialog or a sentence', async () => {
    const commands = NAMES.flatMap((name) => Array.from({ length: 4 }, () => name));
    const triggers = await Promise.all(commands.map((name) => world.slack.triggerId(world.id(name))));
    const release = world.slack.hold('users.info');
    const answers = await Promise.all(
      commands.map((name, nth) => {
        const form = { command: '/unblock', text: '', user_id: world.id(name), team_id: world.team, channel_id: 'C0ANY', trigger_id: triggers[nth] ?? '', response_url: world.slack.responseUrl(`burst-${nth}`), is_enterprise_install: 'false' };
        return world.send(world.signed(new URLSearchParams(form).toString(), 'application/x-www-form-urlencoded'));
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(commands.map(() => 200));
    expect([world.slack.views.size, world.slack.whispers.length]).toEqual([0, 0]);
    release();
    const shown = () => world.slack.views.size + world.slack.whispers.length;
    expect(await eventually(() => (shown() === commands.length ? true : null), 1_000)).toBe(true);
    expect(world.slack.called('users.info')).toHaveLength(NAMES.length);
  }, 40_000);
});

describe('users.info', () => {
  it('that Slack limits is a sentence that says when to try again, and is not called until then', async () => {
    world.clock.forward(10 * 60_000);
    world.slack.limit('users.info', 7);
    const before = world.slack.called('users.info').length;
    expect(await world.command('emma')).toMatchObject({ body: { text: expect.stringContaining('Try again in 7 seconds') } });
    world.clock.forward(6_000);
    expect(await world.command('emma')).toMatchObject({ body: { text: expect.stringContaining('Try again in 1 second.') } });
    expect(world.slack.called('users.info').length - before).toBe(1);
    world.clock.forward(1_000);
    expect(viewIn(await world.command('emma')).title?.text).toBe('Unblock my card');
  });

  it('that does not know somebody makes them a stranger, not a fault', async () => {
    world.clock.forward(10 * 60_000);
    world.slack.fail('users.info', 'user_not_found');
    expect(await world.command('liam')).toMatchObject({ body: { text: expect.stringContaining('Only full members') } });
    world.clock.forward(10 * 60_000);
  });
});

describe('an answer beside what was typed', () => {
  it('that Slack does not take there comes in the direct chat', async () => {
    world.slack.limit('respond', 1);
    const form = { command: '/unblock', text: 'for emma@example.com', user_id: world.id('liam'), team_id: world.team, channel_id: 'C0ANY', trigger_id: await world.slack.triggerId(world.id('liam')), response_url: world.slack.responseUrl('full'), is_enterprise_install: 'false' };
    expect((await world.send(world.signed(new URLSearchParams(form).toString(), 'application/x-www-form-urlencoded'))).status).toBe(200);
    expect(await isTold('liam', 'Only an agent of the helpdesk')).toBe(true);
  });

  it('waits there when Slack limits that as well', async () => {
    world.slack.limit('views.open', 1);
    world.slack.limit('conversations.open', 4);
    await world.shortcut('sam');
    await eventually(() => (world.slack.calls.some(({ method, answer }) => method === 'conversations.open' && answer.ok === false) ? true : null));
    await world.later(4_000);
    expect(await isTold('sam', 'took too long')).toBe(true);
  });
});

describe('a dialog', () => {
  it('that Slack broke off comes a little later', async () => {
    const dialog = viewIn(await world.command('emma'));
    world.slack.fail('views.update', 'internal_error');
    await pressIn(dialog);
    expect(world.view(dialog.id).title).toEqual(dialog.title);
    await world.later(5_000);
    expect(world.view(dialog.id).title?.text).not.toBe(dialog.title?.text);
  });

  it('that its person closed meanwhile is no fault, and nobody is told anything', async () => {
    const dialog = viewIn(await world.command('emma'));
    const [words, lines] = [(await told('emma')).length, captured.lines.length];
    world.slack.fail('views.update', 'not_found');
    await pressIn(dialog);
    await eventually(() => (captured.lines.slice(lines).some((line) => line.includes('a dialog could not be filled')) ? true : null));
    expect(await told('emma')).toHaveLength(words);
    expect(captured.lines.slice(lines).filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  it('that Slack refuses is told of in the direct chat', async () => {
    const dialog = viewIn(await world.command('emma'));
    const words = (await told('emma')).length;
    world.slack.fail('views.update', 'invalid_arguments');
    await pressIn(dialog);
    expect(await eventually(async () => ((await told('emma')).length > words ? true : null))).toBe(true);
    expect((await told('emma'))[0]).toContain('took too long');
  });

  it('with a response that could not be remembered shows none, and does not close as if all were well', async () => {
    const database = world.server?.parts.database;
    const dialog = viewIn(await world.command('emma', newChallenge()));
    viewIn(await world.submit('emma', dialog, { code: await world.freshCode('emma'), reason: 'x' }));
    await world.beat();
    const approval = viewIn(await world.press('dana', 'approve', await world.latest('dana')));
    viewIn(await world.submit('dana', approval, { code: await world.freshCode('dana') }));
    await world.beat();
    const confirm = viewIn(await world.press('emma', 'show-response', await world.latest('emma')));
    await database?.$executeRawUnsafe('ALTER TABLE "SlackDialog" RENAME TO "SlackDialogAway"');
    const sent = viewIn(await world.submit('emma', confirm, {}));
    await database?.$executeRawUnsafe('ALTER TABLE "SlackDialogAway" RENAME TO "SlackDialog"');
    expect(textOf(sent)).toContain('took too long');
    await world.beat();
    const again = viewIn(await world.press('emma', 'show-response', await world.latest('emma')));
    expect(await eventually(() => (/^[0-9A-F]{16}$/m.test(textOf(world.view(again.id))) ? true : null))).toBe(true);
  });
});

describe('an old copy', () => {
  it('that Slack does not take back just now is put right by the next press', async () => {
    const { channel, message } = await world.latest('dana');
    const asked = (await world.server?.parts.database.request.findFirst({ orderBy: { openedAt: 'desc' } }))?.id ?? '';
    const blocks = [{ type: 'actions', elements: [{ type: 'button', action_id: 'approve:0', text: { type: 'plain_text', text: 'Approve' }, value: asked }] }];
    const { ts } = (await world.slack.ask('chat.postMessage', { channel, text: 'left by a crash', blocks: JSON.stringify(blocks) })) as { ts: string };
    const copy = async () => (await world.slack.messages(channel)).find((one) => one.ts === ts) ?? message;
    const lines = captured.lines.length;
    world.slack.limit('chat.update', 3);
    await world.press('dana', 'approve', { channel, message: await copy() });
    expect(await eventually(() => (captured.lines.slice(lines).some((line) => line.includes('the next press on it tries again')) ? true : null))).toBe(true);
    expect(buttonsOf(await copy())).toEqual(['approve']);
    world.clock.forward(3_000);
    await world.press('dana', 'approve', { channel, message: await copy() });
    expect(await eventually(async () => (buttonsOf(await copy()).length === 0 ? true : null))).toBe(true);
    expect(captured.lines.slice(lines).filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});
