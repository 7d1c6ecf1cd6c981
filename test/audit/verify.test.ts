// Whatever is done to the audit's rows, checkpoints or file is seen, named, and found at its first place.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { signCheckpoint } from '../../src/audit/checkpoint.js';
import { entryLeaf, type SequencedEntry } from '../../src/audit/entry.js';
import { newSigner } from './keys.js';
import { flipBit, judge, type Ledger, newEntry, newLedger, renumber } from './ledger.js';

const SIZE = 12;
const EVERY = 5; // checkpoints at 5, 10 and 12
const signer = newSigner();

function ledgerWith(tamper: (ledger: Ledger) => void): Ledger {
  const ledger = newLedger(SIZE, EVERY, signer);
  tamper(ledger);
  return ledger;
}

function changeEntry(index: number, change: (entry: SequencedEntry) => Partial<SequencedEntry>): Ledger {
  return ledgerWith(({ entries }) => {
    const at = entries.findIndex((entry) => entry.index === index);
    const entry = entries[at];
    if (entry !== undefined) entries[at] = { ...entry, ...change(entry) };
  });
}

/** The change and the leaf that goes with it, as somebody does who knows how leaves are made. */
function withItsLeaf(entry: SequencedEntry): SequencedEntry {
  return { ...entry, leaf: entryLeaf(entry) };
}

describe('an untouched audit', () => {
  it('is intact, with and without its file', async () => {
    const ledger = newLedger(SIZE, EVERY, signer);
    expect(await judge(ledger, signer)).toMatchObject({ ok: true, size: SIZE, anchored: SIZE, checkpoints: 6 });
    expect(await judge(ledger, signer, { file: false })).toMatchObject({ ok: true, size: SIZE, anchored: null, checkpoints: 3 });
  });

  it('is intact at any size and with any spacing of checkpoints', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 10 }), async (size, every) => {
        expect(await judge(newLedger(size, every, signer), signer)).toMatchObject({ ok: true, size });
      }),
      { numRuns: 30 },
    );
  });

  it('has the root that its newest checkpoint signs', async () => {
    const ledger = newLedger(SIZE, EVERY, signer);
    const root = Buffer.from(ledger.checkpoints.at(-1)?.root ?? []).toString('hex');
    expect((await judge(ledger, signer)).root).toBe(root);
  });

  it('is intact while its file lags behind', async () => {
    const ledger = ledgerWith(({ lines }) => void lines.splice(6));
    expect(await judge(ledger, signer)).toMatchObject({ ok: true, anchored: 5 });
  });

  it('is intact though a writer wrote lines twice', async () => {
    const ledger = ledgerWith(({ lines }) => void lines.splice(6, 0, ...lines.slice(3, 6)));
    expect(await judge(ledger, signer)).toMatchObject({ ok: true });
  });
});

describe('a changed entry', () => {
  const changes: Record<string, (entry: SequencedEntry) => Partial<SequencedEntry>> = {
    id: ({ id }) => ({ id: id + 100n }),
    at: ({ at }) => ({ at: new Date(at.getTime() + 1) }),
    body: ({ body }) => ({ body: body.replace('dana', 'dane') }),
    leaf: ({ leaf }) => ({ leaf: flipBit(leaf ?? new Uint8Array()) }),
    'leaf, to nothing': () => ({ leaf: null }),
    'body and leaf': (entry) => withItsLeaf({ ...entry, body: entry.body.replace('dana', 'dane') }),
  };
  const cases = Object.entries(changes).flatMap(([column, change]) => [0, 6, SIZE - 1].map((index) => ({ column, change, index })));

  it.each(cases)('is found at $index by its $column', async ({ change, index }) => {
    expect(await judge(changeEntry(index, change), signer)).toMatchObject({ ok: false, first: { index, kind: 'changed' }, where: 'entry' });
  });

  it.each(cases.filter(({ column }) => column !== 'body and leaf'))(
    'is found at $index by its $column without the file too',
    async ({ change, index }) => {
      const verdict = await judge(changeEntry(index, change), signer, { file: false });
      expect(verdict).toMatchObject({ ok: false, first: { index, kind: 'changed' } });
    },
  );

  it('with a leaf made to fit it is found without the file by the next checkpoint', async () => {
    const ledger = changeEntry(6, (entry) => withItsLeaf({ ...entry, body: '{}' }));
    expect(await judge(ledger, signer, { file: false })).toMatchObject({
      ok: false,
      first: { index: 5, kind: 'changed' },
      where: 'checkpoint',
    });
  });

  it('is found as two entries that changed places', async () => {
    const ledger = ledgerWith(({ entries }) => {
      const [a, b] = [newEntry(6), newEntry(7)];
      entries.splice(6, 2, { ...b, index: 6 }, { ...a, index: 7 });
    });
    expect(await judge(ledger, signer)).toMatchObject({ ok: false, first: { index: 6, kind: 'changed' } });
  });

  it('is found with an index moved to a free place', async () => {
    expect(await judge(changeEntry(6, () => ({ index: 900 })), signer)).toMatchObject({ first: { index: 6, kind: 'removed' } });
    expect(await judge(changeEntry(6, () => ({ index: -3 })), signer)).toMatchObject({ first: { index: -3, kind: 'inserted' } });
  });

  it('counts once: the first of several is told', async () => {
    const ledger = ledgerWith(({ entries }) => {
      entries.splice(9, 1, newEntry(9, 'mallory'));
      entries.splice(3, 1, { ...newEntry(3), at: new Date(0) });
    });
    expect(await judge(ledger, signer)).toMatchObject({ first: { index: 3, kind: 'changed' } });
  });
});

