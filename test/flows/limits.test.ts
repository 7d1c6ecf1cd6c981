// So much and no more.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../src/lib/clock.js';
import { readBreaker } from '../../src/store/breaker.js';
import { breakerRow } from '../../src/store/installation-rows.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { answeredRequest, approvedRequest, ask, freshCode, hasResponse, later, latestRequest, newChallenge, no, openRequest, reveal, sentenceIn, stateOf, wrongCode } from './steps.js';

const LIMITS = `version: 1
limits:
  challengesPerCardPerDay: 1
  requestsPerPersonPerDay: 3
  unblocksPerHour: 2
rules:
  - name: manager or helpdesk
    approvals:
      - from: [manager, helpdesk]
`;

let world: World;
beforeAll(async () => {
  world = await openWorld({ policyText: LIMITS });
});
afterAll(() => world.close());

describe('a person', () => {
  it('asks so often in a day and no more', async () => {
    for (let round = 1; round <= 3; round += 1) {
      const id = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
      await world.press('emma', 'cancel', id);
    }
    const reply = await ask(world, 'emma', { code: await freshCode(world, 'emma') });
    expect(sentenceIn(reply)).toBe(no('too-many-requests'));
  });

  it('who may ask no more hears so whatever the code is, and pays with a try only for a wrong one', async () => {
    const tries = async () => {
      const row = await world.parts.database.guessScope.findUnique({ where: { key: `day-own:emma:${world.clock.now().toISOString().slice(0, 10)}` } });
      return row?.tries ?? 0;
    };
    const before = await tries();
    for (const code of [await freshCode(world, 'emma'), wrongCode(world, 'emma')]) {
      expect(sentenceIn(await ask(world, 'emma', { code }))).toBe(no('too-many-requests'));
    }
    expect(await tries()).toBe(before + 1);
  });

  it('asks again the day after', async () => {
    await later(world, DAY_MS);
    const id = await openRequest(world, 'emma');
    await world.press('emma', 'cancel', id);
  });
});

describe('wrong codes', () => {
  it('of somebody else use up nobody\'s day', async () => {
    for (let request = 0; request < 4; request += 1) {
      const caller = formIn(await world.submit('sam', formIn(await world.press('sam', 'help-caller')), { person: 'liam@example.com' }));
      for (let guess = 0; guess < 3; guess += 1) {
        await world.submit('sam', caller, { challenge: newChallenge(), code: wrongCode(world, 'liam', guess), reason: 'x' });
      }
    }
    expect(await world.parts.database.request.count({ where: { requesterId: 'liam', state: 'failed' } })).toBe(4);
    const id = await openRequest(world, 'liam');
    expect((await world.service.desk.picture(id, null))?.counts).toMatchObject({ personRequestsThisMonth: 1 });
    await world.press('liam', 'cancel', id);
  });
});

describe('a card', () => {
  it('is answered so often in a day and no more', async () => {
    const id = await answeredRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    await world.press('emma', 'it-worked', id);
    const reply = await ask(world, 'emma', { code: await freshCode(world, 'emma') });
    expect(sentenceIn(reply)).toContain(no('card-limit'));
  });
});

describe('the organisation', () => {
  it('stops at so many responses in an hour, also for what is approved already', async () => {
    const waiting = await approvedRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    const answered = await answeredRequest(world, 'dana', { code: await freshCode(world, 'dana') });
    expect(await stateOf(world, answered)).toBe('answered');
    const reply = await reveal(world, 'liam', waiting);
    expect(hasResponse(reply)).toBe(false);
    expect(sentenceIn(reply)).toContain(no('breaker-open'));
    expect(await stateOf(world, waiting)).toBe('approved');
  });

  it('takes no new request meanwhile, and an hour changes nothing', async () => {
    const { id } = await latestRequest(world, 'liam');
    await world.press('liam', 'cancel', id);
    expect(sentenceIn(await ask(world, 'liam', { code: await freshCode(world, 'liam') }))).toContain(no('breaker-open'));
    await later(world, HOUR_MS);
    expect(sentenceIn(await ask(world, 'liam', { code: await freshCode(world, 'liam') }))).toContain(no('breaker-open'));
  });

  it('tells the helpdesk and security, once', () => {
    const { title } = ENGLISH.event['breaker-opened']({ person: '', card: '', mine: false });
    for (const channel of ['channel:helpdesk', 'channel:security']) {
      expect(world.platform.at(channel).filter((message) => message.title === title)).toHaveLength(1);
    }
  });

  it('goes on once two administrators released it, and counts anew', async () => {
    const { database, rowMac } = world.parts;
    const before = await readBreaker(database, rowMac);
    if (before === null) throw new Error('the breaker was never open');
    const at = world.clock.now();
    await database.breaker.update({ where: { id: 1 }, data: breakerRow({ ...before, state: 'released', releasedAt: at, releasedBy: ['ada', 'bo'] }, rowMac) });
    await answeredRequest(world, 'liam', { code: await freshCode(world, 'liam') });
  });
});

describe('an account', () => {
  it('that floods the chat is asked to wait, and is heard again after a while', async () => {
    await later(world, HOUR_MS);
    const many = await Promise.all(Array.from({ length: 60 }, () => world.say('eve', 'hello')));
    const refused = many.filter((reply) => sentenceIn(reply) === 'That was a lot at once. Wait a minute and try again.');
    expect(refused).toHaveLength(20);
    expect(sentenceIn(await world.say('sam', 'hello'))).toContain(ENGLISH.say.welcome.text);
    await later(world, 20 * SECOND_MS);
    expect(sentenceIn(await world.say('eve', newChallenge()))).toContain(ENGLISH.say.welcome.text);
  });
});
