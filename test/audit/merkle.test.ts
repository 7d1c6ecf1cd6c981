// The growing tree has the published roots, and those of the definition written down as it stands in the RFC.
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  append,
  type CompactRange,
  decodePeaks,
  emptyRange,
  encodePeaks,
  leafHash,
  rootOf,
} from '../../src/audit/merkle.js';
import { bytes, hex, tree } from './vectors.js';

const leaves = tree.entries.map((entry) => leafHash(bytes(entry)));

function rangeOf(some: readonly Uint8Array[]): CompactRange {
  return some.reduce<CompactRange>(append, emptyRange);
}

/** MTH of RFC 6962 §2.1, over entries rather than leaf hashes, written as the RFC has it. */
function definedRoot(entries: readonly Uint8Array[]): Buffer {
  const [only] = entries;
  if (only === undefined) return createHash('sha256').digest();
  if (entries.length === 1) return createHash('sha256').update(Uint8Array.of(0)).update(only).digest();
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  const node = createHash('sha256').update(Uint8Array.of(1));
  return node.update(definedRoot(entries.slice(0, split))).update(definedRoot(entries.slice(split))).digest();
}

describe('the tree', () => {
  it('of no entries has the hash of nothing as its root', () => {
    expect(hex(rootOf(emptyRange))).toBe(tree.emptyRoot);
  });

  it.each(tree.roots.map((root, at) => ({ root, size: at + 1 })))('of $size entries has the published root', ({ root, size }) => {
    expect(hex(rootOf(rangeOf(leaves.slice(0, size))))).toBe(root);
  });

  it('has the root that the definition gives, at any size', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 }), (entries) => {
        expect(hex(rootOf(rangeOf(entries.map(leafHash))))).toBe(hex(definedRoot(entries)));
      }),
    );
  });

  it('is not changed by adding to it', () => {
    const before = rangeOf(leaves.slice(0, 5));
    append(before, leafHash(bytes('00')));
    expect(hex(rootOf(before))).toBe(tree.roots[4]);
  });

  it('keeps one hash for each bit set in its size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), (size) => {
        const range = rangeOf(Array.from({ length: size }, () => leafHash(bytes('00'))));
        expect(range.peaks).toHaveLength(size.toString(2).replaceAll('0', '').length);
      }),
    );
  });
});

describe('stored peaks', () => {
  it('give the same tree again, to grow on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (size) => {
        const range = rangeOf(Array.from({ length: size }, (_, at) => leafHash(Uint8Array.of(at))));
        expect(decodePeaks(size, encodePeaks(range))).toEqual(range);
      }),
    );
  });

  it.each([0, 31, 33, 64])('of %i bytes do not fit a tree of 4 entries', (length) => {
    expect(decodePeaks(4, new Uint8Array(length))).toBeNull();
  });

  it('that are too few for the size are a fault, not a tree', () => {
    expect(() => append({ size: 1, peaks: [] }, leafHash(bytes('00')))).toThrow(RangeError);
  });
});
