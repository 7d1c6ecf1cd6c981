// Checkpoints (https://c2sp.org/tlog-checkpoint): "the tree of this log has this size and this root", signed.
import { HASH_BYTES } from './merkle.js';
import { fromBase64, openNote, signNote, toBase64 } from './note.js';
const SIZE = /^(0|[1-9][0-9]*)$/;
/** A signed note of three lines: origin, size, root. The origin is the name of the signer's key. */
export function signCheckpoint({ size, root }, signer) {
    return signNote(`${signer.verifier.name}\n${size}\n${toBase64(root)}\n`, signer);
}
/** What this key's log says in the note; null when it did not sign it, or says it about another log. */
export function openCheckpoint(note, key) {
    const text = openNote(note, key);
    const checkpoint = text === null ? null : parseCheckpoint(text);
    return checkpoint?.origin === key.name ? checkpoint : null;
}
/** The text of a checkpoint; lines after the third are extensions and mean nothing here. Null when malformed. */
export function parseCheckpoint(text) {
    const [origin, size, root, ...extensions] = text.split('\n');
    const bytes = fromBase64(root ?? '');
    if (origin === undefined || origin === '' || size === undefined || !SIZE.test(size))
        return null;
    if (bytes?.length !== HASH_BYTES || !Number.isSafeInteger(Number(size)))
        return null;
    // The last line ends with a newline, and an extension is never empty.
    if (extensions.pop() !== '' || extensions.includes(''))
        return null;
    return { origin, size: Number(size), root: bytes };
}
