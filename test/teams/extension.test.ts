// The helpdesk asks for a caller from a message extension, in whatever chat they are: the bot learns no place from it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { newChallenge } from '../flows/steps.js';
import { type Shown, TeamsWorld, textOf } from '../support/teams-world.js';

let world: TeamsWorld;
beforeAll(async () => {
  world = await TeamsWorld.open();
  await world.install('sam');
  await world.install('liam');
});
afterAll(() => world.close());

/** A chat between two people, which Teams calls personal as well. */
const CHAT_OF_TWO = { id: '19:sam_liam@unq.gbl.spaces', conversationType: 'personal' };

async function extension(name: string, step: 'fetchTask' | 'submitAction', value: object): Promise<Shown> {
  const { tenantId } = world.user(name);
  const conversation = { ...CHAT_OF_TWO, tenantId };
  return await world.invokeWith(name, { name: `composeExtension/${step}`, value: { commandId: 'assist', commandContext: 'compose', ...value }, conversation });
}

async function send(name: string, dialog: Shown, inputs: Readonly<Record<string, string>>): Promise<Shown> {
  if (dialog.kind !== 'dialog') throw new Error(textOf(dialog));
  const data = z.looseObject({}).parse(dialog.card.actions[0]?.data);
  return await extension(name, 'submitAction', { data: { ...data, ...inputs } });
}

describe('the message extension', () => {
  it('opens the chat with the bot where there is none yet, and says what to do where Teams does not let it', async () => {
    world.teams.without.add('priya');
    expect(textOf(await extension('priya', 'fetchTask', {}))).toContain('You have no chat with me yet');
    world.teams.without.delete('priya');
    expect(await extension('priya', 'fetchTask', {})).toMatchObject({ kind: 'dialog' });
    expect(await world.server?.parts.database.teamsConversation.count({ where: { conversationId: 'a:priya' } })).toBe(1);
  });

  it('asks for a caller, picked from the people of the tenant, as the command does', async () => {
    const picker = await extension('sam', 'fetchTask', {});
    expect(JSON.stringify(picker)).toContain('"choices.data":{"type":"Data.Query","dataset":"graph.microsoft.com/users"}');
    const dialog = await send('sam', picker, { person: world.user('emma').objectId });
    expect(textOf(dialog)).toContain('Emma Novak is not verified yet');
    const inputs = { challenge: newChallenge(), reason: 'PIN forgotten' };
    const refused = await send('sam', dialog, { ...inputs, code: world.code('sam') });
    expect(textOf(refused)).toContain('not accepted');
    expect(textOf(await send('sam', refused, { ...inputs, code: world.code('emma') }))).toContain('accepted');
    await world.later(5_000);
    expect(world.teams.at('a:dana').map(({ card }) => textOf(card)).join('\n')).toContain('Sam Ortiz of the helpdesk');
  });

  it('never takes the chat that it was used in for the chat with the bot', async () => {
    const { id } = CHAT_OF_TWO;
    expect(world.teams.at(id)).toEqual([]);
    expect(await world.server?.parts.database.teamsConversation.count({ where: { conversationId: id } })).toBe(0);
    expect(await world.server?.parts.database.teamsConversation.count({ where: { conversationId: 'a:sam' } })).toBe(1);
    expect(world.teams.at('a:sam').map(({ card }) => textOf(card)).join('\n')).toContain('For Emma Novak');
  });

  it('is for nobody but agents of the helpdesk', async () => {
    expect(textOf(await extension('liam', 'fetchTask', {}))).toContain('Only an agent of the helpdesk');
  });

  it.each([
    ['another command', 'fetchTask', { commandId: 'unblock' }],
    ['a dialog of another kind', 'submitAction', { data: { kind: 'submitted', form: 'approve', formId: 'f'.repeat(22), target: 'request-1', code: '123456' } }],
    ['a button', 'submitAction', { data: { kind: 'pressed', action: 'cancel', target: 'request-1' } }],
    ['nonsense', 'submitAction', { data: 7 }],
  ] as const)('does not take %s', async (_, step, value) => {
    await expect(extension('sam', step, value)).rejects.toThrow('HTTP 501');
  });
});
