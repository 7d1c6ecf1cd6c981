// The columns of a card's secret: exactly those that the card's way of unblocking needs, and no other.
import { wipe } from '../lib/bytes.js';
import type { CsvRow } from '../lib/csv-table.js';
import { isRefused } from '../lib/refusal.js';
import type { Refused } from '../lib/refusal.js';
import type { CardColumn } from './card-file-columns.js';
import type { Cipher } from './cipher.js';
import { kcvMatches, keyCheckValue } from './kcv.js';
import { parseKeyHex } from './key.js';
import type { KeyRefusal } from './key.js';
import { isDefaultKey } from './known-keys.js';
import type { CardProfile } from './profile.js';
import { parsePuk } from './puk.js';
import type { PukRefusal } from './puk.js';

/** A master key as a file names it; without a version the newest one is meant. */
export interface MasterKeyName {
  readonly name: string;
  readonly version: number | null;
}

export type CardSecret =
  | { readonly kind: 'key'; readonly key: Uint8Array; readonly kcv: string }
  /** ASCII. */
  | { readonly kind: 'puk'; readonly puk: Uint8Array }
  /** `serial`: what the scheme derives from, as text; `kcv`: the check value that the key must have, or empty. */
  | { readonly kind: 'derived'; readonly masterKey: MasterKeyName; readonly serial: string; readonly kcv: string }
  /** The card cannot be unblocked; it is known so that its holder is told what to do instead. */
  | { readonly kind: 'none' };

export interface SecretOptions {
  /** Lets vendors' default keys and PUKs in. Anyone can answer for a card that has one, so it is for test cards. */
  readonly allowDefaultKeys: boolean;
}

type Cell = CsvRow<CardColumn>['cell'];
type Read = CardSecret | { readonly problem: string };

/** Reads the secret of a row whose profile is known. A problem names the column and never quotes it. */
export function readSecret(cell: Cell, profile: CardProfile, options: SecretOptions): Read {
  const wrong = COLUMNS_OF_SECRETS.find((column) => cell(column) !== '' && !ALLOWED[profile.unlock].columns.includes(column));
  if (wrong !== undefined) return { problem: `Cards of profile ${profile.id} ${ALLOWED[profile.unlock].why}: leave the column ${wrong} empty.` };
  switch (profile.unlock) {
    case 'not-recoverable':
      return { kind: 'none' };
    case 'puk':
    case 'puk-as-hex':
      return readPuk(cell, profile, options);
    case 'cryptogram':
      return cell('master_key') === '' ? readKey(cell, profile, options) : readDerived(cell);
  }
}

const COLUMNS_OF_SECRETS = ['key', 'kcv', 'puk', 'master_key', 'diversifier'] as const;
const BY_PUK = { columns: ['puk'], why: 'are unblocked with their PUK' };

const ALLOWED: Readonly<Record<CardProfile['unlock'], { readonly columns: readonly string[]; readonly why: string }>> = {
  cryptogram: { columns: ['key', 'kcv', 'master_key', 'diversifier'], why: 'are unblocked with their key, not with a PUK' },
  puk: BY_PUK,
  'puk-as-hex': BY_PUK,
  'not-recoverable': { columns: [], why: 'cannot be unblocked, so that nothing secret is kept of them' },
};

function readKey(cell: Cell, profile: CardProfile, options: SecretOptions): Read {
  const { cipher } = profile;
  if (cipher === null) return { problem: `Cards of profile ${profile.id} have no key that answers a challenge: give the card another profile.` };
  if (cell('diversifier') !== '') return { problem: 'The row has a diversifier and no master_key: name the master key, or leave the diversifier empty.' };
  if (cell('key') === '') return { problem: 'The key is empty: write the admin key, or in master_key the name of the key that it is derived from.' };
  const key = parseKeyHex(cell('key'), profile);
  if (isRefused(key)) return { problem: sentenceOfKey(key) };
  const isDefault = !options.allowDefaultKeys && isDefaultKey(cipher, key, profile.defaultKeys);
  const problem = isDefault ? DEFAULT_KEY : problemOfKcv(cipher, key, cell('kcv'));
  if (problem === null) return { kind: 'key', key, kcv: keyCheckValue(cipher, key) };
  wipe(key);
  return { problem };
}

