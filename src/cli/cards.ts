// `countersign cards …`: the smart cards and their sealed keys. No command prints a key.
import type { Command } from 'commander';
import type { Parts } from '../app/parts.js';
import { importCards, type ImportOptions } from './cards-import.js';
import { addWaitingCommands } from './cards-waiting.js';
import { type Io, printJson } from './io.js';
import { changingParts, withParts } from './with-parts.js';

export function cardsCommands(program: Command, io: Io): void {
  const cards = program.command('cards').description('the smart cards, who holds them, and their sealed keys');
  cards
    .command('import')
    .description('seal cards from a CSV file, all rows or none; docs/import.md has the columns')
    .argument('<file>', 'the CSV file, or - for standard input')
    .option('--dry-run', 'check every row and import nothing')
    .option('--replace', 'give cards that are there a new key or PUK')
    .option('--report <file>', 'write what became of each row to a file: CSV, or JSON lines for .jsonl; never a key')
    .option('--four-eyes', 'the cards wait until a second administrator commits them')
    .option('--as <email>', 'the administrator who brings them in; a one-time code is asked for')
    .option('--with <email>', 'the other administrator, for --replace where two are needed')
    .option('--allow-default-keys', "take a vendor's default key or PUK, which everybody knows")
    .option('--playground-keys', 'import into a playground: anyone at this machine can then unblock these cards')
    .option('--json', 'print JSON')
    .action((file: string, options: ImportOptions) => changingParts((parts) => importCards(parts, { file, options, io })));
  cards
    .command('list')
    .description('list the cards, never a key')
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => withParts((parts) => listCards(parts, options.json === true, io)));
  addWaitingCommands(cards, io);
}

async function listCards(parts: Parts, json: boolean, io: Io): Promise<void> {
  const cards = await parts.cards.all();
  if (json) {
    const rows = cards.map(({ profileId, holderEmail, sponsorEmail, ...card }) => {
      const { serial, label, tags, state, refusedResponses, kcv } = card;
      return { serial, label, profile: profileId, holder: holderEmail, sponsor: sponsorEmail, tags, state, refusedResponses, kcv };
    });
    printJson(io, rows);
    return;
  }
  for (const { serial, label, profileId, holderEmail, sponsorEmail, tags, state, kcv } of cards) {
    const standing = [...tags, ...(sponsorEmail === null ? [] : [`sponsor ${sponsorEmail}`])].map((one) => `  ${one}`).join('');
    io.stdout(`${serial}  ${label}  ${profileId}  ${holderEmail ?? 'nobody'}  ${state}  ${kcv === '' ? 'no kcv' : `kcv ${kcv}`}${standing}\n`);
  }
}
