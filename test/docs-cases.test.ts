// The table of cases in docs/policy.md: each has a test that is there, and a picture.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CASE_SHOTS } from './support/case-shots.js';

/** The fewest that were promised. */
const CASES = 40;
const ROW = /^\| (\d+) \| (.+?) \| (.+?) \| (.+) \| \[picture\]\((pictures\/cases\/([a-z-]+)\.png)\) \|$/;

interface Row {
  readonly number: string;
  readonly about: string;
  /** File and title. */
  readonly tests: readonly (readonly [string, string])[];
  readonly picture: string;
  readonly id: string;
}

const rows = readFileSync('docs/policy.md', 'utf8').split('\n').flatMap(rowIn);

function rowIn(line: string): readonly Row[] {
  const found = ROW.exec(line);
  if (found === null) return [];
  const [, number = '', about = '', , tests = '', picture = '', id = ''] = found;
  return [{ number, about, tests: tests.split('<br>').map(testIn), picture, id }];
}

function testIn(text: string): readonly [string, string] {
  const [, file, title] = /^`(test\/\S+\.test\.ts)` › (.+)$/.exec(text) ?? [];
  return [file ?? text, title ?? ''];
}

/** Whether the file has a test with this title; where the title has places to fill in, they may hold anything. */
function hasTest(file: string, title: string): boolean {
  return existsSync(file) && titlesIn(readFileSync(file, 'utf8')).some((pattern) => pattern.test(title));
}

function titlesIn(source: string): readonly RegExp[] {
  return [...source.matchAll(/(?:\bit|\]|\)(?=\())\(\s*(['"`])((?:\\.|(?!\1).)+)\1,/g)].map(([, , title = '']) => asPattern(title.replace(/\\(.)/g, '$1')));
}

function asPattern(title: string): RegExp {
  const words = title.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${words.replace(/%[sip]|\\\$\w+/g, '.+')}$`);
}

describe('the cases in docs/policy.md', () => {
  it('are many, in order, each once', () => {
    expect(rows.length).toBeGreaterThanOrEqual(CASES);
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, at) => String(at + 1)));
    expect(new Set(rows.map(({ about }) => about)).size).toBe(rows.length);
  });

  it('each name tests that are there', () => {
    const named = rows.flatMap(({ tests }) => tests);
    expect(named.length).toBeGreaterThanOrEqual(rows.length);
    expect(named.filter(([file, title]) => !hasTest(file, title))).toEqual([]);
    expect(hasTest('test/docs-cases.test.ts', 'are few')).toBe(false);
  });

  it('each have a picture, drawn for this case and no other', () => {
    expect(rows.filter(({ picture }) => !existsSync(join('docs', picture)))).toEqual([]);
    expect(rows.map(({ id }) => id).sort()).toEqual(Object.keys(CASE_SHOTS).sort());
  });
});
