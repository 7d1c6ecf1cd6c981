// The report file of an import: one line a row of the file, as CSV or JSON lines. No key and no PUK is in it.
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { CardProblem } from '../card/card-file-columns.js';
import type { CheckedRow } from '../store/card-import-read.js';
import { CliFailure } from './io.js';

/** What became of a row. `fits`: it has no problem, and nothing was imported. */
export type RowFate = 'fits' | 'imported' | 'waits' | 'renewed';

export interface CardReport {
  readonly add: (rows: readonly CheckedRow[], problems: readonly CardProblem[]) => Promise<void>;
  /** Gives the report its name: only now is it complete. */
  readonly keep: () => Promise<void>;
  /** Without `keep` nothing of it stays. */
  readonly close: () => Promise<void>;
}

const OWNER_ONLY = 0o600;
const JSON_LINES = /\.(jsonl|ndjson|json)$/i;

/** JSON lines where the name ends in .jsonl, .ndjson or .json, else CSV. Throws a CliFailure. */
export async function openCardReport(path: string, fate: RowFate): Promise<CardReport> {
  const draft = `${path}.part`;
  const file = await open(draft, 'w', OWNER_ONLY).catch((cause: unknown) => {
    throw new CliFailure(1, 'report-unwritable', `The report ${path} cannot be written: check its folder and its rights.`, { cause });
  });
  const lineOf = JSON_LINES.test(path) ? asJson : asCsv;
  if (lineOf === asCsv) await file.write(`${COLUMNS.join(',')}\n`);
  return {
    async add(rows, problems) {
      const lines = [...rows.map((row) => ({ ...row, fate, problem: '' })), ...problems.map((row) => ({ ...row, kcv: '', fate: 'problem' }))];
      lines.sort((a, b) => a.line - b.line);
      if (lines.length > 0) await file.write(lines.map(lineOf).join(''));
    },
    async keep() {
      await file.sync();
      await rename(draft, path);
    },
    close: () => closeDraft(file, draft),
  };
}

async function closeDraft(file: FileHandle, draft: string): Promise<void> {
  await file.close();
  await rm(draft, { force: true });
}

const COLUMNS = ['line', 'serial', 'fate', 'kcv', 'problem'] as const;
type ReportLine = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>;

function asJson({ line, serial, fate, kcv, problem }: ReportLine): string {
  return `${JSON.stringify({ line, serial, fate, kcv, problem })}\n`;
}

function asCsv(row: ReportLine): string {
  return `${COLUMNS.map((column) => `"${String(row[column] ?? '').replaceAll('"', '""')}"`).join(',')}\n`;
}