describe('missing entries', () => {
  it('leave a gap that is found', async () => {
    const ledger = ledgerWith(({ entries }) => void entries.splice(4, 2));
    expect(await judge(ledger, signer)).toMatchObject({ ok: false, size: SIZE - 2, first: { index: 4, kind: 'removed' } });
    expect(await judge(ledger, signer, { file: false })).toMatchObject({ first: { index: 4, kind: 'removed' } });
  });

  it('are found anywhere though the rest was renumbered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(SIZE - 2), fc.integer({ min: 1, max: 4 }), async (index, count) => {
        fc.pre(index + count < SIZE);
        const ledger = ledgerWith((any) => {
          any.entries.splice(index, count);
          renumber(any);
        });
        expect(await judge(ledger, signer)).toMatchObject({ ok: false, first: { index, kind: 'removed' }, where: 'entry' });
      }),
      { numRuns: 30 },
    );
  });

  it('are found without the file from the last checkpoint before them on', async () => {
    const ledger = ledgerWith((any) => {
      any.entries.splice(7, 1);
      renumber(any);
    });
    expect(await judge(ledger, signer, { file: false })).toMatchObject({ ok: false, first: { index: 5, kind: 'removed' } });
  });
});

describe('added entries', () => {
  it('are found anywhere though the rest was renumbered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(SIZE - 1), fc.integer({ min: 1, max: 3 }), async (index, count) => {
        const ledger = ledgerWith((any) => {
          any.entries.splice(index, 0, ...Array.from({ length: count }, (_, at) => newEntry(100 + at)));
          renumber(any);
        });
        expect(await judge(ledger, signer)).toMatchObject({ ok: false, first: { index, kind: 'inserted' }, where: 'entry' });
      }),
      { numRuns: 30 },
    );
  });

  it('are found without the file from the last checkpoint before them on', async () => {
    const ledger = ledgerWith((any) => {
      any.entries.splice(7, 0, newEntry(100));
      renumber(any);
    });
    expect(await judge(ledger, signer, { file: false })).toMatchObject({ ok: false, first: { index: 5, kind: 'inserted' } });
  });

  it.each([true, false])('at the end are found because nobody signed for them (file: %s)', async (file) => {
    const ledger = ledgerWith(({ entries }) => void entries.push(newEntry(SIZE)));
    expect(await judge(ledger, signer, { file })).toMatchObject({ ok: false, first: { index: SIZE, kind: 'inserted' } });
  });

  it('are found where no checkpoint is left at all', async () => {
    const ledger = ledgerWith(({ checkpoints }) => void checkpoints.splice(0));
    expect(await judge(ledger, signer, { file: false })).toMatchObject({ first: { index: 0, kind: 'inserted' } });
  });
});

describe('an end that was cut off', () => {
  it('is told by the file, even with the checkpoints cut off too', async () => {
    const ledger = ledgerWith(({ entries, checkpoints }) => {
      entries.splice(10);
      checkpoints.splice(2);
    });
    expect(await judge(ledger, signer)).toMatchObject({ ok: false, size: 10, first: { index: 10, kind: 'cut' }, where: 'file' });
  });

  it('is told by a checkpoint that was left, without the file', async () => {
    const ledger = ledgerWith(({ entries }) => void entries.splice(11));
    expect(await judge(ledger, signer, { file: false })).toMatchObject({
      ok: false,
      first: { index: 11, kind: 'cut' },
      where: 'checkpoint',
    });
  });

  it('is told by a checkpoint in a file whose leaves were cut off too', async () => {
    const ledger = ledgerWith((any) => {
      any.entries.splice(10);
      any.checkpoints.splice(2);
      any.lines.splice(12, 2);
    });
    expect(await judge(ledger, signer)).toMatchObject({ ok: false, first: { index: 10, kind: 'cut' }, where: 'checkpoint' });
  });

  it('is not seen without the file when its checkpoints are gone too, and the verdict owns up to having had no file', async () => {
    const ledger = ledgerWith(({ entries, checkpoints }) => {
      entries.splice(10);
      checkpoints.splice(2);
    });
    expect(await judge(ledger, signer, { file: false })).toMatchObject({ ok: true, size: 10, anchored: null });
  });
});

