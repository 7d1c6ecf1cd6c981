// The helpdesk asks for a caller in Teams: picked in the dialog, proved by their own code, never approved by who asks.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { challengeBehind, newChallenge } from '../flows/steps.js';
import { buttonsOf, HELPDESK, type Shown, TeamsWorld, textOf } from '../support/teams-world.js';

let world: TeamsWorld;
beforeAll(async () => {
  world = await TeamsWorld.open();
});
afterAll(() => world.close());

async function dialogFor(caller: string): Promise<Shown> {
  const picker = await world.press('sam', (await world.say('sam', 'hello')).card, 'help-caller');
  expect(JSON.stringify(picker)).toContain('"choices.data":{"type":"Data.Query","dataset":"graph.microsoft.com/users"}');
  return await world.submit('sam', picker, { person: caller });
}

describe('a caller', () => {
  const challenge = newChallenge();

  it('is picked from the people of the tenant, and proves themselves with their own code', async () => {
    const dialog = await dialogFor(world.user('emma').objectId.toUpperCase());
    expect(textOf(dialog)).toContain('Emma Novak is not verified yet');
    const inputs = { challenge, reason: 'PIN forgotten' };
    expect(textOf(await world.submit('sam', dialog, { ...inputs, code: world.code('sam') }))).toContain('not accepted');
    await world.submit('sam', dialog, { ...inputs, code: world.code('emma') });
    await world.beat();
    // Beside the request she is told that her report was helped on the telephone.
    expect(world.teams.at('a:dana').map(({ card }) => textOf(card)).join('\n')).toContain('Sam Ortiz of the helpdesk');
    expect(world.teams.at('a:emma').map(({ card }) => textOf(card)).join('\n')).toContain('with a code that you read out');
  });

  it('who is not in the directory is said so, in the dialog', async () => {
    expect(textOf(await dialogFor('11111111-2222-4333-8444-000000000000'))).not.toContain('verified');
  });

  it('is not approved for by the agent who asks, and the response comes through the agent', async () => {
    const { card } = world.latest(HELPDESK);
    expect(card.refresh?.userIds).toContain('29:priya');
    const sams = await world.refresh('sam', card, HELPDESK);
    expect(sams.kind === 'card' ? buttonsOf(sams.card) : []).not.toContain('approve');
    const priyas = await world.refresh('priya', card, HELPDESK);
    if (priyas.kind !== 'card') throw new Error(textOf(priyas));
    const approval = await world.press('priya', priyas.card, 'approve', HELPDESK);
    await world.submit('priya', approval, { code: world.code('priya') });
    await world.later(2_000);
    const status = world.teams.at('a:sam').find((posted) => textOf(posted.card).includes('For Emma Novak'));
    if (status === undefined) throw new Error('the agent sees nothing');
    const confirm = await world.press('sam', status.card, 'show-response');
    const shown = await world.submit('sam', confirm);
    expect(challengeBehind('emma', /[0-9A-F]{16}/.exec(textOf(shown))?.[0] ?? '')).toBe(challenge);
  });
});

describe('who asks for a caller', () => {
  it('is nobody but an agent', async () => {
    expect(buttonsOf((await world.say('liam', 'hello')).card)).not.toContain('help-caller');
    const forged = await world.invoke('liam', 'task/fetch', { data: { kind: 'pressed', action: 'help-caller', target: '' } });
    expect(textOf(forged)).toContain('Only an agent of the helpdesk');
  });
});
