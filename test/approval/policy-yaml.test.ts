// YAML that is broken, hostile or merely strange.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readYaml, type PolicyProblem } from '../../src/approval/policy-yaml.js';
import { parsePolicy } from '../../src/approval/policy-file.js';

function problems(text: string): readonly PolicyProblem[] {
  const file = readYaml(text);
  return 'problems' in file ? file.problems : [];
}

describe('readYaml', () => {
  it('finds the line and column of every part', () => {
    const file = readYaml('\uFEFFa: 1\nlist:\n  - b: x\n    c: [1, 2]\n');
    if ('problems' in file) throw new Error('not read');
    expect(file.value).toEqual({ a: 1, list: [{ b: 'x', c: [1, 2] }] });
    expect(file.positionOf(['a'])).toEqual({ line: 1, column: 4 });
    expect(file.positionOf(['list', 0, 'c', 1])).toEqual({ line: 4, column: 12 });
    expect(file.positionOfKey(['list', 0, 'c'])).toEqual({ line: 4, column: 5 });
  });

  it('finds the nearest part around one that is missing', () => {
    const file = readYaml('a: 1\nb:\n  c: 2\n');
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

  it.each(['[', '{a: ', 'a: [ #]\n', '- ', '? ', '? a: ', '- !t ', '? &a '])('refuses %j nested thousands of levels deep', (level) => {
    expect(problems(level.repeat(5_000))).toEqual([{ line: 1, column: 1, path: '', problem: 'The file is nested too deep for a policy.' }]);
  });

  it('refuses maps that are indented line by line without end', () => {
    const staircase = Array.from({ length: 400 }, (_, level) => `${' '.repeat(level)}a:`).join('\n');
    expect(problems(staircase)).toHaveLength(1);
  });

  it('refuses a text that is too long', () => {
    expect(problems('#'.repeat(300_000))).toEqual([expect.objectContaining({ problem: 'The file is longer than 262144 characters.' })]);
  });
});

describe('a policy out of strange YAML', () => {
  it.each(['', '# nothing\n', '[]', 'hello', '7', 'null'])('has a problem when the file is %j', (text) => {
    expect(parsePolicy(text)).toEqual({ problems: [{ line: 1, column: 1, path: '', problem: 'The policy must be a block of settings.' }] });
  });

  it('does not take __proto__ for a setting', () => {
    expect(parsePolicy('__proto__: { version: 1, rules: [] }')).toEqual({
      problems: expect.arrayContaining([expect.objectContaining({ path: '__proto__' }), expect.objectContaining({ path: 'version' })]),
    });
  });

  it('is read or refused with problems that have a place, whatever the text', () => {
    const word = fc.constantFrom('version: 1', 'rules:', '\n', '  ', '- ', 'name: a', 'approvals: ', '[', ']', '{from: [manager]}', 'when: {', '}', ': ', '? ', '*a', '&a ', '!!str ', '"', "'", '#', '|', '\t', '\u0000');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.array(word, { maxLength: 30 }).map((words) => words.join(''))), (text) => {
        const result = parsePolicy(text);
        if ('policy' in result) return;
        expect(result.problems.length).toBeGreaterThan(0);
        for (const { line, column, problem } of result.problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(problem).toMatch(/\.$/);
        }
      }),
      { numRuns: 500 },
    );
  });
});
