// Tokens with a button in step-up: a code once, ahead of it what was pressed idly, and two in a row after more.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { MINUTE_MS, addMs } from '../../src/lib/clock.js';
import { hotpCode, LOOK_AHEAD } from '../../src/stepup/hotp.js';
import { newSeed } from '../../src/stepup/totp.js';
import { AT, type Company, guessOf, NOT_ACCEPTED, openCompany, use } from './support.js';

const HOTP = { type: 'hotp', hash: 'sha1', digits: 6 } as const;
let company: Company;
let seed: Uint8Array;

beforeEach(async () => {
  company = await openCompany();
  seed = newSeed();
  const facts = { personId: 'erin', algorithm: 'hotp-sha1-6' };
  const sealed = await company.vault.sealSeed({ ...facts, authenticatorId: 'token' }, seed);
  await company.store.addPerson('erin', 'erin@example.com');
  await company.store.addActive({ ...facts, id: 'token', sealed, createdAt: AT, lastStep: -1n });
});

function code(counter: number): string {
  return hotpCode(seed, BigInt(counter), HOTP);
}

function works(typed: string, nth = 0): Promise<boolean> {
  return use(company, guessOf('erin', typed, { scopes: [{ key: `r${nth}`, limit: 3 }] }));
}

describe('a code of a token', () => {
  it('is a proof with its counter', async () => {
    expect(await company.stepUp.check(guessOf('erin', code(0)))).toMatchObject({ kind: 'proof', spend: { kind: 'hotp', step: 0n } });
  });

  it('works once, and ends the ones before it', async () => {
    expect(await works(code(4))).toBe(true);
    for (const counter of [4, 3, 0]) expect(await works(code(counter), 1)).toBe(false);
    expect(await works(code(5), 2)).toBe(true);
  });

  it('is found where the button was pressed idly, and not where it was pressed too often', async () => {
    expect(await works(code(LOOK_AHEAD))).toBe(false);
    expect(await works(code(LOOK_AHEAD - 1))).toBe(true);
  });

  it('is found after forty presses by two codes in a row, however they are typed', async () => {
    expect(await works(code(40))).toBe(false);
    expect(await works(`${code(40)} ${code(41)}`)).toBe(true);
    expect(await works(code(41), 1)).toBe(false);
    expect(await works(code(42), 2)).toBe(true);
  });

  it('is right again when its form comes again, and is not spent again', async () => {
    const guess = guessOf('erin', code(2));
    expect(await use(company, guess)).toBe(true);
    const again = await company.stepUp.check({ ...guess, at: addMs(AT, MINUTE_MS) });
    expect(again).toMatchObject({ kind: 'proof', spend: { step: 2n, counted: [] } });
    expect(again.kind === 'proof' && (await company.store.spend(again.spend))).toBe(false);
  });

  it('is right again as two in a row as well', async () => {
    const guess = guessOf('erin', code(30) + code(31));
    expect(await use(company, guess)).toBe(true);
    expect(await company.stepUp.check(guess)).toMatchObject({ kind: 'proof', spend: { step: 31n, counted: [] } });
  });

  it('is no code of an authenticator app', async () => {
    expect(await company.stepUp.check(guessOf('nobody', code(0)))).toEqual(NOT_ACCEPTED);
  });
});
