// Attacks that were tried once: each must stay without effect.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { currentCode, seedFromBase32 } from '../../src/stepup/totp.js';
import { isRefused } from '../../src/lib/refusal.js';
import { formIn, openWorld, type World } from '../support/world.js';

const CHALLENGE = '1603 EBDF 1C8A 2E72';
const STEP_MS = 30_000;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** An unused code of this person. What was decided before gets its place in the audit first: time must not pass it by. */
async function freshCode(personId: string): Promise<string> {
  await world.beat();
  world.clock.forward(2 * STEP_MS);
  return world.code(personId);
}

async function cardOf(personId: string): Promise<string> {
  return (await world.service.desk.cardsOf(personId))[0]?.id ?? '';
}

async function open(personId: string, formId: string, code: string) {
  return world.service.desk.open({ actorId: personId, formId, cardId: await cardOf(personId), challenge: CHALLENGE, code, reason: 'test' });
}

describe('a form id that two people share', () => {
  it("never lets one person's code prove the other's request", async () => {
    const formId = 'A'.repeat(22);
    const code = await freshCode('emma');
    const outcomes = await Promise.all([open('liam', formId, '000000'), open('emma', formId, code)]);
    const requests = await world.parts.database.request.findMany({ where: { formId } });
    expect(requests).toHaveLength(1);
    for (const request of requests) {
      if (request.requesterId === 'liam') expect(request.state).toBe('opened');
    }
    expect(outcomes.filter(isRefused).length).toBeGreaterThanOrEqual(1);
    for (const id of await world.parts.database.request.findMany({ select: { id: true, requesterId: true } })) {
      await world.service.desk.cancel({ actorId: id.requesterId, formId: `cancel:${id.id}`, requestId: id.id });
    }
  });
});

describe('a dialog that comes back for another card', () => {
  it('does not prove the request of the first one', async () => {
    const form = formIn(await world.press('emma', 'start-unblock'));
    await world.submit('emma', form, { challenge: CHALLENGE, code: '000000', reason: 'test' });
    const reply = await world.service.desk.open({
      actorId: 'emma', formId: form.formId, cardId: await cardOf('liam'), challenge: CHALLENGE, code: await freshCode('emma'), reason: 'x',
    });
    expect(reply).toMatchObject({ refused: 'no-card' });
    const request = await world.parts.database.request.findUniqueOrThrow({ where: { formId: form.formId } });
    expect(request.state).toBe('opened');
    await world.service.desk.cancel({ actorId: 'emma', formId: 'cancel-emma', requestId: request.id });
  });
});

describe('an invitation', () => {
  it('that was moved to another person in the database opens nothing', async () => {
    const invitation = await world.parts.enrolment.invite('eve', world.clock.now());
    await world.parts.database.invitation.updateMany({ where: { personId: 'eve' }, data: { personId: 'dana' } });
    await expect(world.parts.enrolment.begin({ invitation, at: world.clock.now() })).rejects.toMatchObject({ code: 'row-tampered' });
  });

  it('that was used does not come back to life in the database', async () => {
    const invitation = await world.parts.enrolment.invite('sam', world.clock.now());
    expect(isRefused(await world.parts.enrolment.begin({ invitation, at: world.clock.now() }))).toBe(false);
    await world.parts.database.invitation.updateMany({ where: { personId: 'sam' }, data: { usedAt: null } });
    await expect(world.parts.enrolment.begin({ invitation, at: world.clock.now() })).rejects.toMatchObject({ code: 'row-tampered' });
  });
});

describe('"this was not me"', () => {
  it('does not let a set-up that was begun finish without a code of the old authenticator', async () => {
    const form = formIn(await world.press('liam', 'start-unblock'));
    await world.submit('liam', form, { challenge: CHALLENGE, code: await freshCode('liam'), reason: 'test' });
    const request = await world.parts.database.request.findUniqueOrThrow({ where: { formId: form.formId } });
    const invitation = await world.parts.enrolment.invite('liam', world.clock.now());
    const pending = await world.parts.enrolment.begin({ invitation, at: world.clock.now() });
    if (isRefused(pending)) throw new Error('no set-up was begun');
    await world.service.desk.freeze({ actorId: 'liam', formId: 'freeze-liam', requestId: request.id });
    const newCode = currentCode(seedFromBase32(pending.seedBase32), world.clock.now());
    const attempt = { formId: 'prove-liam', actorId: 'liam' };
    const proved = await world.parts.enrolment.prove({ authenticatorId: pending.authenticatorId, newCode, attempt, at: world.clock.now() });
    expect(proved).toEqual({ refused: 'enrolment-expired' });
    expect(await world.parts.authenticators.activeAuthenticator('liam')).toBeNull();
  });
});

describe('a right code of a step that is refused for another reason', () => {
  it('sent again and again wins no further guesses', async () => {
    const code = await freshCode('dana');
    const at = world.clock.now();
    const guess = (typed: string, formId: string) =>
      world.parts.stepUp.check({ personId: 'dana', code: typed, scopes: [], attempt: { formId, actorId: 'dana' }, at });
    let checked = 0;
    for (let nth = 0; nth < 12; nth += 1) {
      const right = await guess(code, 'refused-form');
      if (right.kind === 'proof') await world.parts.stepUp.giveBack(right.spend);
      await guess(String(100_000 + nth), `guess-${nth}`);
      const { tries } = await world.parts.database.authenticator.findFirstOrThrow({ where: { personId: 'dana' } });
      checked = Math.max(checked, tries);
    }
    // The lock of the fifth wrong code came, and stayed.
    const { lockedUntil, tries } = await world.parts.database.authenticator.findFirstOrThrow({ where: { personId: 'dana' } });
    expect([tries, checked]).toEqual([5, 5]);
    expect(lockedUntil?.getTime()).toBe(at.getTime() + 5 * 60_000);
  });
});

describe('one damaged request', () => {
  it('does not keep the others from ending', async () => {
    const form = formIn(await world.press('emma', 'start-unblock'));
    await world.submit('emma', form, { challenge: CHALLENGE, code: await freshCode('emma'), reason: 'test' });
    const damaged = await world.parts.database.request.findFirstOrThrow({ where: { requesterId: 'liam' } });
    await world.parts.database.request.update({ where: { id: damaged.id }, data: { deadlineAt: new Date(0) } });
    world.clock.forward(2 * 60 * 60_000);
    await world.beat();
    expect(await world.parts.database.request.findUniqueOrThrow({ where: { formId: form.formId } })).toMatchObject({ state: 'expired' });
  });
});
