// The helpdesk decides in its own channel.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { openWorld, type World } from '../support/world.js';
import { actionsOf, approve, ask, auditOf, challengeBehind, newChallenge, no, openRequest, openRequestOf, responseIn, reveal, sentenceIn, settle, stateOf, textOf, wrongCode } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('the helpdesk', () => {
  it('sees in its channel who asks, for which card, why and how they were verified', async () => {
    await openRequest(world, 'emma', { reason: 'PIN forgotten after holidays' });
    await world.beat();
    const asked = world.platform.latest('channel:helpdesk');
    expect(textOf(asked)).toContain('Emma Novak, emma@example.com');
    expect(textOf(asked)).toContain("Emma's card (…EMMA)");
    expect(textOf(asked)).toContain('PIN forgotten after holidays');
    expect(textOf(asked)).toContain(ENGLISH.say.verifiedAt('09:00 UTC'));
    expect(textOf(asked)).toContain(ENGLISH.say.channelAsk);
    expect(actionsOf(asked)).toEqual(['approve', 'deny']);
    expect(world.platform.at('person:sam')).toEqual([]);
  });

  it('is asked nothing before the code was right', async () => {
    const before = world.platform.at('channel:helpdesk').length;
    await ask(world, 'liam', { code: wrongCode(world, 'liam') });
    await world.beat();
    expect(world.platform.at('channel:helpdesk')).toHaveLength(before);
  });

  it('approves with a code of its own, and every copy says by whom', async () => {
    const challenge = newChallenge();
    const id = await openRequest(world, 'dana', { challenge });
    expect(sentenceIn(await approve(world, 'sam', id))).toBe(ENGLISH.say.voted);
    await world.beat();
    const [asked, status] = [world.platform.latest('channel:helpdesk'), world.platform.latest('person:dana')];
    expect(textOf(asked)).toContain('Sam Ortiz');
    expect(textOf(status)).toContain(ENGLISH.say.approved('Sam Ortiz'));
    expect(actionsOf(asked)).toEqual(['revoke']);
    expect(actionsOf(status)).toEqual(['show-response', 'give-new-challenge', 'cancel', 'not-me']);
    const entries = await auditOf(world, id);
    expect(entries.find(({ kind }) => kind === 'vote')?.facts).toMatchObject({ as: 'helpdesk', factor: 'totp' });
    expect(challengeBehind('dana', responseIn(await reveal(world, 'dana', id)))).toBe(challenge);
  });

  it('is not asked again by each copy: one message a request', async () => {
    await settle(world);
    expect(world.platform.at('channel:helpdesk')).toHaveLength(2);
    expect(world.platform.at('channel:security')).toEqual([]);
  });

  it('approves a request once, whoever presses', async () => {
    const id = (await openRequestOf(world, 'emma'))?.id ?? '';
    await approve(world, 'priya', id);
    expect(await stateOf(world, id)).toBe('approved');
    expect(sentenceIn(await world.press('sam', 'approve', id))).toBe(no('not-now'));
  });
});
