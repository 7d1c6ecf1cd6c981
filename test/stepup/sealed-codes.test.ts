// Sealed codes: how they are made, found again, counted and refused.
import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { toHex } from '../../src/lib/bytes.js';
import { refuse } from '../../src/lib/refusal.js';
import type { GuessToReserve, Reservation } from '../../src/stepup/authenticator-store.js';
import { CODES_EACH, findSealedCode, newSealedCodes, SealedCodes, type SealedSet, type SealedStore, type SpentSealed } from '../../src/stepup/sealed-codes.js';
import { SEALED_TRIES } from '../../src/stepup/throttle.js';
import { RowMac } from '../../src/vault/row-mac.js';

const rowMac = new RowMac(randomBytes(32));
const AT = new Date('2026-06-01T09:00:00Z');
const { sheets, rows } = await newSealedCodes('set-1', ['eve', 'liam'], rowMac);
const SET: SealedSet = { id: 'set-1', people: ['eve', 'liam'], issuedAt: AT, codes: rows.map((row) => ({ ...row, used: false })) };
const codeOf = (personId: string, at = 0): string => sheets.find((sheet) => sheet.personId === personId)?.codes[at] ?? '';

/** Remembers what was reserved and what was given back. */
function memory(set: SealedSet | null, reservation: Reservation = { kind: 'reserved', scopeTries: [1] }) {
  const guesses: GuessToReserve[] = [];
  const given: SpentSealed[] = [];
  const store: SealedStore = {
    inForce: () => Promise.resolve(set),
    reserveGuess: (guess) => {
      guesses.push(guess);
      return Promise.resolve(reservation);
    },
    giveBack: (spend) => {
      given.push(spend);
      return Promise.resolve();
    },
  };
  const sealed = new SealedCodes({ store, rowMac });
  return { guesses, given, check: (...typed: readonly string[]) => sealed.check({ typed, attempt: { formId: 'form-1', actorId: 'eve' }, at: AT }) };
}

describe('new sealed codes', () => {
  it('are five for each person, of 80 bits, and no two the same', () => {
    expect(sheets.map(({ personId, codes }) => [personId, codes.length])).toEqual([['eve', CODES_EACH], ['liam', CODES_EACH]]);
    const codes = sheets.flatMap((sheet) => sheet.codes);
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}( [0-9A-HJKMNP-TV-Z]{4}){3}$/);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('are kept as digests that depend on the row, the person, the set and a key', async () => {
    const [row] = rows;
    if (row === undefined) throw new Error('there is no row');
    const code = codeOf('eve');
    const findIn = (set: Pick<SealedSet, 'id' | 'codes'>, mac = rowMac) => findSealedCode(code, set, mac);
    const one = { ...row, used: false };
    expect((await findIn(SET))?.id).toBe(row.id);
    expect(await findIn({ ...SET, codes: [{ ...one, id: 'another' }] })).toBeNull();
    expect(await findIn({ ...SET, codes: [{ ...one, personId: 'liam' }] })).toBeNull();
    expect(await findIn({ ...SET, id: 'set-2' })).toBeNull();
    expect(await findIn(SET, new RowMac(randomBytes(32)))).toBeNull();
    expect(rows.map(({ digest }) => toHex(digest)).join()).not.toContain(code.replaceAll(' ', ''));
  });

  it.each([
    ['in small letters', (code: string) => code.toLowerCase()],
    ['without blanks', (code: string) => code.replaceAll(' ', '')],
    ['with dashes', (code: string) => code.replaceAll(' ', '-')],
    ['with O for 0 and l for 1', (code: string) => code.replaceAll('0', 'O').replaceAll('1', 'l')],
  ])('are found as they are typed %s', async (_, typed) => {
    expect((await findSealedCode(typed(codeOf('liam', 2)), SET, rowMac))?.personId).toBe('liam');
  });
});

describe('a check of sealed codes', () => {
  it('finds one of each person, and counts one guess before it looks', async () => {
    const { check, guesses } = memory(SET);
    const spend = await check(codeOf('liam'), codeOf('eve'));
    expect(spend).toMatchObject({ setId: 'set-1', codes: [{ personId: 'liam' }, { personId: 'eve' }], counted: ['sealed:2026-06-01'] });
    expect(guesses.map(({ scopes, authenticatorId }) => ({ scopes, authenticatorId }))).toEqual([{ scopes: [{ key: 'sealed:2026-06-01', limit: SEALED_TRIES }], authenticatorId: null }]);
  });

  it.each([
    ['one is wrong', [codeOf('eve'), 'AAAA AAAA AAAA AAAA']],
    ['both are', ['AAAA AAAA AAAA AAAA', '000000']],
    ['one is missing', [codeOf('eve'), '']],
    ['nothing was typed', []],
  ])('gives one answer where %s', async (_, typed) => {
    expect(await memory(SET).check(...typed)).toEqual(refuse('sealed-not-accepted'));
  });

  it('says that both are of one person only where both are right, and gives the try back', async () => {
    const { check, given } = memory(SET);
    expect(await check(codeOf('eve', 0), codeOf('eve', 1))).toEqual(refuse('sealed-one-person'));
    expect(given.map(({ counted }) => counted)).toEqual([['sealed:2026-06-01']]);
    expect(await check(codeOf('eve', 0), 'AAAA AAAA AAAA AAAA')).toEqual(refuse('sealed-not-accepted'));
    expect(given).toHaveLength(1);
  });

  it('refuses a code that was used, but to the same delivery again, for which the transaction says it', async () => {
    const used = { ...SET, codes: SET.codes.map((code) => ({ ...code, used: true })) };
    expect(await memory(used).check(codeOf('eve'), codeOf('liam'))).toEqual(refuse('sealed-not-accepted'));
    const repeated = memory(used, { kind: 'repeated', scopeTries: [1], firstAt: AT });
    expect(await repeated.check(codeOf('eve'), codeOf('liam'))).toMatchObject({ counted: [] });
  });

  it('looks at nothing once there were too many wrong ones', async () => {
    const { check } = memory(SET, { kind: 'not-checked', scopeTries: [SEALED_TRIES] });
    expect(await check(codeOf('eve'), codeOf('liam'))).toEqual(refuse('sealed-not-accepted'));
  });

  it('says so where none are in force, and counts nothing', async () => {
    const { check, guesses } = memory(null);
    expect(await check('AAAA AAAA AAAA AAAA')).toEqual(refuse('sealed-none'));
    expect(guesses).toEqual([]);
  });
});
