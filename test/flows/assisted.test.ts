// The helpdesk asks for a caller: what the agent is warned of, the one look at the response, and who can say that it was somebody else.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openMail } from '../../src/app/mail.js';
import { ENGLISH } from '../../src/chat/english.js';
import type { Reply } from '../../src/chat/event.js';
import { DAY_MS } from '../../src/lib/clock.js';
import { MAIL_LOGIN, type MailServer, startMailServer, wordsOf } from '../support/mail-server.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { actionsOf, answeredRequest, approve, auditKinds, auditOf, challengeBehind, freshCode, hasResponse, latestRequest, later, newChallenge, no, request, responseIn, reveal, sentenceIn, settle, stateOf, textOf, wrongCode } from './steps.js';

const { assisting, button } = ENGLISH;
let server: MailServer;
let world: World;

beforeAll(async () => {
  server = await startMailServer();
  const config = { host: '127.0.0.1', port: server.port, implicitTls: false, login: MAIL_LOGIN, from: 'countersign@example.com', securityAddress: 'security@example.com' };
  world = await openWorld({ sinks: [openMail(config)] });
});
afterAll(async () => {
  await world.close();
  await server.close();
});

/** Sam asks for a caller; the reply to the dialog with the challenge and the code. */
async function askFor(caller: string, inputs: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const who = formIn(await world.press('sam', 'help-caller'));
  const dialog = formIn(await world.submit('sam', who, { person: `${caller}@example.com` }));
  return await world.submit('sam', dialog, { challenge: newChallenge(), code: world.code(caller), reason: 'PIN forgotten', ...inputs });
}

async function assistedRequest(caller: string, inputs: Readonly<Record<string, string>> = {}): Promise<string> {
  const reply = await askFor(caller, inputs);
  if (reply.kind !== 'done') throw new Error(sentenceIn(reply));
  await settle(world);
  return (await latestRequest(world, caller)).id;
}

/** The latest copy of a request there; what is told beside it comes in any order. */
function copyAt(place: string): string {
  const copy = world.platform.at(place).filter(({ title }) => /unblock/i.test(title)).at(-1);
  if (copy === undefined) throw new Error(`no request was posted to ${place}`);
  return textOf(copy);
}

const lettersTo = (address: string) => server.letters.filter(({ to }) => to[0] === address).map((letter) => wordsOf(letter).replaceAll('\n', ' '));

describe('the agent and the approver', () => {
  it('are told of the codes that were refused for the caller, and of the requests before', async () => {
    const before = await answeredRequest(world, 'emma');
    await world.press('emma', 'it-worked', before);
    const mistaken = formIn(await world.submit('sam', formIn(await world.press('sam', 'help-caller')), { person: 'emma@example.com' }));
    const challenge = newChallenge();
    await world.submit('sam', mistaken, { challenge, code: wrongCode(world, 'emma'), reason: 'x' });
    const sent = await world.submit('sam', mistaken, { challenge, code: await freshCode(world, 'emma'), reason: 'x' });
    expect(sent.kind).toBe('done');
    await settle(world);
    for (const place of ['person:sam', 'person:dana', 'channel:helpdesk']) {
      const text = copyAt(place);
      expect(text).toContain(assisting.refusedCodes(1, '09:00 UTC'));
      expect(text).toContain(assisting.pastRequests('09:00 UTC done'));
    }
    await world.press('sam', 'cancel', (await latestRequest(world, 'emma')).id);
  });

  it('hear no more of refused codes after a week, and who asks in person shows no past', async () => {
    await later(world, 8 * DAY_MS);
    const id = await assistedRequest('emma');
    expect(copyAt('person:sam')).not.toContain('refused for this person');
    expect(copyAt('person:sam')).toContain('The last requests of this person');
    await world.press('sam', 'cancel', id);
    await answeredRequest(world, 'liam');
    await settle(world);
    expect(copyAt('person:dana')).not.toContain('The last requests of this person');
    await world.press('liam', 'it-worked', (await latestRequest(world, 'liam')).id);
  });
});

