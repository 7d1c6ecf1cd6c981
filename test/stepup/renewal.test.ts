// New recovery codes for an authenticator that goes on.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { addMs } from '../../src/lib/clock.js';
import { isRefused } from '../../src/lib/refusal.js';
import { currentCode } from '../../src/stepup/totp.js';
import { addPersonWithApp, addRecoveryCodes, AT, type Company, guessOf, openCompany, STEP_MS, use, wrongCode } from './support.js';

const NOT_THE_CODE = { refused: 'code-not-accepted' };

let company: Company;
let seed: Uint8Array;
let old: readonly string[];

beforeEach(async () => {
  company = await openCompany();
  seed = await addPersonWithApp(company, 'erin');
  old = await addRecoveryCodes(company, 'erin');
});

const renew = (code: string, formId = 'renewal', at = AT) =>
  company.enrolment.renewRecoveryCodes({ personId: 'erin', code, attempt: { formId, actorId: 'erin' }, at });

async function renewed(code: string): Promise<readonly string[]> {
  const made = await renew(code);
  if (isRefused(made)) throw new Error(made.refused);
  return made.recoveryCodes;
}

describe('new recovery codes', () => {
  it('are ten for a code of the authenticator, and the old ones end', async () => {
    const codes = await renewed(currentCode(seed, AT));
    expect(new Set([...codes, ...old]).size).toBe(20);
    expect(await use(company, guessOf('erin', old[0] ?? ''))).toBe(false);
    expect(await use(company, guessOf('erin', codes[0] ?? ''))).toBe(true);
  });

  it('spend the code that they cost', async () => {
    const code = currentCode(seed, AT);
    await renewed(code);
    expect(await use(company, guessOf('erin', code))).toBe(false);
    expect(await renew(code, 'another form')).toEqual(NOT_THE_CODE);
  });

  it('are not given for a recovery code, which stays good', async () => {
    expect(await renew(old[0] ?? '')).toEqual(NOT_THE_CODE);
    expect(await use(company, guessOf('erin', old[0] ?? ''))).toBe(true);
  });

  it('are not given for a wrong code, nor to whoever has no authenticator', async () => {
    expect(await renew(wrongCode(seed))).toEqual(NOT_THE_CODE);
    const nobody = { personId: 'nobody', code: '123456', attempt: { formId: 'f', actorId: 'nobody' }, at: AT };
    expect(await company.enrolment.renewRecoveryCodes(nobody)).toEqual(NOT_THE_CODE);
  });

  it('are made once by the same form, and not shown again when it comes again', async () => {
    const code = currentCode(seed, AT);
    const codes = await renewed(code);
    expect(await renew(code, 'renewal', addMs(AT, 1_000))).toEqual({ refused: 'recovery-codes-made' });
    expect(await use(company, guessOf('erin', codes[0] ?? ''))).toBe(true);
  });

  it('are counted as guesses are: ten wrong codes stop the authenticator', async () => {
    for (let nth = 0; nth < 10; nth += 1) await renew(wrongCode(seed, nth), `form ${nth}`, addMs(AT, nth * 2 * 3_600_000));
    expect(await company.enrolment.recoveryCodesLeft('erin')).toBeNull();
  });
});

describe('how many are left', () => {
  it('is told of those that were not used', async () => {
    expect(await company.enrolment.recoveryCodesLeft('erin')).toBe(10);
    await use(company, guessOf('erin', old[3] ?? '', { at: addMs(AT, STEP_MS) }));
    expect(await company.enrolment.recoveryCodesLeft('erin')).toBe(9);
  });

  it('is told of nobody who has no authenticator', async () => {
    expect(await company.enrolment.recoveryCodesLeft('nobody')).toBeNull();
  });
});
