// A small audit in memory, as database and audit file would hold it, for a test to tamper with.
import { signCheckpoint } from '../../src/audit/checkpoint.js';
import { auditBody, entryLeaf, type SequencedEntry } from '../../src/audit/entry.js';
import type { FileLine } from '../../src/audit/file-line.js';
import { append, emptyRange, encodePeaks, rootOf } from '../../src/audit/merkle.js';
import type { NoteSigner } from '../../src/audit/note.js';
import type { AuditVerdict, StoredCheckpoint } from '../../src/audit/verifier.js';
import { verifyAudit } from '../../src/audit/verify.js';

const START = Date.parse('2026-03-04T05:06:07.089Z');

export interface Ledger {
  readonly entries: SequencedEntry[];
  readonly checkpoints: StoredCheckpoint[];
  readonly lines: FileLine[];
}

export function newEntry(index: number, actor = 'dana'): SequencedEntry {
  const facts = { round: index };
  const body = auditBody({ kind: 'vote', actor, requestId: null, cardId: null, personId: null, policyHash: null, facts });
  const entry = { id: BigInt(index + 1), at: new Date(START + index * 1_000), body };
  return { ...entry, index, leaf: entryLeaf(entry) };
}

/** `size` entries with a checkpoint after every `every` of them and after the last, all of it in the file too. */
export function newLedger(size: number, every: number, signer: NoteSigner): Ledger {
  const ledger: Ledger = { entries: [], checkpoints: [], lines: [] };
  let tree = emptyRange;
  for (let index = 0; index < size; index += 1) {
    const entry = newEntry(index);
    const leaf = entryLeaf(entry);
    tree = append(tree, leaf);
    ledger.entries.push(entry);
    ledger.lines.push({ kind: 'leaf', index, leaf });
    if (tree.size % every !== 0 && tree.size !== size) continue;
    const root = rootOf(tree);
    const note = signCheckpoint({ size: tree.size, root }, signer);
    ledger.checkpoints.push({ size: tree.size, root, frontier: encodePeaks(tree), note, at: entry.at });
    ledger.lines.push({ kind: 'checkpoint', note });
  }
  return ledger;
}

/** The verdict on a ledger, its rows in the order in which a database gives them. */
export async function judge(
  ledger: Ledger,
  { verifier }: Pick<NoteSigner, 'verifier'>,
  how: { file: boolean } = { file: true },
): Promise<AuditVerdict> {
  return await verifyAudit(
    {
      entries: stream(ledger.entries.toSorted((a, b) => a.index - b.index)),
      checkpoints: stream(ledger.checkpoints.toSorted((a, b) => a.size - b.size)),
      file: how.file ? stream(ledger.lines) : null,
      pending: 0,
    },
    verifier,
  );
}

async function* stream<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* await Promise.resolve(items);
}

/** Gives every entry the index of its place, as somebody does who covers up a gap or an addition. */
export function renumber({ entries }: Ledger): void {
  for (const [index, entry] of entries.entries()) entries[index] = { ...entry, index };
}

/** The same bytes with one bit flipped. */
export function flipBit(bytes: Uint8Array, at = 0): Uint8Array {
  return bytes.map((byte, place) => (place === at ? byte ^ 1 : byte));
}
