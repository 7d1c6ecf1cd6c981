// A newcomer who is no sample: imported beside the running server, and enrolled through the bot.
import { readCardFile } from '../../src/card/card-file.js';
import { playgroundAccount } from '../../src/chat/playground/platform.js';
import { readPeopleFile } from '../../src/directory/people-file.js';
import type { Installation } from './installation.js';
import type { PlaygroundPage } from './playground-page.js';
import { see } from './steps.js';

const PEOPLE = `id,name,e-mail,manager
N1,Nina Holm,nina.holm@example.com,dana.weber@example.com
`;

/** What the command line does with two files: Nina, and her card with this key (hex). */
export async function importNina({ server: { parts } }: Installation, key: string): Promise<void> {
  const { people } = readPeopleFile(PEOPLE);
  const imported = await parts.people.import(people, ({ id }) => playgroundAccount(id));
  const file = `serial,label,profile,holder,key\nREAL-7,A card outside,gids,nina.holm@example.com,${key}\n`;
  const { cards } = readCardFile(file, { allowDefaultKeys: false });
  const problems = 'problems' in imported ? imported.problems : await parts.cards.import(cards);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
}

/** Sets up the authenticator of Nina, whom the employee's pane shows, through the bot's dialogs. */
export async function enrol(on: PlaygroundPage, invitation: string): Promise<void> {
  await on.employee.getByLabel('Message to the bot').fill('hello');
  await on.employee.getByRole('button', { name: 'Send' }).click();
  await on.employee.getByRole('log').getByRole('button', { name: 'Set up my authenticator' }).click();
  const dialog = on.employee.getByRole('dialog', { name: 'Set up my authenticator' });
  await dialog.getByLabel('Invitation code').fill(invitation);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
  await dialog.getByLabel('Code of the new authenticator').fill(await on.code('Nina Holm'));
  await dialog.getByRole('button', { name: 'Finish' }).click();
  await see(dialog, 'Your authenticator works.');
  await dialog.getByRole('button', { name: 'Close' }).click();
}
