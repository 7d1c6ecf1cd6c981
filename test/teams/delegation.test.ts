// A manager on leave passes their say on in Teams, and the colleague approves in their place.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS } from '../../src/lib/clock.js';
import { newChallenge } from '../flows/steps.js';
import { buttonsOf, type Shown, TeamsWorld, textOf } from '../support/teams-world.js';

let world: TeamsWorld;
beforeAll(async () => {
  world = await TeamsWorld.open();
});
afterAll(() => world.close());

/** So many days after today, as the dialog takes it. */
function day(later: number): string {
  return new Date(world.clock.now().getTime() + later * DAY_MS).toISOString().slice(0, 10);
}

function leave() {
  return { first: day(0), last: day(4), reason: 'holidays' };
}

async function dialogOf(name: string): Promise<Shown> {
  return await world.press(name, (await world.say(name, 'delegate')).card, 'delegate');
}

describe('a manager in Teams', () => {
  it('is told how it stands by a word, and led to a dialog with pickers of people and of days', async () => {
    const told = await world.say('dana', 'delegate');
    expect(textOf(told.card)).toContain('Nobody decides in your place');
    expect(buttonsOf(told.card)).toEqual(['delegate']);
    const dialog = JSON.stringify(await dialogOf('dana'));
    expect(dialog).toContain('"dataset":"graph.microsoft.com/users"');
    expect(dialog.match(/"type":"Input\.Date"/g)).toHaveLength(2);
    expect(dialog).toContain(`"value":"${day(0)}"`);
  });

  it('reads in the dialog what is wrong, and finds there what was typed, but no code', async () => {
    const dialog = await dialogOf('dana');
    const code = await world.freshCode('dana');
    const liam = world.user('liam').objectId;
    expect(textOf(await world.submit('dana', dialog, { person: world.user('dana').objectId, ...leave(), code }))).toContain('nobody stands in for themselves');
    const again = await world.submit('dana', dialog, { person: liam, ...leave(), last: day(-1), code });
    expect(textOf(again)).toContain('Last day: Give the last day as a date');
    expect(JSON.stringify(again)).toContain(`"value":"${day(-1)}"`);
    expect(JSON.stringify(again)).not.toContain(code);
    expect(textOf(await world.submit('dana', again, { person: liam, ...leave(), code: '000000' }))).toContain('not accepted');
  });

  it('passes the say on with their own code, and both read so', async () => {
    const sent = await world.submit('dana', await dialogOf('dana'), { person: world.user('liam').objectId.toUpperCase(), ...leave(), code: await world.freshCode('dana') });
    expect(textOf(sent)).toContain('Liam Okafor decides in your place');
    await world.beat();
    expect(textOf(world.latest('dana').card)).toContain('Liam Okafor decides in your place');
    expect(textOf(world.latest('liam').card)).toContain('You decide in the place of Dana Weber');
  });
});

describe('the colleague', () => {
  it('is asked in the place of the manager, and approves with a code of their own', async () => {
    const asking = await world.press('emma', (await world.say('emma', 'unblock')).card, 'start-unblock');
    await world.submit('emma', asking, { challenge: newChallenge(), code: await world.freshCode('emma'), reason: 'PIN forgotten' });
    await world.beat();
    const asked = world.latest('liam').card;
    expect(textOf(asked)).toContain('You decide in the place of Dana Weber');
    expect(textOf(world.latest('dana').card)).not.toContain('asks to unblock');
    const approval = await world.press('liam', asked, 'approve');
    expect(textOf(await world.submit('liam', approval, { code: world.code('dana') }))).toContain('not accepted');
    await world.submit('liam', approval, { code: await world.freshCode('liam') });
    await world.later(2_000);
    expect(textOf(world.latest('emma').card)).toContain('Approved by Liam Okafor, in the place of Dana Weber');
  });
});

describe('the end', () => {
  it('is a button beside the words, without a code', async () => {
    const told = await world.say('dana', 'Delegate');
    expect(buttonsOf(told.card)).toEqual(['delegate', 'end-delegation']);
    expect(textOf(await world.press('dana', told.card, 'end-delegation'))).toContain('You decide for yourself again');
    await world.beat();
    expect(textOf(world.latest('liam').card)).toContain('You no longer decide in the place of Dana Weber');
  });
});
