// A number that only the requester's screen shows: the approver has to talk to them.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import type { Form } from '../../src/chat/message.js';
import { numberMatchOf } from '../../src/unblock/number-match.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { actionsOf, auditKinds, cancelOpen, errorAt, freshCode, latestRequest, newChallenge, no, openRequest, request, sentenceIn, settle, stateOf, textOf, wrongCode } from './steps.js';

const POLICY = `version: 1
rules:
  - name: with a number
    numberMatch: true
    approvals: [{ from: [manager, helpdesk] }]
`;
const NOT_ACCEPTED = no('number-not-accepted');

let world: World;
beforeAll(async () => {
  world = await openWorld({ policyText: POLICY });
});
afterAll(() => world.close());

/** The number as the requester reads it in their dialog. */
async function numberOf(id: string, requester = 'emma'): Promise<string> {
  return /: (\d\d)$/m.exec(textOf(formIn(await world.press(requester, 'show-number', id))))?.[1] ?? 'none';
}

function anotherThan(number: string): string {
  return number === '99' ? '98' : String(Number(number) + 1);
}

async function dialogOf(approver: string, id: string): Promise<Form> {
  return formIn(await world.press(approver, 'approve', id));
}

describe('a rule with a number', () => {
  let id: string;
  let dialog: Form;

  it('asks the approver for number and code, and shows the number to the requester alone', async () => {
    id = await openRequest(world, 'emma');
    await settle(world);
    expect(actionsOf(world.platform.latest('person:emma'))).not.toContain('show-number');
    dialog = await dialogOf('dana', id);
    expect(dialog.fields.map((field) => field.id)).toEqual(['number', 'code']);
    await settle(world);
    expect(actionsOf(world.platform.latest('person:emma'))).toContain('show-number');
    expect(textOf(world.platform.latest('person:emma'))).toContain(ENGLISH.voting.numberWaits('Dana Weber'));
    expect(await numberOf(id)).toMatch(/^[1-9][0-9]$/);
    for (const other of ['dana', 'sam', 'eve']) expect(sentenceIn(await world.press(other, 'show-number', id))).toBe(no('not-your-request'));
  });

  it('has one answer for a wrong number and for a wrong code, and another number after each', async () => {
    const number = await numberOf(id);
    const wrong = await world.submit('dana', dialog, { number: anotherThan(number), code: world.code('dana') });
    expect(errorAt(wrong, 'number')).toBe(NOT_ACCEPTED);
    expect(await numberOf(id)).not.toBe(number);
    const sams = await dialogOf('sam', id);
    expect(textOf(formIn(await world.press('emma', 'show-number', id)))).toMatch(/Dana Weber: \d\d\nSam Ortiz: \d\d/);
    expect(await world.submit('sam', sams, { number: numbersIn(await request(world, id)).sam ?? '', code: wrongCode(world, 'sam') })).toEqual(wrong);
  });

  it('takes the right number with the right code, though the code was typed with a wrong number before', async () => {
    expect(await world.submit('dana', dialog, { number: await numberOf(id), code: world.code('dana') })).toMatchObject({ kind: 'done' });
    expect(await stateOf(world, id)).toBe('approved');
  });

  it('never puts the number into a message, a notice or the audit', async () => {
    await cancelOpen(world, 'emma');
    const again = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    await dialogOf('priya', again);
    await settle(world);
    const number = await numberOf(again);
    const posted = [...world.platform.posts.values()].map(({ message }) => message.blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : [])).join('\n'));
    expect(posted.filter((text) => new RegExp(`\\b${number}\\b`).test(text.replace(/\d\d:\d\d|\d\d? \w+|30 days/g, '')))).toEqual([]);
    const entries = await world.parts.database.auditEntry.findMany({ where: { body: { contains: again } } });
    expect(entries.filter(({ body }) => body.includes(`"${number}"`))).toEqual([]);
    expect(await auditKinds(world, again)).toEqual(['request-opened', 'identity-proved', 'number-drawn']);
    await cancelOpen(world, 'emma');
  });
});

