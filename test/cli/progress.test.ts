// How far a long command is: one line that is drawn again on a terminal, a few lines elsewhere.
import { describe, expect, it } from '@jest/globals';
import { openProgress } from '../../src/cli/progress.js';

function drawn(terminal: boolean, steps: readonly (readonly [ms: number, done: number])[]): string {
  let [now, text] = [0, ''];
  const bar = openProgress({ write: (part) => void (text += part), terminal, clock: () => new Date(now), noun: 'keys' });
  for (const [ms, done] of steps) {
    now = ms;
    bar.update({ done, total: 100_000 });
  }
  bar.end();
  return text;
}

describe('progress', () => {
  it('on a terminal is one line with a bar, the rate and what is left', () => {
    const text = drawn(true, [[50, 100], [1_000, 25_000], [1_010, 25_100], [4_000, 100_000]]);
    expect(text.split('\r').map((line) => line.replace('\u001B[K', ''))).toEqual([
      '',
      '[######..................] 25,000 of 100,000 keys, 25,000 a second, 3 s left',
      '[########################] 100,000 of 100,000 keys, 25,000 a second\n',
    ]);
  });

  it('elsewhere is a line every ten seconds, and one at the end', () => {
    const text = drawn(false, [[1_000, 1_000], [10_000, 10_000], [12_000, 12_000], [100_000, 100_000]]);
    expect(text).toBe('10,000 of 100,000 keys, 1,000 a second, 2 min left\n100,000 of 100,000 keys, 1,000 a second\n');
  });

  it('of nothing says nothing', () => {
    expect(drawn(true, [])).toBe('');
    expect(drawn(false, [])).toBe('');
  });
});
