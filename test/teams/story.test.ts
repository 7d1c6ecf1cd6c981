// The whole story over Teams: real HTTP, real signed tokens, a Bot Connector of ours behind it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { challengeBehind, newChallenge } from '../flows/steps.js';
import { buttonsOf, HELPDESK, TeamsWorld, textOf } from '../support/teams-world.js';

let world: TeamsWorld;
beforeAll(async () => {
  world = await TeamsWorld.open();
});
afterAll(() => world.close());

describe('a blocked card over Teams', () => {
  const challenge = newChallenge();

  it('is met with a welcome when the app is installed', async () => {
    await world.install('emma');
    expect(textOf(world.latest('emma').card)).toContain('Hello Emma Novak');
    expect(buttonsOf(world.latest('emma').card)).toEqual(['start-unblock', 'my-authenticator', 'my-recovery-codes']);
  });

  it('is asked for in one dialog, which comes back with the errors and what was typed, but never the code', async () => {
    const welcome = await world.say('emma', `unblock ${challenge}`);
    const dialog = await world.press('emma', welcome.card, 'start-unblock');
    expect(dialog).toMatchObject({ kind: 'dialog', title: 'Unblock my card' });
    expect(JSON.stringify(dialog)).toContain(`"value":"${challenge}"`);
    const wrong = await world.submit('emma', dialog, { challenge: '12', code: '000000', reason: 'PIN forgotten' });
    expect(textOf(wrong)).toContain('Challenge: ');
    expect(JSON.stringify(wrong)).toContain('"value":"PIN forgotten"');
    expect(JSON.stringify(wrong)).not.toContain('000000');
    const refused = await world.submit('emma', wrong, { challenge, code: '000000', reason: 'PIN forgotten' });
    expect(textOf(refused)).toContain('Your one-time code: ');
    expect(textOf(refused)).not.toContain('Challenge: ');
    const sent = await world.submit('emma', refused, { challenge, code: world.code('emma'), reason: '**PIN** [forgotten](https://evil.example) <at>all</at>' });
    expect(sent).toMatchObject({ kind: 'words', text: expect.stringContaining('Your code was accepted') });
  });

  it('is shown to the manager and to the helpdesk, and to the one who asked as waiting', async () => {
    await world.beat();
    expect(textOf(world.latest('emma').card)).toContain('Waiting for Dana Weber');
    expect(textOf(world.latest('dana').card)).toContain('Emma Novak');
    expect(buttonsOf(world.latest('dana').card)).toEqual(['approve', 'deny', 'not-my-report']);
    expect(textOf(world.latest(HELPDESK).card)).toContain('Emma Novak');
  });

  it("shows no buttons in the channel, but to the helpdesk's people in their own copy", async () => {
    const { card } = world.latest(HELPDESK);
    expect(buttonsOf(card)).toEqual([]);
    expect(card.refresh?.userIds).toEqual(['29:sam', '29:priya']);
    const sams = await world.refresh('sam', card, HELPDESK);
    expect(sams.kind === 'card' ? buttonsOf(sams.card) : []).toEqual(['approve', 'deny']);
    for (const name of ['eve', 'emma', 'liam']) expect(await world.refresh(name, card, HELPDESK)).toEqual({ kind: 'words', text: '403' });
  });

  it('leaves what people wrote inert', () => {
    const posted = world.teams.posted.map(({ card }) => JSON.stringify(card)).filter((card) => card.includes('evil.example'));
    expect(posted.length).toBeGreaterThan(0);
    for (const card of posted) {
      expect(card).not.toMatch(/"type":"(TextBlock|FactSet)"/);
      expect(card).not.toContain('"msteams":{"entities"');
    }
  });

  it("is approved with the manager's own code, and every copy changes", async () => {
    const approval = await world.press('dana', world.latest('dana').card, 'approve');
    const refused = await world.submit('dana', approval, { code: world.code('emma') });
    expect(textOf(refused)).toContain('Your one-time code: ');
    const done = await world.submit('dana', refused, { code: world.code('dana') });
    expect(done).toEqual({ kind: 'words', text: 'Your approval was recorded.' });
    await world.later(2_000);
    expect(textOf(world.latest('emma').card)).toContain('Approved by Dana Weber');
    expect(textOf(world.latest(HELPDESK).card)).toContain('Approved');
    expect(world.teams.at(HELPDESK)).toHaveLength(1);
  });

  it('is answered in a dialog alone, and the response opens the card', async () => {
    const confirm = await world.press('emma', world.latest('emma').card, 'show-response');
    const shown = await world.submit('emma', confirm);
    const response = /[0-9A-F]{16}/.exec(textOf(shown))?.[0] ?? '';
    expect(challengeBehind('emma', response)).toBe(challenge);
    expect(world.teams.calls.filter(({ body }) => JSON.stringify(body).includes(response))).toEqual([]);
    const thanks = await world.submit('emma', shown);
    expect(textOf(thanks)).toContain('The request is closed');
    await world.later(2_000);
    expect(textOf(world.latest('emma').card)).toContain('Your card works again');
    expect(buttonsOf(world.latest('dana').card)).toEqual([]);
    expect(world.latest(HELPDESK).card.refresh).toBeUndefined();
  });
});

