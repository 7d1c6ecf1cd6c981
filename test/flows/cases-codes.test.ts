// Codes at their edges: an authenticator that locks while somebody decides, and a phone whose clock is off.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MINUTE_MS, SECOND_MS } from '../../src/lib/clock.js';
import { currentCode } from '../../src/stepup/totp.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { approve, ask, cancelOpen, errorAt, freshCode, hasResponse, later, no, openRequest, reveal, stateOf, wrongCode } from './steps.js';

const NOT_ACCEPTED = no('code-not-accepted');
/** So many wrong codes in a row lock an authenticator for five minutes. */
const TRIES = 5;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Somebody who has their phone tries codes in a dialog that is not about the request. */
async function lockAuthenticatorOf(personId: string): Promise<void> {
  for (let round = 0; round < TRIES; round += 1) {
    const form = formIn(await world.press(personId, 'my-recovery-codes'));
    expect(errorAt(await world.submit(personId, form, { code: wrongCode(world, personId, round) }), 'code')).toBe(NOT_ACCEPTED);
  }
}

describe('an authenticator that locks while a request waits', () => {
  it('does not end it: it is approved, and its response waits for a fresh code until the lock is over', async () => {
    const id = await openRequest(world, 'emma');
    await later(world, 8 * MINUTE_MS);
    await lockAuthenticatorOf('emma');
    await approve(world, 'dana', id);
    await later(world, 3 * MINUTE_MS);
    const locked = await reveal(world, 'emma', id, { code: await freshCode(world, 'emma') });
    expect(errorAt(locked, 'code')).toBe(NOT_ACCEPTED);
    expect(await stateOf(world, id)).toBe('approved');
    await later(world, 3 * MINUTE_MS);
    expect(hasResponse(await reveal(world, 'emma', id, { code: world.code('emma') }))).toBe(true);
  });
});

describe('a phone whose clock is off', () => {
  function codeOf(personId: string, seconds: number): string {
    return currentCode(world.seeds.get(personId) ?? new Uint8Array(), new Date(world.clock.now().getTime() + seconds * SECOND_MS));
  }

  it.each([-30, 30])('by %i seconds is followed', async (seconds) => {
    await later(world, 2 * MINUTE_MS);
    expect(await ask(world, 'liam', { code: codeOf('liam', seconds) })).toMatchObject({ kind: 'done' });
    await cancelOpen(world, 'liam');
  });

  it.each([-60, 60])('by %i seconds is not, and the answer does not say why', async (seconds) => {
    await later(world, 2 * MINUTE_MS);
    expect(errorAt(await ask(world, 'dana', { code: codeOf('dana', seconds) }), 'code')).toBe(NOT_ACCEPTED);
  });
});
