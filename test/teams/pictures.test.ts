// The pictures in docs/teams.md: one row for each card and dialog that there is to see, and a file for each width.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { MESSAGES } from '../support/gallery.js';
import { pageOf, pathOf, PICTURES, PICTURES_FOLDER, tableRows, type Width, WIDTHS } from './pictures.js';

const BYTES = 1_500_000;
const widths = Object.keys(WIDTHS) as Width[];
const document = readFileSync('docs/teams.md', 'utf8');

describe('docs/teams.md', () => {
  it('has a row for everything that is shown, and no other one', () => {
    const rows = document.split('\n').filter((line) => line.includes('](pictures/teams/') && !line.includes('!['));
    expect(rows).toEqual(tableRows());
  });

  it('shows every state of a request, to who asks and to who decides', () => {
    const pictured = PICTURES.map(({ id }) => id);
    const states = (viewer: string) => MESSAGES.flatMap(({ id, request }) => (request?.viewer === viewer && pictured.includes(id) ? [request.state] : []));
    for (const viewer of ['requester', 'approver']) expect(new Set(states(viewer))).toEqual(new Set(Object.keys(ENGLISH.pastState)));
  });
});

describe('the pictures', () => {
  it('are there for every width, and no others are', () => {
    const wanted = PICTURES.flatMap(({ id }) => widths.map((width) => pathOf(id, width)));
    expect(readdirSync(PICTURES_FOLDER).map((name) => join(PICTURES_FOLDER, name)).sort()).toEqual(wanted.sort());
  });

  it('are PNG files, as wide as they say, and small together', () => {
    const sizes = PICTURES.flatMap(({ id }) => widths.map((width) => ({ path: pathOf(id, width), points: WIDTHS[width] })));
    for (const { path, points } of sizes) expect([path, readFileSync(path).readUInt32BE(16)]).toEqual([path, points]);
    expect(sizes.reduce((sum, { path }) => sum + statSync(path).size, 0)).toBeLessThan(BYTES);
  });

  it('are taken of pages that load nothing from elsewhere', () => {
    for (const picture of PICTURES) expect(pageOf(picture)).not.toMatch(/<(?:link|script|img)[^>]+(?:src|href)=/);
  });
});
