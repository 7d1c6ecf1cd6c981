// The lines of the audit file come back as they were written, and anything else is damage.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatCheckpointLine, formatLeafLine, parseFileLine } from '../../src/audit/file-line.js';

const leaf = new Uint8Array(32).fill(0xab);

describe('a line of the audit file', () => {
  it('names an entry by its index and leaf', () => {
    expect(formatLeafLine(17, leaf)).toBe(`e 17 ${'ab'.repeat(32)}\n`);
  });

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.nat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (index, any) => {
        expect(parseFileLine(formatLeafLine(index, any).trimEnd())).toEqual({ kind: 'leaf', index, leaf: any });
      }),
    );
  });

  it('holds a checkpoint in one line, with all its newlines', () => {
    const note = 'log\n1\nroot\n\n— log abc\n';
    const line = formatCheckpointLine(note);
    expect(line.trimEnd()).not.toContain('\n');
    expect(parseFileLine(line.trimEnd())).toEqual({ kind: 'checkpoint', note });
  });

  it.each([
    '',
    'e',
    'e 1',
    `e 01 ${'ab'.repeat(32)}`,
    `e -1 ${'ab'.repeat(32)}`,
    `e 1 ${'AB'.repeat(32)}`,
    `e 1 ${'ab'.repeat(31)}`,
    `e 1 ${'ab'.repeat(32)} `,
    `x 1 ${'ab'.repeat(32)}`,
    'c ',
    'c ====',
    'c bm90ZQ',
  ])('"%s" is damaged', (line) => {
    expect(parseFileLine(line)).toEqual({ kind: 'damaged' });
  });
});
