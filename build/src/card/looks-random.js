// Tells a card's challenge from a block that somebody chose, so that the bot is not a free encryption oracle.
import { equalBytes } from '../lib/bytes.js';
const SMALLEST_BLOCK_BYTES = 8;
/**
 * False for bytes with one constant difference (all equal, or counting up or down, modulo 256) and for one
 * 8-byte block repeated. A real challenge looks like this at most once in 2^48.
 */
export function looksRandom(challenge) {
    return !stepsEvenly(challenge) && !repeatsOneBlock(challenge);
}
function stepsEvenly(bytes) {
    const step = stepAt(bytes, 1);
    return bytes.every((_, at) => at === 0 || stepAt(bytes, at) === step);
}
function stepAt(bytes, at) {
    return ((bytes[at] ?? 0) - (bytes[at - 1] ?? 0)) & 0xff;
}
function repeatsOneBlock(bytes) {
    const first = bytes.subarray(0, SMALLEST_BLOCK_BYTES);
    if (bytes.length === first.length)
        return false;
    for (let at = SMALLEST_BLOCK_BYTES; at < bytes.length; at += SMALLEST_BLOCK_BYTES) {
        if (!equalBytes(first, bytes.subarray(at, at + SMALLEST_BLOCK_BYTES)))
            return false;
    }
    return true;
}
