// Time runs out: nobody decides, nobody looks, nobody says whether it worked.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import { ENGLISH } from '../../src/chat/english.js';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { actionsOf, answeredRequest, approvedRequest, auditKinds, freshCode, hasResponse, later, no, openRequest, request, sentenceIn, stateOf, textOf } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld({ policyText: `${DEFAULT_POLICY_TEXT}times:\n  remindMinutes: 20\n` });
});
afterAll(() => world.close());

describe('a request that nobody decides', () => {
  let id: string;

  it('is brought up once more after the minutes that the policy names', async () => {
    id = await openRequest(world, 'emma');
    await later(world, 20 * MINUTE_MS);
    expect(textOf(world.platform.latest('person:emma'))).toContain(ENGLISH.say.reminded);
    expect(await auditKinds(world, id)).toEqual(['request-opened', 'identity-proved', 'reminded']);
  });

  it('expires after an hour, never approved, and every copy says so', async () => {
    await later(world, 40 * MINUTE_MS);
    expect(await stateOf(world, id)).toBe('expired');
    expect(textOf(world.platform.latest('person:emma'))).toContain(ENGLISH.say.expired);
    for (const place of ['person:dana', 'channel:helpdesk']) {
      expect(textOf(world.platform.latest(place))).toContain(ENGLISH.say.state.expired);
      expect(actionsOf(world.platform.latest(place))).toEqual([]);
    }
    expect(await auditKinds(world, id)).toEqual(['request-opened', 'identity-proved', 'reminded', 'expired']);
  });

  it('frees the card', async () => {
    expect(await openRequest(world, 'emma')).not.toBe(id);
  });
});

describe('a deadline', () => {
  it('holds even where no timer has run: a late approval is refused', async () => {
    const id = await openRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    const form = formIn(await world.press('dana', 'approve', id));
    await world.service.stop();
    world.clock.forward(60 * MINUTE_MS);
    await world.parts.sequencer.sequence();
    expect(sentenceIn(await world.submit('dana', form, { code: world.code('dana') }))).toBe(no('request-expired'));
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    await world.service.desk.tick();
    expect(await stateOf(world, id)).toBe('expired');
  });
});

describe('without the service of before', () => {
  let other: World;
  beforeAll(async () => {
    other = await openWorld({ beside: world });
  });
  afterAll(() => other.close());

  it('an approved request whose response nobody looked at expires', async () => {
    const id = await approvedRequest(other, 'dana');
    await later(other, 50 * MINUTE_MS);
    const show = formIn(await other.press('dana', 'show-response', id));
    await later(other, 10 * MINUTE_MS);
    const reply = await other.submit('dana', show, { code: other.code('dana') });
    expect(hasResponse(reply)).toBe(false);
    expect(sentenceIn(reply)).toContain(no('request-expired'));
  });

  it('a shown response without an outcome is closed as not known after a quarter of an hour', async () => {
    const id = await answeredRequest(other, 'dana', { code: await freshCode(other, 'dana') });
    await later(other, 15 * MINUTE_MS - 1);
    expect(await stateOf(other, id)).toBe('answered');
    await later(other, 1);
    expect(await request(other, id)).toMatchObject({ state: 'done', outcome: 'unconfirmed' });
    expect(textOf(other.platform.latest('person:dana'))).toContain(ENGLISH.say.done.unconfirmed);
  });
});
