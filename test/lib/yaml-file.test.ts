// YAML that is broken, hostile or merely strange.
import { describe, expect, it } from '@jest/globals';
import { readYaml, withPlace, type FileProblem } from '../../src/lib/yaml-file.js';

const RULES = { kind: 'policy' };

function problems(text: string): readonly FileProblem[] {
  const file = readYaml(text, RULES);
  return 'problems' in file ? file.problems : [];
}

describe('readYaml', () => {
  it('finds the line and column of every part', () => {
    const file = readYaml('\uFEFFa: 1\nlist:\n  - b: x\n    c: [1, 2]\n', RULES);
    if ('problems' in file) throw new Error('not read');
    expect(file.value).toEqual({ a: 1, list: [{ b: 'x', c: [1, 2] }] });
    expect(file.positionOf(['a'])).toEqual({ line: 1, column: 4 });
    expect(file.positionOf(['list', 0, 'c', 1])).toEqual({ line: 4, column: 12 });
    expect(file.positionOfKey(['list', 0, 'c'])).toEqual({ line: 4, column: 5 });
  });

  it('finds the nearest part around one that is missing', () => {
    const file = readYaml('a: 1\nb:\n  c: 2\n', RULES);
    if ('problems' in file) throw new Error('not read');
    expect(file.positionOf(['b', 'd'])).toEqual({ line: 3, column: 3 });
    expect(file.positionOf(['b', 'c', 0, 'x'])).toEqual({ line: 3, column: 6 });
  });

  it.each([
    ['a key that stands twice', 'a: 1\na: 2', '2:1', /unique/],
    ['a tab as indentation', 'a:\n\tb: 1', '2:1', /Tabs/],
    ['a quote that is not closed', 'a: 1\nb: "x', '2:6', /Missing closing/],
    ['a tag', 'a: 1\nb: !secret x', '2:4', /Unresolved tag/],
    ['a second document', 'a: 1\n---\nb: 1', '2:1', /one document/],
    ['an alias', 'a: &x [1]\nb: *x', '2:4', /Write \*x out/],
    ['an alias of nothing', 'b: *x', '1:4', /Write \*x out/],
  ])('tells where %s is', (_what, text, place, sentence) => {
    const [first, ...others] = problems(text);
    expect(`${first?.line}:${first?.column}`).toBe(place);
    expect(first?.problem).toMatch(sentence);
    expect(others).toEqual([]);
  });

  it('tells a few of the mistakes that follow from one another, not thousands', () => {
    expect(problems('&a '.repeat(1_000))).toHaveLength(10);
  });

  it('refuses a bomb of aliases without lighting it', () => {
    const bomb = ['a: &a [x, x]', 'b: &b [*a, *a]', 'c: &c [*b, *b]', 'd: [*c, *c]'].join('\n');
    expect(problems(bomb)).toHaveLength(6);
  });

  it.each(['[', '{a: ', 'a: [ #]\n', '- ', '? ', '? a: ', '- !t ', '? &a ', ': ', 'a: ', '&a : ', '"a": '])('refuses %j nested thousands of levels deep', (level) => {
    expect(problems(level.repeat(5_000))).toEqual([{ line: 1, column: 1, path: '', problem: 'The file is nested too deep for a policy.' }]);
  });

  it.each([
    ['brackets behind closing ones that nothing opened', ']'.repeat(5_000) + '['.repeat(5_000)],
    ['braces behind closing ones that nothing opened', '}'.repeat(5_000) + '{a: '.repeat(5_000)],
    ['maps without braces in a list', `[${'a: '.repeat(5_000)}`],
    ['maps whose names hold a comma', '[,]: '.repeat(5_000)],
  ])('refuses %s', (_what, text) => {
    expect(problems(text)).toEqual([expect.objectContaining({ problem: 'The file is nested too deep for a policy.' })]);
  });

  it('reads long lists, on one line or on several', () => {
    const long = Array.from({ length: 500 }, (_, at) => ({ name: `n${at}`, list: [at, { a: { b: [at] } }] }));
    const block = long.map(({ name, list }) => `- name: ${name}\n  list: ${JSON.stringify(list)}\n`).join('');
    for (const text of [JSON.stringify(long), JSON.stringify(long, null, 2), block]) {
      expect(readYaml(text, RULES)).toMatchObject({ value: long });
    }
  });

  it('refuses maps that are indented line by line without end', () => {
    const staircase = Array.from({ length: 400 }, (_, level) => `${' '.repeat(level)}a:`).join('\n');
    expect(problems(staircase)).toHaveLength(1);
  });

  it('refuses a text that is too long', () => {
    expect(problems('#'.repeat(300_000))).toEqual([expect.objectContaining({ problem: 'The file is longer than 262144 characters.' })]);
  });

  it('refuses a text that is longer than its kind of file ever is', () => {
    const file = readYaml('# a comment', { kind: 'note', maxCharacters: 10 });
    expect(file).toEqual({ problems: [{ line: 1, column: 1, path: '', problem: 'The file is longer than 10 characters.' }] });
  });

  it('calls the file by its kind', () => {
    expect(readYaml('a: &x 1\nb: *x', { kind: 'note' })).toMatchObject({ problems: [{ problem: 'Write *x out: a note has no aliases.' }] });
  });
});

describe('withPlace', () => {
  it('puts the line and the column before the sentence', () => {
    expect(withPlace({ line: 2, column: 7, path: 'a', problem: 'a is missing.' })).toBe('2:7: a is missing.');
  });
});
