// An approval is taken back.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { answeredRequest, approvedRequest, auditOf, freshCode, hasResponse, no, sentenceIn, stateOf, textOf } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('an approval', () => {
  it('is taken back until the response was shown, and then nothing is shown', async () => {
    const id = await approvedRequest(world, 'emma');
    const show = formIn(await world.press('emma', 'show-response', id));
    const form = formIn(await world.press('dana', 'revoke', id));
    await world.submit('dana', form, { reason: 'I called Emma: it was not her' });
    const reply = await world.submit('emma', show, {});
    expect(hasResponse(reply)).toBe(false);
    expect(sentenceIn(reply)).toContain(no('request-closed'));
    expect(await stateOf(world, id)).toBe('denied');
    expect((await auditOf(world, id)).at(-1)).toMatchObject({ kind: 'denied', facts: { revoked: true } });
    await world.beat();
    expect(textOf(world.platform.latest('person:emma'))).toContain(ENGLISH.say.denied('Dana Weber', 'I called Emma: it was not her'));
  });

  it('is not taken back once the response was shown', async () => {
    await freshCode(world, 'dana');
    const id = await answeredRequest(world, 'liam');
    expect(sentenceIn(await world.press('dana', 'revoke', id))).toContain(no('not-now'));
    expect(await stateOf(world, id)).toBe('answered');
  });
});
