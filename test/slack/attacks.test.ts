// Who is not Slack, and who is not one of us: forged, stale, repeated and foreign requests.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newRecoveryCodes } from '../../src/stepup/recovery.js';
import { newChallenge } from '../flows/steps.js';
import { eventually, SlackWorld, textOf, viewIn } from '../support/slack-world.js';

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open();
});
afterAll(() => world.close());

const JSON_TYPE = 'application/json';
const now = () => Math.floor(world.clock.now().getTime() / 1_000);
const body = () => JSON.stringify({ type: 'url_verification', challenge: `c${Math.random()}` });

describe('a request to Slack\'s address', () => {
  it('is answered when Slack signed it', async () => {
    const answer = await world.send(world.signed(JSON.stringify({ type: 'url_verification', challenge: 'abc' }), JSON_TYPE));
    expect([answer.status, await answer.json()]).toEqual([200, { challenge: 'abc' }]);
  });

  it.each([
    ['has no signature', () => ({ method: 'POST', body: body(), headers: { 'content-type': JSON_TYPE } })],
    ['has the signature of another body', () => ({ ...world.signed(body(), JSON_TYPE), body: body() })],
    ['is five minutes and a second old', () => world.signed(body(), JSON_TYPE, now() - 301)],
    ['is five minutes and a second ahead', () => world.signed(body(), JSON_TYPE, now() + 301)],
    ['has a time that is no number', () => ({ ...world.signed(body(), JSON_TYPE), headers: { ...world.signed(body(), JSON_TYPE).headers, 'x-slack-request-timestamp': '1e9' } })],
  ])('is refused when it %s', async (_what, request) => {
    const answer = await world.send(request());
    expect([answer.status, await answer.text()]).toEqual([401, '']);
  });

  it('is refused the second time, however soon', async () => {
    const request = world.signed(body(), JSON_TYPE);
    expect((await world.send(request)).status).toBe(200);
    expect((await world.send(request)).status).toBe(401);
  });

  it.each(['', '{', '[]', 'null', 'payload=%7B', 'payload=[1]', '{"event":7}', '{"type":"event_callback"}'])('tells nothing about the server when its body is %p', async (content) => {
    for (const type of [JSON_TYPE, 'application/x-www-form-urlencoded; charset=utf-8']) {
      const answer = await world.send(world.signed(content, type, now() + content.length));
      expect(answer.status).toBeLessThanOrEqual(500);
      expect(await answer.text()).toBe('');
    }
  });

  it('is refused when it is larger than anything that Slack sends', async () => {
    const answer = await world.send(world.signed(JSON.stringify({ type: 'x', text: 'x'.repeat(1_100_000) }), JSON_TYPE));
    expect(answer.status).toBe(413);
  });
});

