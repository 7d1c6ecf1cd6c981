// The audit cannot be kept: nothing is granted, and nobody is punished for it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { approvedRequest, auditKinds, hasResponse, newChallenge, NEXT_CODE_MS, no, openRequest, responseIn, sentenceIn, stateOf } from './steps.js';

const UNAVAILABLE = no('audit-unavailable');

let world: World;
let waiting: string;
let approved: string;
beforeAll(async () => {
  world = await openWorld();
  waiting = await openRequest(world, 'emma');
  approved = await approvedRequest(world, 'liam');
  await world.parts.sequencer.sequence();
  // From here on nothing is sequenced but by the test, and one entry waits too long.
  await world.service.stop();
  world.clock.forward(NEXT_CODE_MS);
  await world.press('dana', 'cancel', await openRequest(world, 'dana'));
  world.clock.forward(MINUTE_MS + 1);
});
afterAll(() => world.close());

describe('while an entry waits for more than a minute', () => {
  it('nothing is opened, approved, denied or shown', async () => {
    const opening = formIn(await world.press('dana', 'start-unblock'));
    expect(sentenceIn(await world.submit('dana', opening, { challenge: newChallenge(), code: world.code('dana'), reason: 'x' }))).toContain(UNAVAILABLE);
    const vote = formIn(await world.press('sam', 'approve', waiting));
    expect(sentenceIn(await world.submit('sam', vote, { code: world.code('sam') }))).toContain(UNAVAILABLE);
    const denial = formIn(await world.press('sam', 'deny', waiting));
    expect(sentenceIn(await world.submit('sam', denial, { reason: 'x' }))).toContain(UNAVAILABLE);
    const show = formIn(await world.press('liam', 'show-response', approved));
    const reply = await world.submit('liam', show, {});
    expect(hasResponse(reply)).toBe(false);
    expect(sentenceIn(reply)).toContain(UNAVAILABLE);
    expect([await stateOf(world, waiting), await stateOf(world, approved)]).toEqual(['awaiting-approval', 'approved']);
    expect(await auditKinds(world, approved)).not.toContain('released');
  });

  it('right codes that were given again and again cost nothing', async () => {
    for (let round = 0; round < 6; round += 1) {
      world.clock.forward(NEXT_CODE_MS);
      const show = formIn(await world.press('liam', 'show-response', approved));
      const reply = await world.submit('liam', show, { challenge: newChallenge(), code: world.code('liam') });
      expect(sentenceIn(reply)).toContain(UNAVAILABLE);
    }
    expect(await stateOf(world, approved)).toBe('approved');
  });

  it('a request can still be cancelled: that is always safe', async () => {
    await world.press('emma', 'cancel', waiting);
    expect(await stateOf(world, waiting)).toBe('cancelled');
  });
});

describe('once the audit is kept again', () => {
  it('everything goes on where it stood', async () => {
    await world.parts.sequencer.sequence();
    const show = formIn(await world.press('liam', 'show-response', approved));
    expect(responseIn(await world.submit('liam', show, { code: world.code('liam') }))).toHaveLength(16);
  });
});
