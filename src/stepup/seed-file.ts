// Seeds out of another system: a line of otpauth:// for each, or a CSV file. No problem ever quotes a secret.
import { normaliseEmail } from '../directory/person.js';
import { toHex, wipe } from '../lib/bytes.js';
import { type CsvColumns, type FileProblem, readCsvTable } from '../lib/csv-table.js';
import { isPeriod, OTP_DIGITS, OTP_HASHES, type OtpAlgorithm, PERIOD_SECONDS, STANDARD } from './algorithm.js';
import { NO_COUNTER } from './hotp.js';
import { seedFromBase32 } from './totp.js';

// RFC 4226 section 4, R6: at least 128 bits. The longest hash takes 64 bytes as they are.
const SEED_BYTES = { min: 16, max: 64 };
/** One transaction holds them all. */
const MOST_SEEDS = 2_000;
/** A token that was pressed more often was counted in another way. */
const MOST_COUNTED = 1_000_000_000;

export interface SeedDraft {
  readonly line: number;
  /** Whose it is: an e-mail address (as the directory has them) or a person's id. */
  readonly person: string;
  /** The caller wipes it. */
  readonly seed: Uint8Array;
  readonly algorithm: OtpAlgorithm;
  /** The counter that was spent last, NO_COUNTER where the next press is the first; 0 where codes go by the clock. */
  readonly lastStep: bigint;
}

/** As it stands in the file; '' for what is not there. */
interface RawSeed {
  readonly line: number;
  readonly person: string;
  readonly secret: string;
  readonly type: string;
  readonly algorithm: string;
  readonly digits: string;
  readonly period: string;
  readonly counter: string;
}

type Column = Exclude<keyof RawSeed, 'line'>;

const COLUMNS: CsvColumns<Column> = {
  person: { headings: ['person', 'email', 'id', 'user'], required: true },
  secret: { headings: ['secret', 'seed'], required: true },
  type: { headings: ['type'], required: false },
  algorithm: { headings: ['algorithm', 'hash'], required: false },
  digits: { headings: ['digits'], required: false },
  period: { headings: ['period'], required: false },
  counter: { headings: ['counter'], required: false },
};

const OTPAUTH = /^otpauth:\/\//i;

/** Reads seeds, and tells every problem with its line. Whoever finds a problem takes none of them, and wipes them all. */
export function readSeedFile(text: string): { readonly seeds: readonly SeedDraft[]; readonly problems: readonly FileProblem[] } {
  const { rows, problems } = OTPAUTH.test(text.trimStart()) ? readUris(text) : readTable(text);
  if (rows.length > MOST_SEEDS) return { seeds: [], problems: [{ line: 1, problem: `These are ${rows.length} seeds: split the file, at most ${MOST_SEEDS} fit into one.` }] };
  const read = rows.map((row) => ({ line: row.line, result: toSeed(row) }));
  const seeds = read.flatMap(({ result }) => ('problem' in result ? [] : [result]));
  const wrong = read.flatMap(({ line, result }) => ('problem' in result ? [{ line, problem: result.problem }] : []));
  return { seeds, problems: [...problems, ...wrong, ...repeated(seeds)].sort((a, b) => a.line - b.line) };
}

export function wipeSeeds(seeds: readonly SeedDraft[]): void {
  for (const { seed } of seeds) wipe(seed);
}

interface RawFile {
  readonly rows: readonly RawSeed[];
  readonly problems: readonly FileProblem[];
}

function readTable(text: string): RawFile {
  const { rows, problems } = readCsvTable(text, COLUMNS);
  const cells = rows.map(({ line, cell }) => ({
    line,
    person: cell('person'),
    secret: cell('secret'),
    type: cell('type'),
    algorithm: cell('algorithm'),
    digits: cell('digits'),
    period: cell('period'),
    counter: cell('counter'),
  }));
  return { rows: cells, problems };
}

function readUris(text: string): RawFile {
  const lines = text.split(/\r?\n/).map((content, at) => ({ line: at + 1, content: content.trim() }));
  const read = lines.filter(({ content }) => content !== '').map(({ line, content }) => ({ line, row: readUri(content, line) }));
  return {
    rows: read.flatMap(({ row }) => (row === null ? [] : [row])),
    problems: read.flatMap(({ line, row }) => (row === null ? [{ line, problem: 'This is no otpauth:// address: give one on each line.' }] : [])),
  };
}

