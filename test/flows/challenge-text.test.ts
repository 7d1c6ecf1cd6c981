// What people type for a challenge.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import type { Form } from '../../src/chat/message.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { approve, ask, challengeBehind, errorAt, freshCode, latestRequest, responseIn, reveal, textOf } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld({ policyText: `${DEFAULT_POLICY_TEXT}limits:\n  requestsPerPersonPerDay: 20\n` });
});
afterAll(() => world.close());

function valueOf(form: Form, id: string): string | undefined {
  return form.fields.find((field) => field.id === id)?.value;
}

describe('a challenge that cannot be one', () => {
  it.each([
    ['nothing', '   ', 'Type the 16 digits and letters that the locked PC shows.'],
    ['a digit too few', '1603 EBDF 1C8A 2E7', 'That has 15 digits; a challenge of your card has 16. Look at group 4: it has 3 instead of 4. Type it again as it stands there.'],
    ['a digit too many', '1603 EBDF 1C8A 2E722', 'Look at group 4: it has 5 instead of 4.'],
    ['a group too few', '1603 EBDF 1C8A', 'That has 12 digits; a challenge of your card has 16.'],
    ['the length of another kind of card', '1603EBDF1C8A2E721603EBDF1C8A2E73', 'That has 32 digits; a challenge of your card has 16.'],
    ['a letter that no challenge has', '1603 EBDF 1C8A 2EX2', '"X" cannot be in a challenge'],
    ['a smiley', '1603 EBDF 1C8A 2E7😀', '"😀" cannot be in a challenge'],
    ['a control character', '1603 EBDF 1C8A 2E7\u0007', '"U+0007" cannot be in a challenge'],
    ['zeros', '0000 0000 0000 0000', 'No card shows a challenge like this.'],
    ['one byte again and again', 'A5A5 A5A5 A5A5 A5A5', 'No card shows a challenge like this.'],
    ['digits that count up', '0102 0304 0506 0708', 'No card shows a challenge like this.'],
    ['a whole page', '1603EBDF1C8A2E72 '.repeat(40), 'That has too many digits'],
  ])('is refused at its field: %s', async (_, challenge, sentence) => {
    const reply = await ask(world, 'emma', { challenge });
    expect(errorAt(reply, 'challenge')).toContain(sentence);
    expect(await world.parts.database.request.count({ where: { requesterId: 'emma' } })).toBe(0);
  });

  it('costs no code and counts no request', async () => {
    const reply = await ask(world, 'emma', { challenge: '1603 EBDF 1C8A 2E72' });
    expect(reply).toMatchObject({ kind: 'done' });
    await world.press('emma', 'cancel', (await latestRequest(world, 'emma')).id);
  });
});

describe('a challenge that is right but for its looks', () => {
  it.each([
    ['without blanks', '9a4d07f3b16c285e'],
    ['with dashes', '9A4D-07F3-B16C-285E'],
    ['with 0x', '0x9A4D07F3B16C285E'],
    ['as code in a chat', '`9A4D 07F3 B16C 285E`'],
    ['in full-width letters', '９Ａ４Ｄ ０７Ｆ３ Ｂ１６Ｃ ２８５Ｅ'],
    ['with its title', 'Challenge: 9A4D 07F3 B16C 285E'],
  ])('is taken as it is: %s', async (_, challenge) => {
    expect(await ask(world, 'liam', { challenge, code: await freshCode(world, 'liam') })).toMatchObject({ kind: 'done' });
    const opened = await latestRequest(world, 'liam');
    expect(opened).toMatchObject({ challenge: '9A4D07F3B16C285E' });
    await world.press('liam', 'cancel', opened.id);
  });
});

describe('a challenge with misread characters', () => {
  const typed = '16O3 EBDF lC8A 2E72';
  const read = '1603 EBDF 1C8A 2E72';
  let form: Form;

  it('comes back in its field as it was read, with every change named, and without the code', async () => {
    form = formIn(await world.press('dana', 'start-unblock'));
    const echo = formIn(await world.submit('dana', form, { challenge: typed, code: world.code('dana'), reason: 'PIN forgotten' }));
    expect(echo.formId).toBe(form.formId);
    expect(valueOf(echo, 'challenge')).toBe(read);
    expect(valueOf(echo, 'reason')).toBe('PIN forgotten');
    expect(valueOf(echo, 'code')).toBeUndefined();
    expect(textOf(echo)).toContain(`I read this as ${read} ("O" as 0, digit 3, "l" as 1, digit 9).`);
    expect(await world.parts.database.request.count({ where: { requesterId: 'dana' } })).toBe(0);
  });

  it('goes on once the person has sent what was read', async () => {
    const sent = await world.submit('dana', form, { challenge: read, code: world.code('dana'), reason: 'PIN forgotten' });
    expect(sent).toMatchObject({ kind: 'done' });
    expect(await latestRequest(world, 'dana')).toMatchObject({ challenge: '1603EBDF1C8A2E72' });
  });

  it('is echoed in the dialog for a new challenge as well', async () => {
    const { id } = await latestRequest(world, 'dana');
    const replace = formIn(await world.press('dana', 'give-new-challenge', id));
    const echo = formIn(await world.submit('dana', replace, { challenge: 'S7B2 9E04 6CF1 A3D8', code: await freshCode(world, 'dana') }));
    expect([echo.name, echo.formId, valueOf(echo, 'challenge')]).toEqual(['new-challenge', replace.formId, '57B2 9E04 6CF1 A3D8']);
    expect(await latestRequest(world, 'dana')).toMatchObject({ challenge: '1603EBDF1C8A2E72' });
  });

  it('is echoed before a response is shown, and nothing is answered until then', async () => {
    const { id } = await latestRequest(world, 'dana');
    await approve(world, 'sam', id);
    const code = await freshCode(world, 'dana');
    const echo = formIn(await reveal(world, 'dana', id, { challenge: 'S7B2 9E04 6CF1 A3D8', code }));
    expect([echo.name, valueOf(echo, 'challenge')]).toEqual(['show-response', '57B2 9E04 6CF1 A3D8']);
    expect((await latestRequest(world, 'dana')).state).toBe('approved');
    const shown = await world.submit('dana', echo, { challenge: '57B2 9E04 6CF1 A3D8', code });
    expect(challengeBehind('dana', responseIn(shown))).toBe('57B2 9E04 6CF1 A3D8');
  });
});
