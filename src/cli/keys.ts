// `countersign keys …`: the keys that everything is sealed under, where they are, and how one takes another one's place.
import type { Command } from 'commander';
import { neededPkcs11 } from '../app/keks.js';
import type { Parts } from '../app/parts.js';
import { readConfig, readEnv } from '../config.js';
import { rewrapAll, type RewrapOutcome } from '../store/rewrap.js';
import { countSealed, SEALED_TABLES } from '../store/sealed-tables.js';
import { createKekFile } from '../vault/kek-file.js';
import { createPkcs11Kek } from '../vault/kek-pkcs11.js';
import type { KekProvider } from '../vault/kek.js';
import { CliFailure, type Io, printJson } from './io.js';
import { addBackupCommands } from './keys-backup.js';
import { addDeriveCommand } from './keys-derive.js';
import { addMasterKeyCommands } from './master-keys.js';
import { openProgress } from './progress.js';
import { changingParts, withParts } from './with-parts.js';

interface CreateOptions {
  readonly provider: string;
  readonly out?: string;
  readonly label?: string;
  readonly json?: true;
}

interface RotateOptions {
  readonly to: string;
  readonly concurrency: string;
  readonly json?: true;
}

export function keysCommands(program: Command, io: Io): void {
  const keys = program.command('keys').description('the keys that everything is sealed under');
  keys
    .command('status')
    .description('tell how many data keys are under which key-encryption key')
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => withParts((parts) => status(parts, options.json === true, io)));
  keys
    .command('create-kek')
    .description('make a new key-encryption key; it is used once the configuration names it')
    .requiredOption('--provider <kind>', 'file, or pkcs11: a key that never leaves the token')
    .option('--out <file>', 'the new file, for --provider file')
    .option('--label <label>', "the key's label, for --provider pkcs11", 'countersign')
    .option('--json', 'print JSON')
    .action((options: CreateOptions) => createKek(options, io));
  keys
    .command('rotate-kek')
    .description('bring every data key under the current key-encryption key; the bot may run meanwhile')
    .requiredOption('--to <kek>', 'file, pkcs11, transit or the very id: must be the configured current one')
    .option('--concurrency <n>', 'how many data keys are asked for at the same time', '8')
    .option('--json', 'print JSON')
    .action((options: RotateOptions) => changingParts((parts) => rotate(parts, options, io)));
  addBackupCommands(keys, io);
  addDeriveCommand(keys, io);
  addMasterKeyCommands(keys, io);
}

async function status({ database, keks }: Parts, json: boolean, io: Io): Promise<void> {
  const counts = await countSealed(database);
  const ids = [...new Set([...keks.all.map(({ id }) => id), ...counts.map(({ kekId }) => kekId)])];
  const rows = ids.map((id) => ({
    id,
    use: keks.current.id === id ? 'current' : keks.find(id) === null ? 'not configured' : 'opens only',
    keys: SEALED_TABLES.map(({ name, label }) => ({ label, count: counts.find(({ table, kekId }) => table.name === name && kekId === id)?.keys ?? 0 })),
  }));
  if (json) printJson(io, rows.map((row) => ({ ...row, keys: Object.fromEntries(row.keys.map(({ label, count }) => [label, count])) })));
  else for (const { id, use, keys } of rows) io.stdout(`${id}  ${use}  ${keys.map(({ label, count }) => `${label}: ${count}`).join(', ')}\n`);
}

async function createKek({ provider, out, label = '', json }: CreateOptions, io: Io): Promise<void> {
  const kek = await madeBy(provider, { out, label });
  const next = kek.id.startsWith('file:') ? `file:${out ?? ''}` : `pkcs11:${label}`;
  if (json === true) printJson(io, { id: kek.id, source: next });
  else io.stdout(`${kek.id} was made. Before it seals anything, every server must be able to open it: COUNTERSIGN_KEK_ALSO=${next}\n`);
}

function madeBy(provider: string, { out, label }: { readonly out: string | undefined; readonly label: string }): Promise<KekProvider> {
  if (provider === 'pkcs11') return createPkcs11Kek(neededPkcs11(readConfig(readEnv()).kek.pkcs11), label);
  if (provider !== 'file') throw new CliFailure(2, 'provider-unknown', 'Give --provider file or pkcs11. A transit key is made on its server: see docs/custody.md.');
  if (out === undefined) throw new CliFailure(2, 'out-missing', 'Give --out with the name of the new file.');
  return createKekFile(out);
}

async function rotate({ database, keks, rowMac, clock }: Parts, options: RotateOptions, io: Io): Promise<void> {
  const json = options.json === true;
  const { id } = keks.current;
  if (options.to !== id && options.to !== id.slice(0, id.indexOf(':'))) {
    throw new CliFailure(1, 'not-current', `The configured current key is ${id}, not ${options.to}: change COUNTERSIGN_KEK first, on every server.`, { json });
  }
  const bar = openProgress({ write: io.stderr, terminal: process.stderr.isTTY, clock, noun: 'keys' });
  const width = readWidth(options.concurrency, json);
  const outcome = await rewrapAll({ database, keks, rowMac, clock, width, progress: bar.update }).finally(bar.end);
  tellOutcome(outcome, json, io);
}

const MOST_AT_ONCE = 64;

function readWidth(text: string, json: boolean): number {
  const width = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (width >= 1 && width <= MOST_AT_ONCE) return width;
  throw new CliFailure(2, 'concurrency', `--concurrency is a number from 1 to ${MOST_AT_ONCE}.`, { json });
}

function tellOutcome({ to, from, moved, left }: RewrapOutcome, json: boolean, io: Io): void {
  if (json) printJson(io, { to, from, moved, left });
  else if (from.length === 0) io.stdout(`Everything is under ${to} already.\n`);
  else io.stdout(`${moved} keys moved from ${from.join(', ')} to ${to}.\n`);
  if (left.length === 0) return;
  if (!json) for (const { table, row, problem } of left) io.stderr(`${table} ${row}: ${problem}\n`);
  throw new CliFailure(1, 'rows-left', `${left.length} rows could not be moved and stay as they were. Keep the older keys, and bring these rows back from a backup.`);
}
