// A card that is asked for twice, or that is nobody's by now.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formIn, openWorld, type World } from '../support/world.js';
import { ask, cancelOpen, freshCode, later, newChallenge, NEXT_CODE_MS, no, openRequest, sentenceIn, stateOf } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('a second request for one card', () => {
  it('is refused while the first is open, to its holder and to an agent, and taken when that has ended', async () => {
    const id = await openRequest(world, 'emma');
    expect(sentenceIn(await ask(world, 'emma', { code: await freshCode(world, 'emma') }))).toBe(no('card-busy'));
    const [card] = await world.service.desk.cardsOf('emma');
    const forCaller = { actorId: 'sam', forId: 'emma', formId: 'assist-form-of-emma', cardId: card?.id ?? '', challenge: newChallenge(), reason: 'x' };
    expect(await world.service.desk.open({ ...forCaller, code: await freshCode(world, 'emma') })).toEqual({ refused: 'card-busy' });
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    await cancelOpen(world, 'emma');
    expect(await openRequest(world, 'emma', { code: await freshCode(world, 'emma') })).not.toBe(id);
  });

  it('that comes in the same moment is refused: one of them is open', async () => {
    const forms = [formIn(await world.press('liam', 'start-unblock')), formIn(await world.press('liam', 'start-unblock'))];
    const code = world.code('liam');
    await later(world, NEXT_CODE_MS);
    const codes = [code, world.code('liam')];
    const replies = await Promise.all(forms.map((form, at) => world.submit('liam', form, { challenge: newChallenge(), code: codes[at] ?? '', reason: 'x' })));
    expect(replies.filter(({ kind }) => kind === 'done').length).toBeLessThanOrEqual(1);
    expect(await world.parts.database.request.count({ where: { requesterId: 'liam', deadlineAt: { not: null } } })).toBe(1);
  });
});
