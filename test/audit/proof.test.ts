// Proofs are the published ones, lead to the root, and lead nowhere else.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { append, type CompactRange, emptyRange, leafHash, rootOf, type TreeHead } from '../../src/audit/merkle.js';
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from '../../src/audit/proof.js';
import { bytes, hex, tree } from './vectors.js';

const MAX_SIZE = 40;
const published = tree.entries.map((entry) => leafHash(bytes(entry)));
const many = Array.from({ length: MAX_SIZE }, (_, at) => leafHash(Uint8Array.of(at)));

function headOf(leaves: readonly Uint8Array[], size: number): TreeHead {
  return { size, root: rootOf(leaves.slice(0, size).reduce<CompactRange>(append, emptyRange)) };
}

function flipped(hash: Uint8Array): Uint8Array {
  return hash.map((byte, at) => (at === 7 ? byte ^ 0x10 : byte));
}

/** Every way to spoil a proof by one step. */
function spoilt(proof: readonly Uint8Array[]): Uint8Array[][] {
  return [
    [...proof, leafHash(bytes(''))],
    proof.slice(0, -1),
    ...proof.map((hash, at) => proof.with(at, flipped(hash))),
    ...proof.map((hash, at) => proof.with(at, hash.slice(1))),
  ].filter((other) => other.map(hex).join() !== proof.map(hex).join());
}

const placeInTree = fc
  .integer({ min: 1, max: MAX_SIZE })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.integer({ min: 0, max: size - 1 }) }));

const twoSizes = fc
  .integer({ min: 1, max: MAX_SIZE })
  .chain((later) => fc.record({ later: fc.constant(later), earlier: fc.integer({ min: 1, max: later }) }));

describe('an inclusion proof', () => {
  it.each(tree.inclusion)('of entry $index in $size is the published one', ({ index, size, proof }) => {
    expect(inclusionProof(published.slice(0, size), index).map(hex)).toEqual(proof);
  });

  it.each(tree.inclusion)('as published for entry $index leads to the root', ({ index, size, proof }) => {
    const leaf = published[index] ?? new Uint8Array();
    expect(verifyInclusion({ leaf, index, size }, proof.map(bytes), bytes(tree.roots[size - 1] ?? ''))).toBe(true);
  });

  it('leads from any leaf to the root of any tree, and no spoilt one does', () => {
    fc.assert(
      fc.property(placeInTree, ({ size, index }) => {
        const leaf = many[index] ?? new Uint8Array();
        const { root } = headOf(many, size);
        const proof = inclusionProof(many.slice(0, size), index);
        expect(verifyInclusion({ leaf, index, size }, proof, root)).toBe(true);
        expect(verifyInclusion({ leaf: flipped(leaf), index, size }, proof, root)).toBe(false);
        expect(verifyInclusion({ leaf, index, size }, proof, flipped(root))).toBe(false);
        for (const other of spoilt(proof)) expect(verifyInclusion({ leaf, index, size }, other, root)).toBe(false);
      }),
    );
  });

  it('does not hold for another place in the tree', () => {
    fc.assert(
      fc.property(placeInTree, fc.integer({ min: -1, max: MAX_SIZE }), ({ size, index }, other) => {
        fc.pre(other !== index);
        const leaf = many[index] ?? new Uint8Array();
        const proof = inclusionProof(many.slice(0, size), index);
        expect(verifyInclusion({ leaf, index: other, size }, proof, headOf(many, size).root)).toBe(false);
      }),
    );
  });

  it.each([-1, 8, 1.5])('is not made for leaf %d of 8', (index) => {
    expect(() => inclusionProof(published, index)).toThrow(RangeError);
  });
});

describe('a consistency proof', () => {
  it.each(tree.consistency)('from $from to $to is the published one', ({ from, to, proof }) => {
    expect(consistencyProof(published.slice(0, to), from).map(hex)).toEqual(proof);
  });

  it.each(tree.consistency)('as published from $from to $to holds', ({ from, to, proof }) => {
    expect(verifyConsistency(headOf(published, from), headOf(published, to), proof.map(bytes))).toBe(true);
  });

  it('holds between any two sizes, and no spoilt one does', () => {
    fc.assert(
      fc.property(twoSizes, (sizes) => {
        const earlier = headOf(many, sizes.earlier);
        const later = headOf(many, sizes.later);
        const proof = consistencyProof(many.slice(0, sizes.later), sizes.earlier);
        expect(verifyConsistency(earlier, later, proof)).toBe(true);
        expect(verifyConsistency({ ...earlier, root: flipped(earlier.root) }, later, proof)).toBe(false);
        expect(verifyConsistency(earlier, { ...later, root: flipped(later.root) }, proof)).toBe(false);
        for (const other of spoilt(proof)) expect(verifyConsistency(earlier, later, other)).toBe(false);
      }),
    );
  });

  it('does not hold from a larger tree to a smaller one, nor from an empty one', () => {
    const small = headOf(many, 3);
    const large = headOf(many, 5);
    expect(verifyConsistency(large, small, consistencyProof(many.slice(0, 5), 3))).toBe(false);
    expect(verifyConsistency(headOf(many, 0), large, [])).toBe(false);
  });

  it.each([0, 9, 1.5])('is not made from %d entries to 8', (size) => {
    expect(() => consistencyProof(published, size)).toThrow(RangeError);
  });
});
