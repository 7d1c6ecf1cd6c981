// Each in their own language over Slack: what Slack says of a person reaches dialogs, copies and what is emptied later.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GERMAN } from '../../src/chat/german.js';
import { newChallenge } from '../flows/steps.js';
import { SlackWorld, textOf, viewIn } from '../support/slack-world.js';

let world: SlackWorld;
afterAll(() => world.close());

const ofChannel = async (name: string) => textOf((await world.latest({ channel: await world.slack.channelId(name) })).message);
const ofPerson = async (name: 'emma' | 'dana') => textOf((await world.latest(name)).message);

describe('Emma, who reads German, and Dana, who reads English', () => {
  beforeAll(async () => {
    world = await SlackWorld.open();
    world.slack.users.set(world.id('emma'), { locale: 'de-DE' });
    world.slack.users.set(world.id('dana'), { locale: 'en-GB' });
  });

  it('ask and are asked in their own language', async () => {
    const dialog = viewIn(await world.command('emma', newChallenge()));
    expect(dialog).toMatchObject({ title: { text: 'Meine Karte entsperren' }, submit: { text: 'Anfrage senden' }, close: { text: 'Schließen' } });
    expect(JSON.stringify(dialog)).toContain('Der gesperrte PC zeigt sie über dem Feld für die Response');
    const wrong = await world.submit('emma', dialog, { challenge: '12', code: world.code('emma'), reason: 'PIN vergessen' });
    expect(wrong).toMatchObject({ kind: 'errors', errors: { challenge: expect.stringContaining('Das sind 2 Zeichen') } });
    const sent = viewIn(await world.submit('emma', dialog, { code: world.code('emma'), reason: 'PIN vergessen' }));
    expect(textOf(sent)).toContain('Ihr Code wurde angenommen');
    await world.beat();
    expect(await ofPerson('emma')).toMatch(/Wartet auf Dana Weber \(Ihre Führungskraft\) oder den Helpdesk seit \d\d:\d\d UTC\./);
    expect(await ofPerson('dana')).toContain('Waiting for a decision.');
    expect(await ofChannel('helpdesk')).toContain('Waiting for a decision.');
  });

  it('read of the same decision, each in their own language', async () => {
    const approval = viewIn(await world.press('dana', 'approve', await world.latest('dana')));
    expect(approval.title?.text).toBe('Approve this request');
    expect(textOf(viewIn(await world.submit('dana', approval, { code: world.code('dana') })))).toBe('Your approval was recorded.');
    await world.beat();
    expect(await ofPerson('emma')).toContain('Freigegeben von Dana Weber');
    expect(await ofPerson('dana')).toContain('The response was not shown yet');
  });

  it('see the response with the steps and the words to read aloud, and its end, which a restart does not change', async () => {
    const confirm = viewIn(await world.press('emma', 'show-response', await world.latest('emma')));
    const shown = viewIn(await world.submit('emma', confirm, {}));
    expect(textOf(shown)).toMatch(/Zum Vorlesen: .*(null|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun)/);
    expect(textOf(shown)).toContain('Ohne Leerzeichen');
    expect(textOf(shown)).toContain('4. Lehnt Windows sie ab');
    await world.restart();
    await world.later(20 * 60_000);
    expect(textOf(world.view(shown.id))).toBe(GERMAN.say.windowOver);
    expect(await ofPerson('emma')).toContain('Die Response wurde angezeigt, und Sie haben nicht gesagt');
  });

  it('are told what goes wrong and who they are not', async () => {
    world.slack.users.set(world.id('eve'), { locale: 'de-AT', is_restricted: true });
    await world.say('eve', 'hallo');
    expect(textOf((await world.latest('eve')).message)).toContain('Mit mir können nur Mitglieder dieser Organisation arbeiten');
  });
});

describe('an installation whose language is German', () => {
  beforeAll(async () => {
    await world.close();
    world = await SlackWorld.open({ env: { COUNTERSIGN_LANGUAGE: 'de' } });
    world.slack.users.set(world.id('emma'), { locale: 'fr-FR' });
  });

  it('speaks German in channels and to people of whom it knows nothing, and English to who reads neither', async () => {
    const dialog = viewIn(await world.command('emma', newChallenge()));
    expect(dialog.title?.text).toBe('Unblock my card');
    await world.submit('emma', dialog, { code: world.code('emma'), reason: 'PIN oubliée' });
    await world.beat();
    expect(await ofPerson('emma')).toContain('Waiting for Dana Weber');
    expect(await ofPerson('dana')).toContain('Wartet auf eine Entscheidung.');
    expect(await ofChannel('helpdesk')).toContain('Alle vom Helpdesk dürfen entscheiden');
  });

  it('writes to a person in their language from when they first speak', async () => {
    const approval = viewIn(await world.press('dana', 'approve', await world.latest('dana')));
    expect(approval.title?.text).toBe('Approve this request');
    await world.submit('dana', approval, { code: world.code('dana') });
    await world.beat();
    expect(await ofPerson('dana')).toContain('The response was not shown yet');
    expect(await ofChannel('helpdesk')).toContain('Die Response wurde noch nicht angezeigt');
  });
});
