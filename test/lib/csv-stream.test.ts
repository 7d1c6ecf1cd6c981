// A CSV file as a stream gives what the same text gives as a whole, however it is cut into pieces.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeText, readCsvRows } from '../../src/lib/csv-stream.js';
import { readCsvTable } from '../../src/lib/csv-table.js';
import type { CsvColumns } from '../../src/lib/csv-table.js';

const COLUMNS: CsvColumns<'name' | 'note'> = {
  name: { headings: ['name'], required: true },
  note: { headings: ['note'], required: false },
};

async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield await Promise.resolve(text.slice(at, at + size));
}

async function readAll(text: string, size: number) {
  const rows: unknown[] = [];
  const problems: unknown[] = [];
  for await (const item of readCsvRows(pieces(text, size), COLUMNS)) {
    if ('problem' in item) problems.push(item);
    else rows.push([item.line, item.cell('name'), item.cell('note')]);
  }
  return { rows, problems };
}

function readWhole(text: string) {
  const { rows, problems } = readCsvTable(text, COLUMNS);
  return { rows: rows.map(({ line, cell }) => [line, cell('name'), cell('note')]), problems };
}

describe('a file in pieces', () => {
  it('has the rows and problems of the whole text, whatever the line ends and the pieces', async () => {
    const cell = fc.constantFrom('a', 'b c', '"x, y"', '"two\nlines"', '"in ""quotes"""', '');
    const row = fc.array(cell, { minLength: 1, maxLength: 3 }).map((cells) => cells.join(','));
    const file = fc.tuple(fc.constantFrom('name,note', '\uFEFFname,note', '\n\nNAME,Note'), fc.array(row), fc.constantFrom('\n', '\r\n', '\r'));
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 30 }), async ([head, rows, end], size) => {
        const text = [head, ...rows].join('\n').replaceAll('\n', end);
        expect(await readAll(text, size)).toEqual(readWhole(text));
      }),
    );
  });

  it.each(['', '\n \n', 'name;note\na;b\n', 'name\tnote\na\tb', 'nothing,note\na,b\n', 'name,name\na,b\n', 'name,note\na,b\nc,"d\ne,f\n', 'name,note\na"b,c\n'])(
    'is read as the whole text is: %j',
    async (text) => {
      expect(await readAll(text, 5)).toEqual(readWhole(text));
    },
  );

  it('ends where a quotation mark stays open for longer than any cell is', async () => {
    const { rows, problems } = await readAll(`name,note\na,b\n"${'x,y\n'.repeat(50_000)}`, 10_000);
    expect(rows).toEqual([]);
    expect(problems).toEqual([{ line: 3, problem: 'A quotation mark opens here and is never closed.' }]);
  });

  it('passes on what goes wrong with reading', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield await Promise.resolve('name,note\na,b\n');
      throw new Error('the disk is gone');
    }
    await expect(async () => {
      for await (const item of readCsvRows(broken(), COLUMNS)) expect(item).toBeDefined();
    }).rejects.toThrow('the disk is gone');
  });
});

describe('bytes', () => {
  it.each<[string, BufferEncoding, string]>([
    ['UTF-8', 'utf8', ''],
    ['UTF-8 with a byte order mark', 'utf8', '\uFEFF'],
    ['UTF-16 with a byte order mark', 'utf16le', '\uFEFF'],
  ])('are read as %s, also where a character is cut in two', async (_, encoding, mark) => {
    const bytes = Buffer.from(`${mark}näme €`, encoding);
    async function* cut(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(bytes.subarray(0, 3));
      for (let at = 3; at < bytes.length; at += 1) yield bytes.subarray(at, at + 1);
    }
    let text = '';
    for await (const part of decodeText(cut())) text += part;
    expect(text).toBe('näme €');
  });
});
