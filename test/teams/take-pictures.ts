// Takes the pictures of docs/teams.md anew, and prints the rows of the table that goes with them.
import { rm } from 'node:fs/promises';
import { findChromium, launchChromium } from '../browser/chromium.js';
import { takePictures } from '../support/pictures.js';
import { pageOf, pathOf, PICTURES, PICTURES_FOLDER, tableRows, type Width, WIDTHS } from './pictures.js';

const path = findChromium();
if (path === null) throw new Error('there is no Chromium: set CHROMIUM to its path');
await rm(PICTURES_FOLDER, { recursive: true, force: true });
const browser = await launchChromium(path);
for (const [name, width] of Object.entries(WIDTHS) as readonly [Width, number][]) {
  await takePictures(browser, new Map(PICTURES.map((picture) => [pathOf(picture.id, name), pageOf(picture)])), { width, scale: 1 });
}
await browser.close();
process.stdout.write(`${tableRows().join('\n')}\n`);