describe('a request of somebody else', () => {
  it('is approved by the helpdesk in the channel, from the copy that is theirs', async () => {
    await world.later(60_000);
    const welcome = await world.say('liam', 'unblock');
    const dialog = await world.press('liam', welcome.card, 'start-unblock');
    await world.submit('liam', dialog, { challenge: newChallenge(), code: await world.freshCode('liam'), reason: 'New PIN forgotten' });
    await world.beat();
    const sams = await world.refresh('sam', world.latest(HELPDESK).card, HELPDESK);
    if (sams.kind !== 'card') throw new Error(textOf(sams));
    const approval = await world.press('sam', sams.card, 'approve', HELPDESK);
    expect(await world.submit('sam', approval, { code: world.code('sam') })).toEqual({ kind: 'words', text: 'Your approval was recorded.' });
    await world.later(2_000);
    expect(textOf(world.latest('liam').card)).toContain('Approved by Sam Ortiz');
  });

  it('is taken back at once, without a dialog', async () => {
    const answer = await world.press('liam', world.latest('liam').card, 'cancel');
    expect(answer).toEqual({ kind: 'words', text: 'The request was cancelled.' });
    await world.later(2_000);
    expect(textOf(world.latest('dana').card)).toContain('Cancelled by the person who asked');
  });

  it('is denied with a reason, which the one who asked reads', async () => {
    const welcome = await world.say('liam', 'unblock');
    const dialog = await world.press('liam', welcome.card, 'start-unblock');
    await world.submit('liam', dialog, { challenge: newChallenge(), code: await world.freshCode('liam'), reason: 'PIN forgotten' });
    await world.beat();
    const denial = await world.press('dana', world.latest('dana').card, 'deny');
    expect(await world.submit('dana', denial, { reason: 'Come to my desk' })).toEqual({ kind: 'words', text: 'The request was denied.' });
    await world.later(2_000);
    expect(textOf(world.latest('liam').card)).toContain('Denied by Dana Weber: Come to my desk');
  });
});

describe('three wrong codes in the dialog', () => {
  it('end the request, and the one whose card it is may freeze it', async () => {
    await world.later(86_400_000);
    const welcome = await world.say('emma', 'unblock');
    let dialog = await world.press('emma', welcome.card, 'start-unblock');
    for (const code of ['000000', '111111']) {
      dialog = await world.submit('emma', dialog, { challenge: newChallenge(), code, reason: 'PIN forgotten' });
      expect(dialog.kind).toBe('dialog');
    }
    await world.submit('emma', dialog, { challenge: newChallenge(), code: '222222', reason: 'PIN forgotten' });
    await world.later(2_000);
    const { card } = world.latest('emma');
    expect(textOf(card)).toContain('Ended after three wrong codes');
    expect(buttonsOf(card)).toEqual(['not-me']);
    const freeze = await world.press('emma', card, 'not-me');
    expect(textOf(await world.submit('emma', freeze))).toContain('are frozen');
    await world.later(2_000);
    expect(textOf(world.latest('19:security@thread.tacv2').card)).toContain('Emma Novak said');
  });
});
