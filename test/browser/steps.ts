// The steps that most stories share, as a person takes them with mouse and keyboard.
import type { Locator } from 'playwright-core';
import type { PlaygroundPage } from './playground-page.js';

export const NEW_PIN = '4711';

export interface Asking {
  readonly challenge?: string;
  readonly code?: string;
  readonly reason?: string;
}

/** Waits until the region, dialog or message shows these words. */
export async function see(where: Locator, words: string | RegExp): Promise<void> {
  await where.getByText(words).first().waitFor();
}

/** The message about a request, as those see it who are asked. */
export function askOf(pane: Locator, requester = 'Emma Novak'): Locator {
  return pane.getByRole('article', { name: `${requester} asks to unblock a smart card` });
}

/** Opens the employee's dialog and fills it in: by default with what the PC and Emma's authenticator show. */
export async function fillIn(on: PlaygroundPage, { challenge, code, reason = 'PIN forgotten' }: Asking = {}): Promise<Locator> {
  const dialog = on.employee.getByRole('dialog', { name: 'Unblock my card' });
  if (!(await dialog.isVisible())) await on.employee.locator('.quick').getByRole('button', { name: 'Unblock my card' }).click();
  await dialog.getByLabel('Challenge').fill(challenge ?? (await on.challenge()));
  await dialog.getByLabel('Your one-time code').fill(code ?? (await on.code('Emma Novak')));
  await dialog.getByLabel('Reason').fill(reason);
  return dialog;
}

/** Sends the filled-in request. */
export function send(dialog: Locator): Promise<void> {
  return dialog.getByRole('button', { name: 'Send request' }).click();
}

/** Fills the dialog in, sends it, and waits until these are asked. */
export async function ask(on: PlaygroundPage, asking: Asking = {}, asked = 'Dana Weber (your manager) or the helpdesk'): Promise<void> {
  const dialog = await fillIn(on, asking);
  await send(dialog);
  await see(on.employee.getByRole('log'), `Waiting for ${asked}`);
}

/** Presses Approve on the message and sends the code of this person, whom the pane shows. */
export async function approve(on: PlaygroundPage, pane: Locator, name: string, requester = 'Emma Novak'): Promise<void> {
  await askOf(pane, requester).getByRole('button', { name: 'Approve' }).click();
  const dialog = pane.getByRole('dialog', { name: 'Approve this request' });
  await dialog.getByLabel('Your one-time code').fill(await on.code(name));
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Presses Show response and says that the PC shows the same challenge. Returns the response. */
export async function showResponse(on: PlaygroundPage): Promise<string> {
  await on.employee.getByRole('log').getByRole('button', { name: 'Show response' }).click();
  const question = on.employee.getByRole('dialog', { name: 'Show the response' });
  await question.getByRole('button', { name: 'Show response' }).click();
  await on.employee.getByRole('dialog', { name: 'Response for your card' }).waitFor();
  return on.response();
}

/** Types the response and a new PIN at the locked PC. */
export async function typeAtPc(on: PlaygroundPage, response: string): Promise<void> {
  await on.pc.getByLabel('Response').fill(response);
  await on.pc.getByLabel('New PIN').fill(NEW_PIN);
  await on.pc.getByLabel('Confirm PIN').fill(NEW_PIN);
  await on.pc.getByRole('button', { name: 'OK' }).click();
}
