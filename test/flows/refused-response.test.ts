// The card did not take the response.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { formIn, openWorld, type World } from '../support/world.js';
import {
  actionsOf,
  answeredRequest,
  auditOf,
  challengeBehind,
  freshCode,
  hasResponse,
  later,
  latestRequest,
  newChallenge,
  NEXT_CODE_MS,
  no,
  openRequest,
  request,
  responseIn,
  reveal,
  sentenceIn,
  settle,
  stateOf,
  textOf,
} from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function refusedResponses(personId: string): Promise<number | undefined> {
  return (await world.service.desk.cardsOf(personId))[0]?.refusedResponses;
}

describe('a response that the card refused', () => {
  let id: string;

  it('asks for a new challenge and a fresh code in the same dialog', async () => {
    id = await answeredRequest(world, 'emma');
    const form = formIn(await world.press('emma', 'it-was-refused', id));
    expect(form.name).toBe('new-challenge');
    expect(form.fields.map((field) => field.id)).toEqual(['challenge', 'code']);
    expect(textOf(form)).toContain(ENGLISH.say.retryIntro);
    expect(await refusedResponses('emma')).toBe(1);
  });

  it('is not shown again', async () => {
    const reply = await world.press('emma', 'show-response', id);
    expect(hasResponse(reply)).toBe(false);
    await settle(world);
    expect(actionsOf(world.platform.latest('person:emma'))).toEqual(['give-new-challenge', 'not-me']);
  });

  it('pressed once more is no second refusal, and nothing else is suspected', async () => {
    const form = formIn(await world.press('emma', 'it-was-refused', id));
    expect(await refusedResponses('emma')).toBe(1);
    expect(textOf(form)).not.toContain(ENGLISH.say.cause['wrong-card-or-key']({}));
  });

  it('is followed by another under the same approval, and the approvers see that the card refused one', async () => {
    const challenge = newChallenge();
    const form = formIn(await world.press('emma', 'give-new-challenge', id));
    await world.submit('emma', form, { challenge, code: await freshCode(world, 'emma') });
    expect(await request(world, id)).toMatchObject({ state: 'approved', round: 1 });
    await settle(world);
    expect(textOf(world.platform.latest('person:dana'))).toContain(ENGLISH.say.refusedBefore(1));
    expect(actionsOf(world.platform.latest('person:dana'))).toEqual(['revoke']);
    expect(challengeBehind('emma', responseIn(await reveal(world, 'emma', id)))).toBe(challenge);
  });

  it('is followed by a third, and by no fourth', async () => {
    const challenge = newChallenge();
    const form = formIn(await world.press('emma', 'it-was-refused', id));
    expect(textOf(form)).toContain(ENGLISH.say.cause['wrong-card-or-key']({}));
    const sent = await world.submit('emma', form, { challenge, code: await freshCode(world, 'emma') });
    expect(sentenceIn(sent)).toContain(ENGLISH.say.challengeTaken);
    expect(sentenceIn(sent)).toContain('If the card was pulled');
    expect(challengeBehind('emma', responseIn(await reveal(world, 'emma', id)))).toBe(challenge);
    const end = await world.press('emma', 'it-was-refused', id);
    expect(sentenceIn(end)).toContain(ENGLISH.say.failed['response-refused']);
    expect(await request(world, id)).toMatchObject({ state: 'failed', why: 'response-refused' });
    expect((await auditOf(world, id)).filter(({ kind }) => kind === 'released').map(({ facts }) => facts.round)).toEqual([0, 1, 2]);
  });

  it('counts on the card: two responses before its limit the helpdesk has to agree, whoever else may', async () => {
    expect(await refusedResponses('emma')).toBe(3);
    const challenge = newChallenge();
    const form = formIn(await world.press('emma', 'start-unblock'));
    await world.submit('emma', form, { challenge, code: await freshCode(world, 'emma'), reason: 'again' });
    const next = await latestRequest(world, 'emma');
    expect(next.requirement.stages).toEqual([{ from: ['helpdesk'], count: 1 }]);
    await settle(world);
    expect(textOf(world.platform.latest('channel:helpdesk'))).toContain(ENGLISH.say.nearLimit(2));
    expect(sentenceIn(await world.press('dana', 'approve', next.id))).toContain(no('not-your-decision'));
    await world.submit('sam', formIn(await world.press('sam', 'approve', next.id)), { code: await freshCode(world, 'sam') });
    expect(challengeBehind('emma', responseIn(await reveal(world, 'emma', next.id)))).toBe(challenge);
  });

  it('near the limit ends its request: for the last try the helpdesk is asked once more, and at the limit the card is stopped', async () => {
    const { id: first } = await latestRequest(world, 'emma');
    await world.press('emma', 'it-was-refused', first);
    expect(await refusedResponses('emma')).toBe(4);
    expect(await request(world, first)).toMatchObject({ state: 'failed', why: 'response-refused' });
    const last = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    expect((await request(world, last)).requirement.stages).toEqual([{ from: ['helpdesk'], count: 1 }]);
    await world.submit('sam', formIn(await world.press('sam', 'approve', last)), { code: await freshCode(world, 'sam') });
    responseIn(await reveal(world, 'emma', last));
    await world.press('emma', 'it-was-refused', last);
    expect(await refusedResponses('emma')).toBe(5);
    const form = formIn(await world.press('emma', 'start-unblock'));
    const reply = await world.submit('emma', form, { challenge: newChallenge(), code: await freshCode(world, 'emma'), reason: 'again' });
    expect(sentenceIn(reply)).toContain(no('card-stopped'));
  });
});

