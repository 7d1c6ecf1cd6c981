// `countersign cards import`: first every row is checked, then all of them are sealed, or none.
import type { Parts } from '../app/parts.js';
import type { CardProblem } from '../card/card-file-columns.js';
import { isRefused, type Refused } from '../lib/refusal.js';
import { CardImports, type ImportOutcome } from '../store/card-import.js';
import type { ImportRefusal, Proof } from '../store/card-import-alone.js';
import type { CheckedRow, Reading, ReadingOrder } from '../store/card-import-read.js';
import { CardReplacements } from '../store/card-import-replace.js';
import { installationKind } from '../store/installation.js';
import { proveAdministrators } from './administrator.js';
import { openCardReport, type RowFate } from './card-report.js';
import { type MeasuredSource, openCardSource } from './card-source.js';
import { CliFailure, type Io, printJson } from './io.js';
import { openProgress } from './progress.js';

export interface ImportOptions {
  readonly dryRun?: true;
  readonly replace?: true;
  readonly fourEyes?: true;
  readonly as?: string;
  readonly with?: string;
  readonly report?: string;
  readonly allowDefaultKeys?: true;
  readonly playgroundKeys?: true;
  readonly json?: true;
}

/** One run of the command. */
interface Run {
  readonly parts: Parts;
  readonly file: string;
  readonly source: MeasuredSource;
  readonly options: ImportOptions;
  /** Whose codes are asked for. */
  readonly administrators: readonly string[];
  readonly io: Io;
}

export async function importCards(parts: Parts, { file, options, io }: { readonly file: string; readonly options: ImportOptions; readonly io: Io }): Promise<void> {
  const administrators = administratorsFor(parts, file, options);
  await refusePlaygroundKeys(parts, options);
  const run: Run = { parts, file, options, administrators, io, source: await openCardSource(file, io) };
  const checked = await readOnce(run, { fate: 'fits', keepReport: ({ problems }) => problems > 0 || options.dryRun === true }, (order) => check(run, order));
  tellProblems(checked, run);
  if (options.dryRun === true) tellRows(checked, { fate: 'fits', run });
  else await importChecked(run, checked.reading);
}

async function importChecked(run: Run, checked: Reading): Promise<void> {
  const proofs = await proveAdministrators(run.parts, run.administrators, run.io);
  const fate = fateOf(run);
  const pass: Pass = { fate, total: checked.cards, keepReport: ({ problems }) => problems === 0 };
  const done = await readOnce(run, pass, (order) => take(run, order, { proofs, expected: checked.digest }));
  tellProblems(done, run);
  tellRows(done, { fate, run });
}

/** Nobody, where one person may import alone. Throws a CliFailure. */
function administratorsFor({ config }: Parts, file: string, options: ImportOptions): readonly string[] {
  const { fourEyes, dryRun, replace, as, with: second } = options;
  const json = options.json === true;
  if (dryRun === true || (fourEyes !== true && !config.importFourEyes)) return [];
  if (file === '-') throw new CliFailure(2, 'file-needed', 'Standard input is for the one-time codes: name the file of cards.', { json });
  if (as === undefined) throw new CliFailure(2, 'as-missing', 'A second administrator has to agree to this import: name yourself with --as and your e-mail address.', { json });
  if (replace !== true) return [as];
  if (second !== undefined && second.trim().toLowerCase() !== as.trim().toLowerCase()) return [as, second];
  throw new CliFailure(2, 'with-missing', 'New secrets for cards need two administrators at once: name the other one with --with.', { json });
}

async function refusePlaygroundKeys(parts: Parts, { playgroundKeys, dryRun, json }: ImportOptions): Promise<void> {
  if (dryRun === true || playgroundKeys === true || (await installationKind(parts.database)) !== 'playground') return;
  const sentence =
    'This is a playground: anyone at this machine can then unblock these cards. Add --playground-keys if you want that, or use another database.';
  throw new CliFailure(1, 'playground', sentence, { json: json === true });
}

function fateOf({ options, administrators }: Run): RowFate {
  if (options.replace === true) return 'renewed';
  return administrators.length > 0 ? 'waits' : 'imported';
}

function check({ parts, options }: Run, order: ReadingOrder): Promise<Reading> {
  return options.replace === true ? new CardReplacements(parts).check(order) : new CardImports(parts).check(order);
}

interface Paid {
  readonly proofs: readonly Proof[];
  readonly expected: Uint8Array;
}

async function take(run: Run, order: ReadingOrder, { proofs, expected }: Paid): Promise<Taken> {
  const { parts, options } = run;
  const outcome =
    options.replace === true
      ? await new CardReplacements(parts).replace({ ...order, proofs, expected })
      : await new CardImports(parts).import({ ...order, waitsFor: proofs[0] ?? null, expected });
  // A right code whose step was refused for another reason is not spent, and its try is no wrong one.
  if (isUnspent(outcome)) for (const { spend } of proofs) await parts.stepUp.giveBack(spend);
  if (isRefused(outcome)) throw refusedImport(outcome, options.json === true);
  return outcome;
}

function isUnspent(outcome: Reading | Refused<ImportRefusal>): boolean {
  return isRefused(outcome) ? outcome.refused !== 'code-not-accepted' : outcome.problems > 0;
}

