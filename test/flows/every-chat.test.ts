// The story of the playground, played on Slack and on Teams in the same words, each over HTTP with a server of its own.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../src/lib/clock.js';
import { type ChatClient, openSlack, openTeams } from '../support/chat-clients.js';
import { challengeBehind, newChallenge } from './steps.js';

const { say } = ENGLISH;
const REASON = 'PIN forgotten <!channel> **now**';

describe.each([
  { platform: 'Slack', open: openSlack },
  { platform: 'Teams', open: openTeams },
])('on $platform', ({ open }) => {
  let chat: ChatClient;
  beforeAll(async () => {
    chat = await open();
  });
  afterAll(() => chat.close());
  // The policy allows only so many requests on one day.
  beforeEach(() => chat.later(DAY_MS));

  async function ask(challenge = newChallenge()): Promise<string> {
    await chat.begin('emma');
    expect(await chat.submit('emma', { challenge, code: await chat.freshCode('emma'), reason: REASON })).toContain('Your code was accepted');
    await chat.later(2 * SECOND_MS);
    return challenge;
  }

  async function approve(): Promise<void> {
    await chat.press('dana', 'approve');
    expect(await chat.submit('dana', { code: await chat.freshCode('dana') })).toContain('Your approval was recorded.');
    await chat.later(2 * SECOND_MS);
  }

  /** What the response says the card asked for. */
  async function challengeAnswered(): Promise<string> {
    await chat.press('emma', 'show-response');
    const shown = await chat.submit('emma');
    const response = /^(?:[0-9A-F]{4} ){3}[0-9A-F]{4}$/m.exec(shown.replaceAll(/.*(?:Challenge|PC).*\n.*\n/g, ''))?.[0] ?? '';
    expect(chat.kept()).not.toContain(response.replaceAll(' ', ''));
    return challengeBehind('emma', response.replaceAll(' ', ''));
  }

  it('goes from a blocked card over the approval to a new PIN', async () => {
    const challenge = await ask();
    expect((await chat.read('emma')).text).toContain('Waiting for Dana Weber');
    const asked = await chat.read('dana');
    expect(asked.text).toContain(REASON);
    expect(asked.buttons).toEqual(expect.arrayContaining(['approve', 'deny']));
    await approve();
    expect(await challengeAnswered()).toBe(challenge);
    await chat.pressInside('emma', 'it-worked');
    await chat.later(2 * SECOND_MS);
    expect((await chat.read('emma')).text).toContain(say.done.worked);
    expect((await chat.read('dana')).buttons).toEqual([]);
  });

  it('takes a second round after the card refused the response', async () => {
    await ask();
    await approve();
    await challengeAnswered();
    expect(await chat.pressInside('emma', 'it-was-refused')).toContain(say.retryIntro);
    const second = newChallenge();
    await chat.submit('emma', { challenge: second, code: await chat.freshCode('emma') });
    await chat.later(2 * SECOND_MS);
    expect((await chat.read('emma')).text).toContain(say.nextRound);
    expect(await challengeAnswered()).toBe(second);
    await chat.pressInside('emma', 'it-worked');
    await chat.later(2 * SECOND_MS);
    expect((await chat.read('emma')).text).toContain(say.done.worked);
  });

  it('says what was typed wrongly at its field, and loses nothing else', async () => {
    await chat.begin('emma');
    const code = await chat.freshCode('emma');
    expect(await chat.submit('emma', { challenge: '12', code, reason: REASON })).toContain('digits');
    const challenge = newChallenge();
    expect(await chat.submit('emma', { challenge, code: '000000', reason: REASON })).toContain('not accepted');
    expect(await chat.submit('emma', { challenge, code, reason: REASON })).toContain('Your code was accepted');
    await chat.later(2 * SECOND_MS);
    await chat.press('emma', 'cancel');
  });

  it('takes a code once', async () => {
    await chat.begin('emma');
    const code = await chat.freshCode('emma');
    await chat.submit('emma', { challenge: newChallenge(), code, reason: REASON });
    await chat.later(2 * SECOND_MS);
    expect(await chat.press('emma', 'cancel')).toContain('cancelled');
    await chat.begin('emma');
    expect(await chat.submit('emma', { challenge: newChallenge(), code, reason: REASON })).toContain('not accepted');
  });

  it('ends a request at the third wrong code', async () => {
    await chat.begin('emma');
    for (const code of ['000000', '111111', '222222']) await chat.submit('emma', { challenge: newChallenge(), code, reason: REASON });
    await chat.later(2 * SECOND_MS);
    expect((await chat.read('emma')).text).toContain(say.failed['wrong-codes']);
  });

  it('denies with a reason, which the one who asked reads as it was written', async () => {
    await ask();
    await chat.press('dana', 'deny');
    await chat.submit('dana', { reason: 'Come *to* my desk' });
    await chat.later(2 * SECOND_MS);
    const { text, buttons } = await chat.read('emma');
    expect(text).toContain(say.denied('Dana Weber', 'Come *to* my desk'));
    expect(buttons).toEqual(['not-me']);
  });

  it('expires when nobody decides, for everyone who sees it', async () => {
    await ask();
    await chat.later(HOUR_MS);
    await chat.later(2 * SECOND_MS);
    expect((await chat.read('emma')).text).toContain(say.expired);
    expect(await chat.read('dana')).toMatchObject({ text: expect.stringContaining(say.state.expired), buttons: [] });
  });

  it('answers a dialog that was still open with what happened meanwhile', async () => {
    await ask();
    await chat.press('dana', 'approve');
    await chat.press('emma', 'cancel');
    expect(await chat.submit('dana', { code: await chat.freshCode('dana') })).toContain(ENGLISH.refusal['request-closed']({}));
  });

  it('freezes card and authenticator when the employee says that it was somebody else', async () => {
    await ask();
    await chat.press('emma', 'not-me');
    expect(await chat.submit('emma')).toContain('frozen');
    await chat.later(2 * SECOND_MS);
    expect((await chat.read('dana')).buttons).toEqual([]);
  });
});
