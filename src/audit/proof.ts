// Proofs about the audit's tree: that an entry is in it, and that a later tree only added to an earlier one.
import { equalBytes } from '../lib/bytes.js';
import { append, type CompactRange, emptyRange, HASH_BYTES, nodeHash, rootOf, type TreeHead } from './merkle.js';

/**
 * The audit path of one leaf, nearest sibling first (RFC 6962 §2.1.1).
 * Throws a RangeError when there is no such leaf.
 */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) throw new RangeError('no such leaf');
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  return index < split
    ? [...inclusionProof(leaves.slice(0, split), index), treeRoot(leaves.slice(split))]
    : [...inclusionProof(leaves.slice(split), index - split), treeRoot(leaves.slice(0, split))];
}

/**
 * What shows that the tree of these leaves begins with the tree of the first `size` ones (RFC 6962 §2.1.2).
 * Throws a RangeError for an earlier tree that is empty or larger.
 */
export function consistencyProof(leaves: readonly Uint8Array[], size: number): Uint8Array[] {
  if (!Number.isInteger(size) || size < 1 || size > leaves.length) throw new RangeError('no such earlier tree');
  return subproof(leaves, size, true);
}

/** `known`: the verifier holds the root of the first `size` leaves, so that it need not be sent. */
function subproof(leaves: readonly Uint8Array[], size: number, known: boolean): Uint8Array[] {
  if (size === leaves.length) return known ? [] : [treeRoot(leaves)];
  const split = splitOf(leaves.length);
  return size <= split
    ? [...subproof(leaves.slice(0, split), size, known), treeRoot(leaves.slice(split))]
    : [...subproof(leaves.slice(split), size - split, false), treeRoot(leaves.slice(0, split))];
}

/** Where one leaf is said to stand in a tree. */
export interface Place {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
}

/** Whether the proof leads from the leaf to the root (RFC 9162 §2.1.3.2). */
export function verifyInclusion(place: Place, proof: readonly Uint8Array[], root: Uint8Array): boolean {
  if (place.index < 0 || place.index >= place.size || !areHashes([place.leaf, ...proof])) return false;
  let node = place.leaf;
  let [at, last] = [place.index, place.size - 1];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      node = nodeHash(sibling, node);
      [at, last] = skipRightEdge(at, last);
    } else {
      node = nodeHash(node, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equalBytes(node, root);
}

/** Whether the proof shows that `later` begins with all of `earlier` (RFC 9162 §2.1.4.2). */
export function verifyConsistency(earlier: TreeHead, later: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (earlier.size < 1 || earlier.size > later.size || !areHashes([earlier.root, ...proof])) return false;
  if (earlier.size === later.size) return proof.length === 0 && equalBytes(earlier.root, later.root);
  const path = isPowerOfTwo(earlier.size) ? [earlier.root, ...proof] : proof;
  const [first, ...rest] = path;
  if (first === undefined) return false;

  let [old, grown] = [first, first];
  let [at, last] = skipOnes(earlier.size - 1, later.size - 1);
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [old, grown] = [nodeHash(sibling, old), nodeHash(sibling, grown)];
      [at, last] = skipRightEdge(at, last);
    } else {
      grown = nodeHash(grown, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equalBytes(old, earlier.root) && equalBytes(grown, later.root);
}

/** A node is hashed from two halves without a separator, so that a half of another length would be ambiguous. */
function areHashes(values: readonly Uint8Array[]): boolean {
  return values.every((value) => value.length === HASH_BYTES);
}

function treeRoot(leaves: readonly Uint8Array[]): Uint8Array {
  return rootOf(leaves.reduce<CompactRange>(append, emptyRange));
}

/** The largest power of two below `size`. */
function splitOf(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}

/** On the right edge of the tree a node without a right neighbour rises to the level where it is a right child. */
function skipRightEdge(at: number, last: number): [number, number] {
  while (at !== 0 && at % 2 === 0) [at, last] = [half(at), half(last)];
  return [at, last];
}

function skipOnes(at: number, last: number): [number, number] {
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  return [at, last];
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(Math.log2(size));
}
