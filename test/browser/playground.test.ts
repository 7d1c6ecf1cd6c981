// The playground's page in a real Chromium: the whole story, and all that can go wrong in it.
import { createDecipheriv, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import { inGroups, toHex } from '../../src/lib/bytes.js';
import { MINUTE_MS, SECOND_MS } from '../../src/lib/clock.js';
import { findChromium, launchChromium } from './chromium.js';
import { Installation } from './installation.js';
import { enrol, importNina } from './newcomer.js';
import { accessibilityFaults, pixelsOutside } from './page-check.js';
import { compilePage } from './page-script.js';
import type { PlaygroundPage } from './playground-page.js';
import { takeScreenshots } from './screenshots.js';
import { approve, ask, askOf, fillIn, NEW_PIN, see, send, showResponse, typeAtPc } from './steps.js';

const NO_CHROMIUM = "skipped: no Chromium; install Debian's chromium or set CHROMIUM";
const REGIONS = ['Locked PC', 'Employee', 'Manager', 'Helpdesk', 'Authenticator', 'What just happened'];
const TURNED_AWAY = 'Failed to load resource: the server responded with a status of 401 (Unauthorized)';
const PHONE = { width: 390, height: 844 };

// The machine may be busy with other tests.
jest.setTimeout(MINUTE_MS);

const executable = findChromium();
let browser: Browser;
let installation: Installation;
let on: PlaygroundPage;

if (executable === null) {
  process.stdout.write(`test/browser ${NO_CHROMIUM}\n`);
  it.skip(NO_CHROMIUM, () => undefined);
} else {
  describe('the playground in Chromium', () => {
    prepare(executable);
    describe('the story', theStory);
    describe('what is typed wrongly', mistakes);
    describe('codes', codes);
    describe('a request that is not granted', otherEnds);
    describe('the page', thePage);
  });
}

/** One browser for all stories; for each a playground of its own, with the page open. */
function prepare(executablePath: string): void {
  beforeAll(async () => {
    await compilePage();
    browser = await launchChromium(executablePath);
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    installation = await Installation.open(browser);
    on = await installation.visit();
  });
  afterEach(async () => {
    await installation.close();
    expect(installation.complaints).toEqual([]);
  });
}

function theStory(): void {
  it("goes from a blocked card over the manager's approval to a new PIN", async () => {
    await ask(on);
    await on.later(40 * SECOND_MS);
    await approve(on, on.manager, 'Dana Weber');
    await see(on.employee, 'Approved by Dana Weber.');
    await on.later(10 * SECOND_MS);
    const response = await showResponse(on);
    await takeScreenshots(installation, on);
    await typeAtPc(on, response);
    await see(on.pc, 'The card accepted the response (9000). Your new PIN is set and the card is unblocked.');
    await on.employee.getByRole('dialog').getByRole('button', { name: 'It worked' }).click();
    await see(on.employee, 'Your card works again. This request is closed.');
    for (const pane of [on.manager, on.helpdesk]) await see(askOf(pane), 'Closed: the card works again.');
    await see(on.trail, ' · Emma Novak (worked: true)');
    await on.pc.getByLabel('PIN', { exact: true }).fill(NEW_PIN);
    await on.pc.getByRole('button', { name: 'Sign in' }).click();
    await see(on.pc, 'You are signed in.');
  });

  it('goes over the helpdesk as well, and the manager sees who approved', async () => {
    await ask(on);
    await approve(on, on.helpdesk, 'Priya Raman');
    await see(on.employee, 'Approved by Priya Raman.');
    await see(askOf(on.manager), 'Approved. The response was not shown yet.');
    await typeAtPc(on, await showResponse(on));
    await see(on.pc, 'The card accepted the response (9000).');
  });

  it('takes a second round after the card refused the response to a mistyped challenge', async () => {
    await ask(on, { challenge: mistyped(await on.challenge()) });
    await approve(on, on.manager, 'Dana Weber');
    await typeAtPc(on, await showResponse(on));
    await see(on.pc, 'The card refused the response (6982).');
    await on.employee.getByRole('dialog').getByRole('button', { name: 'It was refused' }).click();
    const again = on.employee.getByRole('dialog', { name: 'The response was refused' });
    await on.pc.getByRole('button', { name: 'New challenge' }).click();
    await again.getByLabel('Challenge').fill(await on.challenge());
    await again.getByLabel('Your one-time code').fill(await on.nextCode('Emma Novak'));
    await again.getByRole('button', { name: 'Continue' }).click();
    await see(on.employee.getByRole('log'), 'A new challenge was taken after the card refused a response.');
    await typeAtPc(on, await showResponse(on));
    await see(on.pc, 'The card accepted the response (9000).');
    await on.employee.getByRole('dialog').getByRole('button', { name: 'It worked' }).click();
    await see(on.employee, 'Your card works again.');
  });

  it('unblocks a card by its PUK: no challenge, shown to its holder, and then no more', async () => {
    await on.employee.getByLabel('You are').selectOption({ label: 'Sam Ortiz' });
    await on.employee.locator('.quick').getByRole('button', { name: 'Unblock my card' }).click();
    const dialog = on.employee.getByRole('dialog', { name: 'Unblock my card' });
    await dialog.getByLabel('Your one-time code').fill(await on.code('Sam Ortiz'));
    await dialog.getByLabel('Reason').fill('PIN forgotten');
    expect(await dialog.getByLabel('Challenge').count()).toBe(0);
    await send(dialog);
    await see(askOf(on.helpdesk, 'Sam Ortiz'), 'This card is unblocked with its PUK');
    await approve(on, on.helpdesk, 'Priya Raman', 'Sam Ortiz');
    await on.employee.getByRole('log').getByRole('button', { name: 'Show PUK' }).click();
    await on.employee.getByRole('dialog', { name: 'Show the PUK' }).getByRole('button', { name: /^Show/ }).click();
    const shown = on.employee.getByRole('dialog', { name: 'PUK of your card' });
    await see(shown, 'Do not write it down');
    const puk = /PUK\s+(\d{4} \d{4})/.exec(await shown.innerText())?.[1] ?? '';
    await on.pc.getByLabel('PUK').fill(puk);
    await on.pc.getByLabel('New PIN').fill(NEW_PIN);
    await on.pc.getByLabel('Confirm PIN').fill(NEW_PIN);
    await on.pc.getByRole('button', { name: 'OK' }).click();
    await see(on.pc, 'Your new PIN is set and the card is unblocked.');
    await shown.getByRole('button', { name: 'It worked' }).click();
    await see(on.helpdesk, 'A PUK was shown');
    await on.employee.locator('.quick').getByRole('button', { name: 'Unblock my card' }).click();
    await dialog.getByLabel('Your one-time code').fill(await on.nextCode('Sam Ortiz'));
    await dialog.getByLabel('Reason').fill('again');
    await send(dialog);
    await see(on.employee, 'The PUK of this card was shown before and is not shown again.');
  });

  it("serves a newcomer's own people and cards, and a challenge from a card outside", async () => {
    const key = randomBytes(24);
    await importNina(installation, toHex(key));
    await on.employee.getByLabel('You are').selectOption({ label: 'Nina Holm' });
    await see(on.authenticator, 'No authenticator on this page: Nina Holm.');
    await enrol(on, await installation.server.parts.enrolment.invite('N1', installation.now()));
    await see(on.manager, 'Nina Holm has a new authenticator.');
    const challenge = randomBytes(8);
    await ask(on, { challenge: inGroups(toHex(challenge)).toLowerCase(), code: await on.nextCode('Nina Holm') }, 'the helpdesk');
    await see(askOf(on.helpdesk, 'Nina Holm'), /Unusual: the authenticator is new/);
    await approve(on, on.helpdesk, 'Priya Raman', 'Nina Holm');
    const response = Buffer.from((await showResponse(on)).replaceAll(' ', ''), 'hex');
    const decipher = createDecipheriv('des-ede3-ecb', key, null).setAutoPadding(false);
    expect(Buffer.concat([decipher.update(response), decipher.final()])).toEqual(challenge);
  });
}

function mistakes(): void {
  it('is told at its field, and nothing else is lost', async () => {
    const challenge = (await on.challenge()).slice(0, -1);
    const dialog = await fillIn(on, { challenge, reason: 'Holidays' });
    await send(dialog);
    await see(dialog, 'That has 15 digits; a challenge of your card has 16. Look at group 4: it has 3 instead of 4.');
    expect(await inputsOf(dialog)).toEqual([challenge, await on.code('Emma Novak'), 'Holidays']);
    await dialog.getByLabel('Challenge').fill(await on.challenge());
    await send(dialog);
    await see(on.employee.getByRole('log'), 'Your code was accepted.');
  });

  it('is asked back where a field is empty', async () => {
    const dialog = await fillIn(on, { reason: ' ' });
    await send(dialog);
    await see(dialog, 'Please fill this in.');
    expect(await dialog.getByLabel('Reason').getAttribute('aria-invalid')).toBe('true');
  });

  it('is read as what was meant, and shown for confirmation first', async () => {
    const dialog = await fillIn(on, { challenge: '16O3 EBDF 1C8A 2E72', reason: 'Holidays' });
    await send(dialog);
    await see(dialog, 'I read this as 1603 EBDF 1C8A 2E72 ("O" as 0, digit 3).');
    expect(await inputsOf(dialog)).toEqual(['1603 EBDF 1C8A 2E72', '', 'Holidays']);
    await see(on.manager, 'Nothing to decide yet.');
    await dialog.getByLabel('Your one-time code').fill(await on.code('Emma Novak'));
    await send(dialog);
    await see(askOf(on.manager), 'Holidays');
  });
}

function codes(): void {
  it('end the request at the third wrong one', async () => {
    const dialog = await fillIn(on, { code: await on.wrongCode('Emma Novak') });
    for (const round of [1, 2]) {
      await send(dialog);
      await on.answered(dialog);
      await see(dialog, 'That code was not accepted.');
      expect(await dialog.getByLabel('Your one-time code').inputValue()).toBe('');
      await dialog.getByLabel('Your one-time code').fill(await on.wrongCode('Emma Novak', round));
    }
    await send(dialog);
    await see(on.employee.getByRole('dialog'), 'That was the third wrong code, so the request has ended.');
    await on.employee.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await see(on.employee, 'Ended after three wrong codes.');
    await see(on.manager, 'Nothing to decide yet.');
  });

  it('work once', async () => {
    const code = await on.code('Emma Novak');
    await ask(on, { code });
    await on.employee.getByRole('button', { name: 'Cancel request' }).click();
    await see(on.employee, 'The request was cancelled.');
    const dialog = await fillIn(on, { code });
    await send(dialog);
    await see(dialog, 'That code was not accepted. Wait for the next one (each works once).');
    await dialog.getByLabel('Your one-time code').fill(await on.nextCode('Emma Novak'));
    await send(dialog);
    await see(on.employee.getByRole('log'), 'Your code was accepted.');
  });
}

function otherEnds(): void {
  it('is denied with a reason, which the employee reads as it was written', async () => {
    await ask(on);
    await askOf(on.manager).getByRole('button', { name: 'Deny' }).click();
    const dialog = on.manager.getByRole('dialog', { name: 'Deny this request' });
    await dialog.getByLabel('Reason').fill('<b>Call</b> me [first](https://example.com)');
    await dialog.getByRole('button', { name: 'Deny request' }).click();
    await see(on.employee, 'Denied by Dana Weber: <b>Call</b> me [first](https://example.com)');
    for (const pane of [on.manager, on.helpdesk]) await see(askOf(pane), /^Denied by Dana Weber/);
    expect(await on.page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  });

  it('expires when nobody decides, for everyone who sees it', async () => {
    await ask(on);
    await on.later(61 * MINUTE_MS);
    await see(on.employee, 'Expired: nobody decided in time');
    for (const pane of [on.manager, on.helpdesk]) await see(askOf(pane), 'Expired. Nothing to do.');
    await see(on.trail, /^The request expired/);
  });

  it('is not approved by the one who asked, wherever they try', async () => {
    await on.employee.getByLabel('You are').selectOption({ label: 'Dana Weber' });
    const dialog = await fillIn(on, { code: await on.code('Dana Weber') });
    await send(dialog);
    await see(on.employee.getByRole('log'), 'Waiting for the helpdesk');
    await see(on.manager.getByRole('log'), 'Waiting for the helpdesk');
    expect(await on.manager.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await on.helpdesk.getByLabel('You are').selectOption({ label: 'Dana Weber' });
    await askOf(on.helpdesk, 'Dana Weber').getByRole('button', { name: 'Approve' }).click();
    await see(on.helpdesk.getByRole('dialog'), 'You cannot decide this request: it is your own');
    await on.helpdesk.getByLabel('You are').selectOption({ label: 'Sam Ortiz' });
    await approve(on, on.helpdesk, 'Sam Ortiz', 'Dana Weber');
    await see(on.employee, 'Approved by Sam Ortiz.');
  });

  it('answers a button that was still there, and a dialog that was still open, with what happened meanwhile', async () => {
    await ask(on);
    await askOf(on.helpdesk).getByRole('button', { name: 'Approve' }).click();
    const late = on.helpdesk.getByRole('dialog', { name: 'Approve this request' });
    await late.getByLabel('Your one-time code').fill(await on.code('Priya Raman'));
    const elsewhere = await on.openTab();
    await askOf(elsewhere.manager).waitFor();
    await elsewhere.hearNothingMore();
    await on.employee.getByRole('button', { name: 'Cancel request' }).click();
    await see(askOf(on.manager), 'Cancelled by the person who asked.');
    await late.getByRole('button', { name: 'Approve' }).click();
    await see(on.helpdesk.getByRole('dialog'), 'This request has ended.');
    await askOf(elsewhere.manager).getByRole('button', { name: 'Approve' }).click();
    await see(elsewhere.manager.getByRole('dialog'), 'That cannot be done any more: the request has moved on.');
  });

  it('freezes card and authenticator when the employee says that it was somebody else', async () => {
    await ask(on);
    await on.employee.getByRole('button', { name: 'This was not me' }).click();
    await on.employee.getByRole('dialog').getByRole('button', { name: 'Freeze my card' }).click();
    await see(on.employee.getByRole('dialog'), 'Your card and your authenticator are frozen, and security was told.');
    await see(askOf(on.manager), 'Ended: the card was frozen.');
    await on.helpdesk.getByLabel('Channel').selectOption('#security');
    await see(on.helpdesk, 'Emma Novak said "this was not me".');
  });
}

function thePage(): void {
  it('hides the response when its time is over, and does not show it again', async () => {
    await on.page.clock.install();
    await ask(on);
    await approve(on, on.manager, 'Dana Weber');
    const response = await showResponse(on);
    expect(await on.page.content()).toContain(response);
    await on.later(5 * MINUTE_MS);
    await on.page.clock.fastForward(5 * MINUTE_MS);
    const dialog = on.employee.getByRole('dialog');
    await see(dialog, 'This is hidden, because the time to show it is over.');
    expect(await on.page.content()).not.toContain(response);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await on.employee.getByRole('log').getByRole('button', { name: 'Show response' }).click();
    await see(dialog, 'The time to look at this response is over.');
  });

  it('holds no data without the token of the printed address', async () => {
    const { origin } = new URL(installation.server.address);
    const stranger = await (await installation.browse()).newPage();
    const answer = await stranger.goto(`${origin}/`);
    expect(answer?.status()).toBe(200);
    await see(stranger.getByRole('alert'), 'Open the address that the server printed when it started.');
    await stranger.goto(`${origin}/#not-the-token`);
    await see(stranger.getByRole('alert'), 'That address is not valid any more.');
    for (const name of ['Emma', 'Dana', 'SAMPLE']) expect(await stranger.content()).not.toContain(name);
    expect(new Set(installation.complaints.splice(0))).toEqual(new Set([TURNED_AWAY]));
  });

  it('runs no script and asks nobody but its own server', async () => {
    const stopped = ['img-src', 'script-src', 'connect-src'].map((rule) => on.page.waitForEvent('console', (line) => line.text().includes(rule)));
    await on.page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<img src="http://127.0.0.1:1/" alt="" onerror="document.title = 1">')`);
    await expect(on.page.evaluate("fetch('http://127.0.0.1:1/')")).rejects.toThrow();
    await Promise.all(stopped);
    expect(await on.page.title()).toBe('Countersign playground');
    expect(installation.complaints.splice(0).filter((line) => !line.includes('Content Security Policy'))).toEqual([]);
  });

  it('follows in a second tab without being loaded again', async () => {
    const second = await on.openTab();
    await second.manager.getByLabel('Message to the bot').fill('half a sentence');
    await ask(on);
    await askOf(second.manager).getByRole('button', { name: 'Approve' }).waitFor();
    await see(second.trail, /^A request was opened/);
    await approve(on, on.manager, 'Dana Weber');
    await see(second.employee, 'Approved by Dana Weber.');
    await typeAtPc(on, await showResponse(on));
    await see(second.pc, 'Sign in with your smart card');
    expect(await second.manager.getByLabel('Message to the bot').inputValue()).toBe('half a sentence');
  });

  it('needs no mouse', async () => {
    const challenge = await on.challenge();
    const code = await on.code('Emma Novak');
    await on.tabTo('button "Unblock my card"');
    await on.page.keyboard.press('Enter');
    await on.employee.getByRole('dialog').waitFor();
    await on.tabTo('textbox "Challenge"');
    await on.page.keyboard.type(challenge);
    await on.tabTo('textbox "Your one-time code"');
    await on.page.keyboard.type(code);
    await on.tabTo('textbox "Reason"');
    await on.page.keyboard.type('PIN forgotten');
    await on.tabTo('button "Send request"');
    await on.page.keyboard.press('Enter');
    await askOf(on.manager).waitFor();
    await on.employee.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await on.focused()).toContain('button "Unblock my card"');
    await on.page.keyboard.press('Enter');
    await on.employee.getByRole('dialog').waitFor();
    await on.page.keyboard.press('Escape');
    await on.employee.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await on.focused()).toContain('button "Unblock my card"');
  });

  it('names every field and every button, in whatever state it is', async () => {
    expect(await accessibilityFaults(on.page)).toEqual([]);
    const dialog = await fillIn(on, { challenge: 'nothing' });
    await send(dialog);
    await see(dialog, /cannot be in a challenge/);
    expect(await accessibilityFaults(on.page)).toEqual([]);
    await ask(on);
    await askOf(on.helpdesk).getByRole('button', { name: 'Deny' }).click();
    await on.helpdesk.getByRole('dialog').waitFor();
    await approve(on, on.manager, 'Dana Weber');
    await showResponse(on);
    expect(await accessibilityFaults(on.page)).toEqual([]);
  });

  it('shows its parts as tabs on a phone', async () => {
    const phone = await installation.visit({ viewport: PHONE, isMobile: true, hasTouch: true });
    const tab = (name: string) => phone.page.getByRole('tab', { name });
    for (const name of REGIONS) {
      await tab(name).tap();
      await phone.page.getByRole('region', { name }).waitFor();
      expect(await phone.page.getByRole('tabpanel').count()).toBe(1);
      expect(await pixelsOutside(phone.page)).toBe(0);
    }
    await tab('Locked PC').tap();
    const challenge = await phone.challenge();
    await tab('Authenticator').tap();
    const code = await phone.code('Emma Novak');
    await tab('Employee').tap();
    await ask(phone, { challenge, code });
    await tab('Manager').and(phone.page.locator('[aria-description="Something new"]')).waitFor();
    await tab('Employee').press('ArrowRight');
    expect(await phone.focused()).toContain('tab "Manager"');
    await askOf(phone.manager).getByRole('button', { name: 'Approve' }).tap();
    await phone.manager.getByRole('dialog', { name: 'Approve this request' }).waitFor();
  });
}

/** The challenge with its last digit read wrongly. */
function mistyped(challenge: string): string {
  return challenge.slice(0, -1) + (challenge.endsWith('0') ? '1' : '0');
}

/** What stands in a dialog's fields, from the top. */
function inputsOf(dialog: Locator): Promise<string[]> {
  return Promise.all(['Challenge', 'Your one-time code', 'Reason'].map((label) => dialog.getByLabel(label).inputValue()));
}
