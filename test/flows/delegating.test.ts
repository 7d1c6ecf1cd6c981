// Passing one's say on from chat: the dialog, its errors, its end, and who is told.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import type { Reply } from '../../src/chat/event.js';
import { DAY_MS, MINUTE_MS } from '../../src/lib/clock.js';
import { newId } from '../../src/lib/ids.js';
import { deactivatePerson } from '../../src/store/people-standing.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { actionsOf, approve, errorAt, forgedForm, freshCode, fromAccount, later, no, openRequest, reimport, sentenceIn, settle, stateOf, textOf, wrongCode } from './steps.js';

const RULES = `version: 1
sites:
  - name: Zürich
    timeZone: Europe/Zurich
    open: [{ days: [monday], from: '07:00', to: '18:00' }]
  - name: Auckland
    timeZone: Pacific/Auckland
    open: [{ days: [monday], from: '07:00', to: '18:00' }]
rules:
  - name: manager
    approvals: [{ from: [manager] }]
`;
const { delegating } = ENGLISH;

let world: World;
beforeAll(async () => {
  world = await openWorld({ policyText: RULES });
  await reimport(world, ['dana,Dana Weber,dana@example.com,,,Zürich,', 'sam,Sam Ortiz,sam@example.com,,helpdesk,Auckland,']);
});
afterAll(() => world.close());

/** It is the first of June, 11:00 in Zurich and 21:00 in Auckland, or some minutes later. */
const INPUTS = { person: 'liam@example.com', first: '2026-06-01', last: '2026-06-05', reason: 'holidays' };

async function give(personId: string, inputs: Partial<typeof INPUTS> & { readonly code?: string } = {}): Promise<Reply> {
  const form = formIn(await world.press(personId, 'delegate'));
  return await world.submit(personId, form, { ...INPUTS, code: inputs.code ?? (await freshCode(world, personId)), ...inputs });
}

async function audited(): Promise<readonly Record<string, unknown>[]> {
  const rows = await world.parts.database.auditEntry.findMany({ orderBy: { id: 'asc' } });
  return rows.map(({ body }) => JSON.parse(body) as Record<string, unknown>).filter(({ kind }) => kind === 'delegated' || kind === 'delegation-ended');
}

beforeEach(async () => {
  await world.parts.database.delegation.deleteMany();
});

describe('the dialog', () => {
  it('says what happens, in whose time zone, and begins with the day of today there', async () => {
    const form = formIn(await world.press('dana', 'delegate'));
    expect(textOf(form)).toContain(delegating.zone('Europe/Zurich'));
    expect(form.fields.map(({ id, kind }) => [id, kind])).toEqual([
      ['person', 'person'],
      ['first', 'date'],
      ['last', 'date'],
      ['reason', 'lines'],
      ['code', 'one-time-code'],
    ]);
    expect(form.fields.find(({ id }) => id === 'first')?.value).toBe('2026-06-01');
    expect(form.buttons).toEqual([]);
  });

  it('opens by a command, and where words open no dialog a message leads to it', async () => {
    const said = { kind: 'said', text: 'delegate', ...fromAccount('dana') } as const;
    expect(formIn(await world.service.conversation({ ...said, opensDialog: true })).name).toBe('delegate');
    const told = await world.service.conversation({ ...said, deliveryId: newId() });
    expect(told.kind === 'message' && actionsOf(told.message)).toEqual(['delegate']);
    expect(sentenceIn(told)).toBe(delegating.none);
  });

  it('is offered to managers; others have the command', async () => {
    const offers = await Promise.all(['dana', 'sam', 'emma'].map(async (id) => {
      const reply = await world.say(id, 'hello');
      return reply.kind === 'message' && actionsOf(reply.message).includes('delegate');
    }));
    expect(offers).toEqual([true, false, false]);
  });
});

