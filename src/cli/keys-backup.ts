// `countersign keys backup` and `keys restore`: what must not be lost beside the database, in one file under a passphrase.
import type { Command } from 'commander';
import { type Drill, backupKeys, drillBackup, openBackup, restoreKeys } from '../app/key-backup.js';
import { openMigrated } from '../app/parts.js';
import { auditDraft } from '../audit/entry.js';
import { type Config, readConfig, readEnv } from '../config.js';
import { openLog } from '../lib/log.js';
import { inTransaction, openDatabase } from '../store/database.js';
import { writeEntries } from '../store/tell.js';
import { createSecretFile } from '../vault/secret-file.js';
import { CliFailure, type Io, printJson } from './io.js';
import { askPassphrase } from './passphrase.js';
import { readInput } from './read-input.js';
import { changingParts } from './with-parts.js';

interface BackupOptions {
  readonly out: string;
  readonly passphraseFile?: string;
  readonly json?: true;
}

interface RestoreOptions {
  readonly check?: true;
  readonly withoutDatabase?: true;
  readonly passphraseFile?: string;
  readonly json?: true;
}

/** Adds `backup` and `restore` to the group `keys`. */
export function addBackupCommands(keys: Command, io: Io): void {
  keys
    .command('backup')
    .description('put the key-encryption keys in files and the audit key into one file under a passphrase')
    .requiredOption('--out <file>', 'the new file; the age tool opens it as well')
    .option('--passphrase-file <file>', 'file with the passphrase in its first line, or - for standard input')
    .option('--json', 'print JSON')
    .action((options: BackupOptions) => backup(options, io));
  keys
    .command('restore')
    .description('put the keys of a backup to their configured places; a key that is there is never overwritten')
    .argument('<file>', 'the backup')
    .option('--check', 'a drill: only tell whether this backup opens what is in the database, and write nothing')
    .option('--without-database', 'do not try the keys on the database first, for example while it is not back yet')
    .option('--passphrase-file <file>', 'file with the passphrase in its first line, or - for standard input')
    .option('--json', 'print JSON')
    .action((file: string, options: RestoreOptions) => restore(file, options, io));
}

async function backup({ out, passphraseFile, json }: BackupOptions, io: Io): Promise<void> {
  const passphrase = await askPassphrase({ file: passphraseFile, isNew: true }, io);
  await changingParts(async ({ config, clock, database, rowMac }) => {
    const { text, keks } = await backupKeys(config, passphrase, clock());
    // Written down first: no copy of the keys leaves without a trace.
    await inTransaction(database, (tx) => writeEntries(tx, [auditDraft('keys-backed-up', 'cli', {}, { keks })], { at: clock(), rowMac }));
    await createSecretFile(out, text);
    if (json === true) printJson(io, { file: out, keks });
    else io.stdout(`${out} holds ${listed(keks)} and the audit key. Keep it and its passphrase apart, and try it: countersign keys restore --check ${out}\n`);
  });
}

async function restore(file: string, options: RestoreOptions, io: Io): Promise<void> {
  const json = options.json === true;
  if (options.check === true && options.withoutDatabase === true) {
    throw new CliFailure(2, 'nothing-to-do', '--check tries the keys on the database: leave --without-database out.', { json });
  }
  const text = await readInput(file, io);
  const passphrase = await askPassphrase({ file: options.passphraseFile, isNew: false }, io);
  const config = readConfig(readEnv());
  const bundle = await openBackup(text, passphrase);
  const keks = bundle.keks.map(({ id }) => id);
  const drill = options.withoutDatabase === true ? null : await atDatabase(config, (database) => drillBackup(bundle, config, database));
  const files = options.check === true ? [] : await restoreKeys(bundle, config);
  if (json) {
    printJson(io, { madeAt: bundle.madeAt, keks, drill, files });
    return;
  }
  io.stdout(`The backup of ${bundle.madeAt} holds ${listed(keks)} and the audit key.\n`);
  io.stdout(`${DRILL_SENTENCES[drill ?? 'not-tried']}\n`);
  for (const { path, what, was } of files) io.stdout(`${path}  ${what}  ${was === 'there' ? 'was there' : 'restored'}\n`);
}

const DRILL_SENTENCES: Readonly<Record<Drill | 'not-tried', string>> = {
  opens: 'It opens what is in the database.',
  'nothing-sealed': 'Nothing is sealed in this database yet, so the keys were not tried.',
  'not-tried': 'The keys were not tried on the database: do so with --check when it is back.',
};

// Not all the parts: without its keys an installation does not open.
async function atDatabase<T>(config: Config, use: (database: ReturnType<typeof openDatabase>) => Promise<T>): Promise<T> {
  const server = await openMigrated(config, openLog(config.logLevel));
  const database = openDatabase(server.url);
  try {
    return await use(database);
  } finally {
    await database.$disconnect();
    await server.close();
  }
}

function listed(keks: readonly string[]): string {
  return keks.map((id) => (id.startsWith('file:') ? id : `${id} (by its name alone: its keeper backs it up)`)).join(', ');
}
