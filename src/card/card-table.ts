// CSV of cards as rows of named cells. What the cells mean is decided in card-file.ts.
import { CsvError, parse } from 'csv-parse/sync';

export type CardColumn = 'serial' | 'label' | 'profile' | 'holder' | 'key' | 'puk' | 'kcv';

export interface TableRow {
  /** Line of the file on which the row ends, counted from 1. */
  readonly line: number;
  /** Trimmed; '' where the file has no such column. */
  readonly cells: Readonly<Record<CardColumn, string>>;
}

export interface TableProblem {
  readonly line: number;
  readonly problem: string;
}

export interface CardTable {
  readonly rows: readonly TableRow[];
  readonly problems: readonly TableProblem[];
}

/** Header names, in lower case without blanks and signs, and the column that each means. */
const COLUMN_OF_HEADER: ReadonlyMap<string, CardColumn> = new Map([
  ['serial', 'serial'],
  ['serialnumber', 'serial'],
  ['label', 'label'],
  ['profile', 'profile'],
  ['holder', 'holder'],
  ['holderemail', 'holder'],
  ['holdersemail', 'holder'],
  ['email', 'holder'],
  ['key', 'key'],
  ['adminkey', 'key'],
  ['puk', 'puk'],
  ['kcv', 'kcv'],
]);

const REQUIRED_COLUMNS: readonly CardColumn[] = ['serial', 'label', 'profile', 'holder'];

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Splits the text into rows. A header that is wrong, or quotes that do not match, leave no rows and one problem; a row
 * of another width than the header is a problem of its own. No cell is ever quoted in a problem: it may hold a key.
 */
export function readTable(text: string): CardTable {
  const lines = splitLines(text);
  if (!Array.isArray(lines)) return { rows: [], problems: [lines] };
  const [header, ...body] = lines;
  if (header === undefined) return { rows: [], problems: [{ line: 1, problem: 'the file is empty' }] };
  const columns = header.cells.map((name) => COLUMN_OF_HEADER.get(plainName(name)) ?? null);
  const problem = problemOfHeader(header.cells, columns);
  if (problem !== null) return { rows: [], problems: [{ line: header.line, problem }] };
  return {
    rows: body.filter(({ cells }) => cells.length === columns.length).map((line) => nameCells(line, columns)),
    problems: body.filter(({ cells }) => cells.length !== columns.length).map((line) => wrongWidth(line, columns.length)),
  };
}

function splitLines(text: string): Line[] | TableProblem {
  const lines: Line[] = [];
  try {
    parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines: line }) => {
        if (cells.some((cell) => cell.trim() !== '')) lines.push({ line, cells: cells.map((cell) => cell.trim()) });
        return null;
      },
    });
    return lines;
  } catch (error) {
    // The library's own message may quote a cell.
    if (!(error instanceof CsvError)) throw error;
    return { line: typeof error.lines === 'number' ? error.lines : 1, problem: 'the quotation marks do not match from here on' };
  }
}

/** Spreadsheets of many countries write semicolons: whichever sign the header has most of. */
function delimiterOf(text: string): string {
  const header = text.trimStart().split(/\r|\n/, 1)[0] ?? '';
  const count = (sign: string) => header.split(sign).length;
  return [';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best), ',');
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** An unknown column is refused as well: a misspelt `kcv` would silently switch its check off. */
function problemOfHeader(names: readonly string[], columns: readonly (CardColumn | null)[]): string | null {
  const missing = REQUIRED_COLUMNS.filter((column) => !columns.includes(column));
  if (!columns.includes('key') && !columns.includes('puk')) missing.push('key');
  if (missing.length > 0) return `missing columns: ${missing.join(', ')}`;
  const unknown = columns.indexOf(null);
  if (unknown >= 0) return `column ${unknown + 1} is none of serial, label, profile, holder, key, puk, kcv`;
  const twice = columns.find((column, at) => columns.indexOf(column) !== at);
  return twice === undefined ? null : `two columns are the ${twice}`;
}

function nameCells({ line, cells }: Line, columns: readonly (CardColumn | null)[]): TableRow {
  const cell = (column: CardColumn) => cells[columns.indexOf(column)] ?? '';
  return {
    line,
    cells: {
      serial: cell('serial'),
      label: cell('label'),
      profile: cell('profile'),
      holder: cell('holder'),
      key: cell('key'),
      puk: cell('puk'),
      kcv: cell('kcv'),
    },
  };
}

function wrongWidth({ line, cells }: Line, width: number): TableProblem {
  return { line, problem: `the row has ${cells.length} cells, the header ${width}` };
}
