// Recovery codes: for the day when the phone is gone. Ten, 80 random bits each, and each works once.
import { scrypt, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { equalBytes, inGroups, lengthPrefixed } from '../lib/bytes.js';
import { newId, newReadableCode } from '../lib/ids.js';
import type { RowMac } from '../vault/row-mac.js';

const CODES = 10;
const CODE_CHARACTERS = 16;
const STRETCHED_BYTES = 32;
// About 16 MiB and some 50 ms a try.
const SCRYPT = { N: 2 ** 14, r: 8, p: 1 };
const scryptAside = promisify<string, Uint8Array, number, ScryptOptions, Buffer>(scrypt);
// Stands in for the rows that a person does not have, so that every look takes ten.
const NO_ROW = { id: '', digest: new Uint8Array(STRETCHED_BYTES) };

/** A recovery code at rest: a digest under scrypt, then under a key that the database does not have. */
export interface RecoveryRow {
  readonly id: string;
  readonly digest: Uint8Array;
}

/** Ten new codes: `shown` (groups of four) to the person once, `rows` into the database. */
export async function newRecoveryCodes(
  personId: string,
  rowMac: RowMac,
): Promise<{ shown: readonly string[]; rows: readonly RecoveryRow[] }> {
  const codes = Array.from({ length: CODES }, () => newReadableCode(CODE_CHARACTERS));
  const rows = await Promise.all(
    codes.map(async (code) => {
      const id = newId();
      return { id, digest: digestOf(await stretch(code, personId), { id, personId }, rowMac) };
    }),
  );
  return { shown: codes.map((code) => inGroups(code)), rows };
}

/** The id of the row whose code this is (`text` as readCode gives it), or null. One scrypt, however many rows. */
export async function findRecoveryCode(
  text: string,
  personId: string,
  rows: readonly RecoveryRow[],
  rowMac: RowMac,
): Promise<string | null> {
  const stretched = await stretch(text, personId);
  const padding = Array.from({ length: Math.max(0, CODES - rows.length) }, () => NO_ROW);
  const found = [...rows, ...padding].filter(({ id, digest }) =>
    equalBytes(digest, digestOf(stretched, { id, personId }, rowMac)),
  );
  return found[0]?.id ?? null;
}

function digestOf(stretched: Uint8Array, row: { id: string; personId: string }, rowMac: RowMac): Uint8Array {
  return rowMac.digest('recovery-code', row.personId, row.id, stretched);
}

function stretch(code: string, personId: string): Promise<Uint8Array> {
  return stretchCode(code, lengthPrefixed(['countersign-recovery-v1', personId]));
}

/** 32 bytes under scrypt, for a code that is kept as a digest. */
export async function stretchCode(code: string, salt: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await scryptAside(code, salt, STRETCHED_BYTES, SCRYPT));
}
