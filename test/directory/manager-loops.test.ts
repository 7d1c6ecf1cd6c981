// Loops of managers, each found once.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { managerLoops } from '../../src/directory/manager-loops.js';

function loopsOf(managers: Readonly<Record<string, string>>): string[][] {
  return managerLoops(new Map(Object.entries(managers)));
}

describe('managerLoops', () => {
  it('finds none in a tree', () => {
    expect(loopsOf({ a: 'boss', b: 'boss', c: 'a' })).toEqual([]);
  });

  it('finds who manages themselves, at once or through others', () => {
    expect(loopsOf({ a: 'a' })).toEqual([['a']]);
    expect(loopsOf({ a: 'b', b: 'c', c: 'a' })).toEqual([['a', 'b', 'c']]);
  });

  it('leaves out those who only lead into a loop', () => {
    expect(loopsOf({ x: 'y', y: 'a', a: 'b', b: 'a' })).toEqual([['a', 'b']]);
  });

  it('finds each of several loops once', () => {
    expect(loopsOf({ a: 'b', b: 'a', x: 'a', c: 'd', d: 'c', y: 'd' })).toEqual([['a', 'b'], ['c', 'd']]);
  });

  it('finds exactly the people who come back to themselves', () => {
    const id = fc.integer({ min: 0, max: 7 }).map(String);
    fc.assert(
      fc.property(fc.dictionary(id, id), (managers) => {
        const comesBack = (start: string): boolean => {
          let person: string | undefined = start;
          for (let steps = 0; steps < 8; steps += 1) {
            person = person === undefined ? undefined : managers[person];
            if (person === start) return true;
          }
          return false;
        };
        const onLoops = loopsOf(managers).flat();
        expect(onLoops.toSorted()).toEqual(Object.keys(managers).filter(comesBack).sort());
      }),
    );
  });
});
