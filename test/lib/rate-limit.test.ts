import { describe, expect, it } from '@jest/globals';
import { RateLimit } from '../../src/lib/rate-limit.js';

describe('RateLimit', () => {
  it('lets so many through in a window, each source by itself, and again in the next window', () => {
    let at = 0;
    const limit = new RateLimit({ max: 2, perMs: 1_000 }, () => new Date(at));
    expect([limit.allows('a'), limit.allows('a'), limit.allows('a'), limit.allows('b')]).toEqual([true, true, false, true]);
    at = 1_000;
    expect(limit.allows('a')).toBe(true);
  });

  it('keeps a bounded number of sources', () => {
    const limit = new RateLimit({ max: 1, perMs: 1_000_000 }, () => new Date(0));
    for (let source = 0; source < 10_001; source += 1) limit.allows(`s${source}`);
    // The oldest was let go, so it begins a new window; the newest is still counted.
    expect([limit.allows('s0'), limit.allows('s10000')]).toEqual([true, false]);
  });
});
