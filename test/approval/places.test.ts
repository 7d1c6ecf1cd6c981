// Giving places to people, compared with trying every way there is.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fillPlaces } from '../../src/approval/places.js';

/** The most places that can be filled, found by trying everything. */
function mostPlaces(counts: readonly number[], wishes: readonly (readonly number[])[]): number {
  const [wish, ...others] = wishes;
  if (wish === undefined) return 0;
  const taken = wish
    .filter((stage) => (counts[stage] ?? 0) > 0)
    .map((stage) => 1 + mostPlaces(counts.map((count, index) => (index === stage ? count - 1 : count)), others));
  return Math.max(mostPlaces(counts, others), ...taken);
}

const problem = fc.record({
  counts: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 }),
  wishes: fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { maxLength: 3 }), { maxLength: 6 }),
});

function fill(counts: readonly number[], wishes: readonly (readonly number[])[]): ReturnType<typeof fillPlaces> {
  const people = wishes.map((_, index) => String(index));
  return fillPlaces(counts, people, (person, stage) => wishes[Number(person)]?.includes(stage) ?? false);
}

describe('fillPlaces', () => {
  it('moves a person on when a later one fits nowhere else', () => {
    expect(fill([1, 1], [[0, 1], [0]])).toEqual([['1'], ['0']]);
  });

  it('moves several people on, one after the other', () => {
    expect(fill([1, 1, 1], [[0, 1], [1, 2], [0]])).toEqual([['2'], ['0'], ['1']]);
  });

  it('leaves out who fits nowhere', () => {
    expect(fill([1], [[], [0], [0]])).toEqual([['1']]);
  });

  it('fills as many places as can be filled', () => {
    fc.assert(
      fc.property(problem, ({ counts, wishes }) => {
        const placed = fill(counts, wishes).flat();
        expect(placed).toHaveLength(mostPlaces(counts, wishes));
      }),
    );
  });

  it('gives one place to a person, in a stage that fits and has room', () => {
    fc.assert(
      fc.property(problem, ({ counts, wishes }) => {
        const places = fill(counts, wishes);
        expect(new Set(places.flat()).size).toBe(places.flat().length);
        for (const [stage, standing] of places.entries()) {
          expect(standing.length).toBeLessThanOrEqual(counts[stage] ?? 0);
          expect(standing.every((person) => wishes[Number(person)]?.includes(stage))).toBe(true);
        }
      }),
    );
  });

  it('never takes the place of somebody who came before', () => {
    fc.assert(
      fc.property(problem, ({ counts, wishes }) => {
        const before = fill(counts, wishes.slice(0, -1)).flat();
        expect(fill(counts, wishes).flat()).toEqual(expect.arrayContaining(before));
      }),
    );
  });
});
