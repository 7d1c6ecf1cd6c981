// `countersign keys import-master` and `keys masters`: the keys that the keys of cards are derived from.
import type { Command } from 'commander';
import type { Parts } from '../app/parts.js';
import { parseMasterKeyName } from '../card/card-file-secret.js';
import { masterKeyBytes } from '../card/derive/master-key.js';
import { wipe } from '../lib/bytes.js';
import { isRefused, type Refused } from '../lib/refusal.js';
import { type MasterKeyRefusal, PrismaMasterKeys } from '../store/master-keys.js';
import { CliFailure, type Io, printJson } from './io.js';
import { masterSentence, readMaster, readScheme } from './keys-derive.js';
import { changingParts, withParts } from './with-parts.js';

interface ImportOptions {
  readonly scheme: string;
  readonly keyFile: string;
  readonly force?: true;
  readonly json?: true;
}

/** Adds them to the group `keys`. */
export function addMasterKeyCommands(keys: Command, io: Io): void {
  keys
    .command('import-master')
    .description('seal a master key; a name that is there gets a new version beside the old ones')
    .argument('<name>', 'what a file of cards calls it: letters, digits, dots and dashes')
    .requiredOption('--scheme <file>', 'file with the derivation scheme, YAML or JSON; see docs/derivation.md')
    .option('--key-file <file>', 'file with the master key in hex; - reads it from standard input', '-')
    .option('--force', "take a vendor's default key, or one that is there already")
    .option('--json', 'print JSON')
    .action((name: string, options: ImportOptions) => changingParts((parts) => importMaster(parts, { name, options, io })));
  keys
    .command('masters')
    .description('list the master keys, never a key')
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => withParts((parts) => list(parts, options.json === true, io)));
}

interface Asked {
  readonly name: string;
  readonly options: ImportOptions;
  readonly io: Io;
}

async function importMaster(parts: Parts, { name, options, io }: Asked): Promise<void> {
  const json = options.json === true;
  if (parseMasterKeyName(name)?.version !== null) {
    throw new CliFailure(2, 'name', 'The name has up to 40 letters, digits, dots, dashes and underscores, and no version: that is counted.', { json });
  }
  const scheme = await readScheme(options.scheme, json, io);
  const key = await readMaster(options.keyFile, masterKeyBytes(scheme), io);
  if (isRefused(key)) throw new CliFailure(1, key.refused, masterSentence(key), { json });
  try {
    const imported = await new PrismaMasterKeys(parts).import({ name, scheme, key, force: options.force === true });
    if (isRefused(imported)) throw new CliFailure(1, imported.refused, sentenceOf(imported), { json });
    if (json) printJson(io, imported);
    else io.stdout(`${imported.name}@${imported.version}  kcv ${imported.kcv}\n`);
  } finally {
    wipe(key);
  }
}

function sentenceOf({ refused, detail }: Refused<MasterKeyRefusal>): string {
  if (refused === 'master-key-default') return "This is a vendor's default key, which everybody knows: give your cards another one, or add --force.";
  return `This key is there already, as ${detail?.['as'] ?? 'another one'}: use that one, or add --force.`;
}

async function list(parts: Parts, json: boolean, io: Io): Promise<void> {
  const keys = await new PrismaMasterKeys(parts).all();
  if (json) printJson(io, keys);
  else if (keys.length === 0) io.stdout('There is no master key.\n');
  else for (const { name, version, method, kcv, cards, kekId } of keys) io.stdout(`${name}@${version}  ${method}  kcv ${kcv}  ${cards} cards  ${kekId}\n`);
}