describe('the ten minutes after the first reveal', () => {
  it('end the request when the card refuses a response after them', async () => {
    await freshCode(world, 'dana');
    const id = await answeredRequest(world, 'liam');
    await later(world, 10 * MINUTE_MS);
    const reply = await world.press('liam', 'it-was-refused', id);
    expect(sentenceIn(reply)).toContain(ENGLISH.say.failed['response-refused']);
    expect(await stateOf(world, id)).toBe('failed');
  });

  it('end while the new challenge is looked up: the dialog comes too late', async () => {
    await freshCode(world, 'dana');
    const id = await answeredRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    await later(world, 9 * MINUTE_MS);
    const form = formIn(await world.press('liam', 'it-was-refused', id));
    await later(world, MINUTE_MS);
    const reply = await world.submit('liam', form, { challenge: newChallenge(), code: world.code('liam') });
    expect(sentenceIn(reply)).toContain(no('request-closed'));
    expect(await stateOf(world, id)).toBe('failed');
  });

  it('end before the next response is looked at: it is not shown any more', async () => {
    await freshCode(world, 'sam');
    const id = await answeredRequest(world, 'dana', { code: await freshCode(world, 'dana') });
    const form = formIn(await world.press('dana', 'it-was-refused', id));
    await world.submit('dana', form, { challenge: newChallenge(), code: await freshCode(world, 'dana') });
    const show = formIn(await world.press('dana', 'show-response', id));
    await later(world, 10 * MINUTE_MS - NEXT_CODE_MS - 1);
    expect(await stateOf(world, id)).toBe('approved');
    await later(world, 1);
    const reply = await world.submit('dana', show, {});
    expect(hasResponse(reply)).toBe(false);
    expect(await stateOf(world, id)).toBe('expired');
  });
});

describe('an approver who sees that a card refused a response', () => {
  it('may take the approval back before the next one is shown', async () => {
    await freshCode(world, 'sam');
    const id = await answeredRequest(world, 'dana', { code: await freshCode(world, 'dana') });
    const form = formIn(await world.press('dana', 'it-was-refused', id));
    await world.submit('dana', form, { challenge: newChallenge(), code: await freshCode(world, 'dana') });
    const why = formIn(await world.press('sam', 'revoke', id));
    await world.submit('sam', why, { reason: 'bring the card to the desk' });
    expect(hasResponse(await world.press('dana', 'show-response', id))).toBe(false);
    expect(await stateOf(world, id)).toBe('denied');
  });
});

describe('a card that works again', () => {
  it('forgets the responses that it refused before', async () => {
    expect(await refusedResponses('dana')).toBe(2);
    await freshCode(world, 'sam');
    const id = await answeredRequest(world, 'dana', { code: await freshCode(world, 'dana') });
    await world.press('dana', 'it-worked', id);
    expect(await refusedResponses('dana')).toBe(0);
    expect(await openRequest(world, 'dana', { code: await freshCode(world, 'dana') })).not.toBe(id);
  });
});
