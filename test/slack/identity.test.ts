// A stranger's account becomes somebody's: by the confirmed e-mail address, with a one-time code, where that is allowed.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buttonsOf, eventually, type Name, SlackWorld, TEAM, textOf, viewIn } from '../support/slack-world.js';

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open({ bound: false, env: { SLACK_LINK_BY_EMAIL: 'yes' } });
});
afterAll(() => world.close());

const accounts = (name: Name) => world.server?.parts.people.accountsOf(name);

async function linkDialog(name: Name) {
  const offer = await world.command(name);
  if (offer === null || !('body' in offer)) throw new Error('no offer came');
  const message = { ts: '1', text: '', blocks: offer.body.blocks ?? [] };
  return viewIn(await world.press(name, 'link-account', { channel: 'C0ANY', message }));
}

describe('an account that is bound to nobody', () => {
  it('is offered to be linked, and is nobody until a code of that person was given', async () => {
    const dialog = await linkDialog('emma');
    expect(textOf(dialog)).toContain('emma@example.com, belongs to Emma Novak');
    expect(await world.submit('emma', dialog, { code: '000000' })).toMatchObject({ kind: 'errors', errors: { code: expect.stringContaining('could not be linked') } });
    expect(await accounts('emma')).toEqual([]);
    expect(textOf(viewIn(await world.submit('emma', dialog, { code: world.code('emma') })))).toContain('This account is yours now');
    expect(await accounts('emma')).toEqual([{ platform: 'slack', tenant: TEAM, userId: world.id('emma'), locale: 'en-US' }]);
    expect(viewIn(await world.command('emma')).title?.text).toBe('Unblock my card');
  });

  it('is told of to the person and their manager, and is in the audit', async () => {
    await world.beat();
    expect(textOf((await world.latest('emma')).message)).toContain('A chat account was linked to you');
    const kinds = (await world.server?.parts.database.auditEntry.findMany())?.map(({ body }) => (JSON.parse(body) as { kind: string }).kind);
    expect(kinds).toContain('account-linked');
  });

  it('cannot be linked with somebody else\'s code', async () => {
    const dialog = await linkDialog('liam');
    expect(await world.submit('liam', dialog, { code: await world.freshCode('dana') })).toMatchObject({ kind: 'errors' });
    expect(await accounts('liam')).toEqual([]);
  });

  it('cannot become a second account of a person in the same workspace', async () => {
    world.slack.users.set(world.id('priya'), { profile: { email: 'emma@example.com' } });
    const dialog = await linkDialog('priya');
    expect(await world.submit('priya', dialog, { code: await world.freshCode('emma') })).toMatchObject({ kind: 'errors' });
    expect(await accounts('emma')).toHaveLength(1);
  });

  it('is offered nothing while Slack has not confirmed its address', async () => {
    world.slack.users.set(world.id('eve'), { is_email_confirmed: false });
    expect(await world.command('eve')).toMatchObject({ body: { text: expect.stringContaining('I do not know this account') } });
  });

  it('has a code burnt that was typed into the chat instead of the dialog', async () => {
    const lastStep = async () => (await world.server?.parts.authenticators.activeAuthenticator('sam'))?.lastStep ?? 0n;
    const before = await lastStep();
    await world.say('sam', await world.freshCode('sam'));
    expect(textOf((await world.latest('sam')).message)).toContain('That looks like a one-time code');
    expect(await lastStep()).toBeGreaterThan(before);
  });

  it('is greeted on the Home tab with the way to become known', async () => {
    const home = await world.openHome('sam');
    expect(buttonsOf(home)).toEqual(['link-account']);
  });

  it('does not lock the person\'s authenticator with wrong codes', async () => {
    const dialog = await linkDialog('dana');
    for (let guess = 0; guess < 12; guess += 1) await world.submit('dana', dialog, { code: String(100_000 + guess) });
    const authenticator = await world.server?.parts.authenticators.activeAuthenticator('dana');
    expect(authenticator?.tries).toBe(0);
    expect(await world.submit('dana', dialog, { code: await world.freshCode('dana') })).toMatchObject({ kind: 'errors' });
    await world.later(24 * 3_600_000);
    const later = await eventually(() => world.submit('dana', dialog, { code: world.code('dana') }));
    expect(later).toMatchObject({ kind: 'view' });
  });
});
