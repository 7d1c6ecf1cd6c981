// The whole story over Slack: real HTTP, real signatures, an emulated Slack behind it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { challengeBehind, newChallenge } from '../flows/steps.js';
import { buttonsOf, SlackWorld, textOf, viewIn } from '../support/slack-world.js';

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open();
});
afterAll(() => world.close());

describe('a blocked card over Slack', () => {
  const challenge = newChallenge();

  it('is asked for in one dialog, with the errors at the fields that are wrong', async () => {
    const dialog = viewIn(await world.command('emma', challenge));
    expect(dialog.title?.text).toBe('Unblock my card');
    const wrong = await world.submit('emma', dialog, { challenge: '12', code: world.code('emma'), reason: 'PIN forgotten' });
    expect(wrong).toMatchObject({ kind: 'errors', errors: { challenge: expect.stringContaining('digits') } });
    const code = await world.submit('emma', dialog, { challenge, code: '000000', reason: 'PIN forgotten' });
    expect(code).toMatchObject({ kind: 'errors', errors: { code: expect.stringContaining('not accepted') } });
    const sent = viewIn(await world.submit('emma', dialog, { challenge, code: world.code('emma'), reason: 'PIN <!channel> *forgotten*' }));
    expect(textOf(sent)).toContain('Your code was accepted');
  });

  it('is shown to the manager and to the helpdesk, and to the one who asked as waiting', async () => {
    await world.beat();
    const { message } = await world.latest('dana');
    expect(textOf(message)).toContain('Emma Novak');
    expect(buttonsOf(message)).toEqual(['approve', 'deny', 'not-my-report']);
    const helpdesk = await world.latest({ channel: await world.slack.channelId('helpdesk') });
    expect(buttonsOf(helpdesk.message)).toEqual(['approve', 'deny']);
    expect(textOf((await world.latest('emma')).message)).toContain('Waiting for Dana Weber');
  });

  it('leaves what people wrote inert', () => {
    const posted = world.slack.called('chat.postMessage');
    expect(posted.map(({ body }) => body.text ?? '').filter((text) => text.includes('<'))).toEqual([]);
    expect(posted.flatMap(({ body }) => [body.blocks ?? '']).join('')).not.toContain('mrkdwn');
  });

  it('is approved with the manager\'s own code, and every copy changes', async () => {
    const approval = viewIn(await world.press('dana', 'approve', await world.latest('dana')));
    const refused = await world.submit('dana', approval, { code: world.code('emma') });
    expect(refused).toMatchObject({ kind: 'errors', errors: { code: expect.any(String) } });
    const done = viewIn(await world.submit('dana', approval, { code: world.code('dana') }));
    expect(textOf(done)).toBe('Your approval was recorded.');
    await world.beat();
    expect(textOf((await world.latest('emma')).message)).toContain('Approved by Dana Weber');
    const helpdesk = await world.latest({ channel: await world.slack.channelId('helpdesk') });
    expect(buttonsOf(helpdesk.message)).not.toContain('approve');
    expect(await world.slack.messages(helpdesk.channel)).toHaveLength(1);
  });

  it('is answered in a dialog alone, and the response opens the card', async () => {
    const confirm = viewIn(await world.press('emma', 'show-response', await world.latest('emma')));
    const shown = viewIn(await world.submit('emma', confirm, {}));
    const response = /^[0-9A-F]{16}$/m.exec(textOf(shown))?.[0] ?? '';
    expect(challengeBehind('emma', response)).toBe(challenge);
    expect(world.slack.calls.filter(({ body }) => JSON.stringify(body).includes(response))).toEqual([]);
    const thanks = await world.pressIn('emma', 'it-worked', shown);
    expect(textOf(thanks)).toContain('The request is closed');
    await world.beat();
    const { message } = await world.latest('emma');
    expect(textOf(message)).toContain('Your card works again');
    expect(buttonsOf((await world.latest('dana')).message)).toEqual([]);
  });
});
