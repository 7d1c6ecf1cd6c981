// `countersign breaker …`: whether the organisation is stopped, and letting it go on.
import type { Command } from 'commander';
import type { Parts } from '../app/parts.js';
import { readBreaker, releaseBreaker } from '../store/breaker.js';
import { type Io, printJson } from './io.js';
import { asTwoAdministrators, type PairOptions } from './two-administrators.js';
import { changingParts, withParts } from './with-parts.js';

/** Adds `breaker show` and `breaker release`. */
export function breakerCommands(program: Command, io: Io): void {
  const breaker = program.command('breaker').description('the breaker: it stops every response when too many cards are unblocked');
  breaker
    .command('show')
    .description('tell whether it is open, since when and why')
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => withParts((parts) => show(parts, options.json === true, io)));
  breaker
    .command('release')
    .description('let cards be unblocked again; asks two administrators for their one-time codes')
    .requiredOption('--as <email>', 'the administrator who releases it')
    .requiredOption('--with <email>', 'the other administrator')
    .option('--json', 'print JSON')
    .action((options: PairOptions) => changingParts((parts) => release(parts, options, io)));
}

async function show({ database, rowMac }: Parts, json: boolean, io: Io): Promise<void> {
  const breaker = await readBreaker(database, rowMac);
  const open = breaker?.state === 'open' ? breaker : null;
  if (json) printJson(io, open === null ? { open: false } : { open: true, why: open.why, since: open.openedAt.toISOString() });
  else if (open === null) io.stdout('The breaker is closed: cards are unblocked.\n');
  else io.stdout(`The breaker is open since ${open.openedAt.toISOString()}, by the limit for one ${open.why}. Two administrators release it: countersign breaker release --as E-MAIL --with E-MAIL\n`);
}

async function release(parts: Parts, options: PairOptions, io: Io): Promise<void> {
  await asTwoAdministrators(parts, {
    options,
    io,
    purpose: 'breaker',
    sentences: { 'breaker-not-open': 'The breaker is not open: nothing was changed.' },
    work: (proofs) => releaseBreaker(parts, proofs, parts.clock()),
  });
  if (options.json === true) printJson(io, { released: true });
  else io.stdout('The breaker is released: cards are unblocked again, and responses are counted anew.\n');
}
