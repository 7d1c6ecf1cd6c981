// Codes that are not right: what they cost, and whom.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/clock.js';
import { formIn, openWorld, type World } from '../support/world.js';
import {
  actionsOf,
  approve,
  approvedRequest,
  auditKinds,
  errorAt,
  freshCode,
  hasResponse,
  later,
  latestRequest,
  newChallenge,
  no,
  openRequest,
  request,
  reveal,
  sentenceIn,
  settle,
  stateOf,
  textOf,
  wrongCode,
} from './steps.js';

const NOT_ACCEPTED = no('code-not-accepted');

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('a requester', () => {
  it('who mistypes once gets the dialog back, and the right code goes through in it', async () => {
    const form = formIn(await world.press('emma', 'start-unblock'));
    const inputs = { challenge: newChallenge(), reason: 'PIN forgotten' };
    const first = await world.submit('emma', form, { ...inputs, code: wrongCode(world, 'emma') });
    expect(first).toEqual({ kind: 'field-errors', errors: { code: NOT_ACCEPTED } });
    expect(await world.submit('emma', form, { ...inputs, code: world.code('emma') })).toMatchObject({ kind: 'done' });
    expect((await latestRequest(world, 'emma')).state).toBe('awaiting-approval');
    expect(await world.parts.database.request.count()).toBe(1);
  });

  it('who mistypes three times ends the request, is told so, and has the card free again', async () => {
    const form = formIn(await world.press('liam', 'start-unblock'));
    const inputs = { challenge: newChallenge(), reason: 'PIN forgotten' };
    for (const round of [0, 1]) {
      expect(errorAt(await world.submit('liam', form, { ...inputs, code: wrongCode(world, 'liam', round) }), 'code')).toBe(NOT_ACCEPTED);
    }
    const third = await world.submit('liam', form, { ...inputs, code: wrongCode(world, 'liam', 2) });
    expect(sentenceIn(third)).toContain(no('codes-spent'));
    const failed = await latestRequest(world, 'liam');
    expect(failed).toMatchObject({ state: 'failed', why: 'wrong-codes' });
    expect(await auditKinds(world, failed.id)).toEqual(['request-opened', 'code-refused', 'code-refused', 'code-refused', 'failed']);
    await settle(world);
    expect(textOf(world.platform.latest('person:liam'))).toContain(ENGLISH.say.failed['wrong-codes']);
    expect(actionsOf(world.platform.latest('person:liam'))).toEqual(['not-me']);
    expect(world.platform.at('person:dana').filter(({ title }) => title.startsWith('Liam'))).toEqual([]);
    expect(await openRequest(world, 'liam')).not.toBe(failed.id);
  });

  it('who mistypes three times in other dialogs of one request ends it as well', async () => {
    const id = await approvedRequest(world, 'dana');
    await later(world, 11 * MINUTE_MS);
    for (const round of [0, 1]) expect(errorAt(await reveal(world, 'dana', id, { code: wrongCode(world, 'dana', round) }), 'code')).toBe(NOT_ACCEPTED);
    const form = formIn(await world.press('dana', 'give-new-challenge', id));
    const third = await world.submit('dana', form, { challenge: newChallenge(), code: wrongCode(world, 'dana', 2) });
    expect(hasResponse(third)).toBe(false);
    expect(await request(world, id)).toMatchObject({ state: 'failed', why: 'wrong-codes' });
  });

  it('has three wrong codes for the whole request: right ones between them take none back', async () => {
    const id = await openRequest(world, 'dana', { code: await freshCode(world, 'dana') });
    const give = async (code: string) => world.submit('dana', formIn(await world.press('dana', 'give-new-challenge', id)), { challenge: newChallenge(), code });
    for (const round of [0, 1]) {
      await give(wrongCode(world, 'dana', round));
      expect(await give(await freshCode(world, 'dana'))).toMatchObject({ kind: 'done' });
    }
    expect(sentenceIn(await give(wrongCode(world, 'dana', 2)))).toBe(no('codes-spent'));
    expect(await stateOf(world, id)).toBe('failed');
  });
});

describe('an approver', () => {
  it('whose third code is wrong has no more say in that request, and the others have', async () => {
    const id = (await latestRequest(world, 'emma')).id;
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    for (const round of [0, 1]) expect(errorAt(await approve(world, 'sam', id, wrongCode(world, 'sam', round)), 'code')).toBe(NOT_ACCEPTED);
    expect(sentenceIn(await approve(world, 'sam', id, wrongCode(world, 'sam', 2)))).toContain(no('vote-ended'));
    expect(sentenceIn(await approve(world, 'sam', id, await freshCode(world, 'sam')))).toContain(no('vote-ended'));
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    await approve(world, 'priya', id);
    expect(await stateOf(world, id)).toBe('approved');
  });

  it('still decides other requests', async () => {
    const id = (await latestRequest(world, 'liam')).id;
    await approve(world, 'sam', id, await freshCode(world, 'sam'));
    expect(await stateOf(world, id)).toBe('approved');
  });
});

describe('whatever is wrong with a code', () => {
  /** Every reason for a no that an attacker might want to tell apart. */
  async function answers(): Promise<readonly string[]> {
    const id = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    const spent = world.code('emma');
    const form = formIn(await world.press('emma', 'give-new-challenge', id));
    const tell = (code: string) => world.submit('emma', form, { challenge: newChallenge(), code }).then((reply) => errorAt(reply, 'code'));
    const replayed = await tell(spent);
    const noCode = await tell('hunter2');
    await world.parts.database.authenticator.updateMany({ where: { personId: 'sam' }, data: { lockedUntil: new Date(world.clock.now().getTime() + HOUR_MS) } });
    const locked = errorAt(await approve(world, 'sam', id, await freshCode(world, 'sam')), 'code');
    await world.parts.database.authenticator.deleteMany({ where: { personId: 'priya' } });
    const unknown = errorAt(await approve(world, 'priya', id), 'code');
    return [replayed, noCode, locked, unknown];
  }

  it('the answer is one and the same sentence', async () => {
    await later(world, HOUR_MS);
    expect(new Set(await answers())).toEqual(new Set([NOT_ACCEPTED]));
  });
});
