// The approval took its time: the requester proves once more that it is still them.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { approve, auditOf, challengeBehind, errorAt, freshCode, hasResponse, later, newChallenge, no, openRequest, responseIn, textOf, wrongCode } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('a proof older than ten minutes', () => {
  const challenge = newChallenge();
  let id: string;

  it('makes the dialog ask for a fresh code', async () => {
    id = await openRequest(world, 'emma', { challenge });
    await later(world, 10 * MINUTE_MS + 1);
    await approve(world, 'dana', id);
    const form = formIn(await world.press('emma', 'show-response', id));
    expect(form.fields.find((field) => field.id === 'code')).not.toHaveProperty('optional');
    expect(textOf(form)).toContain(ENGLISH.say.staleProof);
  });

  it('shows nothing without one, or with a wrong one', async () => {
    const form = formIn(await world.press('emma', 'show-response', id));
    expect(await world.submit('emma', form, {})).toEqual({ kind: 'field-errors', errors: { code: 'Type a fresh code from your authenticator as well.' } });
    const wrong = await world.submit('emma', form, { code: wrongCode(world, 'emma') });
    expect(hasResponse(wrong)).toBe(false);
    expect(errorAt(wrong, 'code')).toBe(no('code-not-accepted'));
  });

  it('shows the response with a right one, in the same dialog', async () => {
    const form = formIn(await world.press('emma', 'show-response', id));
    await world.submit('emma', form, {});
    const reply = await world.submit('emma', form, { code: world.code('emma') });
    expect(challengeBehind('emma', responseIn(reply))).toBe(challenge);
    expect((await auditOf(world, id)).at(-1)).toMatchObject({ kind: 'released', facts: { factor: 'totp' } });
  });
});

describe('a proof that grows old while the dialog is open', () => {
  it('is noticed when the dialog is sent', async () => {
    const id = await openRequest(world, 'liam');
    await approve(world, 'dana', id, await freshCode(world, 'dana'));
    const form = formIn(await world.press('liam', 'show-response', id));
    expect(form.fields.find((field) => field.id === 'code')).toHaveProperty('optional', true);
    await later(world, 10 * MINUTE_MS);
    expect(errorAt(await world.submit('liam', form, {}), 'code')).toContain(no('code-needed'));
    expect(responseIn(await world.submit('liam', form, { code: world.code('liam') }))).toHaveLength(16);
  });
});