describe('what Slack sends again', () => {
  it('has its effect once, as a retried event', async () => {
    const channel = await world.slack.directChannel(world.id('emma'));
    const event = { type: 'message', channel_type: 'im', channel, user: world.id('emma'), text: 'hello', ts: '1' };
    await world.event(event, 'Ev1');
    await eventually(async () => ((await world.slack.messages(channel)).length > 0 ? true : null));
    world.clock.forward(60_000);
    const again = await world.event(event, 'Ev1', { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' });
    expect(again.status).toBe(200);
    await world.say('emma', 'hello again');
    expect(await world.slack.messages(channel)).toHaveLength(2);
  });

  it('has its effect once, as a modal that was sent twice with another signature', async () => {
    const dialog = viewIn(await world.command('liam'));
    const request = world.submitting('liam', dialog, { challenge: newChallenge(), code: world.code('liam'), reason: 'x' });
    expect((await world.send(request)).status).toBe(200);
    const later = world.signed(request.body, 'application/x-www-form-urlencoded', now() + 1);
    expect(await (await world.send(later)).text()).toBe('');
    await world.beat();
    expect(await world.server?.parts.database.request.count()).toBe(1);
  });
});

describe('somebody who is not a full member', () => {
  it.each([
    ['a guest', { is_restricted: true }],
    ['a guest of one channel', { is_ultra_restricted: true }],
    ['a stranger from a shared channel', { is_stranger: true, team_id: 'T0OTHER' }],
    ['from another workspace', { team_id: 'T0OTHER' }],
    ['an app', { is_bot: true }],
    ['deactivated', { deleted: true }],
  ])('is turned away: %s', async (_who, flags) => {
    world.clock.forward(6 * 60_000);
    world.slack.users.set(world.id('emma'), flags);
    const shown = await world.command('emma');
    world.slack.users.delete(world.id('emma'));
    world.clock.forward(6 * 60_000);
    expect(shown).toMatchObject({ body: { response_type: 'ephemeral', text: expect.stringContaining('Only full members') } });
  });

  it('is nobody, with an account that is bound to nobody', async () => {
    world.clock.forward(6 * 60_000);
    const { parts } = world.server ?? {};
    await parts?.database.chatIdentity.deleteMany({ where: { userId: world.id('eve') } });
    expect(await world.command('eve')).toMatchObject({ body: { text: expect.stringContaining('I do not know this account') } });
  });
});

describe('a code that was typed into a chat', () => {
  it('is spent without having done anything, and the reply is the one for any six digits', async () => {
    const code = await world.freshCode('dana');
    await world.say('dana', `my code is ${code}`);
    const { message } = await world.latest('dana');
    expect(textOf(message)).toContain('That looks like a one-time code');
    await world.say('dana', '123 456');
    expect(textOf((await world.latest('dana')).message)).toBe(textOf(message));
    const dialog = viewIn(await world.command('dana'));
    const sent = await world.submit('dana', dialog, { challenge: newChallenge(), code, reason: 'x' });
    expect(sent).toMatchObject({ kind: 'errors', errors: { code: expect.any(String) } });
  });

  it('is burnt when it is a recovery code, or in full-width digits', async () => {
    const parts = world.server?.parts;
    if (parts === undefined) throw new Error('no server');
    const { shown, rows } = await newRecoveryCodes('dana', parts.rowMac);
    await parts.database.recoveryCode.createMany({ data: rows.map(({ id, digest }) => ({ id, personId: 'dana', digest: Uint8Array.from(digest) })) });
    await world.say('dana', `use ${shown[0] ?? ''} then`);
    expect(textOf((await world.latest('dana')).message)).toContain('That looks like a one-time code');
    expect(await parts.database.recoveryCode.count({ where: { personId: 'dana', usedAt: { not: null } } })).toBe(1);
    await world.later(30_000);
    const before = await parts.authenticators.activeAuthenticator('dana');
    await world.say('dana', world.code('dana').replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))));
    expect((await parts.authenticators.activeAuthenticator('dana'))?.lastStep).toBeGreaterThan(before?.lastStep ?? 0n);
  });

  it.each(['1603 EBDF 1C8A 2E72', 'please help with this card', 'have been told that 1234 of them'])('is not seen in "%s"', async (text) => {
    await world.say('dana', text);
    expect(textOf((await world.latest('dana')).message)).toContain('I unblock the PIN');
  });

  it.each(['file_share', 'me_message', 'thread_broadcast'])('is burnt in a message of the kind %s', async (subtype) => {
    const authenticator = () => world.server?.parts.authenticators.activeAuthenticator('liam');
    const code = await world.freshCode('liam');
    const before = (await authenticator())?.lastStep ?? 0n;
    await world.say('liam', `see the screenshot, ${code}`, { subtype });
    expect((await authenticator())?.lastStep).toBeGreaterThan(before);
    expect(textOf((await world.latest('liam')).message)).toContain('That looks like a one-time code');
  });

  it('is burnt in a slash command too, and opens no dialog', async () => {
    expect(await world.command('sam', world.code('sam'))).toMatchObject({ body: { text: expect.stringContaining('Delete your message') } });
  });
});
