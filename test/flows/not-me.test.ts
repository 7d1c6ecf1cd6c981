// Somebody asked in another person's name, and that person says so.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { actionsOf, approve, approvedRequest, ask, auditOf, errorAt, freshCode, hasResponse, no, openRequest, request, sentenceIn, settle, textOf } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('"This was not me"', () => {
  let id: string;

  it('asks before it freezes, and needs no code', async () => {
    id = await approvedRequest(world, 'emma');
    const form = formIn(await world.press('emma', 'not-me', id));
    expect(form.fields).toEqual([]);
    expect(textOf(form)).toContain(ENGLISH.say.freezeIntro);
    expect(await request(world, id)).toMatchObject({ state: 'approved' });
  });

  it('ends the request, freezes the card and stops the authenticator', async () => {
    const show = formIn(await world.press('emma', 'show-response', id));
    const frozen = await world.submit('emma', formIn(await world.press('emma', 'not-me', id)), {});
    expect(sentenceIn(frozen)).toContain(ENGLISH.say.frozenNow);
    expect(await request(world, id)).toMatchObject({ state: 'cancelled', why: 'frozen' });
    expect(hasResponse(await world.submit('emma', show, {}))).toBe(false);
    expect((await world.service.desk.cardsOf('emma'))[0]?.state).toBe('frozen');
    expect(await world.parts.authenticators.activeAuthenticator('emma')).toBeNull();
  });

  it('is audited', async () => {
    expect((await auditOf(world, id)).at(-1)).toMatchObject({ kind: 'frozen' });
  });

  it('tells security, the person and the manager', async () => {
    await settle(world);
    for (const place of ['channel:security', 'person:emma', 'person:dana']) {
      const about = { person: 'Emma Novak', card: "Emma's card", mine: place === 'person:emma' };
      expect(world.platform.at(place).map(textOf)).toContain(ENGLISH.event['card-frozen'](about).text);
    }
    expect(world.platform.at('person:eve')).toEqual([]);
  });

  it('leaves no button on the copies of the approvers', () => {
    const copies = world.platform.at('channel:helpdesk');
    expect(copies.map(textOf).join('\n')).toContain(ENGLISH.say.state.frozen);
    expect(copies.flatMap(actionsOf)).toEqual([]);
  });

  it('stops the next request of that card', async () => {
    const reply = await ask(world, 'emma', { code: await freshCode(world, 'emma') });
    expect(sentenceIn(reply)).toBe(no('card-frozen'));
  });

  it('works on a request that has ended, too', async () => {
    const ended = await openRequest(world, 'liam');
    await world.press('liam', 'cancel', ended);
    await world.submit('liam', formIn(await world.press('liam', 'not-me', ended)), {});
    expect(await request(world, ended)).toMatchObject({ state: 'cancelled', why: 'requester' });
    expect((await world.service.desk.cardsOf('liam'))[0]?.state).toBe('frozen');
  });

  it('is for the person alone', async () => {
    expect(sentenceIn(await world.press('sam', 'not-me', id))).toBe(no('not-your-request'));
  });
});

describe('an approver who is frozen', () => {
  it('approves nothing any more', async () => {
    const other = await openWorld();
    try {
      const mine = await openRequest(other, 'dana');
      const theirs = await openRequest(other, 'emma');
      await other.submit('dana', formIn(await other.press('dana', 'not-me', mine)), {});
      expect(errorAt(await approve(other, 'dana', theirs, await freshCode(other, 'dana')), 'code')).toBe(no('code-not-accepted'));
    } finally {
      await other.close();
    }
  });
});
