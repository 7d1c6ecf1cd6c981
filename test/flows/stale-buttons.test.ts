// Buttons of messages that the story has left behind.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ActionName } from '../../src/chat/message.js';
import { ENGLISH } from '../../src/chat/english.js';
import { newId } from '../../src/lib/ids.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { answeredRequest, freshCode, hasResponse, newChallenge, no, openRequest, request, sentenceIn } from './steps.js';

const ON_A_REQUEST: readonly ActionName[] = ['show-response', 'give-new-challenge', 'cancel', 'approve', 'deny', 'revoke', 'it-was-refused'];

let world: World;
let closed: string;
beforeAll(async () => {
  world = await openWorld();
  closed = await answeredRequest(world, 'emma');
  await world.press('emma', 'it-worked', closed);
});
afterAll(() => world.close());

describe('after the end', () => {
  it.each(ON_A_REQUEST)('pressing %s changes nothing and says what to do', async (action) => {
    const before = await request(world, closed);
    for (const personId of ['emma', 'dana', 'sam', 'eve']) {
      const reply = await world.press(personId, action, closed);
      expect(hasResponse(reply)).toBe(false);
      expect(formIn(reply).fields).toEqual([]);
      expect([no('not-now'), no('request-closed'), no('not-your-request'), no('not-your-decision')]).toContain(sentenceIn(reply));
    }
    expect(await request(world, closed)).toEqual(before);
  });

  it('"It worked" pressed again is thanked again', async () => {
    expect(await world.press('emma', 'it-worked', closed)).toEqual({ kind: 'done', say: ENGLISH.say.glad });
  });

  it('a dialog that was opened before the end does nothing when it is sent', async () => {
    const id = await openRequest(world, 'liam');
    const vote = formIn(await world.press('dana', 'approve', id));
    const denial = formIn(await world.press('sam', 'deny', id));
    const challenge = formIn(await world.press('liam', 'give-new-challenge', id));
    await world.press('liam', 'cancel', id);
    const code = await freshCode(world, 'dana');
    expect(sentenceIn(await world.submit('dana', vote, { code }))).toContain(no('request-closed'));
    expect(sentenceIn(await world.submit('sam', denial, { reason: 'no' }))).toContain(no('request-closed'));
    expect(sentenceIn(await world.submit('liam', challenge, { challenge: newChallenge(), code: world.code('liam') }))).toBe(no('request-closed'));
    expect((await request(world, id)).state).toBe('cancelled');
  });
});

describe('a button of no request', () => {
  it.each([newId(), 'not an id', '', "'; DROP TABLE \"Request\"; --"])('%p is gone', async (target) => {
    for (const action of ON_A_REQUEST) expect(sentenceIn(await world.press('emma', action, target))).toBe(no('no-such-request'));
  });
});

describe("a button of somebody else's request", () => {
  let id: string;
  beforeAll(async () => {
    id = await openRequest(world, 'liam', { code: await freshCode(world, 'liam') });
  });

  it.each(['show-response', 'give-new-challenge', 'cancel', 'it-worked', 'it-was-refused', 'not-me'] as const)('%s is for the person who asked alone', async (action) => {
    for (const personId of ['emma', 'dana', 'sam', 'eve']) {
      expect(sentenceIn(await world.press(personId, action, id))).toBe(no('not-your-request'));
    }
    expect((await request(world, id)).state).toBe('awaiting-approval');
  });
});
