// The helpdesk asks for a caller: the caller's code decides, and the agent who asks does not approve.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { challengeBehind, newChallenge } from '../flows/steps.js';
import { buttonsOf, SlackWorld, textOf, viewIn } from '../support/slack-world.js';
import type { View } from '../support/slack-service.js';

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open();
});
afterAll(() => world.close());

const helpdesk = async () => ({ channel: await world.slack.channelId('helpdesk') });

async function dialogFor(): Promise<View> {
  const picker = viewIn(await world.command('sam', 'for'));
  return viewIn(await world.submit('sam', picker, { person: world.id('emma') }));
}

describe('a caller', () => {
  const challenge = newChallenge();

  it('is picked, and is not verified until their own code was read out', async () => {
    const dialog = await dialogFor();
    expect(textOf(dialog)).toContain('Emma Novak is not verified yet');
    const refused = await world.submit('sam', dialog, { challenge, code: world.code('sam'), reason: 'PIN forgotten' });
    expect(refused).toMatchObject({ kind: 'errors', errors: { code: expect.any(String) } });
    await world.beat();
    expect(await world.slack.messages((await helpdesk()).channel)).toHaveLength(0);
    viewIn(await world.submit('sam', dialog, { challenge, code: world.code('emma'), reason: 'PIN forgotten' }));
  });

  it('hears of it, and so does the manager, who reads who asks', async () => {
    await world.beat();
    const channel = await world.slack.directChannel(world.id('emma'));
    const told = (await world.slack.messages(channel)).map(textOf).join('\n');
    expect(told).toContain('with a code that you read out');
    const asked = await world.slack.messages(await world.slack.directChannel(world.id('dana')));
    expect(asked.map(textOf).join('\n')).toContain('Sam Ortiz of the helpdesk');
  });

  it('is not approved for by the agent who asks', async () => {
    expect(await world.press('sam', 'approve', await world.latest(await helpdesk()))).toMatchObject({
      body: { text: expect.stringContaining('You cannot decide this request') },
    });
  });

  it('gets the response through the agent once another agent approved', async () => {
    const approval = viewIn(await world.press('priya', 'approve', await world.latest(await helpdesk())));
    viewIn(await world.submit('priya', approval, { code: world.code('priya') }));
    await world.beat();
    const status = await world.latest('sam');
    expect(textOf(status.message)).toContain('For Emma Novak');
    expect(buttonsOf(status.message)).not.toContain('not-me');
    const confirm = viewIn(await world.press('sam', 'show-response', status));
    const shown = viewIn(await world.submit('sam', confirm, {}));
    expect(challengeBehind('emma', /^[0-9A-F]{16}$/m.exec(textOf(shown))?.[0] ?? '')).toBe(challenge);
    expect(textOf(await world.pressIn('sam', 'it-worked', shown))).toContain('The request is closed');
  });

  it('stands in the audit beside the agent', async () => {
    const entries = (await world.server?.parts.database.auditEntry.findMany({ orderBy: { id: 'asc' } })) ?? [];
    const bodies = entries.map(({ body }) => JSON.parse(body) as { kind: string; actor: string; personId: string | null; facts: Record<string, unknown> });
    for (const kind of ['request-opened', 'identity-proved', 'released']) {
      expect(bodies.find((one) => one.kind === kind)).toMatchObject({ actor: 'sam', personId: 'emma', facts: { agent: 'sam' } });
    }
    expect(bodies.find((one) => one.kind === 'outcome')).toMatchObject({ actor: 'sam', personId: 'emma' });
  });
});

describe('who asks for a caller', () => {
  it('is nobody but an agent', async () => {
    expect(await world.command('liam', 'for emma@example.com')).toMatchObject({ body: { text: expect.stringContaining('Only an agent of the helpdesk') } });
    expect(buttonsOf(await world.openHome('liam'))).not.toContain('help-caller');
    expect(buttonsOf(await world.openHome('sam'))).toContain('help-caller');
  });

  it('is not believed on the dialog alone', async () => {
    const dialog = await dialogFor();
    const sent = await world.submit('liam', dialog, { challenge: newChallenge(), code: await world.freshCode('emma'), reason: 'x' });
    expect(textOf(viewIn(sent))).toContain('Only an agent of the helpdesk');
    const misread = `O${newChallenge().replaceAll('0', '1').slice(1)}`;
    const asked = textOf(viewIn(await world.submit('liam', dialog, { challenge: misread, code: '000000', reason: 'x' })));
    expect(asked).toContain('Only an agent of the helpdesk');
    expect(asked).not.toContain('Emma');
  });

  it('can name the caller by e-mail address, and is told when there is nobody', async () => {
    expect(textOf(viewIn(await world.command('sam', 'for LIAM@example.com')))).toContain('Liam Okafor is not verified yet');
    const picker = viewIn(await world.command('sam', 'for nobody@example.com'));
    expect(await world.submit('sam', picker, { person: 'U0NOBODY' })).toMatchObject({
      kind: 'errors',
      errors: { person: expect.stringContaining('/unblock for name@example.com') },
    });
  });

  it('cannot lock the caller\'s authenticator with wrong codes', async () => {
    const dialog = viewIn(await world.command('sam', 'for liam@example.com'));
    for (let guess = 0; guess < 3; guess += 1) await world.submit('sam', dialog, { challenge: newChallenge(), code: String(100_000 + guess), reason: 'x' });
    expect((await world.server?.parts.authenticators.activeAuthenticator('liam'))?.tries).toBe(0);
  });
});

describe('a request that has no right code yet', () => {
  it('does not keep the helpdesk from asking for whoever gave up', async () => {
    const own = viewIn(await world.command('liam'));
    await world.submit('liam', own, { challenge: newChallenge(), code: '000000', reason: 'x' });
    const dialog = viewIn(await world.command('sam', 'for liam@example.com'));
    const sent = await world.submit('sam', dialog, { challenge: newChallenge(), code: '000000', reason: 'x' });
    expect(sent).toMatchObject({ kind: 'errors', errors: { code: expect.any(String) } });
  });

  it('and which an agent began keeps nobody from asking for themselves', async () => {
    const own = viewIn(await world.command('liam'));
    const sent = await world.submit('liam', own, { challenge: newChallenge(), code: await world.freshCode('liam'), reason: 'x' });
    expect(textOf(viewIn(sent))).toContain('Your code was accepted');
  });

  it('is not ended by an agent once its code was right', async () => {
    const dialog = viewIn(await world.command('sam', 'for liam@example.com'));
    const sent = await world.submit('sam', dialog, { challenge: newChallenge(), code: await world.freshCode('liam'), reason: 'x' });
    expect(textOf(viewIn(sent))).toContain('There is an open request for this card already');
  });
});
