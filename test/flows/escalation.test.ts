// Nobody answers: reminders in the same message, a wider circle, a warning, and an honest last word.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { openWorld, type World } from '../support/world.js';
import { actionsOf, approve, auditKinds, freshCode, later, no, openRequest, sentenceIn, stateOf, textOf } from './steps.js';

// The world's clock begins on Monday 2026-06-01 at 09:00 UTC.
const POLICY = `version: 1
times: { remindMinutes: 5 }
sites:
  - name: any
    timeZone: UTC
    open: [{ days: [tuesday], from: '07:00', to: '18:00' }]
    forEveryoneElse: true
    desk: room 12, extension 4711
rotas:
  - name: duty
    timeZone: UTC
    weekly: [{ person: eve, days: [monday], from: '09:08', to: '09:40' }, { person: eve, days: [monday], from: '20:00', to: '22:00' }]
rules:
  - name: manager first
    approvals: [{ from: [manager], escalateTo: [helpdesk, 'on-call:duty'], escalateMinutes: 10 }]
`;
const { voting } = ENGLISH;

let world: World;
beforeAll(async () => {
  world = await openWorld({ policyText: POLICY });
});
afterAll(() => world.close());

describe('a request that its manager does not answer', () => {
  let id: string;

  it('is brought up again in the same message, and nobody else hears of it yet', async () => {
    id = await openRequest(world, 'emma');
    await later(world, 5 * MINUTE_MS);
    expect(textOf(world.platform.latest('person:dana'))).toContain(voting.reminder(1, '09:05 UTC'));
    expect(textOf(world.platform.latest('person:dana'))).toContain(voting.outsideHours);
    expect(world.platform.at('person:dana')).toHaveLength(1);
    expect(world.platform.at('channel:helpdesk')).toEqual([]);
    expect(sentenceIn(await world.press('sam', 'approve', id))).toBe(no('not-your-decision'));
  });

  it('goes to the wider circle after the minutes of the rule, with whoever is on call by then, and everyone sees why', async () => {
    await later(world, 5 * MINUTE_MS);
    const why = voting.escalated.late("the helpdesk or whoever is on call (duty)", '09:10 UTC');
    expect(textOf(world.platform.latest('channel:helpdesk'))).toContain('Nobody decided in time');
    expect(textOf(world.platform.latest('person:eve'))).toContain(voting.asWiderCircle);
    for (const place of ['person:emma', 'person:dana', 'person:eve', 'channel:helpdesk']) expect(textOf(world.platform.latest(place))).toContain(why.slice(0, 30));
    expect(world.platform.at('person:dana')).toHaveLength(1);
    expect(await auditKinds(world, id)).toEqual(['request-opened', 'identity-proved', 'reminded', 'escalated', 'reminded']);
  });

  it('can be decided by the wider circle, and every copy ends with who and when', async () => {
    await approve(world, 'eve', id);
    expect(await stateOf(world, id)).toBe('approved');
    await world.press('emma', 'cancel', id);
    await later(world, MINUTE_MS);
    for (const place of ['person:dana', 'person:eve', 'channel:helpdesk']) {
      const copy = world.platform.latest(place);
      expect(textOf(copy)).toContain('Eve Stranger (09:10 UTC)');
      expect(textOf(copy)).toContain(`${ENGLISH.label.endedAt}: 09:10 UTC`);
      expect(actionsOf(copy)).toEqual([]);
    }
  });
});

describe('a request that nobody at all answers', () => {
  it('warns who asked when four fifths of its time are over, and ends with when somebody will be there', async () => {
    const id = await openRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    await later(world, 48 * MINUTE_MS);
    expect(textOf(world.platform.latest('person:liam'))).toContain('Nobody has decided yet');
    await later(world, 12 * MINUTE_MS);
    expect(await stateOf(world, id)).toBe('expired');
    const last = textOf(world.platform.latest('person:liam'));
    expect(last).toContain(voting.onCallFrom('20:00 UTC'));
    expect(last).toContain(voting.opensAt('2 Jun, 07:00 UTC'));
    expect(last).toContain(voting.desk('room 12, extension 4711'));
    expect((await auditKinds(world, id)).slice(-2)).toEqual(['warned', 'expired']);
  });
});
