// Policies out of YAML that is broken, hostile or merely strange.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePolicy } from '../../src/approval/policy-file.js';

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
