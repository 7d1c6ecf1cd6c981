// Compares what the database holds with what was anchored, one entry at a time, in constant memory.
import { equalBytes, toHex } from '../lib/bytes.js';
import { type Checkpoint, openCheckpoint } from './checkpoint.js';
import { entryLeaf, type SequencedEntry } from './entry.js';
import type { FileLine, LeafLine } from './file-line.js';
import { append, type CompactRange, emptyRange, encodePeaks, rootOf } from './merkle.js';
import type { VerifierKey } from './note.js';

/**
 * What happened at the first place that is not as it was:
 * an entry (or a checkpoint) reads differently, entries are missing, entries were added, or the end is gone.
 */
export type DamageKind = 'changed' | 'removed' | 'inserted' | 'cut';

export interface AuditVerdict {
  readonly ok: boolean;
  /** How many entries in the database have a place in the tree. */
  readonly size: number;
  /** The root over these entries as they are now, lower-case hex. */
  readonly root: string;
  readonly first?: { readonly index: number; readonly kind: DamageKind };
  /** What gave it away: the entry, a checkpoint, or the audit file itself. */
  readonly where?: DamagePlace;
  /** Entries that have no place in the tree yet, so that nothing can be said about them. */
  readonly pending: number;
  /** Checkpoints that were found whole, in the database and in the audit file. */
  readonly checkpoints: number;
  /** Entries that the audit file covers; null when it was not there to compare with. */
  readonly anchored: number | null;
}

export type DamagePlace = 'entry' | 'checkpoint' | 'file';

/** A checkpoint as the database keeps it. `at` is the time of the newest entry under it. */
export interface StoredCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  /** The peaks of the tree at this size, see `encodePeaks`. */
  readonly frontier: Uint8Array;
  readonly note: string;
  readonly at: Date;
}

interface Damage {
  readonly index: number;
  readonly kind: DamageKind;
  readonly where: DamagePlace;
  /** Only a root gave it away, which tells where at the earliest but not what; the number of entries tells more. */
  readonly byRoot?: true;
}

/** An entry that the audit file contradicts. What the two hold further on tells what was done to it. */
interface Contradiction {
  readonly index: number;
  readonly found: Uint8Array;
  readonly anchored: Uint8Array;
  foundIsAnchoredLater: boolean;
  anchoredIsFoundLater: boolean;
}

/**
 * Feed it in order: the checkpoints of the size reached so far, then the next entry with the audit file's line for it;
 * what is left of file and checkpoints after the last entry; then ask for the verdict.
 */
export class AuditVerifier {
  readonly #key: VerifierKey;
  #range: CompactRange = emptyRange;
  #lastAt: Date | null = null;
  #damage: Damage | null = null;
  #contradiction: Contradiction | null = null;
  /** The largest size that any genuine checkpoint tells of. */
  #claimed = 0;
  /** The size of the last checkpoint that agrees with the entries. */
  #vouched = 0;
  #anchored = 0;
  #checkpoints = 0;
  #opened: { readonly note: string; readonly checkpoint: Checkpoint | null } = { note: '', checkpoint: null };

  constructor(key: VerifierKey) {
    this.#key = key;
  }

  /** Entries so far. */
  get size(): number {
    return this.#range.size;
  }

  /** The next entry, and the file's line for its place (null: the file does not reach so far). */
  entry(entry: SequencedEntry, line: LeafLine | null): void {
    const index = this.size;
    const leaf = entryLeaf(entry);
    this.#range = append(this.#range, leaf);
    this.#lastAt = entry.at;
    this.#resolve(leaf, line?.leaf ?? null);
    if (line !== null) this.#anchored = line.index + 1;

    if (entry.index < index) this.#report({ index: entry.index, kind: 'inserted', where: 'entry' });
    else if (entry.index > index) this.#report({ index, kind: 'removed', where: 'entry' });
    else if (line !== null && line.index !== index) this.#report({ index, kind: 'removed', where: 'file' });
    else this.#compare(entry, leaf, line);
  }

