// Rules by the clock: whoever is on call is asked after hours, and a manager's manager decides in a named chat.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readPeopleFile } from '../../src/directory/people-file.js';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/clock.js';
import { ENGLISH } from '../../src/chat/english.js';
import { openWorld, PEOPLE_CSV, type World } from '../support/world.js';
import { approve, freshCode, later, no, openRequest, responseIn, reveal, sentenceIn, stateOf, textOf } from './steps.js';

// The world's clock begins on Monday 2026-06-01 at 09:00 UTC.
const POLICY = `version: 1
sites:
  - { name: any, timeZone: UTC, open: [{ days: [monday], from: '10:00', to: '18:00' }], forEveryoneElse: true }
rotas:
  - name: night
    timeZone: UTC
    weekly:
      - { person: eve@example.com, days: [monday], from: '08:00', to: '09:30' }
      - { person: sam, days: [monday], from: '09:30', to: '10:00' }
rules:
  - name: after hours
    when: { hours: closed }
    approvals: [{ from: ['on-call:night'] }]
  - name: often
    when: { unblocksInDays: { days: 7, atLeast: 1 }, newAuthenticator: { days: 30 } }
    approvals: [{ from: ['group:nobody'] }]
  - name: in this chat
    when: { platforms: [playground] }
    approvals: [{ from: [manager-of-manager] }]
  - name: everybody else
    approvals: [{ from: [helpdesk] }]
`;

let world: World;
beforeAll(async () => {
  world = await openWorld({ policyText: POLICY });
  const people = readPeopleFile(PEOPLE_CSV.replace('dana@example.com,,,,', 'dana@example.com,eve@example.com,,,'));
  await world.parts.people.import(people.people, null);
});
afterAll(() => world.close());

describe('after hours', () => {
  let id: string;

  it('asks whoever is on call, in person', async () => {
    id = await openRequest(world, 'emma');
    await world.beat();
    expect(textOf(world.platform.latest('person:eve'))).toContain(ENGLISH.role.onCall('night'));
    expect(textOf(world.platform.latest('person:emma'))).toContain(ENGLISH.source.onCall('night'));
    expect(world.platform.at('person:dana')).toEqual([]);
  });

  it('takes no approval from the manager, nor from whoever has the next shift', async () => {
    await later(world, HOUR_MS / 2 + MINUTE_MS);
    expect(sentenceIn(await world.press('dana', 'approve', id))).toContain(no('not-your-decision'));
    expect(sentenceIn(await world.press('sam', 'approve', id))).toContain(no('not-your-decision'));
  });

  it('goes on with who was on call at the opening, though their shift is over', async () => {
    await approve(world, 'eve', id);
    expect(await stateOf(world, id)).toBe('approved');
    expect(responseIn(await reveal(world, 'emma', id, { code: await freshCode(world, 'emma') }))).toMatch(/^[0-9A-F]{16}$/);
  });

  it('writes down what the rules looked at, and who was on call', async () => {
    const [entry] = await world.parts.database.auditEntry.findMany({ where: { body: { contains: '"request-opened"' } } });
    const body: unknown = JSON.parse(entry?.body ?? '{}');
    expect(body).toMatchObject({ facts: { rule: 'after hours', open: false, holiday: false, platform: 'playground', requestsInWeek: 0, authenticatorDays: 90, onCall: ['eve'] } });
  });
});

describe('in hours', () => {
  it("asks the manager's manager in the chat that the rule names, and nobody else may", async () => {
    await later(world, HOUR_MS);
    const id = await openRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    await world.beat();
    expect(textOf(world.platform.latest('person:eve'))).toContain(ENGLISH.role.managersManager('Liam Okafor'));
    expect(sentenceIn(await world.press('dana', 'approve', id))).toContain(no('not-your-decision'));
    await approve(world, 'eve', id, await freshCode(world, 'eve'));
    expect(await stateOf(world, id)).toBe('approved');
  });
});
