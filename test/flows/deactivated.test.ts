// Somebody is taken out of the directory: all that hangs on them ends at the next decision, whoever they were in it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isRefused } from '../../src/lib/refusal.js';
import { activatePerson, deactivatePerson } from '../../src/store/people-standing.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { approve, approvedRequest, hasResponse, no, openRequest, reimport, request, reveal, sentenceIn } from './steps.js';

let world: World;

function take(personId: string): Promise<boolean> {
  return deactivatePerson(world.parts, personId, world.clock.now());
}

describe('a person who was taken out', () => {
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('has their request end when somebody would approve it', async () => {
    const id = await openRequest(world, 'emma');
    expect(await take('emma')).toBe(true);
    expect(sentenceIn(await approve(world, 'dana', id))).toContain(no('request-ended'));
    expect(await request(world, id)).toMatchObject({ state: 'denied', by: null, why: 'person-inactive' });
  });

  it('is a stranger to the bot, has no authenticator that works, and no invitation', async () => {
    expect(sentenceIn(await world.press('emma', 'start-unblock'))).toBe(no('stranger'));
    expect(await world.parts.authenticators.activeAuthenticator('emma')).toBeNull();
    const invitation = await world.parts.enrolment.invite('emma', world.clock.now());
    expect(await world.parts.enrolment.begin({ invitation, at: world.clock.now() })).toMatchObject({ refused: 'invitation-not-accepted' });
  });

  it('stays out when the people are imported again', async () => {
    await reimport(world, ['emma,Emma Novak,emma@example.com,dana@example.com,,,']);
    expect((await world.parts.people.find('emma'))?.active).toBe(false);
  });

  it('is taken out once', async () => {
    expect(await take('emma')).toBe(false);
    expect(await take('nobody')).toBe(false);
  });

  it('comes back by two administrators alone', async () => {
    expect(await activatePerson(world.parts, { personId: 'emma', proofs: [], at: world.clock.now() })).toMatchObject({ refused: 'same-administrator' });
    expect((await world.parts.people.find('emma'))?.active).toBe(false);
  });
});

describe('whoever was taken out and', () => {
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('helped a caller, helps no more; the caller can still end what was asked for them', async () => {
    const caller = formIn(await world.submit('sam', formIn(await world.press('sam', 'help-caller')), { person: 'liam@example.com' }));
    await world.submit('sam', caller, { challenge: '1603 EBDF 1C8A 2E72', code: world.code('liam'), reason: 'at the airport' });
    const { id } = await world.parts.database.request.findFirstOrThrow({ where: { requesterId: 'liam' } });
    await approve(world, 'dana', id);
    await take('sam');
    expect(hasResponse(await world.press('sam', 'show-response', id))).toBe(false);
    expect(await request(world, id)).toMatchObject({ state: 'approved' });
    await world.press('liam', 'cancel', id);
    expect(await request(world, id)).toMatchObject({ state: 'cancelled' });
  });

  it('approved, has approved nothing: the request ends at the reveal', async () => {
    world.clock.forward(30_000);
    await world.beat();
    const id = await approvedRequest(world, 'emma');
    await take('dana');
    expect(hasResponse(await reveal(world, 'emma', id))).toBe(false);
    expect(await request(world, id)).toMatchObject({ state: 'denied', by: null, why: 'approver-not-entitled' });
  });

  it('would vouch, cannot: not even with a code that was right a moment before', async () => {
    const verdict = await world.parts.stepUp.check({ personId: 'priya', code: world.code('priya'), scopes: [], attempt: { formId: 'f', actorId: 'priya' }, at: world.clock.now() });
    await take('priya');
    if (verdict.kind !== 'proof') throw new Error('the code is right');
    const invitation = { id: crypto.randomUUID(), personId: 'liam', digest: new Uint8Array(32), createdAt: world.clock.now(), expiresAt: world.clock.now() };
    const outcome = await world.parts.authenticators.createVoucher({ ...invitation, issuedBy: 'priya', spend: verdict.spend, attempt: { formId: 'f', actorId: 'priya' } });
    expect(outcome).toBe('may-not-vouch');
  });

  it('is an administrator whose code lets nobody in', async () => {
    await reimport(world, ['eve,Eve Stranger,eve@example.com,,administrators,,', 'liam,Liam Okafor,liam@example.com,,administrators,,']);
    const proofs = await Promise.all(['eve', 'liam'].map(async (personId) => {
      const verdict = await world.parts.stepUp.check({ personId, code: world.code(personId), scopes: [], attempt: { formId: `f ${personId}`, actorId: personId }, at: world.clock.now() });
      if (verdict.kind !== 'proof') throw new Error('the code is right');
      return { personId, spend: verdict.spend };
    }));
    await take('eve');
    const refused = await activatePerson(world.parts, { personId: 'dana', proofs, at: world.clock.now() });
    expect(isRefused(refused) && refused.refused).toBe('not-administrator');
    expect((await world.parts.people.find('dana'))?.active).toBe(false);
  });
});