  #compare(entry: SequencedEntry, leaf: Uint8Array, line: LeafLine | null): void {
    const stored = entry.leaf ?? new Uint8Array();
    const anchored = line?.leaf ?? stored;
    if (equalBytes(leaf, stored) && equalBytes(leaf, anchored)) return;
    // What is anchored still fits the row or its leaf, so the row was changed where it stands and not moved there.
    const inPlace = equalBytes(leaf, anchored) || equalBytes(stored, anchored);
    if (inPlace) this.#report({ index: entry.index, kind: 'changed', where: 'entry' });
    else this.#contradict({ index: entry.index, found: leaf, anchored });
  }

  /** A checkpoint of the database. One of a larger size than the entries may only come after the last of them. */
  storedCheckpoint(stored: StoredCheckpoint): void {
    const checkpoint = this.#open(stored.note);
    if (checkpoint?.size !== stored.size || !equalBytes(checkpoint.root, stored.root)) {
      this.#report({ index: Math.max(0, stored.size - 1), kind: 'changed', where: 'checkpoint' });
      return;
    }
    if (!this.#agrees(checkpoint)) return;
    const whole =
      equalBytes(encodePeaks(this.#range), stored.frontier) && stored.at.getTime() === this.#lastAt?.getTime();
    if (!whole) this.#report({ index: stored.size - 1, kind: 'changed', where: 'checkpoint' });
    else this.#checkpoints += 1;
  }

  /** A line of the file that belongs to no entry: a checkpoint, a damaged line, a leaf after the last entry. */
  line(line: FileLine): void {
    if (line.kind === 'leaf') {
      this.#resolve(null, line.leaf);
      this.#anchored = Math.max(this.#anchored, line.index + 1);
      return;
    }
    const checkpoint = line.kind === 'checkpoint' ? this.#open(line.note) : null;
    if (checkpoint === null) this.#report({ index: this.size, kind: 'changed', where: 'file' });
    else if (this.#agrees(checkpoint)) this.#checkpoints += 1;
  }

  /** `pending`: how many entries have no place in the tree. `withFile`: whether there was an audit file. */
  verdict(pending: number, withFile: boolean): AuditVerdict {
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

  #firstDamage(): Damage | null {
    if (this.#contradiction !== null) return settled(this.#contradiction, this.#vouched);
    if (this.#damage?.byRoot) return { ...this.#damage, kind: this.#kindBySize() };
    if (this.#damage !== null) return this.#damage;
    if (this.#anchored > this.size) return { index: this.size, kind: 'cut', where: 'file' };
    if (this.#claimed > this.size) return { index: this.size, kind: 'cut', where: 'checkpoint' };
    // Whoever gives entries their places signs a checkpoint over them in the same transaction.
    if (this.#vouched < this.size) return { index: this.#vouched, kind: 'inserted', where: 'checkpoint' };
    return null;
  }

  #kindBySize(): DamageKind {
    if (this.size < this.#claimed) return 'removed';
    return this.size > this.#claimed ? 'inserted' : 'changed';
  }

  /** Whether a genuine checkpoint is over exactly the entries so far. */
  #agrees(checkpoint: Checkpoint): boolean {
    this.#claimed = Math.max(this.#claimed, checkpoint.size);
    if (checkpoint.size !== this.size) return false;
    if (!equalBytes(rootOf(this.#range), checkpoint.root)) {
      this.#report({ index: this.#vouched, kind: 'changed', where: 'checkpoint', byRoot: true });
      return false;
    }
    this.#vouched = checkpoint.size;
    return true;
  }

  /** The file and the database hold the same notes: a signature is checked once. */
  #open(note: string): Checkpoint | null {
    if (this.#opened.note !== note) this.#opened = { note, checkpoint: openCheckpoint(note, this.#key) };
    return this.#opened.checkpoint;
  }

  #resolve(found: Uint8Array | null, anchored: Uint8Array | null): void {
    const open = this.#contradiction;
    if (open === null) return;
    if (found !== null && equalBytes(found, open.anchored)) open.anchoredIsFoundLater = true;
    if (anchored !== null && equalBytes(anchored, open.found)) open.foundIsAnchoredLater = true;
  }

  /** Only the first counts. */
  #report(damage: Damage): void {
    if (this.#contradiction === null) this.#damage ??= damage;
  }

  #contradict(between: Pick<Contradiction, 'index' | 'found' | 'anchored'>): void {
    if (this.#damage !== null) return;
    this.#contradiction ??= { ...between, foundIsAnchoredLater: false, anchoredIsFoundLater: false };
  }
}

function settled({ index, foundIsAnchoredLater, anchoredIsFoundLater }: Contradiction, vouched: number): Damage {
  // A genuine checkpoint is over the entry as it was found, so it is the file that was changed.
  if (vouched > index) return { index, kind: 'changed', where: 'file' };
  // The entry stood further on: what was before it is gone. The anchored one comes later: this one was put before it.
  if (foundIsAnchoredLater === anchoredIsFoundLater) return { index, kind: 'changed', where: 'entry' };
  return { index, kind: foundIsAnchoredLater ? 'removed' : 'inserted', where: 'entry' };
}
