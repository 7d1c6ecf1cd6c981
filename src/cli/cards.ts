// `countersign cards …`: the smart cards and their sealed keys. No command prints a key.
import type { Command } from 'commander';
import type { Parts } from '../app/parts.js';
import { type CardDraft, readCardFile } from '../card/card-file.js';
import { wipe } from '../lib/bytes.js';
import { installationKind } from '../store/installation.js';
import { CliFailure, type Io, printJson } from './io.js';
import { readInput } from './read-input.js';
import { changingParts, withParts } from './with-parts.js';

interface ImportOptions {
  readonly dryRun?: true;
  readonly allowDefaultKeys?: true;
  readonly playgroundKeys?: true;
  readonly json?: true;
}

interface RowProblem {
  readonly line: number;
  readonly serial: string | null;
  readonly problem: string;
}

export function cardsCommands(program: Command, io: Io): void {
  const cards = program.command('cards').description('the smart cards, who holds them, and their sealed keys');
  cards
    .command('import')
    .description('seal cards from a CSV file: serial, label, profile, holder e-mail, key or puk, kcv. All rows or none')
    .argument('<file>', 'the CSV file, or - for standard input')
    .option('--dry-run', 'check every row and import nothing')
    .option('--allow-default-keys', "take a vendor's default key, which everybody knows")
    .option('--playground-keys', 'import into a playground: anyone at this machine can then unblock these cards')
    .option('--json', 'print JSON')
    .action((file: string, options: ImportOptions) => changingParts((parts) => importCards(parts, { file, options, io })));
  cards
    .command('list')
    .description('list the cards, never a key')
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => withParts((parts) => listCards(parts, options.json === true, io)));
}

async function importCards(parts: Parts, { file, options, io }: { readonly file: string; readonly options: ImportOptions; readonly io: Io }): Promise<void> {
  const dryRun = options.dryRun === true;
  await refusePlaygroundKeys(parts, options);
  const read = readCardFile(await readInput(file, io), { allowDefaultKeys: options.allowDefaultKeys === true });
  try {
    const unfit = await parts.cards.problems(read.cards);
    const problems = [...read.problems, ...unfit].sort((a, b) => a.line - b.line);
    if (problems.length === 0 && !dryRun) problems.push(...(await parts.cards.import(read.cards)));
    report(read.cards, problems, { dryRun, json: options.json === true, file, io });
  } finally {
    wipe(...read.cards.map(({ key }) => key));
  }
}

async function refusePlaygroundKeys(parts: Parts, { playgroundKeys, dryRun, json }: ImportOptions): Promise<void> {
  if (dryRun === true || playgroundKeys === true || (await installationKind(parts.database)) !== 'playground') return;
  const sentence =
    'This is a playground: anyone at this machine can then unblock these cards. Add --playground-keys if you want that, or use another database.';
  throw new CliFailure(1, 'playground', sentence, { json: json === true });
}

/** One line a row: what was (or would be) imported, or what is wrong with it. */
function report(
  cards: readonly CardDraft[],
  problems: readonly RowProblem[],
  { dryRun, json, file, io }: { readonly dryRun: boolean; readonly json: boolean; readonly file: string; readonly io: Io },
): void {
  const refused = problems.length > 0;
  const rows = cards.map(({ line, serial, label, profile, holderEmail, kcv }) => ({ line, serial, label, profile: profile.id, holder: holderEmail, kcv }));
  if (json) printJson(io, { imported: refused || dryRun ? 0 : cards.length, dryRun, rows, problems });
  else if (!refused) for (const row of rows) io.stdout(`${row.serial}  ${row.profile}  ${row.holder ?? 'nobody'}  kcv ${row.kcv}  ${dryRun ? 'would be imported' : 'imported'}\n`);
  else for (const { line, serial, problem } of problems) io.stderr(`${file}:${line}: ${serial === null ? '' : `${serial}: `}${problem}\n`);
  if (refused) throw new CliFailure(1, 'import-refused', `No card was imported: correct the ${problems.length} problem(s) above and run it again.`);
}

async function listCards(parts: Parts, json: boolean, io: Io): Promise<void> {
  const cards = await parts.cards.all();
  if (json) {
    const rows = cards.map(({ serial, label, profile, holderEmail, state, refusedResponses, kcv }) => ({ serial, label, profile, holder: holderEmail, state, refusedResponses, kcv }));
    printJson(io, rows); return;
  }
  for (const { serial, label, profile, holderEmail, state, kcv } of cards) {
    io.stdout(`${serial}  ${label}  ${profile}  ${holderEmail ?? 'nobody'}  ${state}  kcv ${kcv}\n`);
  }
}
