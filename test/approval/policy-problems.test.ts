// The sentences for what is wrong with the shape of a policy.
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { policyProblems } from '../../src/approval/policy-problems.js';
import { readYaml } from '../../src/approval/policy-yaml.js';

/** The problems of this YAML against this shape. */
function judge(text: string, shape: z.ZodType): string[] {
  const file = readYaml(text);
  if ('problems' in file) throw new Error('not read');
  const read = shape.safeParse(file.value, { reportInput: true });
  return read.success ? [] : policyProblems(read.error.issues, [], file).map(({ line, column, problem }) => `${line}:${column} ${problem}`);
}

describe('policyProblems', () => {
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
    ['what a check of our own says', 'a: 2', z.object({ a: z.int().refine(() => false, { error: 'is odd' }) }), '1:4 a is odd.'],
    ['something deep inside', 'a:\n- b: [1, x]', z.object({ a: z.array(z.object({ b: z.array(z.int()) })) }), '2:10 a[0].b[1] must be a whole number.'],
    ['a list instead of a policy', '- a', z.object({}), '1:1 The policy must be a block of settings.'],
  ])('tells of %s', (_what, text, shape, sentence) => {
    expect(judge(text, shape)).toEqual([sentence]);
  });

  it('tells each unknown setting where its name stands', () => {
    const shape = z.strictObject({ a: z.strictObject({}, { error: 'known: nothing' }) });
    expect(judge('a:\n  b: 1\n  c: 2', shape)).toEqual(['2:3 a.b is not a setting (known: nothing).', '3:3 a.c is not a setting (known: nothing).']);
  });

  it('puts what the shape and the sense have against a file into one order', () => {
    const file = readYaml('a: 1\nb: x\nc: 1');
    if ('problems' in file) throw new Error('not read');
    const shape = z.object({ a: z.int(), b: z.int(), c: z.int() }).safeParse(file.value, { reportInput: true });
    const contradictions = [{ path: ['c'], complaint: 'is too much' }, { path: ['a'], complaint: 'is too little' }];
    expect(policyProblems(shape.error?.issues ?? [], contradictions, file)).toEqual([
      { line: 1, column: 4, path: 'a', problem: 'a is too little.' },
      { line: 2, column: 4, path: 'b', problem: 'b must be a whole number.' },
      { line: 3, column: 4, path: 'c', problem: 'c is too much.' },
    ]);
  });
});
