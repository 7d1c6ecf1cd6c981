// Each in their own language over Teams: what a client says of itself reaches dialogs, copies and the views of a channel.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GERMAN } from '../../src/chat/german.js';
import { newChallenge } from '../flows/steps.js';
import { HELPDESK, TeamsWorld, textOf } from '../support/teams-world.js';

let world: TeamsWorld;
beforeAll(async () => {
  world = await TeamsWorld.open();
  world.locales.set('emma', 'de-DE');
  world.locales.set('dana', 'en-US');
  world.locales.set('sam', 'de-CH');
});
afterAll(() => world.close());

const ofPlace = (place: string) => textOf(world.latest(place).card);

describe('Emma and Sam, whose Teams is German, and Dana, whose is English', () => {
  it('meet the bot in their own language', async () => {
    await world.install('emma');
    expect(ofPlace('emma')).toContain('Guten Tag, Emma Novak');
    await world.install('dana');
    expect(ofPlace('dana')).toContain('Hello Dana Weber');
  });

  it('ask in it, and read in it what is wrong', async () => {
    const welcome = await world.say('emma', 'entsperren');
    const dialog = await world.press('emma', welcome.card, 'start-unblock');
    expect(dialog).toMatchObject({ kind: 'dialog', title: 'Meine Karte entsperren' });
    expect(JSON.stringify(dialog)).toContain(GERMAN.frame.fillIn);
    const wrong = await world.submit('emma', dialog, { challenge: '12', code: '000000', reason: 'PIN vergessen' });
    expect(textOf(wrong)).toContain('Challenge: Das sind 2 Zeichen');
    expect(JSON.stringify(wrong)).toContain(GERMAN.frame.fillIn);
    const sent = await world.submit('emma', wrong, { challenge: newChallenge(), code: world.code('emma'), reason: 'PIN vergessen' });
    expect(sent).toMatchObject({ kind: 'words', text: GERMAN.say.accepted });
  });

  it('get copies in it, beside the English of the channel', async () => {
    await world.beat();
    expect(ofPlace('emma')).toContain('Wartet auf Dana Weber (Ihre Führungskraft)');
    expect(ofPlace('dana')).toContain('Waiting for a decision.');
    expect(ofPlace(HELPDESK)).toContain('Waiting for a decision.');
    expect(textOf(await world.refresh('sam', world.latest(HELPDESK).card, HELPDESK))).toContain('Wartet auf eine Entscheidung.');
  });

  it('see the response with the steps and the words to read aloud', async () => {
    const approval = await world.press('dana', world.latest('dana').card, 'approve');
    expect(approval).toMatchObject({ title: 'Approve this request' });
    expect(await world.submit('dana', approval, { code: world.code('dana') })).toEqual({ kind: 'words', text: 'Your approval was recorded.' });
    await world.later(2_000);
    expect(ofPlace('emma')).toContain('Freigegeben von Dana Weber');
    const confirm = await world.press('emma', world.latest('emma').card, 'show-response');
    const shown = await world.submit('emma', confirm);
    expect(textOf(shown)).toContain('Zum Vorlesen: ');
    expect(textOf(shown)).toContain('Lehnt Windows sie ab');
    expect(textOf(await world.submit('emma', shown))).toBe(GERMAN.say.glad);
  });

  it('are answered in it wherever they write', async () => {
    await world.say('sam', 'Hallo');
    expect(ofPlace('sam')).toContain(GERMAN.say.welcome.text);
  });
});

describe('a client that changes its language', () => {
  it('is answered in the new one, and so is what is posted later', async () => {
    world.locales.set('emma', 'en-GB');
    await world.say('emma', 'unblock');
    expect(ofPlace('emma')).toContain('I unblock the PIN');
    world.locales.delete('emma');
    await world.restart();
    const welcome = await world.say('emma', 'unblock');
    expect(textOf(welcome.card)).toContain('I unblock the PIN');
  });

  it('is not believed to name a language with a text that is no tag', async () => {
    world.locales.set('emma', `de-${'x'.repeat(5_000)}`);
    await world.say('emma', 'unblock');
    expect(ofPlace('emma')).toContain('I unblock the PIN');
  });
});