describe('what was sent', () => {
  it('lets the colleague decide, whole days in the zone of the giver, with both told and the code in the audit', async () => {
    const reply = await give('dana');
    expect(sentenceIn(reply)).toContain('Liam Okafor decides in your place');
    expect(await world.parts.database.delegation.findMany()).toMatchObject([{ personId: 'dana', standInId: 'liam', endsAt: new Date('2026-06-05T22:00:00Z'), reason: 'holidays' }]);
    expect((await audited()).at(-1)).toMatchObject({ kind: 'delegated', actor: 'dana', personId: 'dana', facts: { standIn: 'liam', factor: 'totp', reason: 'holidays' } });
    await settle(world);
    expect(textOf(world.platform.latest('person:liam'))).toContain('You decide in the place of Dana Weber');
    expect(textOf(world.platform.latest('person:dana'))).toContain('Liam Okafor decides in your place');
    const id = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    await approve(world, 'liam', id, await freshCode(world, 'liam'));
    expect(await stateOf(world, id)).toBe('approved');
    await world.press('emma', 'cancel', id);
  });

  it('begins on the day that the giver has already, where that is tomorrow elsewhere', async () => {
    await later(world, 4 * 60 * MINUTE_MS);
    expect(formIn(await world.press('sam', 'delegate')).fields.find(({ id }) => id === 'first')?.value).toBe('2026-06-02');
    expect(errorAt(await give('sam', { first: '2026-06-01', last: '2026-06-01' }), 'last')).toBe(no('delegate-last'));
    expect(sentenceIn(await give('sam', { first: '2026-06-02', last: '2026-06-02' }))).toContain('Liam Okafor decides in your place');
    expect(await world.parts.database.delegation.findMany()).toMatchObject([{ personId: 'sam', endsAt: new Date('2026-06-02T12:00:00Z') }]);
  });

  it('counts once, however often it is delivered', async () => {
    const before = (await audited()).length;
    const form = formIn(await world.press('dana', 'delegate'));
    const inputs = { ...INPUTS, code: await freshCode(world, 'dana') };
    const replies = [await world.submit('dana', form, inputs), await world.submit('dana', form, inputs)].map(sentenceIn);
    expect(replies[0]).toContain('Liam Okafor decides in your place');
    expect(replies[1]).toBe(replies[0]);
    expect(await audited()).toHaveLength(before + 1);
  });

  it('that comes again after the end gives nothing back, and says so', async () => {
    const form = formIn(await world.press('dana', 'delegate'));
    const inputs = { ...INPUTS, code: await freshCode(world, 'dana') };
    await world.submit('dana', form, inputs);
    await world.press('dana', 'end-delegation');
    expect(sentenceIn(await world.submit('dana', form, inputs))).toBe(delegating.none);
  });

  it('is worth one code, which nothing else gets, and two replicas take once', async () => {
    const code = await freshCode(world, 'dana');
    const other = await openWorld({ beside: world, policyText: RULES });
    try {
      const forms = [forgedForm('delegate', ''), forgedForm('delegate', '')];
      const replies = await Promise.all([world, other].map((one, at) => one.submit('dana', forms[at] ?? forgedForm('delegate', ''), { ...INPUTS, code })));
      expect(replies.filter((reply) => errorAt(reply, 'code') === no('code-not-accepted'))).toHaveLength(1);
    } finally {
      await other.close();
    }
    expect(errorAt(await give('dana', { code }), 'code')).toBe(no('code-not-accepted'));
  });
});

