// A request is denied, with a reason that the person who asked can read.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { actionsOf, approve, auditOf, deny, errorAt, freshCode, no, openRequest, request, sentenceIn, stateOf, textOf } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('a denial', () => {
  let id: string;

  it('needs a reason', async () => {
    id = await openRequest(world, 'emma');
    expect(errorAt(await deny(world, 'dana', id, ' \u202e '), 'reason')).toBe(no('no-reason'));
    expect(await stateOf(world, id)).toBe('awaiting-approval');
  });

  it('needs no code and ends the request', async () => {
    const form = formIn(await world.press('dana', 'deny', id));
    expect(form.fields.map((field) => field.id)).toEqual(['reason']);
    expect(sentenceIn(await world.submit('dana', form, { reason: 'Come to my desk\u202e first' }))).toBe(ENGLISH.say.deniedNow);
    expect(await request(world, id)).toMatchObject({ state: 'denied', by: 'dana', why: 'Come to my desk first' });
  });

  it('is read by the person who asked, and stands in every copy without buttons', async () => {
    await world.beat();
    expect(textOf(world.platform.latest('person:emma'))).toContain(ENGLISH.say.denied('Dana Weber', 'Come to my desk first'));
    expect(actionsOf(world.platform.latest('person:emma'))).toEqual(['not-me']);
    for (const place of ['person:dana', 'channel:helpdesk']) {
      expect(textOf(world.platform.latest(place))).toContain(ENGLISH.say.denied('Dana Weber', 'Come to my desk first'));
      expect(actionsOf(world.platform.latest(place))).toEqual([]);
    }
  });

  it('stands: nobody approves, denies or sees a response after it', async () => {
    expect(sentenceIn(await world.press('sam', 'approve', id))).toContain(no('not-now'));
    expect(sentenceIn(await world.press('sam', 'deny', id))).toContain(no('not-now'));
    expect(sentenceIn(await world.press('emma', 'show-response', id))).toContain(no('not-now'));
  });

  it('frees the card for a new request', async () => {
    const next = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    expect(next).not.toBe(id);
    await deny(world, 'sam', next);
  });

  it('wins over an approval that was given before, by whomever', async () => {
    const approvedId = await openRequest(world, 'liam');
    await approve(world, 'dana', approvedId);
    expect(await stateOf(world, approvedId)).toBe('approved');
    await deny(world, 'sam', approvedId, 'Liam called: it was not him');
    expect(await stateOf(world, approvedId)).toBe('denied');
    expect((await auditOf(world, approvedId)).at(-1)).toMatchObject({ kind: 'denied', facts: { as: 'helpdesk', revoked: false } });
  });
});
