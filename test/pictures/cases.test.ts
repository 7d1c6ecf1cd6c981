// The pictures of the cases in docs/policy.md: what each person in a case is shown, at the width of a phone.
// UPDATE_SCREENSHOTS=1 npm test -- test/pictures/cases takes them anew with this machine's Chromium.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import type { ChatRefusal } from '../../src/chat/wording.js';
import { findChromium, launchChromium } from '../browser/chromium.js';
import { CASE_SHOTS } from '../support/case-shots.js';
import { DIALOGS, MESSAGES } from '../support/gallery.js';
import { RULE_SITUATIONS } from '../support/gallery-rules.js';
import { PHONE_WIDTH, takePictures } from '../support/pictures.js';
import type { Shot } from '../support/shots.js';
import { casePage, exhibitNamed } from './case-page.js';
import { PICTURE_SPEECH } from './exhibit.js';

const FOLDER = 'docs/pictures/cases';
const MOST_BYTES = 4_000_000;
/** Over a hundred pictures on a slow machine. */
const TIMEOUT_MS = 600_000;

const cases = Object.entries(CASE_SHOTS);
const shots: readonly Shot[] = cases.flatMap(([, inOne]) => inOne);
/** Nobody is asked before the requester's code was right, nor where the rule asks nobody. */
const SHOWN_TO_NOBODY = ['approver-opened', 'approver-approved-by-rule'];
const pathOf = (id: string) => `${FOLDER}/${id}.png`;

/** All that an exhibit says, without the ids that differ each time. */
function drawn(id: string): string {
  const { title, blocks, buttons } = exhibitNamed(id).draw(PICTURE_SPEECH);
  return JSON.stringify([title, blocks, buttons.map(({ label }) => label)]);
}

describe('the pictures of the cases', () => {
  it('are taken anew when that is asked for', async () => {
    const chromium = findChromium();
    if (process.env.UPDATE_SCREENSHOTS !== '1' || chromium === null) return;
    const pages = new Map(cases.map(([id, inOne]) => [pathOf(id), casePage(inOne)]));
    const browser = await launchChromium(chromium);
    await rm(FOLDER, { recursive: true, force: true });
    await takePictures(browser, pages, { scale: 1 });
    await browser.close();
  }, TIMEOUT_MS);

  it.each(cases)('%s has words in it, and loads nothing', (_, inOne) => {
    const page = casePage(inOne);
    expect(inOne.length).toBeGreaterThan(0);
    expect(page).not.toMatch(/undefined|\[object|<script|(?:src|href)=/);
  });

  it('show every refusal', () => {
    const shown = new Set(shots.map((shot) => (shot.kind === 'refused' ? shot.refusal : null)));
    const refusals = Object.keys(ENGLISH.refusal) as ChatRefusal[];
    expect(refusals.filter((refusal) => !shown.has(refusal))).toEqual([]);
  });

  it('show every message and every dialog', () => {
    const ofRules = RULE_SITUATIONS.flatMap(({ id }) => [`requester-${id}`, `approver-${id}`]);
    const told = MESSAGES.filter(({ id, pictured }) => pictured || id.startsWith('told-')).map(({ id }) => id);
    const wanted = [...told, ...DIALOGS.map(({ id }) => id), ...ofRules];
    const shown = new Set(shots.flatMap((shot) => (shot.kind === 'exhibit' ? [drawn(shot.exhibit)] : [])));
    expect(wanted.filter((id) => !SHOWN_TO_NOBODY.includes(id) && !shown.has(drawn(id)))).toEqual([]);
  });

  it('are files as wide as a phone, small together, and no others are there', async () => {
    expect((await readdir(FOLDER)).sort()).toEqual(cases.map(([id]) => `${id}.png`).sort());
    const files = await Promise.all(cases.map(async ([id]) => ({ id, width: (await readFile(pathOf(id))).readUInt32BE(16), bytes: (await stat(pathOf(id))).size })));
    expect(files.filter(({ width }) => width !== PHONE_WIDTH)).toEqual([]);
    expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(MOST_BYTES);
  });
});