const DEFAULT_KEY = "The key is a vendor's default, which everybody knows: give the card a key of its own.";

/** What is wrong with a check value that a file claims for a key, or null. An empty one claims nothing. */
export function problemOfKcv(cipher: Cipher, key: Uint8Array, kcv: string): string | null {
  if (kcv === '' || kcvMatches(cipher, key, kcv)) return null;
  return 'The key does not have the check value of column kcv: one of the two is wrong.';
}

function sentenceOfKey({ refused, detail }: Refused<KeyRefusal>): string {
  if (refused === 'key-not-hex') return `The key is not hex: write 0 to 9 and A to F only. ${AS_TEXT}`;
  const counted = `The key has ${detail?.['digits'] ?? '?'} hex digits instead of ${detail?.['expected'] ?? '?'}`;
  return detail?.['lost'] === undefined ? `${counted}: check it, and the profile.` : `${counted}; a leading 0 may be lost: format that column as text.`;
}

const AS_TEXT = 'If a spreadsheet wrote the file, format that column as text.';

function readDerived(cell: Cell): Read {
  if (cell('key') !== '') return { problem: 'The row has both a key and a master_key: leave one of the two empty.' };
  const masterKey = parseMasterKeyName(cell('master_key'));
  if (masterKey === null) return { problem: 'The master_key is a name, or a name and a version such as site@2: see `countersign keys masters`.' };
  const serial = cell('diversifier') === '' ? cell('serial') : cell('diversifier');
  return { kind: 'derived', masterKey, serial, kcv: cell('kcv') };
}

const MASTER_KEY_NAME = /^([A-Za-z0-9][A-Za-z0-9._-]{0,39})(?:@([1-9]\d{0,5}))?$/;

/** `site` or `site@2`; null for anything else. */
export function parseMasterKeyName(text: string): MasterKeyName | null {
  const [, name, version] = MASTER_KEY_NAME.exec(text) ?? [];
  return name === undefined ? null : { name, version: version === undefined ? null : Number(version) };
}

function readPuk(cell: Cell, profile: CardProfile, { allowDefaultKeys }: SecretOptions): Read {
  if (cell('puk') === '') return { problem: `The PUK is empty: cards of profile ${profile.id} are unblocked with it.` };
  const puk = parsePuk(cell('puk'), profile);
  if (isRefused(puk)) return { problem: sentenceOfPuk(puk) };
  if (allowDefaultKeys || !isGuessable(puk)) return { kind: 'puk', puk };
  wipe(puk);
  return { problem: "The PUK is a vendor's default or the same sign again and again, which anybody would try: give the card one of its own." };
}

function sentenceOfPuk({ refused, detail }: Refused<PukRefusal>): string {
  if (refused === 'puk-length') {
    const counted = `The PUK has ${detail?.['characters'] ?? '?'} characters instead of ${detail?.['expected'] ?? '?'}`;
    return detail?.['lost'] === undefined ? `${counted}: check it.` : `${counted}; a leading 0 may be lost: format that column as text.`;
  }
  return detail?.['allowed'] === 'digits' ? `The PUK is digits only. ${AS_TEXT}` : 'The PUK is letters, digits and signs of ASCII without blanks.';
}

const ASCII_ZERO = 0x30;

/** 12345678 and as far as the PUK is long, which PIV cards are shipped with; or one sign only. */
function isGuessable(puk: Uint8Array): boolean {
  return puk.every((byte, at) => byte === ASCII_ZERO + ((at + 1) % 10)) || puk.every((byte) => byte === puk[0]);
}
