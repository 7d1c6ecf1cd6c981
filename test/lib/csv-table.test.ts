// CSV as spreadsheets write it, and as people break it.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCsvTable, type CsvColumns } from '../../src/lib/csv-table.js';

const COLUMNS: CsvColumns<'id' | 'e-mail' | 'note'> = {
  id: { headings: ['id', 'number'], required: true },
  'e-mail': { headings: ['email'], required: true },
  note: { headings: ['note'], required: false },
};

/** Each row as `line: id|e-mail|note`. */
function rows(text: string): string[] {
  const table = readCsvTable(text, COLUMNS);
  expect(table.problems).toEqual([]);
  return table.rows.map(({ line, cell }) => `${line}: ${cell('id')}|${cell('e-mail')}|${cell('note')}`);
}

function problems(text: string): string[] {
  return readCsvTable(text, COLUMNS).problems.map(({ line, problem }) => `${line}: ${problem}`);
}

describe('readCsvTable', () => {
  it.each([
    ['commas', 'id,e-mail,note\n1,a,x\n'],
    ['semicolons', 'id;e-mail;note\n1;a;x\n'],
    ['a byte order mark', '\uFEFFid,e-mail,note\n1,a,x\n'],
    ['CR LF', 'id,e-mail,note\r\n1,a,x\r\n'],
    ['CR alone', 'id,e-mail,note\r1,a,x\r'],
    ['no line end at the end', 'id,e-mail,note\n1,a,x'],
    ['blanks around cells', 'id , e-mail,note \n 1,a , x\n'],
    ['quotation marks', '"id","e-mail","note"\n"1","a","x"\n'],
    ['headings in other words', 'Number,E_Mail,NOTE\n1,a,x\n'],
    ['columns in another order', 'note,id,e-mail\nx,1,a\n'],
  ])('reads %s', (_what, text) => {
    expect(rows(text)).toEqual(['2: 1|a|x']);
  });

  it('gives an empty cell for a column that the file does not have', () => {
    expect(rows('id,e-mail\n1,a\n')).toEqual(['2: 1|a|']);
  });

  it('reads what quotation marks protect', () => {
    expect(rows('id;e-mail;note\n1;a;"x;y ""z"""\n')).toEqual(['2: 1|a|x;y "z"']);
  });

  it('knows the line on which a row begins, whatever came before', () => {
    expect(rows('\r\nid,e-mail,note\r\n\r\n1,a,"two\r\nlines"\r\n,,\r\n2,b,\r\n')).toEqual(['4: 1|a|two\nlines', '7: 2|b|']);
  });

  it.each([
    ['an empty file', '', ['1: The file is empty.']],
    ['only blank lines', '\n\n', ['1: The file is empty.']],
    ['a missing column', 'id,note\n', ['1: The column "e-mail" is missing.']],
    ['an unknown column', 'id,e-mail,nte\n', ['1: Column 3 is none of id, e-mail, note.']],
    ['a column that stands twice', 'id,e-mail,number\n', ['1: Two columns are the "id".']],
    ['no headings', '1,a\n', ['1: Column 1 is none of id, e-mail, note.', '1: Column 2 is none of id, e-mail, note.', '1: The column "id" is missing.', '1: The column "e-mail" is missing.']],
    ['too few and too many cells', 'id,e-mail\n1\n2,b\n3,c,d\n', ['2: Cells in this line: 1; in the first line: 2.', '4: Cells in this line: 3; in the first line: 2.']],
    ['a quotation mark that is not closed', 'id,e-mail\n1,a\n2,"b\n3,c\n', ['3: A quotation mark opens here and is never closed.']],
    [
      'a quotation mark inside a cell',
      'id,e-mail\n1,a\n2,b"b"\n',
      ['3: A quotation mark inside a cell: put the whole cell in quotation marks and write each one in it twice.'],
    ],
  ])('tells of %s', (_what, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('reads the good rows beside a bad one', () => {
    expect(readCsvTable('id,e-mail\n1\n2,b\n', COLUMNS).rows.map(({ cell }) => cell('id'))).toEqual(['2']);
  });

  it('reads back any cells that were written with quotation marks', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', ' ', '\u0000', '=') }).map((text) => text.trim());
    const written = fc.array(fc.tuple(cell.filter((text) => text !== ''), cell, cell), { maxLength: 5 });
    fc.assert(
      fc.property(written, fc.constantFrom(',', ';'), (cells, delimiter) => {
        const quoted = cells.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(delimiter));
        const table = readCsvTable([['id', 'email', 'note'].join(delimiter), ...quoted].join('\n'), COLUMNS);
        expect(table.problems).toEqual([]);
        expect(table.rows.map((row) => [row.cell('id'), row.cell('e-mail'), row.cell('note')])).toEqual(cells);
      }),
    );
  });

  it('is never at a loss, whatever the text', () => {
    const piece = fc.constantFrom('id', 'email', ',', ';', '"', '\n', '\r', ' ', 'x', '\uFEFF', '\u0000');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        for (const { line } of readCsvTable(pieces.join(''), COLUMNS).problems) expect(line).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
