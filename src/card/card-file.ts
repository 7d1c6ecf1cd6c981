// The file of `cards import`: one card a row, every problem found before anything is stored.
import { createHmac, randomBytes } from 'node:crypto';
import { wipe } from '../lib/bytes.js';
import { readCsvTable } from '../lib/csv-table.js';
import type { CsvRow } from '../lib/csv-table.js';
import { CARD_COLUMNS } from './card-file-columns.js';
import type { CardColumn, CardProblem } from './card-file-columns.js';
import { RepeatedKeys } from './card-file-repeats.js';
import { readSecret } from './card-file-secret.js';
import type { CardSecret, SecretOptions } from './card-file-secret.js';
import { type CardStanding, readStanding } from './card-file-tags.js';
import { comparableKey } from './key.js';
import type { CardProfile } from './profile.js';
import { BUILT_IN_PROFILES } from './profiles.js';
import type { CardProfiles } from './profiles.js';

/** A row that may be imported. The caller wipes its secret: `wipeDrafts`. */
export interface CardDraft extends CardStanding {
  readonly line: number;
  readonly serial: string;
  readonly label: string;
  readonly profile: CardProfile;
  /** Lower case; null for a card that nobody holds yet. */
  readonly holderEmail: string | null;
  readonly secret: CardSecret;
}

export interface CardFile {
  readonly cards: readonly CardDraft[];
  readonly problems: readonly CardProblem[];
}

export interface CardFileOptions extends SecretOptions {
  /** The built-in ones where it is left out. */
  readonly profiles?: CardProfiles;
}

/**
 * Reads CSV (comma, semicolon or tab; with or without a byte order mark) with the columns serial, label, profile,
 * holder, if wanted tags and sponsor, and those of the card's secret: key and kcv, or puk, or master_key and diversifier.
 * `cards` are the rows without a problem; an import takes all or none. For short files: all of it is held in memory.
 */
export function readCardFile(text: string, options: CardFileOptions): CardFile {
  const table = readCsvTable(text, CARD_COLUMNS);
  const readRow = cardRowReader(options);
  const keys = new RepeatedKeys();
  const digest = digestOfThisRun();
  const problems = table.problems.map((problem): CardProblem => ({ ...problem, serial: null }));
  const cards = table.rows.flatMap((row) => {
    const read = readRow(row);
    if ('problem' in read) {
      problems.push(read);
      return [];
    }
    const repeats = read.secret.kind === 'key' ? keys.note(digest(read.secret.key), read) : [];
    problems.push(...repeats);
    return repeats.length === 0 ? [read] : dropped(read);
  });
  return { cards, problems: problems.sort((a, b) => a.line - b.line) };
}

function dropped(draft: CardDraft): readonly CardDraft[] {
  wipeDrafts([draft]);
  return [];
}

/** Keys are compared by digests that mean nothing outside this run. */
function digestOfThisRun(): (key: Uint8Array) => string {
  const secret = randomBytes(32);
  return (key) => {
    const comparable = comparableKey(key);
    const digest = createHmac('sha256', secret).update(comparable).digest('base64');
    wipe(comparable);
    return digest;
  };
}

export function wipeDrafts(drafts: readonly CardDraft[]): void {
  for (const { secret } of drafts) {
    if (secret.kind === 'key') wipe(secret.key);
    if (secret.kind === 'puk') wipe(secret.puk);
  }
}

/** Reads one row after another, and remembers the serials, so that none comes twice. Equal keys are the caller's to find. */
export function cardRowReader(options: CardFileOptions): (row: CsvRow<CardColumn>) => CardDraft | CardProblem {
  const lineOfSerial = new Map<string, number>();
  const profiles = options.profiles ?? BUILT_IN_PROFILES;
  return (row) => {
    const { line, cell } = row;
    const [serial, label, holder] = [cell('serial'), cell('label'), cell('holder')];
    const refuseRow = (problem: string): CardProblem => ({ line, serial: serial === '' ? null : serial, problem });
    const wrongText = problemOfSerial(serial) ?? problemOfRepeat(serial, line, lineOfSerial) ?? problemOfTexts(label, holder);
    if (wrongText !== null) return refuseRow(wrongText);
    const profile = profiles.find(cell('profile'));
    if (profile === null) return refuseRow(UNKNOWN_PROFILE);
    const standing = readStanding(row);
    if ('problem' in standing) return refuseRow(standing.problem);
    const secret = readSecret(cell, profile, options);
    if ('problem' in secret) return refuseRow(secret.problem);
    const holderEmail = holder === '' ? null : holder.normalize('NFC').toLowerCase();
    return { line, serial, label: label === '' ? serial : label, profile, holderEmail, ...standing, secret };
  };
}

const UNKNOWN_PROFILE = 'There is no such profile: `countersign card profiles` lists them all.';
const MAX_SERIAL_CHARACTERS = 64;
const MAX_LABEL_CHARACTERS = 80;
const SPREADSHEET_NUMBER = /^\d+(?:[.,]\d+)?E\+\d+$/i;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/u;

function problemOfSerial(serial: string): string | null {
  if (serial === '') return 'The serial is empty: write the one that the card is known by.';
  if (serial.length > MAX_SERIAL_CHARACTERS) return `The serial is longer than ${MAX_SERIAL_CHARACTERS} characters: check the column.`;
  if (INVISIBLE.test(serial)) return 'The serial holds a character that cannot be seen: type it again.';
  if (SPREADSHEET_NUMBER.test(serial)) return 'A spreadsheet has rounded the serial: format that column as text and write it again.';
  return null;
}

function problemOfRepeat(serial: string, line: number, lineOfSerial: Map<string, number>): string | null {
  const known = serial.toUpperCase();
  const earlier = lineOfSerial.get(known);
  if (earlier !== undefined) return `The serial stands on line ${earlier} already: leave one of the two.`;
  lineOfSerial.set(known, line);
  return null;
}

function problemOfTexts(label: string, holder: string): string | null {
  if (label.length > MAX_LABEL_CHARACTERS) return `The label is longer than ${MAX_LABEL_CHARACTERS} characters: shorten it.`;
  if (INVISIBLE.test(label)) return 'The label holds a character that cannot be seen: type it again.';
  if (holder !== '' && !/^[^\s@]+@[^\s@]+$/.test(holder)) return 'The holder is not an e-mail address: write the address, or nothing for a card that nobody holds.';
  return null;
}
