// Recovery codes: found by whom they belong to, stored so that the database alone tells nothing.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readCode } from '../../src/stepup/code-text.js';
import { findRecoveryCode, newRecoveryCodes, type RecoveryRow } from '../../src/stepup/recovery.js';
import { RowMac } from '../../src/vault/row-mac.js';

const rowMac = new RowMac(new Uint8Array(32).fill(3));
let shown: readonly string[];
let rows: readonly RecoveryRow[];

beforeAll(async () => {
  ({ shown, rows } = await newRecoveryCodes('p1', rowMac));
});

function plain(place: number): string {
  const code = readCode(shown[place] ?? '');
  return code?.kind === 'recovery' ? code.text : '';
}

describe('recovery codes', () => {
  it('are ten different ones of 80 bits, in groups of four', () => {
    expect(new Set(shown).size).toBe(10);
    for (const code of shown) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4} ){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  it('are stored as digests of 32 bytes, all different', () => {
    expect(new Set(rows.map(({ digest }) => Buffer.from(digest).toString('hex'))).size).toBe(10);
    for (const { digest } of rows) expect(digest).toHaveLength(32);
  });

  it.each([0, 4, 9])('lead to their row (%i)', async (place) => {
    expect(await findRecoveryCode(plain(place), 'p1', rows, rowMac)).toBe(rows[place]?.id);
  });

  it('lead to a row among fewer or more than ten', async () => {
    expect(await findRecoveryCode(plain(2), 'p1', rows.slice(2, 3), rowMac)).toBe(rows[2]?.id);
    expect(await findRecoveryCode(plain(2), 'p1', [...rows, ...rows], rowMac)).toBe(rows[2]?.id);
  });

  it('lead nowhere when wrong, or among no rows', async () => {
    expect(await findRecoveryCode('0123456789ABCDEF', 'p1', rows, rowMac)).toBeNull();
    expect(await findRecoveryCode(plain(0), 'p1', [], rowMac)).toBeNull();
  });

  it('are of one person, one row and one key', async () => {
    const [first, second] = rows;
    const exchanged = [{ id: second?.id ?? '', digest: first?.digest ?? new Uint8Array() }];
    expect(await findRecoveryCode(plain(0), 'p2', rows, rowMac)).toBeNull();
    expect(await findRecoveryCode(plain(0), 'p1', exchanged, rowMac)).toBeNull();
    expect(await findRecoveryCode(plain(0), 'p1', rows, new RowMac(new Uint8Array(32)))).toBeNull();
  });
});
