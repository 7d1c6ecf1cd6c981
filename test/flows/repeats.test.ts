// Platforms deliver things twice, and people press twice.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import type { Reply } from '../../src/chat/event.js';
import type { Form } from '../../src/chat/message.js';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { formIn, openWorld, type World } from '../support/world.js';
import {
  answeredRequest,
  approvedRequest,
  auditKinds,
  cancelOpen,
  freshCode,
  later,
  latestRequest,
  newChallenge,
  no,
  openRequest,
  request,
  responseIn,
  sentenceIn,
  stateOf,
  wrongCode,
} from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld({ policyText: `${DEFAULT_POLICY_TEXT}limits:\n  requestsPerPersonPerDay: 20\n` });
});
afterAll(() => world.close());

/** How long an authenticator is locked after five wrong codes in a row. */
const LOCK_MS = 5 * MINUTE_MS;

/** The same submission, once and then twice at the same moment. */
async function thrice(personId: string, form: Form, inputs: Record<string, string>): Promise<readonly Reply[]> {
  const send = () => world.submit(personId, form, inputs);
  return [await send(), ...(await Promise.all([send(), send()]))];
}

/** The same submission three times at the same moment. */
function atOnce(personId: string, form: Form, inputs: Record<string, string>): Promise<readonly Reply[]> {
  return Promise.all([1, 2, 3].map(() => world.submit(personId, form, inputs)));
}

const WAYS = [
  ['one after the other', thrice],
  ['in parallel', atOnce],
] as const;

function allAlike(replies: readonly Reply[]): Reply {
  const [first] = replies;
  if (first === undefined) throw new Error('no reply');
  for (const reply of replies) expect(reply).toEqual(first);
  return first;
}

async function count(id: string, kind: string): Promise<number> {
  return (await auditKinds(world, id)).filter((one) => one === kind).length;
}

describe.each(WAYS)('the same form delivered three times, %s', (_, deliver) => {
  it('opens one request and says three times that it was opened', async () => {
    await cancelOpen(world, 'emma');
    const before = await world.parts.database.request.count();
    const form = formIn(await world.press('emma', 'start-unblock'));
    const inputs = { challenge: newChallenge(), code: await freshCode(world, 'emma'), reason: 'PIN forgotten' };
    expect(allAlike(await deliver('emma', form, inputs))).toMatchObject({ kind: 'done' });
    expect(await world.parts.database.request.count()).toBe(before + 1);
    const { id } = await latestRequest(world, 'emma');
    expect(await auditKinds(world, id)).toEqual(['request-opened', 'identity-proved']);
  });

  it('votes once', async () => {
    const { id } = await latestRequest(world, 'emma');
    const form = formIn(await world.press('dana', 'approve', id));
    expect(allAlike(await deliver('dana', form, { code: await freshCode(world, 'dana') }))).toEqual({ kind: 'done', say: 'Your approval was recorded.' });
    expect(await request(world, id)).toMatchObject({ state: 'approved', approvals: [{ approverId: 'dana' }] });
    expect(await count(id, 'vote')).toBe(1);
  });

  it('releases once and shows the same response each time', async () => {
    const { id } = await latestRequest(world, 'emma');
    const form = formIn(await world.press('emma', 'show-response', id));
    const responses = (await deliver('emma', form, {})).map(responseIn);
    expect(new Set(responses).size).toBe(1);
    expect([await count(id, 'released'), await count(id, 'shown-again')]).toEqual([1, 2]);
    await world.press('emma', 'it-worked', id);
  });

  it('releases once with a fresh code that is spent once', async () => {
    await freshCode(world, 'dana');
    const id = await approvedRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    const form = formIn(await world.press('liam', 'show-response', id));
    const inputs = { challenge: newChallenge(), code: await freshCode(world, 'liam') };
    expect(new Set((await deliver('liam', form, inputs)).map(responseIn)).size).toBe(1);
    expect(await count(id, 'released')).toBe(1);
    await world.press('liam', 'it-worked', id);
  });

  it('denies once', async () => {
    const id = await openRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    const form = formIn(await world.press('dana', 'deny', id));
    expect(allAlike(await deliver('dana', form, { reason: 'not now' }))).toEqual({ kind: 'done', say: 'The request was denied.' });
    expect(await count(id, 'denied')).toBe(1);
  });

  it('takes a new challenge once', async () => {
    const id = await openRequest(world, 'dana', { code: await freshCode(world, 'dana') });
    const form = formIn(await world.press('dana', 'give-new-challenge', id));
    expect(allAlike(await deliver('dana', form, { challenge: newChallenge(), code: await freshCode(world, 'dana') }))).toMatchObject({ kind: 'done' });
    expect(await count(id, 'challenge-replaced')).toBe(1);
    await world.press('dana', 'cancel', id);
  });

  it('counts a wrong code once', async () => {
    await cancelOpen(world, 'emma');
    const form = formIn(await world.press('emma', 'start-unblock'));
    const inputs = { challenge: newChallenge(), code: wrongCode(world, 'emma'), reason: 'PIN forgotten' };
    expect(allAlike(await deliver('emma', form, inputs))).toHaveProperty('kind', 'field-errors');
    const { id, formId } = await latestRequest(world, 'emma');
    const scope = await world.parts.database.guessScope.findUniqueOrThrow({ where: { key: `request:${formId}` } });
    expect(scope.tries).toBe(1);
    expect(await stateOf(world, id)).toBe('opened');
    await world.press('emma', 'cancel', id);
  });
});

