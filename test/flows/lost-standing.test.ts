// The directory changes while a request is open.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { openWorld, type World } from '../support/world.js';
import { answeredRequest, approve, approvedRequest, auditOf, freshCode, hasResponse, no, openRequest, reimport, request, reveal, sentenceIn, settle, stateOf, textOf } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const EMMA = 'emma,Emma Novak,emma@example.com,dana@example.com,,,';

describe('an approver who lost the right to approve', () => {
  it('ends the request at the reveal: nothing is shown, and the audit says why', async () => {
    const id = await approvedRequest(world, 'emma');
    await reimport(world, ['emma,Emma Novak,emma@example.com,eve@example.com,,,']);
    const reply = await reveal(world, 'emma', id);
    expect(hasResponse(reply)).toBe(false);
    expect(sentenceIn(reply)).toContain(no('request-ended'));
    expect(await request(world, id)).toMatchObject({ state: 'denied', by: null });
    const kinds = await auditOf(world, id);
    expect(kinds.at(-1)).toMatchObject({ kind: 'denied', facts: { why: 'approver-not-entitled' } });
    expect(kinds.filter(({ kind }) => kind === 'released')).toEqual([]);
    await settle(world);
    expect(textOf(world.platform.latest('person:emma'))).toContain(ENGLISH.say.deniedByDirectory);
  });

  it('has no response shown again on their word', async () => {
    await reimport(world, [EMMA]);
    await freshCode(world, 'dana');
    const id = await answeredRequest(world, 'emma', { code: world.code('emma') });
    await reimport(world, ['emma,Emma Novak,emma@example.com,,,,']);
    expect(hasResponse(await world.press('emma', 'show-response', id))).toBe(false);
    expect(await stateOf(world, id)).toBe('denied');
  });

  it('cannot approve with a dialog that was open before', async () => {
    await reimport(world, [EMMA]);
    const id = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    const form = await world.press('sam', 'approve', id);
    await reimport(world, ['sam,Sam Ortiz,sam@example.com,,,,']);
    if (form.kind !== 'form') throw new Error('no form');
    expect(sentenceIn(await world.submit('sam', form.form, { code: world.code('sam') }))).toContain(no('not-your-decision'));
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    await world.press('emma', 'cancel', id);
  });
});

describe('a new manager', () => {
  it('decides in place of the old one', async () => {
    const id = await openRequest(world, 'liam');
    await reimport(world, ['liam,Liam Okafor,liam@example.com,eve@example.com,,,']);
    expect(sentenceIn(await world.press('dana', 'approve', id))).toContain(no('not-your-decision'));
    await approve(world, 'eve', id);
    expect(await stateOf(world, id)).toBe('approved');
  });
});
