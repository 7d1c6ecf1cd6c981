// What a client may put into the data of a card, whoever it belongs to: authority comes from the sender, never from the data.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLog } from '../../src/lib/log.js';
import { newChallenge } from '../flows/steps.js';
import { buttonsOf, HELPDESK, type Shown, TeamsWorld, textOf } from '../support/teams-world.js';

const faults: string[] = [];
let world: TeamsWorld;
let target = '';
beforeAll(async () => {
  world = await TeamsWorld.open({ log: openLog('error', { write: (line) => void faults.push(line) }) });
  const dialog = await world.press('emma', (await world.say('emma', 'unblock')).card, 'start-unblock');
  await world.submit('emma', dialog, { challenge: newChallenge(), code: world.code('emma'), reason: 'PIN forgotten' });
  await world.later(5_000);
  target = (await world.server?.parts.database.request.findFirstOrThrow())?.id ?? '';
});
afterAll(() => world.close());

async function state(): Promise<string> {
  return (await world.server?.parts.database.request.findFirstOrThrow({ where: { id: target } }))?.state ?? '';
}

function fetchTask(name: string, action: string, about = target): Promise<Shown> {
  return world.invoke(name, 'task/fetch', { data: { kind: 'pressed', action, target: about } });
}

function execute(name: string, action: string): Promise<Shown> {
  return world.invoke(name, 'adaptiveCard/action', { action: { type: 'Action.Execute', verb: 'press', data: { kind: 'pressed', action, target } } });
}

describe("somebody else's request in the data of a card", () => {
  const OTHERS = ['liam', 'eve'] as const;

  it.each(OTHERS)('opens no dialog for %s, and nothing happens to it', async (name) => {
    for (const action of ['approve', 'deny', 'revoke', 'show-response', 'show-number', 'give-new-challenge', 'it-was-refused', 'not-me', 'cancel', 'it-worked', 'not-my-report']) {
      const shown = await fetchTask(name, action);
      expect([action, shown.kind === 'dialog' ? shown.card.actions : []]).toEqual([action, []]);
      expect(textOf(shown)).not.toContain('Emma');
      world.clock.forward(1_000);
    }
    for (const action of ['cancel', 'it-worked']) expect((await execute(name, action)).kind).toBe('words');
    expect(await state()).toBe('awaiting-approval');
  });

  it('is approved by no form that the approver did not get, nor by one of another person', async () => {
    const forms = ['approve', 'deny', 'show-response', 'response', 'new-challenge', 'not-me'];
    for (const form of forms) {
      const data = { kind: 'submitted', form, formId: 'f'.repeat(22), target, code: world.code('liam'), reason: 'x', challenge: newChallenge(), number: '12' };
      await world.invoke('liam', 'task/submit', { data });
      world.clock.forward(1_000);
    }
    expect(await state()).toBe('awaiting-approval');
    const approval = await world.press('dana', world.latest('dana').card, 'approve');
    expect(textOf(await world.submit('liam', approval, { code: await world.freshCode('liam') }))).toContain('cannot decide');
    expect(await state()).toBe('awaiting-approval');
  });
});

describe('letters that no database takes', () => {
  const NUL = '\u0000';
  const HALF = '\ud83d';

  it.each([['a NUL', NUL], ['half a letter', HALF]])('%s in ids, targets and fields breaks nothing', async (_, letter) => {
    const odd = `x${letter}y`;
    const press = { kind: 'pressed', action: 'approve', target: odd };
    const values = [
      { name: 'task/fetch', value: { data: press } },
      { name: 'task/fetch', value: { data: { ...press, action: 'start-unblock' } } },
      { name: 'task/submit', value: { data: { kind: 'submitted', form: 'unblock', formId: odd, target: odd, code: odd, challenge: odd, reason: odd } } },
      { name: 'task/submit', value: { data: { kind: 'submitted', form: 'approve', formId: odd, target, code: odd, number: odd } } },
      { name: 'task/submit', value: { data: { kind: 'submitted', form: 'deny', formId: 'g'.repeat(22), target: odd, reason: odd } } },
      { name: 'task/submit', value: { data: { kind: 'submitted', form: 'enroll', formId: 'h'.repeat(22), target: odd, invitation: odd } } },
      { name: 'task/submit', value: { data: { kind: 'submitted', form: 'caller', formId: 'i'.repeat(22), target: odd, person: odd } } },
      { name: 'adaptiveCard/action', value: { action: { verb: 'refresh', data: { target: odd } } } },
    ];
    for (const facts of values) {
      const response = await world.send(world.activity('sam', { type: 'invoke', ...facts }));
      expect([facts, response.status]).toEqual([facts, expect.any(Number)]);
      expect([200, 501]).toContain(response.status);
      world.clock.forward(1_000);
    }
    const ids = [{ id: odd }, { text: odd }, { locale: `de-${letter}` }, { conversation: { id: `a:${odd}`, tenantId: world.user('emma').tenantId, conversationType: 'personal' } }];
    for (const facts of ids) {
      const { status } = await world.send(world.activity('emma', { type: 'message', text: 'hello', ...facts }));
      expect([200, 400]).toContain(status);
    }
    expect(faults).toEqual([]);
  });
});

describe('an invoke', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['that wants its replies in the answer', { deliveryMode: 'expectReplies' }],
    ['that wants nothing', { deliveryMode: 'notification' }],
    ['with strange attachments', { attachments: 7, entities: 'x', membersAdded: null, relatesTo: [], callerId: {}, expiration: -1 }],
    ['without a recipient', { recipient: undefined }],
  ])('%s is answered as any other', async (_, facts) => {
    expect(await world.invokeWith('emma', { name: 'task/fetch', value: { data: { kind: 'pressed', action: 'my-authenticator', target: '' } }, ...facts })).toMatchObject({ kind: 'dialog' });
  });
});

describe('a stale card', () => {
  it('does nothing when it is pressed after the request is over', async () => {
    const { card } = world.latest('dana');
    const approval = await world.press('dana', card, 'approve');
    const sams = await world.refresh('sam', world.latest(HELPDESK).card, HELPDESK);
    await execute('emma', 'cancel');
    expect(textOf(await world.submit('dana', approval, { code: await world.freshCode('dana') }))).not.toContain('recorded');
    const again = await world.press('dana', card, 'approve');
    expect(again.kind === 'dialog' ? again.card.actions : []).toEqual([]);
    expect(sams.kind === 'card' ? buttonsOf(sams.card) : []).toContain('approve');
    if (sams.kind === 'card') expect(textOf(await world.press('sam', sams.card, 'approve', HELPDESK))).not.toContain('one-time code');
    expect(await state()).toBe('cancelled');
  });
});
