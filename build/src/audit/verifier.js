// Compares what the database holds with what was anchored, one entry at a time, in constant memory.
import { equalBytes, toHex } from '../lib/bytes.js';
import { openCheckpoint } from './checkpoint.js';
import { entryLeaf } from './entry.js';
import { append, emptyRange, encodePeaks, rootOf } from './merkle.js';
/**
 * Feed it in order: the checkpoints of the size reached so far, then the next entry with the audit file's line for it;
 * what is left of file and checkpoints after the last entry; then ask for the verdict.
 */
export class AuditVerifier {
    #key;
    #range = emptyRange;
    #lastAt = null;
    #damage = null;
    #contradiction = null;
    /** The largest size that any genuine checkpoint tells of. */
    #claimed = 0;
    /** The size of the last checkpoint that agrees with the entries. */
    #vouched = 0;
    #anchored = 0;
    #checkpoints = 0;
    #opened = { note: '', checkpoint: null };
    constructor(key) {
        this.#key = key;
    }
    /** Entries so far. */
    get size() {
        return this.#range.size;
    }
    /** The next entry, and the file's line for its place (null: the file does not reach so far). */
    entry(entry, line) {
        const index = this.size;
        const leaf = entryLeaf(entry);
        this.#range = append(this.#range, leaf);
        this.#lastAt = entry.at;
        this.#resolve(leaf, line?.leaf ?? null);
        if (line !== null)
            this.#anchored = line.index + 1;
        if (entry.index < index)
            this.#report({ index: entry.index, kind: 'inserted', where: 'entry' });
        else if (entry.index > index)
            this.#report({ index, kind: 'removed', where: 'entry' });
        else if (line !== null && line.index !== index)
            this.#report({ index, kind: 'removed', where: 'file' });
        else
            this.#compare(entry, leaf, line);
    }
    #compare(entry, leaf, line) {
        const stored = entry.leaf ?? new Uint8Array();
        const anchored = line?.leaf ?? stored;
        if (equalBytes(leaf, stored) && equalBytes(leaf, anchored))
            return;
        // What is anchored still fits the row or its leaf, so the row was changed where it stands and not moved there.
        const inPlace = equalBytes(leaf, anchored) || equalBytes(stored, anchored);
        if (inPlace)
            this.#report({ index: entry.index, kind: 'changed', where: 'entry' });
        else
            this.#contradict({ index: entry.index, found: leaf, anchored });
    }
    /** A checkpoint of the database. One of a larger size than the entries may only come after the last of them. */
    storedCheckpoint(stored) {
        const checkpoint = this.#open(stored.note);
        if (checkpoint?.size !== stored.size || !equalBytes(checkpoint.root, stored.root)) {
            this.#report({ index: Math.max(0, stored.size - 1), kind: 'changed', where: 'checkpoint' });
            return;
        }
        if (!this.#agrees(checkpoint))
            return;
        const whole = equalBytes(encodePeaks(this.#range), stored.frontier) && stored.at.getTime() === this.#lastAt?.getTime();
        if (!whole)
            this.#report({ index: stored.size - 1, kind: 'changed', where: 'checkpoint' });
        else
            this.#checkpoints += 1;
    }
    /** A line of the file that belongs to no entry: a checkpoint, a damaged line, a leaf after the last entry. */
    line(line) {
        if (line.kind === 'leaf') {
            this.#resolve(null, line.leaf);
            this.#anchored = Math.max(this.#anchored, line.index + 1);
            return;
        }
        const checkpoint = line.kind === 'checkpoint' ? this.#open(line.note) : null;
        if (checkpoint === null)
            this.#report({ index: this.size, kind: 'changed', where: 'file' });
        else if (this.#agrees(checkpoint))
            this.#checkpoints += 1;
    }
    /** `pending`: how many entries have no place in the tree. `withFile`: whether there was an audit file. */
    verdict(pending, withFile) {
        const damage = this.#firstDamage();
        return {
            ok: damage === null,
            size: this.size,
            root: toHex(rootOf(this.#range)).toLowerCase(),
            ...(damage === null ? {} : { first: { index: damage.index, kind: damage.kind }, where: damage.where }),
            pending,
            checkpoints: this.#checkpoints,
            anchored: withFile ? this.#anchored : null,
        };
    }
    #firstDamage() {
        if (this.#contradiction !== null)
            return settled(this.#contradiction, this.#vouched);
        if (this.#damage?.byRoot)
            return { ...this.#damage, kind: this.#kindBySize() };
        if (this.#damage !== null)
            return this.#damage;
        if (this.#anchored > this.size)
            return { index: this.size, kind: 'cut', where: 'file' };
        if (this.#claimed > this.size)
            return { index: this.size, kind: 'cut', where: 'checkpoint' };
        // Whoever gives entries their places signs a checkpoint over them in the same transaction.
        if (this.#vouched < this.size)
            return { index: this.#vouched, kind: 'inserted', where: 'checkpoint' };
        return null;
    }
    #kindBySize() {
        if (this.size < this.#claimed)
            return 'removed';
        return this.size > this.#claimed ? 'inserted' : 'changed';
    }
    /** Whether a genuine checkpoint is over exactly the entries so far. */
    #agrees(checkpoint) {
        this.#claimed = Math.max(this.#claimed, checkpoint.size);
        if (checkpoint.size !== this.size)
            return false;
        if (!equalBytes(rootOf(this.#range), checkpoint.root)) {
            this.#report({ index: this.#vouched, kind: 'changed', where: 'checkpoint', byRoot: true });
            return false;
        }
        this.#vouched = checkpoint.size;
        return true;
    }
    /** The file and the database hold the same notes: a signature is checked once. */
    #open(note) {
        if (this.#opened.note !== note)
            this.#opened = { note, checkpoint: openCheckpoint(note, this.#key) };
        return this.#opened.checkpoint;
    }
    #resolve(found, anchored) {
        const open = this.#contradiction;
        if (open === null)
            return;
        if (found !== null && equalBytes(found, open.anchored))
            open.anchoredIsFoundLater = true;
        if (anchored !== null && equalBytes(anchored, open.found))
            open.foundIsAnchoredLater = true;
    }
    /** Only the first counts. */
    #report(damage) {
        if (this.#contradiction === null)
            this.#damage ??= damage;
    }
    #contradict(between) {
        if (this.#damage !== null)
            return;
        this.#contradiction ??= { ...between, foundIsAnchoredLater: false, anchoredIsFoundLater: false };
    }
}
function settled({ index, foundIsAnchoredLater, anchoredIsFoundLater }, vouched) {
    // A genuine checkpoint is over the entry as it was found, so it is the file that was changed.
    if (vouched > index)
        return { index, kind: 'changed', where: 'file' };
    // The entry stood further on: what was before it is gone. The anchored one comes later: this one was put before it.
    if (foundIsAnchoredLater === anchoredIsFoundLater)
        return { index, kind: 'changed', where: 'entry' };
    return { index, kind: foundIsAnchoredLater ? 'removed' : 'inserted', where: 'entry' };
}
