// The pictures of docs/slack.md, drawn from the blocks that Slack is sent: one for each state, and none that is missing.
// UPDATE_SCREENSHOTS=1 npm test -- test/pictures/slack takes them anew with this machine's Chromium.
import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { findChromium, launchChromium } from '../browser/chromium.js';
import { DIALOGS, type FormExhibit, type MessageExhibit, MESSAGES } from '../support/gallery.js';
import { pageHtml, takePictures } from '../support/pictures.js';
import { BLOCK_KIT_STYLE } from './block-kit.js';
import { exhibitHtml, PICTURE_SPEECH as speech } from './exhibit.js';

const FOLDER = 'docs/pictures/slack';
const MOST_BYTES = 1_500_000;
/** Some sixty pictures on a slow machine. */
const TIMEOUT_MS = 240_000;

const pictured = [...MESSAGES, ...DIALOGS].filter((exhibit) => exhibit.pictured);
const pathOf = (id: string) => `${FOLDER}/${id}.png`;

function html(exhibit: MessageExhibit | FormExhibit): string {
  return pageHtml(exhibitHtml(exhibit), BLOCK_KIT_STYLE);
}

describe('the pictures', () => {
  it('are taken anew when that is asked for', async () => {
    const chromium = findChromium();
    if (process.env.UPDATE_SCREENSHOTS !== '1' || chromium === null) return;
    const browser = await launchChromium(chromium);
    await takePictures(browser, new Map(pictured.map((exhibit) => [pathOf(exhibit.id), html(exhibit)])));
    await browser.close();
  }, TIMEOUT_MS);

  it.each(pictured)('$id is drawn with every word of it', (exhibit) => {
    const drawn = html(exhibit);
    const { title } = exhibit.draw(speech);
    expect(drawn).toContain(title.replaceAll('"', '&quot;').replaceAll('&', '&amp;'));
    expect(drawn).not.toMatch(/undefined|\[object|<script|https?:/);
  });

  it('show every state to who asks and to who approves', () => {
    const states = Object.keys(ENGLISH.pastState);
    const wanted = states.flatMap((state) => [`${state} requester`, `${state} approver`]);
    const shown = pictured.flatMap(({ request }) => (request === undefined ? [] : [`${request.state} ${request.viewer}`]));
    expect(wanted.filter((one) => !shown.includes(one))).toEqual([]);
  });

  it('are all in docs/slack.md, each with its sentence, and no other one is', async () => {
    const text = await readFile('docs/slack.md', 'utf8');
    const listed = [...text.matchAll(/\| (.+?) \| !\[.*?\]\(pictures\/slack\/(.+?)\.png\) \|/g)].map(([, about, id]) => `${id ?? ''}: ${about ?? ''}`);
    expect(listed.sort()).toEqual(pictured.map(({ id, about }) => `${id}: ${about}`).sort());
  });

  it('are files, small enough to be looked at anywhere', async () => {
    const sizes = await Promise.all(pictured.map(async ({ id }) => (await stat(pathOf(id))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
  });
});