describe('a changed checkpoint', () => {
  const ten = newLedger(SIZE, EVERY, signer).checkpoints[1];
  if (ten === undefined) throw new Error('the ledger has a checkpoint of 10 entries');
  const cases = {
    size: { change: { size: 9 }, index: 8 },
    'size, to one beyond the end': { change: { size: 9_000 }, index: 8_999 },
    root: { change: { root: flipBit(ten.root) }, index: 9 },
    frontier: { change: { frontier: flipBit(ten.frontier, 40) }, index: 9 },
    'frontier, cut short': { change: { frontier: ten.frontier.slice(32) }, index: 9 },
    'note, in its text': { change: { note: ten.note.replace('10', '11') }, index: 9 },
    'note, in its signature': { change: { note: ten.note.replace(/.(?=.{8}\n$)/, (one) => (one === 'A' ? 'B' : 'A')) }, index: 9 },
    at: { change: { at: new Date(ten.at.getTime() - 1) }, index: 9 },
  };

  it.each(Object.entries(cases))('is found by its %s', async (_, { change, index }) => {
    const ledger = ledgerWith(({ checkpoints }) => void checkpoints.splice(1, 1, { ...ten, ...change }));
    const found = { ok: false, first: { index, kind: 'changed' }, where: 'checkpoint' };
    expect(await judge(ledger, signer, { file: false })).toMatchObject(found);
    expect(await judge(ledger, signer)).toMatchObject(found);
  });

  it('is found when another key signed it', async () => {
    const note = signCheckpoint(ten, newSigner());
    const ledger = ledgerWith(({ checkpoints }) => void checkpoints.splice(1, 1, { ...ten, note }));
    expect(await judge(ledger, signer)).toMatchObject({ ok: false, first: { index: 9, kind: 'changed' } });
  });
});

describe('a changed file', () => {
  it('is found by a leaf that differs from an entry which a checkpoint covers', async () => {
    const ledger = ledgerWith(({ lines }) => void lines.splice(0, 1, { kind: 'leaf', index: 0, leaf: new Uint8Array(32) }));
    expect(await judge(ledger, signer)).toMatchObject({ ok: false, first: { index: 0, kind: 'changed' }, where: 'file' });
  });

  it('is found by a line that means nothing', async () => {
    const ledger = ledgerWith(({ lines }) => void lines.splice(2, 0, { kind: 'damaged' }));
    expect(await judge(ledger, signer)).toMatchObject({ ok: false, first: { index: 2, kind: 'changed' }, where: 'file' });
  });

  it('is found by a checkpoint that another key signed', async () => {
    const note = signCheckpoint({ size: 5, root: new Uint8Array(32) }, newSigner());
    const ledger = ledgerWith(({ lines }) => void lines.splice(5, 1, { kind: 'checkpoint', note }));
    expect(await judge(ledger, signer)).toMatchObject({ ok: false, first: { index: 5, kind: 'changed' }, where: 'file' });
  });

  it('is found by a missing line', async () => {
    const ledger = ledgerWith(({ lines }) => void lines.splice(2, 1));
    expect(await judge(ledger, signer)).toMatchObject({ ok: false, first: { index: 2, kind: 'removed' }, where: 'file' });
  });
});

describe('any single bit', () => {
  it('flipped in any column of any row is found', async () => {
    const column = fc.constantFrom('body', 'leaf', 'root', 'frontier', 'note');
    await fc.assert(
      fc.asyncProperty(column, fc.nat(SIZE - 1), fc.nat(10_000), async (name, row, bit) => {
        const ledger = ledgerWith(({ entries, checkpoints }) => {
          const list: unknown[] = name === 'body' || name === 'leaf' ? entries : checkpoints;
          const at = row % list.length;
          list[at] = flipColumn(list[at], name, bit);
        });
        expect((await judge(ledger, signer)).ok).toBe(false);
        expect((await judge(ledger, signer, { file: false })).ok).toBe(false);
      }),
    );
  });
});

function flipColumn(row: unknown, name: string, bit: number): unknown {
  const columns = row as Record<string, string | Uint8Array>;
  const value = columns[name] ?? '';
  const bytes = Buffer.from(value as string);
  bytes[(bit >> 3) % bytes.length] = (bytes[(bit >> 3) % bytes.length] ?? 0) ^ (1 << (bit % 7));
  return { ...columns, [name]: typeof value === 'string' ? bytes.toString() : new Uint8Array(bytes) };
}