const SENTENCES: Readonly<Record<ImportRefusal, string>> = {
  'import-running': 'Another import is running: wait until it ends and run this again.',
  'not-administrator': 'Whoever agrees must be in the group administrators: name somebody else.',
  'code-not-accepted': 'A code was used meanwhile: wait for the next one and run the command again.',
  'file-changed': 'The file was changed while it was read, so nothing was kept: run the command again.',
  'no-such-import': 'There is no such import: `countersign cards imports` lists those that wait.',
  'import-decided': 'This import was committed or dropped already: `countersign cards imports` lists those that wait.',
  'same-administrator': 'Whoever brought the cards in cannot commit them: another administrator must.',
};

export function refusedImport({ refused }: Refused<ImportRefusal>, json: boolean): CliFailure {
  return new CliFailure(1, refused, SENTENCES[refused], { json });
}

/** What an import adds to a reading. */
type Taken = Reading & Partial<Pick<ImportOutcome, 'id'>>;

/** What one reading of the file gave, with the first rows and problems of it. */
interface Told {
  readonly reading: Taken;
  readonly rows: readonly CheckedRow[];
  readonly problems: readonly CardProblem[];
}

interface Pass {
  readonly fate: RowFate;
  /** How many cards there are; without it the progress is told in bytes. */
  readonly total?: number;
  readonly keepReport: (reading: Reading) => boolean;
}

/** More than anybody reads; the report has all. */
const MOST_TOLD = 100;
/** Shorter files are read before a progress bar would be. */
const LONG_FILE_BYTES = 256 * 1024;
const KILOBYTE = 1_024;

async function readOnce(run: Run, { fate, total, keepReport }: Pass, read: (order: ReadingOrder) => Promise<Told['reading']>): Promise<Told> {
  const { source, options } = run;
  const rows: CheckedRow[] = [];
  const problems: CardProblem[] = [];
  const report = options.report === undefined ? null : await openCardReport(options.report, fate);
  const bar = openBar(run, total);
  try {
    const reading = await read({
      source,
      options: { allowDefaultKeys: options.allowDefaultKeys === true },
      watch: async (fit, found) => {
        rows.push(...fit.slice(0, MOST_TOLD - rows.length));
        problems.push(...found.slice(0, MOST_TOLD - problems.length));
        bar.handled(fit.length);
        await report?.add(fit, found);
      },
    });
    if (keepReport(reading)) await report?.keep();
    return { reading, rows, problems };
  } finally {
    bar.end();
    await report?.close();
  }
}

interface Bar {
  readonly handled: (cards: number) => void;
  readonly end: () => void;
}

/** Counts cards where it is known how many there are, else what is read of the file. */
function openBar({ source, io, parts }: Run, total: number | undefined): Bar {
  const write = source.bytes < LONG_FILE_BYTES ? () => undefined : io.stderr;
  const kilobytes = Math.ceil(source.bytes / KILOBYTE);
  const { update, end } = openProgress({ write, terminal: process.stderr.isTTY, clock: parts.clock, noun: total === undefined ? 'kB checked' : 'cards' });
  let done = 0;
  return {
    end,
    handled: (cards) => {
      done += cards;
      // What was read last is still being checked.
      if (total === undefined) update({ done: Math.min(Math.ceil(source.bytesRead() / KILOBYTE), kilobytes - 1), total: kilobytes });
      else update({ done, total });
    },
  };
}

/** One line a problem; then the command fails. Nothing is told, and it goes on, where there is none. */
function tellProblems(told: Told, { file, options, io }: Run): void {
  const { reading, problems } = told;
  if (reading.problems === 0) return;
  if (options.json === true) printJson(io, jsonOf(told, { imported: 0, dryRun: options.dryRun === true }));
  else for (const { line, serial, problem } of problems) io.stderr(`${file}:${line}: ${serial === null ? '' : `${serial}: `}${problem}\n`);
  const more = reading.problems - problems.length;
  if (more > 0) io.stderr(`… and ${more} more: --report writes all of them to a file.\n`);
  throw new CliFailure(1, 'import-refused', `No card was imported: correct the ${reading.problems} problem(s) above and run it again.`);
}

const FATES: Readonly<Record<RowFate, string>> = {
  fits: 'would be imported',
  imported: 'imported',
  waits: 'waits for a second administrator',
  renewed: 'has its new secret',
};

function tellRows(told: Told, { fate, run: { options, io } }: { readonly fate: RowFate; readonly run: Run }): void {
  const { reading, rows } = told;
  for (const warning of reading.warnings) io.stderr(`Warning: ${warning}\n`);
  if (options.json === true) {
    printJson(io, jsonOf(told, { imported: fate === 'fits' ? 0 : reading.cards, dryRun: fate === 'fits' }));
    return;
  }
  for (const { serial, profile, holder, kcv } of rows) {
    io.stdout(`${serial}  ${profile}  ${holder ?? 'nobody'}  ${kcv === '' ? 'no kcv' : `kcv ${kcv}`}  ${FATES[fate]}\n`);
  }
  if (reading.cards > rows.length) io.stdout(`… and ${reading.cards - rows.length} more, ${reading.cards} in all.\n`);
  if (fate === 'waits') io.stderr(`Another administrator commits them: countersign cards commit ${reading.id ?? ''} --as E-MAIL\n`);
}

/** `rows` and `problems` are the first ones; `cards` and `problemCount` count all. */
function jsonOf({ reading, rows, problems }: Told, head: { readonly imported: number; readonly dryRun: boolean }) {
  const { cards, problems: problemCount, warnings, id } = reading;
  return { ...head, ...(id === undefined || id === null ? {} : { import: id }), cards, problemCount, warnings, rows, problems };
}
