// Approvers who do not have the app: they are named in the helpdesk's channel.
import { afterEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { newChallenge } from '../flows/steps.js';
import { writePolicy } from '../support/policy-file.js';
import { buttonsOf, HELPDESK, TeamsWorld, textOf } from '../support/teams-world.js';

const NOT_REACHED = 'Asked, but reached in no chat: Dana Weber.';

let world: TeamsWorld;
afterEach(() => world.close());

async function open(env: Readonly<Record<string, string>> = {}): Promise<void> {
  world = await TeamsWorld.open({ env });
  world.teams.without.add('dana');
}

async function ask(name: string): Promise<void> {
  const dialog = await world.press(name, (await world.say(name, 'unblock')).card, 'start-unblock');
  await world.submit(name, dialog, { challenge: newChallenge(), code: world.code(name), reason: 'PIN forgotten' });
  await world.later(5_000);
}

describe('a manager without the app', () => {
  it("is named, without a mention, on the request's one copy in the helpdesk's channel, until it is decided", async () => {
    await open();
    await ask('emma');
    await world.later(MINUTE_MS);
    expect(world.teams.at('a:dana')).toEqual([]);
    expect(world.teams.at(HELPDESK)).toHaveLength(1);
    const { card } = world.latest(HELPDESK);
    expect(textOf(card)).toContain(NOT_REACHED);
    expect(JSON.stringify(card)).not.toMatch(/<at>|"mention"/);
    const sams = await world.refresh('sam', card, HELPDESK);
    expect(textOf(sams)).toContain(NOT_REACHED);
    await world.press('emma', world.latest('emma').card, 'cancel');
    await world.later(5_000);
    expect(textOf(world.latest(HELPDESK).card)).toContain('Cancelled');
    expect(textOf(world.latest(HELPDESK).card)).not.toContain('reached in no chat');
  });

  it('is reached by the next change after they got it, and named no more', async () => {
    await open();
    await ask('emma');
    await world.later(MINUTE_MS);
    world.teams.without.delete('dana');
    await world.install('dana');
    const { id = '' } = (await world.server?.parts.database.request.findFirst({ where: { requesterId: 'emma' } })) ?? {};
    const dialog = await world.invoke('emma', 'task/fetch', { data: { kind: 'pressed', action: 'give-new-challenge', target: id } });
    await world.submit('emma', dialog, { challenge: newChallenge(), code: await world.freshCode('emma') });
    await world.later(5_000);
    expect(buttonsOf(world.latest('dana').card)).toContain('approve');
    expect(textOf(await world.refresh('sam', world.latest(HELPDESK).card, HELPDESK))).not.toContain('reached in no chat');
  });

  it('who removed it is named too, though they were reached before', async () => {
    await open();
    world.teams.without.delete('dana');
    await world.install('dana');
    world.teams.without.add('dana');
    await ask('emma');
    await world.later(MINUTE_MS);
    expect(textOf(world.latest(HELPDESK).card)).toContain(NOT_REACHED);
  });

  it('brings a request into the channel that would not stand there otherwise', async () => {
    const policy = await writePolicy(DEFAULT_POLICY_TEXT.replace('from: [manager, helpdesk]', 'from: [manager]'));
    await open(policy.env);
    await policy.remove();
    await ask('emma');
    await world.later(MINUTE_MS);
    expect(textOf(world.latest(HELPDESK).card)).toContain(NOT_REACHED);
    expect(world.latest(HELPDESK).card.refresh).toBeUndefined();
  });
});
