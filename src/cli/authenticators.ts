// `countersign authenticators …`: the seeds of another system brought over.
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Parts } from '../app/parts.js';
import type { FileProblem } from '../lib/csv-table.js';
import { isRefused } from '../lib/refusal.js';
import { readSeedFile, type SeedDraft, wipeSeeds } from '../stepup/seed-file.js';
import { checkSeeds, importSeeds } from '../store/authenticator-import.js';
import { proveAdministrators } from './administrator.js';
import { refusedImport } from './cards-import.js';
import { CliFailure, type Io, printJson } from './io.js';
import { readInput } from './read-input.js';
import { changingParts } from './with-parts.js';

interface ImportOptions {
  readonly dryRun?: true;
  readonly fourEyes?: true;
  readonly as?: string;
  readonly with?: string;
  readonly json?: true;
}

/** One run of the command. */
interface Run {
  readonly file: string;
  readonly options: ImportOptions;
  readonly io: Io;
}

const OTHERS_MAY = 0o077;
const MOST_TOLD = 100;

export function authenticatorCommands(program: Command, io: Io): void {
  const authenticators = program.command('authenticators').description('the authenticators that people have already');
  authenticators
    .command('import')
    .description('bring seeds over from another system: otpauth:// addresses, one on each line, or CSV (person, secret, type, algorithm, digits, period, counter)')
    .argument('<file>', 'the file, or - for standard input')
    .option('--dry-run', 'check every line, and keep nothing')
    .option('--four-eyes', 'two administrators have to agree, with their codes')
    .option('--as <e-mail>', 'the first administrator')
    .option('--with <e-mail>', 'the second administrator')
    .option('--json', 'print JSON')
    .action((file: string, options: ImportOptions) => changingParts((parts) => importAuthenticators(parts, { file, options, io })));
}

async function importAuthenticators(parts: Parts, run: Run): Promise<void> {
  const { file, options, io } = run;
  const administrators = administratorsFor(parts, run);
  await warnOfReaders(file, io);
  const { seeds, problems } = readSeedFile(await readInput(file, io));
  try {
    refuseProblems(problems.length > 0 ? problems : await checkSeeds(parts, seeds), run);
    if (options.dryRun !== true) await importChecked(parts, seeds, { ...run, administrators });
  } finally {
    wipeSeeds(seeds);
  }
  if (options.json === true) printJson(io, { imported: options.dryRun === true ? 0 : seeds.length, checked: seeds.length });
  else io.stdout(options.dryRun === true ? `${seeds.length} seeds fit; nothing was kept.\n` : `${seeds.length} authenticators imported.\n`);
  if (options.dryRun !== true) io.stderr('Whoever has the file has these codes: destroy it and its copies now.\n');
}

async function importChecked(parts: Parts, seeds: readonly SeedDraft[], run: Run & { readonly administrators: readonly string[] }): Promise<void> {
  const proofs = await proveAdministrators(parts, run.administrators, run.io);
  const outcome = await importSeeds(parts, seeds, proofs);
  const problems = isRefused(outcome) ? [] : outcome;
  const spent = isRefused(outcome) ? outcome.refused === 'code-not-accepted' : problems.length === 0;
  // A right code whose step was refused for another reason is no wrong try.
  if (!spent) for (const { spend } of proofs) await parts.stepUp.giveBack(spend);
  if (isRefused(outcome)) throw refusedImport(outcome, run.options.json === true);
  refuseProblems(problems, run);
}

/** Nobody, where one person may import alone. Throws a CliFailure. */
function administratorsFor({ config }: Parts, { file, options }: Run): readonly string[] {
  const { fourEyes, dryRun, as, with: second } = options;
  const json = options.json === true;
  if (dryRun === true || (fourEyes !== true && !config.importFourEyes)) return [];
  if (file === '-') throw new CliFailure(2, 'file-needed', 'Standard input is for the one-time codes: name the file of seeds.', { json });
  if (as !== undefined && second !== undefined && as.trim().toLowerCase() !== second.trim().toLowerCase()) return [as, second];
  throw new CliFailure(2, 'with-missing', 'Two administrators have to agree to this import: name them with --as and --with and their e-mail addresses.', { json });
}

async function warnOfReaders(file: string, io: Io): Promise<void> {
  // What cannot be looked at is told when it is read.
  const found = file === '-' || process.platform === 'win32' ? null : await stat(file).catch(() => null);
  if (found !== null && (found.mode & OTHERS_MAY) !== 0) io.stderr(`Warning: others than you have access to ${file}; run: chmod 600 ${file}\n`);
}

function refuseProblems(problems: readonly FileProblem[], { file, options, io }: Run): void {
  if (problems.length === 0) return;
  for (const { line, problem } of problems.slice(0, MOST_TOLD)) if (options.json !== true) io.stderr(`${file}:${line}: ${problem}\n`);
  if (options.json === true) printJson(io, { imported: 0, problemCount: problems.length, problems: problems.slice(0, MOST_TOLD) });
  throw new CliFailure(1, 'file-problems', `Nothing was imported: ${problems.length} line(s) to correct.`);
}
