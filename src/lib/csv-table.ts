// A CSV file as rows with named cells and the line each began at, so that every problem can name its line.
import { CsvError, parse } from 'csv-parse/sync';

export interface FileProblem {
  /** The first line is 1. */
  readonly line: number;
  /** One sentence for a person. */
  readonly problem: string;
}

export interface CsvRow<Column extends string> {
  readonly line: number;
  /** Without blanks around it; empty if the file has no such column. */
  readonly cell: (column: Column) => string;
}

export interface CsvTable<Column extends string> {
  readonly rows: readonly CsvRow<Column>[];
  readonly problems: readonly FileProblem[];
}

/** What a file may hold: each column with the words it goes by in the first line (lower-case letters alone). */
export type CsvColumns<Column extends string> = Readonly<
  Record<Column, { readonly headings: readonly string[]; readonly required: boolean }>
>;

const MAX_CHARACTERS = 32 * 1024 * 1024;

/**
 * Reads a CSV text (RFC 4180, or with `;` or tabs between the cells; byte order mark and any line ends allowed).
 * Empty lines are passed over. Headings are compared by their letters alone: "E-Mail" is "email". No cell is ever
 * quoted in a problem, not even a heading: in a file without headings it may be a key.
 */
export function readCsvTable<Column extends string>(
  text: string,
  columns: CsvColumns<Column>,
): CsvTable<Column> {
  const read = readLines(text);
  if (!Array.isArray(read)) return { rows: [], problems: [read] };
  const [first, ...rest] = read;
  if (first === undefined) return { rows: [], problems: [{ line: 1, problem: 'The file is empty.' }] };
  const headings = readHeadings(first, columns);
  if (headings.problems.length > 0) return { rows: [], problems: headings.problems };
  const width = first.cells.length;
  return {
    rows: rest.filter(({ cells }) => cells.length === width).map((line) => toRow(line, headings.places)),
    problems: rest.filter(({ cells }) => cells.length !== width).map((line) => wrongWidth(line, width)),
  };
}

/** A line of the file, cut into its cells. */
export interface CsvLine {
  readonly line: number;
  readonly cells: readonly string[];
}

function readLines(text: string): CsvLine[] | FileProblem {
  if (text.length > MAX_CHARACTERS) return { line: 1, problem: `The file is longer than ${MAX_CHARACTERS} characters.` };
  const lines: CsvLine[] = [];
  let next = 1;
  try {
    parse(text.replace(/\r\n?/g, '\n'), {
      bom: true,
      delimiter: delimiterOf(text),
      record_delimiter: '\n',
      relax_column_count: true,
      on_record: (cells: string[], { lines: last }) => {
        const breaks = cells.join('').split('\n').length - 1;
        if (cells.some((cell) => cell.trim() !== '')) lines.push({ line: last - breaks, cells });
        next = last + 1;
        return null;
      },
    });
    return lines;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { line: next, problem: quoteProblem(error) };
  }
}

/** Whichever sign stands most often in the first line: headings have none of them. */
export function delimiterOf(text: string): string {
  const [first = ''] = text.trimStart().split(/[\r\n]/, 1);
  const count = (sign: string) => first.split(sign).length;
  return [';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best), ',');
}

export function quoteProblem(error: CsvError): string {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE') return 'A quotation mark opens here and is never closed.';
  return 'A quotation mark inside a cell: put the whole cell in quotation marks and write each one in it twice.';
}

export function readHeadings<Column extends string>(
  { line, cells }: CsvLine,
  columns: CsvColumns<Column>,
): { places: ReadonlyMap<string, number>; problems: FileProblem[] } {
  const places = new Map<string, number>();
  const problems: FileProblem[] = [];
  const known = Object.entries<CsvColumns<Column>[Column]>(columns);
  for (const [place, heading] of cells.entries()) {
    const column = known.find(([, { headings }]) => headings.includes(lettersOf(heading)))?.[0];
    if (column === undefined) problems.push({ line, problem: `Column ${place + 1} is none of ${known.map(([name]) => name).join(', ')}.` });
    else if (places.has(column)) problems.push({ line, problem: `Two columns are the "${column}".` });
    else places.set(column, place);
  }
  const missing = known.filter(([column, { required }]) => required && !places.has(column));
  problems.push(...missing.map(([column]) => ({ line, problem: `The column "${column}" is missing.` })));
  return { places, problems };
}

function lettersOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}]/gu, '');
}

export function toRow<Column extends string>({ line, cells }: CsvLine, places: ReadonlyMap<string, number>): CsvRow<Column> {
  return {
    line,
    cell: (column) => {
      const place = places.get(column);
      return place === undefined ? '' : (cells[place] ?? '').trim();
    },
  };
}

export function wrongWidth({ line, cells }: CsvLine, width: number): FileProblem {
  return { line, problem: `Cells in this line: ${cells.length}; in the first line: ${width}.` };
}
