// A CSV file of any length, row by row: as csv-table.ts reads it, without ever holding more than a few rows.
import { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { CsvError, parse } from 'csv-parse';
import { delimiterOf, quoteProblem, readHeadings, toRow, wrongWidth } from './csv-table.js';
import type { CsvColumns, CsvLine, CsvRow, FileProblem } from './csv-table.js';

// Beyond it somebody forgot a closing quotation mark: the rest of the file would be one cell.
const MAX_RECORD_CHARACTERS = 64 * 1024;

/** Each row, or what is wrong with its line, in the order of the file. Problems of the headings end it. */
export async function* readCsvRows<Column extends string>(
  chunks: AsyncIterable<string>,
  columns: CsvColumns<Column>,
): AsyncGenerator<CsvRow<Column> | FileProblem> {
  let places: ReadonlyMap<string, number> | null = null;
  let width = 0;
  for await (const line of readCsvLines(chunks)) {
    if ('problem' in line) {
      yield line;
      return;
    }
    if (places === null) {
      const headings = readHeadings(line, columns);
      if (headings.problems.length > 0) {
        yield* headings.problems;
        return;
      }
      ({ places } = headings);
      width = line.cells.length;
    } else yield line.cells.length === width ? toRow<Column>(line, places) : wrongWidth(line, width);
  }
  if (places === null) yield { line: 1, problem: 'The file is empty.' };
}

async function* readCsvLines(chunks: AsyncIterable<string>): AsyncGenerator<CsvLine | FileProblem> {
  let next = 1;
  /** Where the records begin that were read and not taken yet. */
  const begun: number[] = [];
  const source = withPlainLineEnds(chunks)[Symbol.asyncIterator]();
  const start = await firstLine(source);
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(start),
    record_delimiter: '\n',
    relax_column_count: true,
    max_record_size: MAX_RECORD_CHARACTERS,
    // Noted here and not where records are taken out: a fault loses those that nobody has taken yet.
    on_record: (cells: string[], { lines }) => {
      next = lines + 1;
      if (cells.every((cell) => cell.trim() === '')) return null;
      begun.push(lines - (cells.join('').split('\n').length - 1));
      return cells;
    },
  });
  const text = Readable.from(resumed(start, source));
  text.on('error', (fault) => parser.destroy(fault)).pipe(parser);
  try {
    for await (const cells of parser as AsyncIterable<readonly string[]>) yield { line: begun.shift() ?? next, cells };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield { line: next, problem: quoteProblem(error) };
  } finally {
    text.destroy();
  }
}

/** As much of the text as holds its whole first line. */
async function firstLine(source: AsyncIterator<string, unknown>): Promise<string> {
  let start = '';
  while (!/[^\s\uFEFF][^\n]*\n/.test(start) && start.length < MAX_RECORD_CHARACTERS) {
    const chunk = await source.next();
    if (chunk.done === true) break;
    start += chunk.value;
  }
  return start;
}

async function* resumed(start: string, source: AsyncIterator<string, unknown>): AsyncGenerator<string> {
  // An empty string would end an object stream's consumer early.
  if (start !== '') yield start;
  for (let chunk = await source.next(); chunk.done !== true; chunk = await source.next()) if (chunk.value !== '') yield chunk.value;
}

/** CRLF and CR become LF, also where a chunk ends between the two. */
async function* withPlainLineEnds(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of chunks) {
    const text = held + chunk;
    held = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - held.length).replace(/\r\n?/g, '\n');
  }
  if (held !== '') yield '\n';
}

/** UTF-8, or UTF-16 where a byte order mark says so: PowerShell's `>` and spreadsheets write that. */
export async function* decodeText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(chunk[0] === 0xff && chunk[1] === 0xfe ? 'utf-16le' : 'utf-8');
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder?.decode() ?? '';
}
