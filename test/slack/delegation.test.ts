// A manager on leave passes their say on in Slack, and the colleague approves in their place.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newChallenge } from '../flows/steps.js';
import type { View } from '../support/slack-service.js';
import { buttonsOf, SlackWorld, textOf, viewIn } from '../support/slack-world.js';

let world: SlackWorld;
beforeAll(async () => {
  world = await SlackWorld.open();
});
afterAll(() => world.close());

const LEAVE = { last: '2026-06-05', reason: 'holidays' };

describe('a manager in Slack', () => {
  let dialog: View;

  it('gets a dialog by the command, with pickers of people and of days', async () => {
    dialog = viewIn(await world.command('dana', 'delegate'));
    expect(dialog.blocks.flatMap(({ element }) => (element === undefined ? [] : [element.type]))).toEqual([
      'users_select',
      'datepicker',
      'datepicker',
      'plain_text_input',
      'plain_text_input',
    ]);
    expect(textOf(dialog)).toContain('(UTC)');
  });

  it('reads what is wrong at its field', async () => {
    const code = await world.freshCode('dana');
    const send = async (inputs: Readonly<Record<string, string>>) => await world.submit('dana', dialog, { person: world.id('liam'), ...LEAVE, code, ...inputs });
    expect(await send({ person: world.id('dana') })).toMatchObject({ kind: 'errors', errors: { person: expect.stringContaining('nobody stands in for themselves') } });
    expect(await send({ person: 'U0GUEST' })).toMatchObject({ kind: 'errors', errors: { person: expect.stringContaining('guests') } });
    expect(await send({ last: '2026-05-01' })).toMatchObject({ kind: 'errors', errors: { last: expect.stringContaining('not before the first day') } });
    expect(await send({ code: '000000' })).toMatchObject({ kind: 'errors', errors: { code: expect.stringContaining('not accepted') } });
  });

  it('passes the say on with their own code, and both read so', async () => {
    const sent = await world.submit('dana', dialog, { person: world.id('liam'), ...LEAVE, code: await world.freshCode('dana') });
    expect(textOf(viewIn(sent))).toContain('Liam Okafor decides in your place');
    await world.beat();
    expect(textOf((await world.latest('dana')).message)).toContain('Liam Okafor decides in your place');
    expect(textOf((await world.latest('liam')).message)).toContain('You decide in the place of Dana Weber');
  });

  it('sees it on the Home tab', async () => {
    const home = await world.openHome('dana');
    expect(textOf(home)).toContain('Liam Okafor decides in your place from');
    expect(buttonsOf(home)).toContain('delegate');
    expect(textOf(await world.openHome('liam'))).toContain('You decide in the place of Dana Weber from');
  });
});

describe('the colleague', () => {
  it('is asked in the place of the manager, and approves with a code of their own', async () => {
    const asking = viewIn(await world.command('emma'));
    await world.submit('emma', asking, { challenge: newChallenge(), code: await world.freshCode('emma'), reason: 'PIN forgotten' });
    await world.beat();
    const asked = await world.latest('liam');
    expect(textOf(asked.message)).toContain('You decide in the place of Dana Weber');
    expect(textOf((await world.latest('dana')).message)).not.toContain('asks to unblock');
    const approval = viewIn(await world.press('liam', 'approve', asked));
    expect(await world.submit('liam', approval, { code: world.code('dana') })).toMatchObject({ kind: 'errors', errors: { code: expect.any(String) } });
    await world.submit('liam', approval, { code: await world.freshCode('liam') });
    await world.later(2_000);
    expect(textOf((await world.latest('emma')).message)).toContain('Approved by Liam Okafor, in the place of Dana Weber');
  });
});

describe('the end', () => {
  it('is a button in the same dialog, without a code', async () => {
    const dialog = viewIn(await world.command('dana', 'delegate'));
    expect(buttonsOf(dialog)).toEqual(['end-delegation']);
    expect(textOf(await world.pressIn('dana', 'end-delegation', dialog))).toContain('You decide for yourself again');
    await world.beat();
    expect(textOf((await world.latest('liam')).message)).toContain('You no longer decide in the place of Dana Weber');
    expect(buttonsOf(viewIn(await world.command('dana', 'delegate')))).toEqual([]);
  });
});
