// `countersign keys derive --test`: whether a scheme, a master key and a serial give the key that the site expects.
import type { Command } from 'commander';
import type { Cipher } from '../card/cipher.js';
import { deriveKey } from '../card/derive/derive-key.js';
import { derivationWarnings, diversifier } from '../card/derive/diversifier.js';
import type { DerivationWarning } from '../card/derive/diversifier.js';
import { derivedCipher, masterKeyBytes, masterKeyCheckValues } from '../card/derive/master-key.js';
import type { DerivationScheme } from '../card/derive/scheme.js';
import { parseDerivationScheme } from '../card/derive/scheme-file.js';
import { serialSentence } from '../card/derive/serial-sentence.js';
import { kcvs } from '../card/kcv.js';
import { parseKeyHex } from '../card/key.js';
import type { KeyRefusal } from '../card/key.js';
import { toHex, wipe } from '../lib/bytes.js';
import { isRefused, refuse } from '../lib/refusal.js';
import type { Refused } from '../lib/refusal.js';
import { CliFailure, printJson } from './io.js';
import type { Io } from './io.js';

/** Adds `derive` to the group `keys`. It needs no database, no server and no configuration. */
export function addDeriveCommand(keys: Command, io: Io): void {
  keys
    .command('derive')
    .description("check a derivation scheme: tells check values of a card's derived key, never the key")
    .option('--test', 'say that it is a test: no derived key is ever printed')
    .requiredOption('--scheme <file>', 'file with the derivation scheme, YAML or JSON')
    .requiredOption('--serial <serial>', "the card's serial, as an import brings it")
    .option('--master-key-file <file>', 'file with the master key in hex; - reads it from standard input', '-')
    .option('--json', 'print JSON')
    .action((options: DeriveOptions) => derive(options, io));
}

interface DeriveOptions {
  readonly test?: true;
  readonly scheme: string;
  readonly serial: string;
  readonly masterKeyFile: string;
  readonly json?: true;
}

async function derive(options: DeriveOptions, io: Io): Promise<void> {
  const json = options.json === true;
  if (options.test !== true) {
    throw new CliFailure(2, 'test-only', 'Derived keys are never printed: add --test to see their check values.', { json });
  }
  const scheme = await readScheme(options.scheme, json, io);
  const bytes = diversifier(scheme, options.serial);
  if (isRefused(bytes)) throw new CliFailure(1, bytes.refused, serialSentence(bytes), { json });
  const master = await readMaster(options.masterKeyFile, masterKeyBytes(scheme), io);
  if (isRefused(master)) throw new CliFailure(1, master.refused, masterSentence(master), { json });
  try {
    tell(check(scheme, master, bytes), json, io);
  } finally {
    wipe(master);
  }
}

/** Throws a CliFailure with everything that is wrong with the scheme. */
export async function readScheme(file: string, json: boolean, io: Io): Promise<DerivationScheme> {
  const text = await io.readFile(file).catch((cause: unknown) => {
    throw new CliFailure(1, 'scheme-unreadable', `${file} cannot be read: check its name and its rights.`, { json, cause });
  });
  const read = parseDerivationScheme(text);
  if ('scheme' in read) return read.scheme;
  throw new CliFailure(1, 'scheme-refused', [`${file} is not a derivation scheme:`, ...read.problems.map((problem) => `${file}:${problem}`)].join('\n'), { json });
}

type MasterRefusal = KeyRefusal | 'key-file-unreadable';

/** The master key of a file; the caller wipes it. */
export async function readMaster(file: string, keyBytes: readonly number[], io: Io): Promise<Uint8Array | Refused<MasterRefusal>> {
  try {
    return parseKeyHex(file === '-' ? await io.readStdin() : await io.readFile(file), { keyBytes });
  } catch {
    // The path is not told: whoever mistook the option may have typed the key itself there.
    return refuse('key-file-unreadable');
  }
}

export function masterSentence({ refused, detail = {} }: Refused<MasterRefusal>): string {
  switch (refused) {
    case 'key-not-hex':
      return 'The master key is not hex text: it must hold only 0 to 9, A to F and blanks.';
    case 'key-length':
      return `The master key has ${detail['digits'] ?? '?'} hex digits and the scheme takes ${detail['expected'] ?? '?'}: check both.`;
    case 'key-file-unreadable':
      return 'The file with the master key cannot be read: check its path and who may read it.';
  }
}

interface Finding {
  /** Hex. Not secret. */
  readonly diversifier: string;
  readonly masterKcvs: readonly string[];
  readonly cipher: Cipher;
  readonly keyBytes: number;
  readonly kcvs: readonly string[];
  readonly warnings: readonly DerivationWarning[];
}

function check(scheme: DerivationScheme, master: Uint8Array, bytes: Uint8Array): Finding {
  const cipher = derivedCipher(scheme, master.length);
  const key = deriveKey(scheme, master, bytes);
  try {
    return {
      diversifier: toHex(bytes),
      masterKcvs: masterKeyCheckValues(scheme, master),
      cipher,
      keyBytes: key.length,
      kcvs: kcvs(cipher, key),
      warnings: derivationWarnings(scheme, bytes),
    };
  } finally {
    wipe(key);
  }
}

const WARNINGS: Readonly<Record<DerivationWarning, string>> = {
  'blocks-repeat': 'The template repeats a block, which makes the derived 3DES key as weak as single DES: change the blocks if you can.',
};

function tell(finding: Finding, json: boolean, io: Io): void {
  if (json) {
    printJson(io, finding);
    return;
  }
  for (const warning of finding.warnings) io.stderr(`${WARNINGS[warning]}\n`);
  io.stdout(`diversifier      ${finding.diversifier}\n`);
  io.stdout(`master key KCV   ${describeKcvs(finding.masterKcvs)}\n`);
  io.stdout(`derived key KCV  ${describeKcvs(finding.kcvs)}, ${finding.cipher}, ${finding.keyBytes} bytes\n`);
}

/** AES has two check values in use, see `kcvs`. */
function describeKcvs(values: readonly string[]): string {
  const [overZeros, overOnes] = values;
  return overOnes === undefined ? (overZeros ?? '') : `${overZeros ?? ''} (over 00), ${overOnes} (over 01)`;
}