/** `otpauth://TYPE/ISSUER:ACCOUNT?secret=…` (the format that authenticator apps scan), or null. */
function readUri(content: string, line: number): RawSeed | null {
  if (!OTPAUTH.test(content) || !URL.canParse(content)) return null;
  const { host, pathname, searchParams } = new URL(content);
  const label = decoded(pathname.replace(/^\//, ''));
  if (label === null) return null;
  const of = (name: string): string => (searchParams.get(name) ?? '').trim();
  return {
    line,
    person: label.slice(label.lastIndexOf(':') + 1).trim(),
    type: host,
    secret: of('secret'),
    algorithm: of('algorithm'),
    digits: of('digits'),
    period: of('period'),
    counter: of('counter'),
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // A URIError is how JavaScript says that a percent sign stands alone.
    return null;
  }
}

function toSeed(raw: RawSeed): SeedDraft | { readonly problem: string } {
  const person = raw.person.includes('@') ? normaliseEmail(raw.person) : raw.person;
  if (person === '') return { problem: 'Nobody is named here: give an e-mail address or an id of the directory.' };
  const algorithm = toAlgorithm(raw);
  if ('problem' in algorithm) return algorithm;
  const lastStep = toLastStep(raw.counter, algorithm);
  if (lastStep === null) {
    const problem = algorithm.type === 'totp' ? 'Codes by the clock have no counter: leave it empty.' : `The counter must be a whole number from 0 to ${MOST_COUNTED}: what the next press of the button uses.`;
    return { problem };
  }
  const seed = toBytes(raw.secret);
  if (seed === null) return { problem: 'The secret is not in base32 (letters A to Z and digits 2 to 7).' };
  if (seed.length >= SEED_BYTES.min && seed.length <= SEED_BYTES.max) return { line: raw.line, person, seed, algorithm, lastStep };
  wipe(seed);
  return { problem: `The secret must have ${SEED_BYTES.min} to ${SEED_BYTES.max} bytes: give this person a new authenticator instead.` };
}

function toAlgorithm(raw: RawSeed): OtpAlgorithm | { readonly problem: string } {
  const hashName = (raw.algorithm || STANDARD.hash).toLowerCase().replace(/^hmac/, '').replaceAll(/[^a-z0-9]/g, '');
  const hash = OTP_HASHES.find((one) => one === hashName);
  const digits = OTP_DIGITS.find((one) => String(one) === (raw.digits || String(STANDARD.digits)));
  const type = (raw.type || STANDARD.type).toLowerCase();
  if (type !== 'totp' && type !== 'hotp') return { problem: 'The type must be totp or hotp.' };
  if (hash === undefined) return { problem: 'The algorithm must be SHA1, SHA256 or SHA512.' };
  if (digits === undefined) return { problem: 'The digits must be 6 or 8.' };
  if (type === 'hotp') return { type, hash, digits };
  const periodSeconds = /^\d{1,4}$/.test(raw.period) ? Number(raw.period) : raw.period === '' ? STANDARD.periodSeconds : 0;
  if (isPeriod(periodSeconds)) return { type, hash, digits, periodSeconds };
  return { problem: `The period must be from ${PERIOD_SECONDS.min} to ${PERIOD_SECONDS.max} seconds.` };
}

function toLastStep(counter: string, { type }: OtpAlgorithm): bigint | null {
  if (type === 'totp') return counter === '' || counter === '0' ? 0n : null;
  if (!/^\d{1,10}$/.test(counter) || Number(counter) > MOST_COUNTED) return null;
  return BigInt(counter) + NO_COUNTER;
}

function toBytes(secret: string): Uint8Array | null {
  const text = secret.toUpperCase().replaceAll(/[\s-]/g, '').replace(/=+$/, '');
  try {
    return seedFromBase32(text);
  } catch {
    // Whatever the library has against it, the person at the terminal needs one sentence.
    return null;
  }
}

function repeated(seeds: readonly SeedDraft[]): readonly FileProblem[] {
  return [
    ...again(seeds, ({ person }) => person.toLowerCase(), 'This person stands'),
    ...again(seeds, ({ seed }) => toHex(seed), 'This secret stands'),
  ];
}

function again(seeds: readonly SeedDraft[], keyOf: (draft: SeedDraft) => string, what: string): readonly FileProblem[] {
  const first = new Map<string, number>();
  return seeds.flatMap((draft) => {
    const key = keyOf(draft);
    const before = first.get(key);
    if (before === undefined) first.set(key, draft.line);
    return before === undefined ? [] : [{ line: draft.line, problem: `${what} in line ${before} already.` }];
  });
}
