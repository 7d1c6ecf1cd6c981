// The Merkle tree of RFC 6962 §2.1 as it grows: only the roots of its full subtrees are kept.
import { hash } from 'node:crypto';
import { concat } from '../lib/bytes.js';
/** Bytes of every hash in the tree (SHA-256). */
export const HASH_BYTES = 32;
const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;
export const emptyRange = { size: 0, peaks: [] };
/** The tree with one more leaf. `leaf` is a leaf hash, see `leafHash`. */
export function append(range, leaf) {
    const peaks = [...range.peaks];
    let node = leaf;
    // Every trailing one bit of the size is a full subtree as large as the one that just became full.
    for (let size = range.size; size % 2 === 1; size = (size - 1) / 2) {
        const left = peaks.pop();
        if (left === undefined)
            throw new RangeError('a compact range with too few peaks');
        node = nodeHash(left, node);
    }
    peaks.push(node);
    return { size: range.size + 1, peaks };
}
/** The root of the whole tree: SHA-256 of nothing for the empty one (RFC 6962 §2.1). */
export function rootOf({ peaks }) {
    if (peaks.length === 0)
        return sha256(new Uint8Array());
    return peaks.reduceRight((right, left) => nodeHash(left, right));
}
/** The peaks, 32 bytes each. The size is not in it: it stands beside it wherever a range is stored. */
export function encodePeaks(range) {
    return concat(...range.peaks);
}
/** The range of `size` leaves with these peaks, or null when their number does not fit the size. */
export function decodePeaks(size, bytes) {
    if (bytes.length !== peakCount(size) * HASH_BYTES)
        return null;
    const peaks = Array.from({ length: bytes.length / HASH_BYTES }, (_, at) => bytes.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES));
    return { size, peaks };
}
/** SHA-256(0x00 ‖ entry), RFC 6962 §2.1: the prefix keeps a leaf from passing as a node. */
export function leafHash(entry) {
    const bytes = new Uint8Array(1 + entry.length);
    bytes[0] = LEAF_PREFIX;
    bytes.set(entry, 1);
    return sha256(bytes);
}
/** SHA-256(0x01 ‖ left ‖ right), RFC 6962 §2.1. Both are hashes. */
export function nodeHash(left, right) {
    const bytes = new Uint8Array(1 + 2 * HASH_BYTES);
    bytes[0] = NODE_PREFIX;
    bytes.set(left, 1);
    bytes.set(right, 1 + HASH_BYTES);
    return sha256(bytes);
}
function sha256(bytes) {
    return new Uint8Array(hash('sha256', bytes, 'buffer'));
}
function peakCount(size) {
    return size.toString(2).replaceAll('0', '').length;
}
