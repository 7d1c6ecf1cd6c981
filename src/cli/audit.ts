// `countersign audit …`: whether the audit is as it was written, and all of it as text for somebody else to check.
import type { Command } from 'commander';
import { AuditError } from '../audit/audit-error.js';
import { canonicalEntry, type SequencedEntry } from '../audit/entry.js';
import { parseVerifierKey, type VerifierKey } from '../audit/note.js';
import type { AuditVerdict, DamageKind } from '../audit/verifier.js';
import { toHex } from '../lib/bytes.js';
import { canonicalJson, type Json } from '../lib/canonical-json.js';
import type { AuditReader } from '../store/audit-verify.js';
import { CliFailure, type Io, printJson } from './io.js';

/** What these commands need of the opened installation. */
export interface AuditDesk extends AuditReader {
  /** Where the public half of the audit key lies unless the user names another file. */
  readonly publicKeyFile: string;
  /** Where the file outside the database lies unless the user names another one. */
  readonly auditFile: string;
  close(): Promise<void>;
}

/** Adds `audit verify` and `audit export`. `open` is called by the command that runs, which closes the desk again. */
export function auditCommands(program: Command, open: () => Promise<AuditDesk>, io: Io): void {
  const audit = program.command('audit').description('the record of everything that was decided and done');
  audit
    .command('verify')
    .description('check that nothing in the audit was changed, removed, inserted or cut off')
    .option('--public-key <file>', 'the public key that the checkpoints are checked with')
    .option('--checkpoints <file>', 'the audit file that was kept outside the database, or a copy of it')
    .option('--json', 'print JSON')
    .action((options: VerifyOptions) => atDesk(open, (desk) => verify(options, desk, io)));
  audit
    .command('export')
    .description('print every entry with its index and leaf hash, one JSON object a line')
    .option('--json', 'print JSON, which it does anyway')
    .action(() => atDesk(open, (desk) => exportEntries(desk, io)));
}

interface VerifyOptions {
  readonly publicKey?: string;
  readonly checkpoints?: string;
  readonly json?: true;
}

async function atDesk(open: () => Promise<AuditDesk>, use: (desk: AuditDesk) => Promise<void>): Promise<void> {
  const desk = await open();
  try {
    await use(desk);
  } finally {
    await desk.close();
  }
}

async function verify(options: VerifyOptions, desk: AuditDesk, io: Io): Promise<void> {
  const json = options.json === true;
  const key = await readPublicKey(options.publicKey ?? desk.publicKeyFile, json, io);
  const verdict = await verdictOf(desk, key, options);
  const unseen = unseenSentences(verdict);
  if (json) printJson(io, { ...verdict, unseen });
  else for (const line of [...(verdict.ok ? [intactSentence(verdict)] : []), ...unseen]) io.stdout(`${line}\n`);
  // The sentence goes to stderr even with `--json`: the verdict on stdout is the whole answer for a program.
  if (!verdict.ok) throw new CliFailure(1, 'audit-damaged', damageSentence(verdict));
}

async function verdictOf(desk: AuditDesk, key: VerifierKey, options: VerifyOptions): Promise<AuditVerdict> {
  const { checkpoints, json = false } = options;
  const verdict = await desk.verify(key, checkpoints ?? desk.auditFile).catch((cause: unknown) => {
    if (!(cause instanceof AuditError)) throw cause;
    throw new CliFailure(1, cause.code, cause.message, { json, cause });
  });
  if (checkpoints === undefined || verdict.anchored !== null) return verdict;
  throw new CliFailure(1, 'checkpoints-missing', `There is no file ${checkpoints}: check the path.`, { json });
}

async function readPublicKey(path: string, json: boolean, io: Io): Promise<VerifierKey> {
  const text = await io.readFile(path).catch((cause: unknown) => {
    const sentence = `The public key ${path} cannot be read: name the file with --public-key.`;
    throw new CliFailure(1, 'public-key-unreadable', sentence, { json, cause });
  });
  const key = parseVerifierKey(text);
  if (key !== null) return key;
  throw new CliFailure(1, 'public-key-malformed', `The file ${path} does not hold an audit's public key.`, { json });
}

function intactSentence({ size, root, checkpoints }: AuditVerdict): string {
  return `The audit is intact: ${size} entries, ${checkpoints} checkpoints, root ${root}.`;
}

/** What this check could not have noticed. */
function unseenSentences({ pending, anchored, size }: AuditVerdict): string[] {
  const sentences: string[] = [];
  if (pending > 0) sentences.push(`${pending} entries are too new to be checked: run this again in a minute.`);
  if (anchored === null || (anchored === 0 && size > 0)) sentences.push(NOTHING_ANCHORED);
  else if (anchored < size) {
    sentences.push(`The audit file holds only the first ${anchored} entries: later ones could be cut off unseen.`);
  }
  return sentences;
}

const NOTHING_ANCHORED =
  'There was no audit file to compare with, so it cannot be seen whether the newest entries were cut off together with ' +
  'their checkpoints, or the database put back to an older state: name the file with --checkpoints.';

const DAMAGE_SENTENCES: Readonly<Record<DamageKind, (index: number) => string>> = {
  changed: (index) => `Entry ${index} was changed.`,
  removed: (index) => `Entries are missing from ${index} on.`,
  inserted: (index) => `Entry ${index} was inserted.`,
  cut: (index) => `The end was cut off: entry ${index} and all after it are gone.`,
};

/** What tells of the difference, when it is not the entry itself, may be what was changed. */
const WITNESS_SENTENCES = {
  entry: '',
  checkpoint: ' The checkpoints tell so, unless one of them was changed or another key signed them.',
  file: ' The audit file tells so, unless it was changed or belongs to another database.',
};

function damageSentence({ first, where = 'entry' }: AuditVerdict): string {
  const what = first === undefined ? '' : DAMAGE_SENTENCES[first.kind](first.index);
  return `The audit is not intact. ${what}${WITNESS_SENTENCES[where]} Keep everything as it is, and compare with a backup.`;
}

async function exportEntries(desk: AuditDesk, io: Io): Promise<void> {
  for await (const entry of desk.entries()) io.stdout(`${exportLine(entry)}\n`);
}

/**
 * The text of `entry` is exactly what was hashed: leaf = SHA-256(0x00 ‖ text). An entry that somebody changed into
 * something else than canonical JSON comes as a string, so that every line stays JSON.
 */
function exportLine(entry: SequencedEntry): string {
  const { index } = entry;
  const leaf = entry.leaf === null ? null : toHex(entry.leaf).toLowerCase();
  const text = canonicalEntry(entry);
  if (!isCanonical(text)) return JSON.stringify({ text, index, leaf });
  return `{"entry":${text},"index":${index},"leaf":${JSON.stringify(leaf)}}`;
}

function isCanonical(text: string): boolean {
  try {
    return canonicalJson(JSON.parse(text) as Json) === text;
  } catch {
    // Not JSON at all.
    return false;
  }
}
