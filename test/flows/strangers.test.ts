// People whom the bot does not know, or who have nothing to unblock, or nobody to agree.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { openWorld, type World } from '../support/world.js';
import { approvedRequest, ask, forgedForm, fromAccount, hasResponse, newChallenge, no, reimport, sentenceIn } from './steps.js';

const UNKNOWN = no('stranger');

let world: World;
let id: string;
beforeAll(async () => {
  world = await openWorld();
  id = await approvedRequest(world, 'emma');
});
afterAll(() => world.close());

describe('an account that is bound to nobody', () => {
  it.each([
    ['a user id that nobody has', fromAccount('mallory')],
    ['a known user id in another tenant', fromAccount('emma', 'elsewhere')],
    ['a known user id on another platform', { from: { platform: 'slack' as const, tenant: 'local', userId: 'emma' }, deliveryId: 'd' }],
  ])('%s is told so, whatever it does', async (_, account) => {
    const { conversation } = world.service;
    expect(sentenceIn(await conversation({ ...account, kind: 'said', text: 'unblock' }))).toBe(UNKNOWN);
    expect(sentenceIn(await conversation({ ...account, kind: 'pressed', action: 'start-unblock', target: '' }))).toBe(UNKNOWN);
    const reply = await conversation({ ...account, kind: 'pressed', action: 'show-response', target: id });
    expect(hasResponse(reply)).toBe(false);
    expect(sentenceIn(reply)).toBe(UNKNOWN);
    const { formId } = forgedForm('show-response', id);
    const sent = { form: 'show-response', formId, target: id, inputs: {} } as const;
    expect(sentenceIn(await conversation({ ...account, kind: 'submitted', ...sent }))).toBe(UNKNOWN);
  });
});

describe('a person without a card', () => {
  it('is told that there is none', async () => {
    expect(sentenceIn(await world.press('sam', 'start-unblock'))).toBe(no('no-card'));
  });

  it("cannot have another person's card answered by naming it", async () => {
    const [card] = await world.service.desk.cardsOf('liam');
    const inputs = { card: card?.id ?? '', challenge: newChallenge(), code: world.code('eve'), reason: 'mine' };
    const reply = await world.submit('eve', forgedForm('unblock', ''), inputs);
    expect(sentenceIn(reply)).toBe(no('no-card'));
    expect(await world.parts.database.request.count({ where: { requesterId: 'eve' } })).toBe(0);
  });
});

describe('a person whom nobody can approve for', () => {
  it('is told at once whom the policy misses, before anyone is bothered', async () => {
    await reimport(world, [
      'liam,Liam Okafor,liam@example.com,,,,',
      'sam,Sam Ortiz,sam@example.com,,,,',
      'priya,Priya Raman,priya@example.com,,,,',
    ]);
    const reply = await ask(world, 'liam');
    expect(sentenceIn(reply)).toBe(ENGLISH.refusal['no-approver']({ missing: 'manager, helpdesk' }));
    expect(await world.parts.database.request.count({ where: { requesterId: 'liam' } })).toBe(0);
  });
});
