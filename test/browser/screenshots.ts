// The pictures in docs/, taken while the story is played: only when UPDATE_SCREENSHOTS=1.
import { mkdir } from 'node:fs/promises';
import type { Installation } from './installation.js';
import type { PlaygroundPage } from './playground-page.js';

const FOLDER = 'docs';
const PHONE = { width: 390, height: 844 };

/** Called while the employee's response is on the screen. */
export async function takeScreenshots(installation: Installation, on: PlaygroundPage): Promise<void> {
  if (process.env.UPDATE_SCREENSHOTS !== '1') return;
  await mkdir(FOLDER, { recursive: true });
  await shoot(on, 'playground-desktop.png');
  await on.page.emulateMedia({ colorScheme: 'dark' });
  await shoot(on, 'playground-dark.png');
  await on.page.emulateMedia({ colorScheme: null });
  const phone = await installation.visit({ viewport: PHONE, isMobile: true, hasTouch: true });
  await phone.page.getByRole('tab', { name: 'Employee' }).click();
  await phone.employee.getByRole('log').getByRole('button', { name: 'Show response' }).click();
  await phone.employee.getByRole('dialog', { name: 'Response for your card' }).waitFor();
  await shoot(phone, 'playground-phone.png');
}

async function shoot({ page }: PlaygroundPage, name: string): Promise<void> {
  await page.screenshot({ path: `${FOLDER}/${name}`, animations: 'disabled', caret: 'hide' });
}