describe('two misses', () => {
  it('end that approver\'s vote, and the same submission delivered twice is one of them', async () => {
    const id = await openRequest(world, 'liam');
    const dialog = await dialogOf('dana', id);
    const missed = { number: anotherThan(await numberOf(id, 'liam')), code: await freshCode(world, 'dana') };
    for (let delivery = 1; delivery <= 3; delivery += 1) expect(errorAt(await world.submit('dana', dialog, missed), 'number')).toBe(NOT_ACCEPTED);
    const second = { number: anotherThan(await numberOf(id, 'liam')), code: world.code('dana') };
    expect(sentenceIn(await world.submit('dana', dialog, second))).toBe(no('vote-ended'));
    const right = numbersIn(await request(world, id)).dana ?? '';
    expect(sentenceIn(await world.submit('dana', dialog, { number: right, code: await freshCode(world, 'dana') }))).toBe(no('vote-ended'));
    expect(sentenceIn(await world.press('dana', 'approve', id))).toBe(no('vote-ended'));
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    const sams = await dialogOf('sam', id);
    expect(await world.submit('sam', sams, { number: await numberOf(id, 'liam'), code: await freshCode(world, 'sam') })).toMatchObject({ kind: 'done' });
    expect(await stateOf(world, id)).toBe('approved');
    await cancelOpen(world, 'liam');
  });

  it('are all that thirty guesses at once come to', async () => {
    const id = await openRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    const dialog = await dialogOf('priya', id);
    const right = await numberOf(id, 'liam');
    const code = await freshCode(world, 'priya');
    const guesses = Array.from({ length: 30 }, (_, at) => String(at + 10)).filter((number) => number !== right);
    const replies = await Promise.all(guesses.map((number) => world.service.desk.approve({ actorId: 'priya', formId: dialog.formId, requestId: id }, code, number)));
    expect(replies.filter((reply) => !('refused' in reply)).length).toBeLessThanOrEqual(1);
    const kinds = await auditKinds(world, id);
    expect(kinds.filter((kind) => kind === 'code-refused').length).toBeLessThanOrEqual(2);
    await cancelOpen(world, 'liam');
  });
});

describe('a request for a caller', () => {
  async function openFor(caller: string, formId: string) {
    const [card] = await world.service.desk.cardsOf(caller);
    const code = await freshCode(world, caller);
    return world.service.desk.open({ actorId: 'sam', forId: caller, formId, cardId: card?.id ?? '', challenge: newChallenge(), code, reason: 'PIN forgotten' });
  }

  it('shows the number to the caller, never to the agent', async () => {
    expect(await openFor('emma', 'assist-form-of-emma')).toHaveProperty('request');
    const { id } = await latestRequest(world, 'emma');
    await dialogOf('dana', id);
    await settle(world);
    expect(world.platform.at('person:emma').flatMap(actionsOf)).toContain('show-number');
    expect(world.platform.at('person:sam').flatMap(actionsOf)).not.toContain('show-number');
    expect(textOf(world.platform.latest('person:sam'))).toContain(ENGLISH.voting.numberAtCaller('Dana Weber', 'Emma Novak'));
    expect(sentenceIn(await world.press('sam', 'show-number', id))).toBe(no('not-your-request'));
  });

  it('who has no chat account is refused when it is opened, and the agent reads what to do', async () => {
    await world.parts.database.chatIdentity.deleteMany({ where: { personId: 'dana' } });
    expect(await openFor('dana', 'assist-form-of-dana')).toMatchObject({ refused: 'number-needs-chat' });
    expect(no('number-needs-chat')).toContain('Link an account');
  });
});

function numbersIn(found: Awaited<ReturnType<typeof request>>): Record<string, string | undefined> {
  return Object.fromEntries(['dana', 'sam', 'priya'].map((id) => [id, numberMatchOf(found, id)?.number]));
}
