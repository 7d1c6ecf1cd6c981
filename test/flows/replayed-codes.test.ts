// A code works once, for one purpose.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openWorld, type World } from '../support/world.js';
import { approve, approvedRequest, ask, cancelOpen, errorAt, freshCode, hasResponse, later, newChallenge, NEXT_CODE_MS, no, openRequest, reveal, stateOf } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('a code that was used', () => {
  it('to open a request approves none', async () => {
    const mine = await openRequest(world, 'dana');
    const theirs = await openRequest(world, 'emma');
    expect(errorAt(await approve(world, 'dana', theirs), 'code')).toBe(no('code-not-accepted'));
    expect(await stateOf(world, theirs)).toBe('awaiting-approval');
    expect(await stateOf(world, mine)).toBe('awaiting-approval');
  });

  it('to approve opens no request', async () => {
    const code = await freshCode(world, 'dana');
    const theirs = await openRequest(world, 'liam');
    await approve(world, 'dana', theirs, code);
    expect(await stateOf(world, theirs)).toBe('approved');
    await cancelOpen(world, 'dana');
    expect(errorAt(await ask(world, 'dana', { code }), 'code')).toBe(no('code-not-accepted'));
  });

  it('to approve one request approves no other', async () => {
    const [one, two] = [await openAnew('emma'), await openAnew('liam')];
    const code = await freshCode(world, 'sam');
    await approve(world, 'sam', one, code);
    expect(errorAt(await approve(world, 'sam', two, code), 'code')).toBe(no('code-not-accepted'));
    expect([await stateOf(world, one), await stateOf(world, two)]).toEqual(['approved', 'awaiting-approval']);
  });

  it('to open a request is no fresh code at its reveal', async () => {
    await cancelOpen(world, 'emma');
    await later(world, NEXT_CODE_MS);
    const code = world.code('emma');
    const id = await approvedRequest(world, 'emma', { code });
    const reply = await reveal(world, 'emma', id, { challenge: newChallenge(), code });
    expect(hasResponse(reply)).toBe(false);
    expect(errorAt(reply, 'code')).toBe(no('code-not-accepted'));
    expect(await stateOf(world, id)).toBe('approved');
  });

  it('makes every code before it worthless too', async () => {
    await cancelOpen(world, 'liam');
    await later(world, 2 * NEXT_CODE_MS);
    const earlier = world.code('liam');
    await openAnew('liam');
    await cancelOpen(world, 'liam');
    expect(errorAt(await ask(world, 'liam', { code: earlier }), 'code')).toBe(no('code-not-accepted'));
  });
});

async function openAnew(personId: 'emma' | 'liam'): Promise<string> {
  await cancelOpen(world, personId);
  return openRequest(world, personId, { code: await freshCode(world, personId) });
}