describe.each(WAYS)('the third wrong code delivered three times, %s', (_, deliver) => {
  it('ends the request once and says so each time', async () => {
    await cancelOpen(world, 'liam');
    const form = formIn(await world.press('liam', 'start-unblock'));
    const inputs = { challenge: newChallenge(), reason: 'PIN forgotten' };
    for (const round of [0, 1]) await world.submit('liam', form, { ...inputs, code: wrongCode(world, 'liam', round) });
    const replies = await deliver('liam', form, { ...inputs, code: wrongCode(world, 'liam', 2) });
    for (const reply of replies) expect(sentenceIn(reply)).toContain(no('codes-spent'));
    const { id, state } = await latestRequest(world, 'liam');
    expect([state, await count(id, 'failed')]).toEqual(['failed', 1]);
    await later(world, LOCK_MS);
  });
});

describe('a button pressed twice', () => {
  it('cancels once', async () => {
    const id = await openRequest(world, 'dana', { code: await freshCode(world, 'dana') });
    allAlike([await world.press('dana', 'cancel', id), ...(await Promise.all([world.press('dana', 'cancel', id), world.press('dana', 'cancel', id)]))]);
    expect(await count(id, 'cancelled')).toBe(1);
  });

  it('counts a refused response once', async () => {
    await freshCode(world, 'sam');
    const id = await answeredRequest(world, 'dana', { code: world.code('dana') });
    const press = () => world.press('dana', 'it-was-refused', id);
    const replies = [await press(), ...(await Promise.all([press(), press()]))];
    expect(replies.map((reply) => formIn(reply).name)).toEqual(['new-challenge', 'new-challenge', 'new-challenge']);
    expect((await world.service.desk.cardsOf('dana'))[0]?.refusedResponses).toBe(1);
  });
});

describe('a form of another person', () => {
  it('gives nothing to somebody who copied its id: neither its effect nor its reply', async () => {
    const id = await openRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    const form = formIn(await world.press('dana', 'approve', id));
    const code = await freshCode(world, 'dana');
    expect(await world.submit('dana', form, { code })).toMatchObject({ kind: 'done' });
    for (const personId of ['emma', 'liam', 'eve']) {
      const reply = await world.submit(personId, form, { code: world.code(personId) });
      expect(sentenceIn(reply)).toContain(no('not-your-decision'));
    }
    expect(await request(world, id)).toMatchObject({ approvals: [{ approverId: 'dana' }] });
  });
});
