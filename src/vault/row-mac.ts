// HMACs under a key that the database does not have: they show a changed row, and find a value without storing it.
import { createHmac, randomFillSync } from 'node:crypto';
import { concat, equalBytes, lengthPrefixed, utf8, wipe } from '../lib/bytes.js';
import { vaultKeyBinding } from './binding.js';
import type { KekProvider, Keks } from './kek.js';
import { type Sealed, sealSecret, withOpened } from './seal.js';
import { VaultError } from './vault-error.js';

/** The name of the row in VaultKey that keeps the key of these HMACs. */
export const ROW_MAC_KEY_NAME = 'row-mac';
const KEY_BYTES = 32;

/** A column's value. Numbers and dates must be finite, strings well-formed. */
export type MacFact = string | number | boolean | null | Date | readonly string[];

/** Makes and checks HMAC-SHA-256 tags (32 bytes) of rows, and keyed digests. */
export class RowMac {
  readonly #key: Uint8Array;

  /** Copies the key (32 bytes): the caller wipes its own. */
  constructor(key: Uint8Array) {
    if (key.length !== KEY_BYTES) throw new RangeError(`a key of ${KEY_BYTES} bytes is needed`);
    this.#key = key.slice();
  }

  /** The tag of a row: table, row and every fact's type and place count. */
  tag(table: string, rowId: string, facts: readonly MacFact[]): Uint8Array {
    return this.#hmac(['countersign-row-v1', table, rowId, ...facts.map(encodeFact)]);
  }

  /** Throws VaultError `row-tampered` when `mac` is not the tag of this row. */
  check(table: string, rowId: string, facts: readonly MacFact[], mac: Uint8Array): void {
    if (equalBytes(this.tag(table, rowId, facts), mac)) return;
    throw new VaultError('row-tampered', `${table} ${rowId} was changed by something other than Countersign`);
  }

  /** A keyed digest for looking a secret up or comparing it; `purpose` keeps one use's digests apart from another's. */
  digest(purpose: string, ...parts: readonly (string | Uint8Array)[]): Uint8Array {
    return this.#hmac(['countersign-digest-v1', purpose, ...parts]);
  }

  #hmac(parts: readonly (string | Uint8Array)[]): Uint8Array {
    return new Uint8Array(createHmac('sha256', this.#key).update(lengthPrefixed(parts)).digest());
  }
}

/** A new random key for RowMac, sealed, to be kept in VaultKey under ROW_MAC_KEY_NAME. */
export async function newRowMacKey(kek: KekProvider): Promise<Sealed> {
  const key = randomFillSync(new Uint8Array(KEY_BYTES));
  try {
    return await sealSecret(key, vaultKeyBinding(ROW_MAC_KEY_NAME), kek);
  } finally {
    wipe(key);
  }
}

/** Throws VaultError `kek-unknown` or `sealed-damaged`. */
export function openRowMac(sealed: Sealed, keks: Keks): Promise<RowMac> {
  return withOpened(sealed, vaultKeyBinding(ROW_MAC_KEY_NAME), keks, (key) => new RowMac(key));
}

/** One letter for the type, then the value: '1', 1, true, null and ['1'] all differ. */
function encodeFact(fact: MacFact): string | Uint8Array {
  if (fact === null) return 'z';
  if (typeof fact === 'string') return `s${wellFormed(fact)}`;
  if (typeof fact === 'number') return `n${finite(fact)}`;
  if (typeof fact === 'boolean') return `b${fact}`;
  if (fact instanceof Date) return `d${fact.toISOString()}`;
  return concat(utf8('a'), lengthPrefixed(fact.map(wellFormed)));
}

// UTF-8 has one replacement character for every lone surrogate: two different strings would get one tag.
function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate');
  return text;
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new TypeError('a number that is not finite');
  return value;
}