describe('what is wrong stands at its field, and nothing is passed on', () => {
  it.each<[string, Partial<typeof INPUTS>, string, string]>([
    ['to oneself', { person: 'dana@example.com' }, 'person', no('delegate-self')],
    ['to nobody', { person: 'nobody@example.com' }, 'person', no('delegate-unknown')],
    ['no first day', { first: 'soon' }, 'first', no('delegate-first')],
    ['a day that there is not', { first: '2026-02-30' }, 'first', no('delegate-first')],
    ['no last day', { last: '' }, 'last', no('delegate-last')],
    ['an end before the start', { first: '2026-06-05', last: '2026-06-04' }, 'last', no('delegate-last')],
    ['an end in the past', { first: '2026-05-01', last: '2026-05-30' }, 'last', no('delegate-last')],
    ['too long', { last: '2026-10-01' }, 'last', ENGLISH.refusal['delegate-too-long']({ days: '92' })],
    ['no reason', { reason: '  ' }, 'reason', no('no-reason')],
  ])('%s', async (_what, inputs, field, sentence) => {
    expect(errorAt(await give('dana', { ...inputs, code: world.code('dana') }), field)).toBe(sentence);
    expect(await world.parts.database.delegation.count()).toBe(0);
  });

  it('a wrong code, a code of somebody else, a recovery code', async () => {
    const made = await world.parts.enrolment.renewRecoveryCodes({ personId: 'dana', code: await freshCode(world, 'dana'), attempt: { formId: newId(), actorId: 'dana' }, at: world.clock.now() });
    const [recovery = ''] = 'recoveryCodes' in made ? made.recoveryCodes : [];
    expect(recovery).not.toBe('');
    for (const code of [wrongCode(world, 'dana'), await freshCode(world, 'liam'), recovery]) {
      expect(errorAt(await give('dana', { code }), 'code')).toBe(no('code-not-accepted'));
    }
    expect(await world.parts.database.delegation.count()).toBe(0);
  });

  it('to somebody who is away then', async () => {
    await give('sam', { person: 'priya@example.com', last: '2026-06-03' });
    expect(errorAt(await give('dana', { person: 'sam@example.com', last: '2026-06-05' }), 'person')).toBe(no('delegate-away'));
    expect(sentenceIn(await give('dana', { person: 'sam@example.com', first: '2026-06-05', last: '2026-06-06' }))).toContain('Sam Ortiz decides in your place');
  });

  it('to somebody who left', async () => {
    await deactivatePerson(world.parts, 'eve', world.clock.now());
    expect(errorAt(await give('dana', { person: 'eve@example.com' }), 'person')).toBe(no('delegate-unknown'));
  });
});

describe('a running one', () => {
  it('is seen by both, on their own page and in the dialog', async () => {
    await give('dana');
    const looked = async (id: string): Promise<string> => sentenceIn(await world.service.conversation({ kind: 'looked', ...fromAccount(id) }));
    expect(await looked('dana')).toContain('Liam Okafor decides in your place from');
    expect(await looked('liam')).toContain('You decide in the place of Dana Weber from');
    const form = formIn(await world.press('dana', 'delegate'));
    expect(textOf(form)).toContain(delegating.replaces);
    expect(form.buttons.map(({ action }) => action)).toEqual(['end-delegation']);
  });

  it('is ended by its giver without a code, and by nobody else', async () => {
    await give('dana');
    expect(sentenceIn(await world.press('liam', 'end-delegation'))).toBe(delegating.notAway);
    expect(sentenceIn(await world.press('dana', 'end-delegation'))).toBe(delegating.ended);
    expect(sentenceIn(await world.press('dana', 'end-delegation'))).toBe(delegating.notAway);
    expect((await audited()).at(-1)).toMatchObject({ kind: 'delegation-ended', actor: 'dana', facts: { standIn: 'liam' } });
    await settle(world);
    expect(textOf(world.platform.latest('person:liam'))).toContain('You no longer decide in the place of Dana Weber');
  });

  it('that goes on longer keeps its beginning, so that what was decided stays decided', async () => {
    await give('dana');
    const [before] = await world.parts.database.delegation.findMany();
    await give('dana', { last: '2026-06-20' });
    expect(await world.parts.database.delegation.findMany()).toMatchObject([{ startsAt: before?.startsAt, endsAt: new Date('2026-06-20T22:00:00Z') }]);
  });

  it('is over when its time is, by itself', async () => {
    await give('dana');
    await later(world, 5 * DAY_MS);
    expect(formIn(await world.press('dana', 'delegate')).buttons).toEqual([]);
  });
});
