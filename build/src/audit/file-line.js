// One line of the audit file: the leaf of one entry (`e 17 <hex>`), or a signed checkpoint (`c <base64 of the note>`).
import { fromHex, toHex, utf8 } from '../lib/bytes.js';
import { HASH_BYTES } from './merkle.js';
import { fromBase64, toBase64 } from './note.js';
const LEAF_LINE = /^e (?<index>0|[1-9][0-9]{0,14}) (?<leaf>[0-9a-f]+)$/;
const CHECKPOINT_LINE = /^c (?<note>[A-Za-z0-9+/]+={0,2})$/;
/** The line of one entry, with its newline. */
export function formatLeafLine(index, leaf) {
    return `e ${index} ${toHex(leaf).toLowerCase()}\n`;
}
/** The line of a checkpoint, with its newline. */
export function formatCheckpointLine(note) {
    return `c ${toBase64(utf8(note))}\n`;
}
/** A line without its newline. What was never written here is 'damaged'. */
export function parseFileLine(line) {
    const entry = LEAF_LINE.exec(line)?.groups;
    const leaf = fromHex(entry?.['leaf'] ?? '');
    if (entry !== undefined && leaf?.length === HASH_BYTES)
        return { kind: 'leaf', index: Number(entry['index']), leaf };
    const note = fromBase64(CHECKPOINT_LINE.exec(line)?.groups?.['note'] ?? '');
    if (note === null || note.length === 0)
        return { kind: 'damaged' };
    return { kind: 'checkpoint', note: new TextDecoder().decode(note) };
}
