// People whose Teams account is not known yet link it themselves, with a code; nobody else can.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { currentCode, seedFromBase32 } from '../../src/stepup/totp.js';
import { buttonsOf, type Shown, TeamsWorld, textOf } from '../support/teams-world.js';

let world: TeamsWorld;
beforeAll(async () => {
  world = await TeamsWorld.open({ bound: false, env: { TEAMS_LINK_BY_EMAIL: 'yes' } });
});
afterAll(() => world.close());

describe('a newcomer', () => {
  it('is offered to link the account of their own address, with a code', async () => {
    const welcome = await world.say('emma', 'hello');
    expect(buttonsOf(welcome.card)).toEqual(['link-account']);
    const dialog = await world.press('emma', welcome.card, 'link-account');
    expect(textOf(dialog)).toContain('Emma Novak');
    const wrong = await world.submit('emma', dialog, { code: world.code('dana') });
    expect(textOf(wrong)).toContain('could not be linked');
    const linked = await world.submit('emma', wrong, { code: world.code('emma') });
    expect(textOf(linked)).toContain('This account is yours now');
    expect(buttonsOf((await world.say('emma', 'hello')).card)).toContain('start-unblock');
  });

  it('whose address the directory does not know is a stranger', async () => {
    world.teams.addUser('zoe');
    const answer = await world.say('zoe', 'hello');
    expect(buttonsOf(answer.card)).toEqual([]);
  });

  it('with an address of somebody who is linked already gets no second account', async () => {
    const twin = world.teams.addUser('twin', { email: 'emma@example.com' });
    const dialog = await world.press('twin', (await world.say('twin', 'hello')).card, 'link-account');
    const refused = await world.submit('twin', dialog, { code: await world.freshCode('emma') });
    expect(textOf(refused)).toContain('could not be linked');
    const bound = await world.server?.parts.database.chatIdentity.count({ where: { userId: twin.objectId } });
    expect(bound).toBe(0);
  });

  it('who is a guest is offered nothing, whatever their address', async () => {
    world.teams.addUser('gus', { role: 'guest', email: 'dana@example.com' });
    expect(buttonsOf((await world.say('gus', 'hello')).card)).toEqual([]);
  });
});

/** Four groups of four in ten lines. */
const CODES = /(?:\w{4}-\w{4}-\w{4}-\w{4}\s+){9}|(?:\w{4} \w{4} \w{4} \w{4}\s+){9}/;

/** The key in base32, as it stands below the QR code. */
function seedIn(shown: Shown): string {
  const seed = /\n([A-Z2-7]{16,})(?:\n|$)/.exec(textOf(shown))?.[1];
  if (seed === undefined) throw new Error(`no key is shown: ${textOf(shown)}`);
  return seed;
}

/** What goes back through the client and Teams when the dialog is sent. */
function carried(shown: Shown): string {
  return shown.kind === 'dialog' ? JSON.stringify(shown.card.actions) : '';
}

describe('an authenticator', () => {
  let prove: Shown = { kind: 'nothing' };

  it('is set up in dialogs, with a picture that Teams shows and a seed that travels once', async () => {
    await world.later(60_000);
    const parts = world.server?.parts;
    if (parts === undefined) throw new Error('no server');
    const invitation = await parts.enrolment.invite('emma', parts.clock());
    const enrol = await world.press('emma', (await world.say('emma', 'hello')).card, 'my-authenticator');
    prove = await world.submit('emma', enrol, { invitation });
    expect(JSON.stringify(prove)).toContain('data:image/png;base64,');
    const seed = seedIn(prove);
    expect(carried(prove)).toContain('enroll-prove');
    expect(carried(prove)).not.toMatch(/otpauth/i);
    expect(carried(prove)).not.toContain(seed);
    const wrong = await world.submit('emma', prove, { newCode: '000000', code: '000000' });
    expect(JSON.stringify(wrong)).not.toContain('data:image');
    expect(JSON.stringify(wrong)).not.toContain(seed);
    expect(textOf(wrong)).toContain('were shown once');
    expect(textOf(wrong)).toContain('Code of the new authenticator: ');
    expect(world.teams.calls.filter(({ body }) => JSON.stringify(body).includes('data:image'))).toEqual([]);
  });

  it('shows its recovery codes again when Teams sends the same form again, to nobody else and not after a restart', async () => {
    const code = await world.freshCode('emma');
    const inputs = { newCode: currentCode(seedFromBase32(seedIn(prove)), world.clock.now()), code };
    const first = await world.submit('emma', prove, inputs);
    expect(textOf(first)).toMatch(CODES);
    expect(await world.submit('emma', prove, inputs)).toEqual(first);
    expect(textOf(await world.submit('dana', prove, inputs))).not.toMatch(CODES);
    await world.restart();
    const later = await world.submit('emma', prove, inputs);
    expect(textOf(later)).not.toMatch(CODES);
    expect(textOf(later)).toContain('Your authenticator is set up');
  });
});
