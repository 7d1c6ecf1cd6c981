// The sentences for what is wrong with the shape of a file.
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readYaml } from '../../src/lib/yaml-file.js';
import type { YamlFile } from '../../src/lib/yaml-file.js';
import { allKnown, inFileOrder, nearestKnown, problemAt, problemsOf, settings } from '../../src/lib/yaml-problems.js';

function read(text: string): YamlFile {
  const file = readYaml(text, { kind: 'policy' });
  if ('problems' in file) throw new Error('not read');
  return file;
}

/** The problems of this YAML against this shape. */
function judge(text: string, shape: z.ZodType, tellUnknown = allKnown): string[] {
  const file = read(text);
  const { error } = shape.safeParse(file.value, { reportInput: true });
  return problemsOf(error?.issues ?? [], file, tellUnknown).map(({ line, column, problem }) => `${line}:${column} ${problem}`);
}

describe('problemsOf', () => {
  it.each([
    ['a missing setting', 'b: 1', z.object({ a: z.string() }), '1:1 a is missing.'],
    ['a number where text is wanted', 'a: 12', z.object({ a: z.string() }), '1:4 a must be text: put it in quotes.'],
    ['a list where text is wanted', 'a: []', z.object({ a: z.string() }), '1:4 a must be text.'],
    ['text where a number is wanted', 'a: x', z.object({ a: z.int() }), '1:4 a must be a whole number.'],
    ['half a minute', 'a: 0.5', z.object({ a: z.int() }), '1:4 a must be a whole number.'],
    ['text where yes or no is wanted', 'a: yes', z.object({ a: z.boolean() }), '1:4 a must be true or false.'],
    ['one where several are wanted', 'a: x', z.object({ a: z.array(z.string()) }), '1:4 a must be a list.'],
    ['a number too small', 'a: 0', z.object({ a: z.int().min(1) }), '1:4 a must be at least 1.'],
    ['a number too big', 'a: 11', z.object({ a: z.int().max(10) }), '1:4 a must be at most 10.'],
    ['an empty list', 'a: []', z.object({ a: z.array(z.string()).min(1) }), '1:4 a must have at least 1 entry.'],
    ['a long list', 'a: [x, y, z]', z.object({ a: z.array(z.string()).max(2) }), '1:4 a must have at most 2 entries.'],
    ['an empty text', 'a: ""', z.object({ a: z.string().min(1) }), '1:4 a must have at least 1 character.'],
    ['a long text', 'a: xyz', z.object({ a: z.string().max(2) }), '1:4 a must have at most 2 characters.'],
    ['another version', 'a: 2', z.object({ a: z.literal(1) }), '1:4 a must be 1.'],
    ['digits without quotes where one of several is wanted', 'a: 00', z.object({ a: z.enum(['00', 'FF']) }), '1:4 a must be 00 or FF: put it in quotes.'],
    ['another number where one of several is wanted', 'a: 7', z.object({ a: z.enum(['00', 'FF']) }), '1:4 a must be 00 or FF.'],
    ['what a check of our own says', 'a: 2', z.object({ a: z.int().refine(() => false, { error: 'is odd' }) }), '1:4 a is odd.'],
    ['something deep inside', 'a:\n- b: [1, x]', z.object({ a: z.array(z.object({ b: z.array(z.int()) })) }), '2:10 a[0].b[1] must be a whole number.'],
    ['a list instead of a policy', '- a', z.object({}), '1:1 The policy must be a block of settings.'],
  ])('tells of %s', (_what, text, shape, sentence) => {
    expect(judge(text, shape)).toEqual([sentence]);
  });

  it('tells each unknown setting where its name stands', () => {
    const shape = settings({ a: settings({ x: z.int().optional(), y: z.int().optional() }) });
    expect(judge('a:\n  b: 1\n  c: 2', shape)).toEqual([
      '2:3 a.b is not a setting (known here: x, y).',
      '3:3 a.c is not a setting (known here: x, y).',
    ]);
  });

  it.each([
    ['colum: 1', '1:1 colum is not a setting; did you mean column?'],
    ['CLOUMN: 1', '1:1 CLOUMN is not a setting; did you mean column?'],
    ['lin: 1', '1:1 lin is not a setting; did you mean line?'],
    ['colour: 1', '1:1 colour is not a setting; did you mean column?'],
    ['in: 1', '1:1 in is not a setting; did you mean line?'],
    ['width: 1', '1:1 width is not a setting.'],
    [`${'column'.repeat(100)}: 1`, `1:1 ${'column'.repeat(17).slice(0, 99)}… is not a setting.`],
    ['"": 1', '1:1 "" is not a setting.'],
    ['"\\e[2Jwidth\\u202E": 1', '1:1 [2Jwidth is not a setting.'],
  ])('names the setting of that place that was probably meant: %#', (text, sentence) => {
    expect(judge(text, settings({ column: z.int().optional(), line: z.int().optional() }), nearestKnown)).toEqual([sentence]);
  });
});

describe('problemAt', () => {
  it('ends a complaint as a sentence', () => {
    const file = read('a: 1');
    expect(problemAt(['a'], 'is odd', file)).toEqual({ line: 1, column: 4, path: 'a', problem: 'a is odd.' });
    expect(problemAt([], 'is odd', file)).toEqual({ line: 1, column: 1, path: '', problem: 'The policy is odd.' });
  });
});

describe('inFileOrder', () => {
  it('sorts by line, then by column', () => {
    const file = read('a: 1\nb: { c: 1, d: 2 }');
    const problems = [['b', 'd'], ['b', 'c'], ['a']].map((path) => problemAt(path, 'is odd', file));
    expect(inFileOrder(problems).map(({ path }) => path)).toEqual(['a', 'b.c', 'b.d']);
  });
});
