// `countersign cards imports`, `commit` and `drop`: imports that wait for a second administrator.
import type { Command } from 'commander';
import type { Parts } from '../app/parts.js';
import { toHex } from '../lib/bytes.js';
import { isRefused } from '../lib/refusal.js';
import { WaitingImports } from '../store/card-import-decide.js';
import { proveAdministrators } from './administrator.js';
import { refusedImport } from './cards-import.js';
import { type Io, printJson } from './io.js';
import { changingParts, withParts } from './with-parts.js';

interface Json {
  readonly json?: true;
}

interface DecideOptions extends Json {
  readonly as: string;
}

/** Adds them to the group `cards`. */
export function addWaitingCommands(cards: Command, io: Io): void {
  cards
    .command('imports')
    .description('list the imports that wait for a second administrator')
    .option('--json', 'print JSON')
    .action((options: Json) => withParts((parts) => list(parts, options.json === true, io)));
  cards
    .command('commit')
    .description("make the cards of an import active; asks for the administrator's one-time code")
    .argument('<import>', 'its id, as `cards imports` lists it')
    .requiredOption('--as <email>', 'the administrator who commits it; not the one who brought it in')
    .option('--json', 'print JSON')
    .action((id: string, options: DecideOptions) => changingParts((parts) => decide(parts, { id, end: 'commit', options, io })));
  cards
    .command('drop')
    .description("remove the cards of an import that waits; asks for the administrator's one-time code")
    .argument('<import>', 'its id, as `cards imports` lists it')
    .requiredOption('--as <email>', 'the administrator who drops it')
    .option('--json', 'print JSON')
    .action((id: string, options: DecideOptions) => changingParts((parts) => decide(parts, { id, end: 'drop', options, io })));
}

async function list(parts: Parts, json: boolean, io: Io): Promise<void> {
  const waiting = (await new WaitingImports(parts).all()).map(({ digest, ...one }) => ({ ...one, sha256: toHex(digest).toLowerCase() }));
  if (json) printJson(io, waiting);
  else if (waiting.length === 0) io.stdout('No import waits.\n');
  else for (const { id, cards, byEmail, at, sha256 } of waiting) io.stdout(`${id}  ${cards} cards  by ${byEmail}  ${at.toISOString()}  sha256 ${sha256}\n`);
}

interface Decision {
  readonly id: string;
  readonly end: 'commit' | 'drop';
  readonly options: DecideOptions;
  readonly io: Io;
}

async function decide(parts: Parts, { id, end, options, io }: Decision): Promise<void> {
  const json = options.json === true;
  const [proof] = await proveAdministrators(parts, [options.as], io);
  if (proof === undefined) throw new Error('nobody was asked for a code');
  const waiting = new WaitingImports(parts);
  const cards = await (end === 'commit' ? waiting.commit(id, proof) : waiting.drop(id, proof));
  if (isRefused(cards)) {
    if (cards.refused !== 'code-not-accepted') await parts.stepUp.giveBack(proof.spend);
    throw refusedImport(cards, json);
  }
  if (json) printJson(io, { import: id, end: end === 'commit' ? 'committed' : 'dropped', cards });
  else io.stdout(end === 'commit' ? `${cards} cards are active.\n` : `${cards} cards were removed.\n`);
}
