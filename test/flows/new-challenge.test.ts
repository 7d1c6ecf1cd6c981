// The PC shows another challenge by now.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formIn, openWorld, type World } from '../support/world.js';
import {
  approve,
  approvedRequest,
  ask,
  auditKinds,
  challengeBehind,
  errorAt,
  freshCode,
  hasResponse,
  latestRequest,
  newChallenge,
  no,
  openRequest,
  openRequestOf,
  request,
  responseIn,
  reveal,
  sentenceIn,
  stateOf,
  textOf,
} from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('a new challenge', () => {
  it('takes the place of the first while the request waits, with a fresh code', async () => {
    const id = await openRequest(world, 'emma');
    const form = formIn(await world.press('emma', 'give-new-challenge', id));
    const challenge = newChallenge();
    expect(errorAt(await world.submit('emma', form, { challenge, code: world.code('emma') }), 'code')).toBe(no('code-not-accepted'));
    const taken = await world.submit('emma', form, { challenge, code: await freshCode(world, 'emma') });
    expect(taken).toMatchObject({ kind: 'done' });
    await approve(world, 'dana', id);
    expect(challengeBehind('emma', responseIn(await reveal(world, 'emma', id)))).toBe(challenge);
    expect(await auditKinds(world, id)).toEqual([
      'request-opened',
      'identity-proved',
      'code-refused',
      'challenge-replaced',
      'vote',
      'approval-complete',
      'released',
    ]);
  });

  it('may be given after the approval, which stays', async () => {
    const id = await approvedRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    const form = formIn(await world.press('liam', 'give-new-challenge', id));
    const challenge = newChallenge();
    await world.submit('liam', form, { challenge, code: await freshCode(world, 'liam') });
    expect(await stateOf(world, id)).toBe('approved');
    expect(challengeBehind('liam', responseIn(await reveal(world, 'liam', id)))).toBe(challenge);
  });

  it('may be typed where the response is asked for, with a fresh code', async () => {
    await freshCode(world, 'sam');
    const id = await approvedRequest(world, 'dana', { code: await freshCode(world, 'dana') });
    const challenge = newChallenge();
    const form = formIn(await world.press('dana', 'show-response', id));
    expect(errorAt(await world.submit('dana', form, { challenge }), 'code')).toBe(no('code-needed'));
    const shown = await world.submit('dana', form, { challenge, code: await freshCode(world, 'dana') });
    expect(challengeBehind('dana', responseIn(shown))).toBe(challenge);
  });

  it('is none once the response was shown: only the first is shown again', async () => {
    const { id } = await latestRequest(world, 'dana');
    const { challenge } = await answered(id);
    expect(sentenceIn(await world.press('dana', 'give-new-challenge', id))).toContain(no('not-now'));
    const again = await world.press('dana', 'show-response', id);
    expect(challengeBehind('dana', responseIn(again)).replaceAll(' ', '')).toBe(challenge);
  });
});

describe('the question before a response', () => {
  it('names the challenge that will be answered', async () => {
    await world.press('dana', 'it-worked', (await latestRequest(world, 'dana')).id);
    const challenge = newChallenge();
    await freshCode(world, 'sam');
    const id = await approvedRequest(world, 'dana', { challenge, code: world.code('dana') });
    const form = formIn(await world.press('dana', 'show-response', id));
    expect(textOf(form)).toContain(`Does your PC still show ${challenge}?`);
    expect(form.fields.map((field) => [field.id, field.optional ?? false])).toEqual([['challenge', true], ['code', true]]);
  });
});

describe('a challenge that was answered', () => {
  it('is never answered again, not even in another request', async () => {
    const { id } = await latestRequest(world, 'emma');
    const challenge = (await answered(id)).challenge ?? '';
    await world.press('emma', 'it-worked', id);
    const reply = await ask(world, 'emma', { challenge, code: await freshCode(world, 'emma') });
    expect(errorAt(reply, 'challenge')).toContain(no('challenge-answered'));
    const next = await approvedRequest(world, 'emma', { code: world.code('emma') });
    const refused = await reveal(world, 'emma', next, { challenge, code: await freshCode(world, 'emma') });
    expect(hasResponse(refused)).toBe(false);
    expect(errorAt(refused, 'challenge')).toContain(no('challenge-answered'));
  });

  it('of one card may be the challenge of another', async () => {
    const liam = await latestRequest(world, 'liam');
    const challenge = (await answered(liam.id)).challenge ?? '';
    const open = await openRequestOf(world, 'emma');
    const shown = await reveal(world, 'emma', open?.id ?? '', { challenge, code: await freshCode(world, 'emma') });
    expect(challengeBehind('emma', responseIn(shown)).replaceAll(' ', '')).toBe(challenge);
  });
});

async function answered(id: string) {
  const known = await request(world, id);
  if (known.state !== 'answered') throw new Error(`the request is ${known.state}`);
  return known;
}
