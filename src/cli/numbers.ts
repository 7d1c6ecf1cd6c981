// `countersign numbers`: a month in numbers, as the lead of the helpdesk gets them.
import type { Command } from 'commander';
import type { Parts } from '../app/parts.js';
import { ENGLISH } from '../chat/english.js';
import { readNumbers } from '../store/numbers.js';
import { monthBefore } from '../unblock/numbers.js';
import { CliFailure, type Io, printJson } from './io.js';
import { withParts } from './with-parts.js';

interface NumbersOptions {
  readonly month?: string;
  readonly json?: true;
}

const MONTH = /^\d{4}-\d{2}$/;

export function numbersCommand(program: Command, io: Io): void {
  program
    .command('numbers')
    .description('a month in numbers, counted from the audit: how many requests, how fast, how well; it names nobody')
    .option('--month <month>', 'such as 2026-11; the month before this one where it is not given')
    .option('--json', 'print JSON')
    .action((options: NumbersOptions) => withParts((parts) => show(parts, options, io)));
}

async function show(parts: Parts, { month, json }: NumbersOptions, io: Io): Promise<void> {
  const { timeZone } = parts.config;
  const wanted = month ?? monthBefore(timeZone, parts.clock().getTime());
  const numbers = MONTH.test(wanted) ? await readNumbers(parts, wanted, timeZone) : null;
  if (numbers === null) throw new CliFailure(2, 'no-such-month', 'Give the month as a year and a number, such as 2026-11.', { json: json === true });
  if (json === true) printJson(io, numbers);
  else io.stdout(`${[ENGLISH.numbers.title(numbers), ...ENGLISH.numbers.lines(numbers)].join('\n')}\n`);
}
