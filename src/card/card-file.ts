// The file of `cards import`: one card a row, every problem found before anything is stored.
import { createHash } from 'node:crypto';
import { wipe } from '../lib/bytes.js';
import { readCsvTable } from '../lib/csv-table.js';
import type { CsvColumns, CsvRow } from '../lib/csv-table.js';
import { isRefused } from '../lib/refusal.js';
import type { Refused } from '../lib/refusal.js';
import type { Cipher } from './cipher.js';
import { kcvMatches, keyCheckValue } from './kcv.js';
import { comparableKey, parseKeyHex } from './key.js';
import type { KeyRefusal } from './key.js';
import { isDefaultKey } from './known-keys.js';
import { CARD_PROFILES, findProfile } from './profile.js';
import type { CardProfile } from './profile.js';

type Column = 'serial' | 'label' | 'profile' | 'holder' | 'key' | 'puk' | 'kcv';

const COLUMNS: CsvColumns<Column> = {
  serial: { headings: ['serial', 'serialnumber'], required: true },
  label: { headings: ['label'], required: true },
  profile: { headings: ['profile'], required: true },
  holder: { headings: ['holder', 'holderemail', 'holdersemail', 'email'], required: true },
  key: { headings: ['key', 'adminkey'], required: false },
  puk: { headings: ['puk'], required: false },
  kcv: { headings: ['kcv'], required: false },
};

/** A row that may be imported. The caller seals the key and wipes it. */
export interface CardDraft {
  readonly line: number;
  readonly serial: string;
  readonly label: string;
  readonly profile: CardProfile;
  /** Lower case; null for a card that nobody holds yet. */
  readonly holderEmail: string | null;
  readonly key: Uint8Array;
  readonly kcv: string;
}

/** What is wrong with a row, in words for the person who wrote the file. Never holds key material. */
export interface CardProblem {
  readonly line: number;
  readonly serial: string | null;
  readonly problem: string;
}

export interface CardFile {
  readonly cards: readonly CardDraft[];
  readonly problems: readonly CardProblem[];
}

export interface CardFileOptions {
  /** Lets vendors' default keys in. Anyone can answer for a card that has one, so it is for test cards. */
  readonly allowDefaultKeys: boolean;
}

/**
 * Reads CSV (comma, semicolon or tab; with or without a byte order mark) with the columns serial, label, profile,
 * holder, key or puk, and, if there is one, kcv. `cards` are the rows without a problem; an import takes all or none.
 */
export function readCardFile(text: string, options: CardFileOptions): CardFile {
  const table = readCsvTable(text, COLUMNS);
  const seen: Seen = { serials: new Map(), keys: new Map() };
  const cards: CardDraft[] = [];
  const problems = table.problems.map((problem): CardProblem => ({ ...problem, serial: null }));
  for (const row of table.rows) {
    const read = readRow(row, options, seen);
    if ('problem' in read) problems.push(read);
    else cards.push(read);
  }
  return { cards, problems: problems.sort((a, b) => a.line - b.line) };
}

/** What earlier rows had: the line of each serial (upper case), the serial of each key (digest). */
interface Seen {
  readonly serials: Map<string, number>;
  readonly keys: Map<string, string>;
}

function readRow({ line, cell }: CsvRow<Column>, options: CardFileOptions, seen: Seen): CardDraft | CardProblem {
  const [serial, label, holder] = [cell('serial'), cell('label'), cell('holder')];
  const refuseRow = (problem: string): CardProblem => ({ line, serial: serial === '' ? null : serial, problem });
  const wrongText = problemOfSerial(serial, line, seen) ?? problemOfTexts(label, holder);
  if (wrongText !== null) return refuseRow(wrongText);
  const profile = findProfile(cell('profile'));
  if (profile === null) return refuseRow(`the profile is none of ${CARD_PROFILES.map(({ id }) => id).join(', ')}`);
  const admitted = readKey(cell, profile, options);
  if ('problem' in admitted) return refuseRow(admitted.problem);
  const twin = serialWithSameKey(admitted.key, serial, seen);
  if (twin !== null) {
    wipe(admitted.key);
    return refuseRow(`card ${serial} has the same key as card ${twin}; each card needs its own`);
  }
  const holderEmail = holder === '' ? null : holder.toLowerCase();
  return { line, serial, label: label === '' ? serial : label, profile, holderEmail, ...admitted };
}

