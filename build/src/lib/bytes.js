// Bytes to text and back, and the few operations on bytes that several folders need.
import { timingSafeEqual } from 'node:crypto';
/** Upper-case hex, two digits a byte. */
export function toHex(bytes) {
    return Buffer.from(bytes).toString('hex').toUpperCase();
}
/** Bytes of an even number of hex digits (either case), or null for anything else. */
export function fromHex(hex) {
    if (hex.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(hex))
        return null;
    return new Uint8Array(Buffer.from(hex, 'hex'));
}
export function utf8(text) {
    return new TextEncoder().encode(text);
}
export function concat(...parts) {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}
/** Each part behind its length (4 bytes, big-endian), so that no two lists of parts give the same bytes. */
export function lengthPrefixed(parts) {
    return concat(...parts.flatMap((part) => {
        const bytes = typeof part === 'string' ? utf8(part) : part;
        const length = new Uint8Array(4);
        new DataView(length.buffer).setUint32(0, bytes.length);
        return [length, bytes];
    }));
}
/** Compares in time that depends on the lengths alone. */
export function equalBytes(a, b) {
    return a.length === b.length && timingSafeEqual(a, b);
}
/** Overwrites a secret. JavaScript may have copied it before; this only shortens its life. */
export function wipe(...secrets) {
    for (const secret of secrets)
        secret.fill(0);
}
/** Groups of `size` characters with blanks between, as Windows shows a challenge. */
export function inGroups(text, size = 4) {
    return text.match(new RegExp(`.{1,${size}}`, 'gu'))?.join(' ') ?? '';
}
