// A manager who is not the manager any more, or is gone: the request finds others, or ends with a clear word.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { readPeopleFile } from '../../src/directory/people-file.js';
import { openWorld, PEOPLE_CSV, type World } from '../support/world.js';
import { actionsOf, approve, auditKinds, cancelOpen, freshCode, no, openRequest, request, sentenceIn, settle, stateOf, textOf } from './steps.js';

const POLICY = `version: 1
rules:
  - name: only the manager
    when: { cardSerials: [CARD-LIAM] }
    approvals: [{ from: [manager] }]
  - name: manager first
    approvals: [{ from: [manager], escalateTo: [helpdesk], escalateMinutes: 30 }]
`;
const PEOPLE_WITH_AN_ADMINISTRATOR = PEOPLE_CSV.replace('eve@example.com,,,,', 'eve@example.com,,administrators,,');
const { event, voting } = ENGLISH;

let world: World;
beforeAll(async () => {
  world = await openWorld({ policyText: POLICY });
  const people = readPeopleFile(PEOPLE_WITH_AN_ADMINISTRATOR);
  await world.parts.people.import(people.people, null);
});
afterAll(() => world.close());

function toldTitles(): readonly string[] {
  return world.platform.at('person:eve').map(({ title }) => title);
}

const about = (person: string) => ({ person, card: '', mine: false });

describe('"not my report"', () => {
  it('takes the manager off the request, asks the wider circle at once, and tells an administrator', async () => {
    const id = await openRequest(world, 'emma');
    await settle(world);
    expect(actionsOf(world.platform.latest('person:dana'))).toEqual(['approve', 'deny', 'not-my-report']);
    expect(sentenceIn(await world.press('dana', 'not-my-report', id))).toBe(voting.steppedDownNow);
    await settle(world);
    expect(actionsOf(world.platform.latest('person:dana'))).toEqual([]);
    expect(textOf(world.platform.latest('person:dana'))).toContain(voting.steppedDown);
    expect(sentenceIn(await world.press('dana', 'approve', id))).toBe(no('not-your-decision'));
    expect(textOf(world.platform.latest('channel:helpdesk'))).toContain('Of those who are asked first nobody is there');
    expect(textOf(world.platform.latest('person:emma'))).toContain('Waiting for the helpdesk since');
    expect(toldTitles()).toEqual([event['not-my-report'](about('Emma Novak')).title]);
    expect(await auditKinds(world, id)).toEqual(['request-opened', 'identity-proved', 'stepped-down', 'escalated']);
    await approve(world, 'sam', id);
    expect(await stateOf(world, id)).toBe('approved');
    await cancelOpen(world, 'emma');
  });

  it('ends the request with a clear word where nobody else is asked', async () => {
    const id = await openRequest(world, 'liam');
    await world.press('dana', 'not-my-report', id);
    await settle(world);
    expect(await request(world, id)).toMatchObject({ state: 'denied', by: null, why: 'nobody-left' });
    expect(textOf(world.platform.latest('person:liam'))).toContain(voting.nobodyLeft);
    expect(textOf(world.platform.latest('person:dana'))).toContain(voting.nobodyLeft);
  });

  it('is for managers alone', async () => {
    const id = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    for (const other of ['sam', 'eve', 'emma']) expect(sentenceIn(await world.press(other, 'not-my-report', id))).toBe(no('not-your-decision'));
    await cancelOpen(world, 'emma');
  });
});

describe('a manager who has left', () => {
  it('is not waited for: the wider circle is asked at once, and an administrator is told', async () => {
    const before = toldTitles().length;
    const people = readPeopleFile(PEOPLE_WITH_AN_ADMINISTRATOR.replace('emma@example.com,dana@example.com', 'emma@example.com,'));
    await world.parts.people.import(people.people, null);
    const id = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    await settle(world);
    expect(await auditKinds(world, id)).toEqual(['request-opened', 'identity-proved', 'escalated']);
    expect(toldTitles().slice(before)).toEqual([event['approver-missing'](about('Emma Novak')).title]);
    expect(textOf(world.platform.latest('person:emma'))).toContain('Waiting for the helpdesk');
    await approve(world, 'priya', id);
    expect(await stateOf(world, id)).toBe('approved');
  });
});