const MAX_SERIAL_CHARACTERS = 64;
const MAX_LABEL_CHARACTERS = 80;
const SPREADSHEET_NUMBER = /^\d+(?:[.,]\d+)?E\+\d+$/i;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/u;

function problemOfSerial(serial: string, line: number, seen: Seen): string | null {
  if (serial === '') return 'the serial is empty';
  if (serial.length > MAX_SERIAL_CHARACTERS) return `the serial is longer than ${MAX_SERIAL_CHARACTERS} characters`;
  if (INVISIBLE.test(serial)) return 'the serial holds a character that cannot be seen';
  if (SPREADSHEET_NUMBER.test(serial)) return 'a spreadsheet has rounded the serial; format that column as text';
  const earlier = seen.serials.get(serial.toUpperCase());
  if (earlier !== undefined) return `the serial stands on line ${earlier} already`;
  seen.serials.set(serial.toUpperCase(), line);
  return null;
}

function problemOfTexts(label: string, holder: string): string | null {
  if (label.length > MAX_LABEL_CHARACTERS) return `the label is longer than ${MAX_LABEL_CHARACTERS} characters`;
  if (INVISIBLE.test(label)) return 'the label holds a character that cannot be seen';
  if (holder !== '' && !/^[^\s@]+@[^\s@]+$/.test(holder)) return 'the holder is not an e-mail address';
  return null;
}

type AdmittedKey = Pick<CardDraft, 'key' | 'kcv'>;

function readKey(
  cell: CsvRow<Column>['cell'],
  profile: CardProfile,
  options: CardFileOptions,
): AdmittedKey | { readonly problem: string } {
  const { cipher } = profile;
  if (cell('key') !== '' && cell('puk') !== '') return { problem: 'the row has both a key and a PUK; leave one' };
  if (cell('puk') !== '' && profile.unlock === 'cryptogram') {
    return { problem: `cards of profile ${profile.id} are unblocked with their key, not with a PUK` };
  }
  if (cipher === null) return { problem: `cards of profile ${profile.id} have no key that answers a challenge` };
  if (cell('key') === '') return { problem: 'the key is empty' };
  const key = parseKeyHex(cell('key'), profile);
  if (isRefused(key)) return { problem: sentenceOfKey(key) };
  const problem = problemOfKey(cipher, key, cell('kcv'), options);
  if (problem === null) return { key, kcv: keyCheckValue(cipher, key) };
  wipe(key);
  return { problem };
}

function problemOfKey(cipher: Cipher, key: Uint8Array, kcv: string, options: CardFileOptions): string | null {
  if (kcv !== '' && !kcvMatches(cipher, key, kcv)) {
    return 'the key does not have the check value of column kcv; one of the two is wrong';
  }
  if (!options.allowDefaultKeys && isDefaultKey(cipher, key)) {
    return "the key is a vendor's default, which everybody knows; give the card a key of its own";
  }
  return null;
}

function sentenceOfKey({ refused, detail }: Refused<KeyRefusal>): string {
  if (refused === 'key-not-hex') return 'the key is not hex; if a spreadsheet wrote the file, format that column as text';
  const counted = `the key has ${detail?.digits ?? '?'} hex digits instead of ${detail?.expected ?? '?'}`;
  return detail?.lost === undefined ? counted : `${counted}; a leading 0 may be lost: format that column as text`;
}

/** The serial of an earlier row with this key, or null; then the key is remembered as this serial's. */
function serialWithSameKey(key: Uint8Array, serial: string, seen: Seen): string | null {
  const comparable = comparableKey(key);
  const digest = createHash('sha256').update(comparable).digest('base64');
  wipe(comparable);
  const twin = seen.keys.get(digest);
  if (twin !== undefined) return twin;
  seen.keys.set(digest, serial);
  return null;
}