describe('the response', () => {
  const challenge = newChallenge();
  let id: string;

  it('is not for the agent to approve', async () => {
    id = await assistedRequest('emma', { challenge, code: await freshCode(world, 'emma') });
    expect(sentenceIn(await world.press('sam', 'approve', id))).toBe(no('not-your-decision'));
    expect((await approve(world, 'priya', id)).kind).toBe('done');
  });

  it('is shown to the agent once, with the line to read out', async () => {
    const dialog = formIn(await world.press('sam', 'show-response', id));
    const shown = await world.submit('sam', dialog, {});
    expect(challengeBehind('emma', responseIn(shown))).toBe(challenge);
    expect(sentenceIn(shown)).toMatch(/(Alfa|Bravo|Charlie|Delta|Echo|Foxtrot|zero|one|two)/i);
    // The platform delivers the same form once more.
    expect(responseIn(await world.submit('sam', dialog, {}))).toBe(responseIn(shown));
  });

  it('is masked afterwards: another press says that it was shown, and what to do', async () => {
    const again = await world.press('sam', 'show-response', id);
    expect(hasResponse(again)).toBe(false);
    expect(sentenceIn(again)).toBe(no('shown-to-agent'));
    await settle(world);
    const status = world.platform.latest('person:sam');
    expect(copyAt('person:sam')).toContain(assisting.shown);
    expect(actionsOf(status)).toEqual(['it-worked', 'it-was-refused']);
  });

  it('is still the employee\'s to look at, who has a chat', async () => {
    expect(challengeBehind('emma', responseIn(await world.press('emma', 'show-response', id)))).toBe(challenge);
    expect(await auditKinds(world, id)).toContain('shown-again');
  });

  it('comes once more to the agent in the next round', async () => {
    const retry = formIn(await world.press('sam', 'it-was-refused', id));
    const next = newChallenge();
    expect((await world.submit('sam', retry, { challenge: next, code: await freshCode(world, 'emma') })).kind).toBe('done');
    expect(challengeBehind('emma', responseIn(await reveal(world, 'sam', id)))).toBe(next);
    expect(hasResponse(await world.press('sam', 'show-response', id))).toBe(false);
    await world.press('sam', 'it-worked', id);
    expect(await stateOf(world, id)).toBe('done');
  });
});

describe('"This was not me"', () => {
  it('reaches the employee and the manager at once, in chat with a button and by e-mail', async () => {
    const [mine, manager] = [lettersTo('emma@example.com').length, lettersTo('dana@example.com').length];
    await assistedRequest('emma', { code: await freshCode(world, 'emma') });
    const about = { person: 'Emma Novak', card: "Emma's card" };
    for (const [place, label, words] of [
      ['person:emma', button.notMe, ENGLISH.event.assisted({ ...about, mine: true }).text],
      ['person:dana', button.notThem, ENGLISH.event.assisted({ ...about, mine: false }).text],
    ] as const) {
      const told = world.platform.at(place).filter((message) => textOf(message) === words).at(-1);
      expect(told?.buttons.map((one) => one.label)).toEqual([label]);
    }
    expect(lettersTo('emma@example.com').slice(mine).join(' ')).toContain('press "This was not me"');
    expect(lettersTo('dana@example.com').slice(manager).join(' ')).toContain('press "This was not them"');
  });

  it('is no word of anybody else', async () => {
    const { id } = await latestRequest(world, 'emma');
    for (const other of ['sam', 'priya', 'liam', 'eve']) expect(sentenceIn(await world.press(other, 'not-me', id))).toBe(no('not-your-request'));
  });

  it('from the manager freezes the card and the authenticator, and alerts security', async () => {
    const { id } = await latestRequest(world, 'emma');
    const dialog = formIn(await world.press('dana', 'not-me', id));
    expect(textOf(dialog)).toBe(assisting.freezeIntro('Emma Novak'));
    expect(sentenceIn(await world.submit('dana', dialog, {}))).toBe(assisting.frozen);
    expect(await request(world, id)).toMatchObject({ state: 'cancelled', why: 'frozen', by: 'dana' });
    expect((await world.service.desk.cardsOf('emma'))[0]?.state).toBe('frozen');
    expect(await world.parts.authenticators.activeAuthenticator('emma')).toBeNull();
    expect((await auditOf(world, id)).at(-1)).toMatchObject({ kind: 'frozen' });
    await settle(world);
    expect(world.platform.at('channel:security').map(textOf).join(' ')).toContain('Dana Weber said that it was not Emma Novak who asked.');
    expect(lettersTo('security@example.com').join(' ')).toContain('Dana Weber said');
    expect(world.platform.at('person:emma').map(textOf).join(' ')).toContain('Dana Weber said that it was not you who asked.');
  });

  it('from the employee does the same', async () => {
    const id = await assistedRequest('liam', { code: await freshCode(world, 'liam') });
    expect(sentenceIn(await world.submit('liam', formIn(await world.press('liam', 'not-me', id)), {}))).toBe(ENGLISH.say.frozenNow);
    expect((await world.service.desk.cardsOf('liam'))[0]?.state).toBe('frozen');
    expect(await world.parts.authenticators.activeAuthenticator('liam')).toBeNull();
  });

  it('from the manager is not taken for a request that their report made in person', async () => {
    const mine = await latestRequest(world, 'liam');
    expect(mine.agentId).toBe('sam');
    const own = await world.parts.database.request.findFirstOrThrow({ where: { requesterId: 'liam', NOT: { id: mine.id } } });
    expect(sentenceIn(await world.press('dana', 'not-me', own.id))).toBe(no('not-your-request'));
  });
});
