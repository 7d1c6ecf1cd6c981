// Checking codes: once each, counted first, and the same answer for every no.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { addMs, DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/clock.js';
import type { AuthenticatorStore, GuessToReserve } from '../../src/stepup/authenticator-store.js';
import { StepUp } from '../../src/stepup/step-up.js';
import { requestScope, voteScope } from '../../src/stepup/throttle.js';
import { currentCode } from '../../src/stepup/totp.js';
import { flipped, vaultError } from '../vault/support.js';
import {
  addPersonWithApp,
  addRecoveryCodes,
  AT,
  type Company,
  EXHAUSTED,
  guessOf,
  NOT_ACCEPTED,
  openCompany,
  STEP_MS,
  use,
  wrongCode,
} from './support.js';

let company: Company;
let seed: Uint8Array;

beforeEach(async () => {
  company = await openCompany();
  seed = await addPersonWithApp(company, 'erin');
});

function right(at = AT): string {
  return currentCode(seed, at);
}

/** Wrong codes in requests of their own, so that only the authenticator and the day count them. */
async function typeWrong(times: number, at = AT): Promise<void> {
  for (let nth = 0; nth < times; nth += 1) {
    const guess = guessOf('erin', wrongCode(seed, nth, at), { scopes: [requestScope(`wrong ${nth} ${at.toISOString()}`)], at });
    expect(await company.stepUp.check(guess)).toEqual(NOT_ACCEPTED);
  }
}

/** A right code has no effect a millisecond before, costs no try, and works then. */
async function expectLockedUntil(free: Date): Promise<void> {
  const locked = addMs(free, -1);
  const tries = appOfErin()?.tries;
  const early = guessOf('erin', right(locked), { scopes: [requestScope('locked')], at: locked });
  expect(await company.stepUp.check(early)).toEqual(NOT_ACCEPTED);
  expect(appOfErin()?.tries).toBe(tries);
  expect(await use(company, guessOf('erin', right(free), { scopes: [requestScope('free')], at: free }))).toBe(true);
}

function appOfErin(): Company['store']['authenticators'][number] | undefined {
  return company.store.authenticators.find(({ personId }) => personId === 'erin');
}

describe('a code', () => {
  it('is a proof, with the step and the scopes that it was counted in', async () => {
    expect(await company.stepUp.check(guessOf('erin', right()))).toEqual({
      kind: 'proof',
      spend: {
        kind: 'totp',
        authenticatorId: 'app of erin',
        personId: 'erin',
        step: BigInt(AT.getTime() / STEP_MS),
        counted: ['request:r1', 'day-own:erin:2026-01-05'],
      },
    });
  });

  it.each([-1, 1])('of the step %i away is a proof', async (steps) => {
    expect(await use(company, guessOf('erin', right(addMs(AT, steps * STEP_MS))))).toBe(true);
  });

  it.each([-2, 2])('of the step %i away is not', async (steps) => {
    expect(await company.stepUp.check(guessOf('erin', right(addMs(AT, steps * STEP_MS))))).toEqual(NOT_ACCEPTED);
  });

  it('works once', async () => {
    expect(await use(company, guessOf('erin', right()))).toBe(true);
    expect(await company.stepUp.check(guessOf('erin', right()))).toEqual(NOT_ACCEPTED);
  });

  it('works once when many check it at the same moment', async () => {
    const guesses = Array.from({ length: 4 }, (_, nth) => guessOf('erin', right(), { scopes: [requestScope(`r${nth}`)] }));
    const outcomes = await Promise.all(guesses.map((guess) => use(company, guess)));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  it('does not work after a later one did', async () => {
    expect(await use(company, guessOf('erin', right(addMs(AT, STEP_MS))))).toBe(true);
    expect(await company.stepUp.check(guessOf('erin', right()))).toEqual(NOT_ACCEPTED);
  });

  it("is no one else's", async () => {
    await addPersonWithApp(company, 'dana');
    expect(await company.stepUp.check(guessOf('dana', right()))).toEqual(NOT_ACCEPTED);
  });

  it('may be typed in groups', async () => {
    expect(await use(company, guessOf('erin', ` ${right().slice(0, 3)}-${right().slice(3)} `))).toBe(true);
  });

  it.each(['', '12345', 'open sesame'])('like "%s" is counted as a wrong one', async (typed) => {
    expect(await company.stepUp.check(guessOf('erin', typed))).toEqual(NOT_ACCEPTED);
    expect(appOfErin()?.tries).toBe(1);
  });
});

describe('the third wrong code', () => {
  it('exhausts the scope, and a right one after it is not checked', async () => {
    expect(await company.stepUp.check(guessOf('erin', wrongCode(seed, 0)))).toEqual(NOT_ACCEPTED);
    expect(await company.stepUp.check(guessOf('erin', wrongCode(seed, 1)))).toEqual(NOT_ACCEPTED);
    expect(await company.stepUp.check(guessOf('erin', wrongCode(seed, 2)))).toEqual(EXHAUSTED);
    expect(await company.stepUp.check(guessOf('erin', right()))).toEqual(EXHAUSTED);
  });

  it('exhausts the scope of a person without an authenticator just so', async () => {
    expect(await company.stepUp.check(guessOf('nobody', '000000'))).toEqual(NOT_ACCEPTED);
    expect(await company.stepUp.check(guessOf('nobody', '000001'))).toEqual(NOT_ACCEPTED);
    expect(await company.stepUp.check(guessOf('nobody', '000002'))).toEqual(EXHAUSTED);
  });

  it('leaves other scopes alone', async () => {
    for (let nth = 0; nth < 3; nth += 1) await company.stepUp.check(guessOf('erin', wrongCode(seed, nth)));
    expect(await use(company, guessOf('erin', right(), { scopes: [voteScope('r2', 'erin')] }))).toBe(true);
  });

  it('is not reached by right codes in between', async () => {
    for (let nth = 0; nth < 6; nth += 1) {
      const at = addMs(AT, nth * STEP_MS);
      expect(await use(company, guessOf('erin', right(at), { at }))).toBe(true);
    }
    expect(company.store.scopes.get('request:r1')).toBe(0);
  });

  it('may be the right one', async () => {
    await company.stepUp.check(guessOf('erin', wrongCode(seed, 0)));
    await company.stepUp.check(guessOf('erin', wrongCode(seed, 1)));
    expect(await use(company, guessOf('erin', right()))).toBe(true);
  });
});

describe('an authenticator', () => {
  it('is locked for five minutes by the fifth wrong code, and gives a right one the same answer', async () => {
    await typeWrong(5);
    await expectLockedUntil(addMs(AT, 5 * MINUTE_MS));
  });

  it('is locked for an hour by the eighth', async () => {
    await typeWrong(5);
    for (const minutes of [10, 20, 30]) await typeWrong(1, addMs(AT, minutes * MINUTE_MS));
    await expectLockedUntil(addMs(AT, 30 * MINUTE_MS + HOUR_MS));
  });

  it('is disabled by the tenth wrong code, for good', async () => {
    await typeWrong(5);
    for (let nth = 1; nth <= 5; nth += 1) await typeWrong(1, addMs(AT, nth * HOUR_MS));
    expect(appOfErin()?.tries).toBe(10);
    const later = addMs(AT, 30 * DAY_MS);
    expect(await company.stepUp.check(guessOf('erin', right(later), { at: later }))).toEqual(NOT_ACCEPTED);
  });

  it('counts from nought again after a code that was spent', async () => {
    await typeWrong(4);
    expect(await use(company, guessOf('erin', right()))).toBe(true);
    expect(appOfErin()).toMatchObject({ tries: 0, lockedUntil: null });
  });

  it('does not open when its sealed seed was changed', async () => {
    const app = appOfErin();
    if (app !== undefined) app.sealed = { ...app.sealed, sealed: flipped(app.sealed.sealed, 30) };
    await expect(company.stepUp.check(guessOf('erin', right()))).rejects.toThrow(vaultError('sealed-damaged'));
  });

  it('does not serve a person to whom it was moved in the database', async () => {
    await addPersonWithApp(company, 'dana');
    for (const app of company.store.authenticators) app.personId = app.personId === 'erin' ? 'dana' : 'erin';
    await expect(company.stepUp.check(guessOf('dana', right()))).rejects.toThrow(vaultError('sealed-damaged'));
  });
});

describe('a row that storage gives for another person', () => {
  it('does not serve the one who was asked about', async () => {
    await addPersonWithApp(company, 'dana');
    const store: AuthenticatorStore = {
      activeAuthenticator: () => company.store.activeAuthenticator('dana'),
      recoveryCodes: (personId) => company.store.recoveryCodes(personId),
      reserveGuess: (guess) => company.store.reserveGuess(guess),
      giveBack: (code) => company.store.giveBack(code),
    };
    await expect(new StepUp({ ...company, store }).check(guessOf('erin', right()))).rejects.toThrow(vaultError('sealed-damaged'));
  });
});

describe('a person', () => {
  it('has twenty wrong codes a day, however many requests', async () => {
    const day = 'day-own:erin:2026-01-05';
    company.store.scopes.set(day, 19);
    await typeWrong(1);
    expect(await company.stepUp.check(guessOf('erin', right()))).toEqual(NOT_ACCEPTED);
    const tomorrow = addMs(AT, DAY_MS);
    expect(await use(company, guessOf('erin', right(tomorrow), { at: tomorrow }))).toBe(true);
  });
});

describe('an agent who types for a caller', () => {
  const byAgent = (formId: string): { attempt: { formId: string; actorId: string } } => ({ attempt: { formId, actorId: 'agent' } });

  it("counts in the request and the agent's day, not against the caller's authenticator", async () => {
    for (let nth = 0; nth < 3; nth += 1) {
      await company.stepUp.check(guessOf('erin', wrongCode(seed, nth), byAgent(`f${nth}`)));
    }
    expect(appOfErin()?.tries).toBe(0);
    expect(Object.fromEntries(company.store.scopes)).toEqual({ 'request:r1': 3, 'day-others:agent:2026-01-05': 3 });
  });

  it("gives back the try of a right code that was not spent where it was counted, and none of the caller's own", async () => {
    await typeWrong(2);
    const verdict = await company.stepUp.check(guessOf('erin', right(), byAgent('f')));
    if (verdict.kind !== 'proof') throw new Error('not accepted');
    await company.stepUp.giveBack(verdict.spend);
    expect(appOfErin()?.tries).toBe(2);
    expect([company.store.scopes.get('request:r1'), company.store.scopes.get('day-others:agent:2026-01-05')]).toEqual([0, 0]);
  });

  it("may use the caller's right code", async () => {
    expect(await use(company, guessOf('erin', right(), byAgent('f')))).toBe(true);
  });

  it("does not get around the caller's lock", async () => {
    await typeWrong(5);
    expect(await company.stepUp.check(guessOf('erin', right(), byAgent('f')))).toEqual(NOT_ACCEPTED);
  });
});

describe('the same guess delivered again', () => {
  it('is counted once', async () => {
    const guess = guessOf('erin', wrongCode(seed));
    for (let times = 0; times < 5; times += 1) expect(await company.stepUp.check(guess)).toEqual(NOT_ACCEPTED);
    expect(appOfErin()?.tries).toBe(1);
    expect(company.store.scopes.get('request:r1')).toBe(1);
  });

  it('says again that the scope is exhausted', async () => {
    const third = guessOf('erin', wrongCode(seed, 2));
    for (const nth of [0, 1]) await company.stepUp.check(guessOf('erin', wrongCode(seed, nth)));
    expect(await company.stepUp.check(third)).toEqual(EXHAUSTED);
    expect(await company.stepUp.check(third)).toEqual(EXHAUSTED);
  });

  it('is the same proof again, which still pays only once', async () => {
    const guess = guessOf('erin', right());
    expect(await use(company, guess)).toBe(true);
    expect(await company.stepUp.check(guess)).toMatchObject({ kind: 'proof' });
    expect(await use(company, guess)).toBe(false);
  });

  it('is judged as of the first time: a code that was early does not ripen', async () => {
    const early = right(addMs(AT, 2 * STEP_MS));
    const guess = guessOf('erin', early);
    expect(await company.stepUp.check(guess)).toEqual(NOT_ACCEPTED);
    expect(await company.stepUp.check({ ...guess, at: addMs(AT, 2 * STEP_MS) })).toEqual(NOT_ACCEPTED);
  });

  it('is good for two minutes, also where the fifth try has locked meanwhile', async () => {
    await typeWrong(4);
    const fifth = guessOf('erin', right());
    expect(await company.stepUp.check(fifth)).toMatchObject({ kind: 'proof' });
    expect(await company.stepUp.check({ ...fifth, at: addMs(AT, 2 * MINUTE_MS + 1) })).toEqual(NOT_ACCEPTED);
    expect(await use(company, { ...fifth, at: addMs(AT, 2 * MINUTE_MS) })).toBe(true);
  });

  it('is a new guess when it comes from someone else, or with another code or form', async () => {
    const guess = guessOf('erin', wrongCode(seed, 0));
    await company.stepUp.check(guess);
    await company.stepUp.check({ ...guess, attempt: { ...guess.attempt, actorId: 'agent' } });
    await company.stepUp.check({ ...guess, code: wrongCode(seed, 1) });
    expect(company.store.scopes.get('request:r1')).toBe(3);
  });

  it('is not checked later if it was not checked at first', async () => {
    await typeWrong(5);
    const locked = addMs(AT, 5 * MINUTE_MS - 1);
    const free = addMs(AT, 5 * MINUTE_MS);
    const guess = guessOf('erin', wrongCode(seed, 0, free), { at: locked });
    await company.stepUp.check(guess);
    await company.stepUp.check({ ...guess, at: free });
    expect(appOfErin()?.tries).toBe(6);
  });
});

describe('a recovery code', () => {
  it('works once, however it is typed', async () => {
    const [code = ''] = await addRecoveryCodes(company, 'erin');
    const guess = guessOf('erin', code.toLowerCase().replaceAll(' ', '-'));
    expect(await company.stepUp.check(guess)).toMatchObject({
      kind: 'proof',
      spend: { kind: 'recovery', personId: 'erin', authenticatorId: 'app of erin' },
    });
    expect(await use(company, guess)).toBe(true);
    expect(await company.stepUp.check(guessOf('erin', code))).toEqual(NOT_ACCEPTED);
  });

  it('works once when two check it at the same moment', async () => {
    const [code = ''] = await addRecoveryCodes(company, 'erin');
    const outcomes = await Promise.all([use(company, guessOf('erin', code)), use(company, guessOf('erin', code))]);
    expect(outcomes.sort()).toEqual([false, true]);
  });

  it('is the same proof again when it is delivered again, which pays only once', async () => {
    const [code = ''] = await addRecoveryCodes(company, 'erin');
    const guess = guessOf('erin', code);
    expect(await use(company, guess)).toBe(true);
    expect(await company.stepUp.check(guess)).toMatchObject({ kind: 'proof' });
    expect(await use(company, guess)).toBe(false);
  });

  it("is no one else's, and counted when it is wrong", async () => {
    const [code = ''] = await addRecoveryCodes(company, 'erin');
    await addPersonWithApp(company, 'dana');
    await addRecoveryCodes(company, 'dana');
    expect(await company.stepUp.check(guessOf('dana', code))).toEqual(NOT_ACCEPTED);
    expect(company.store.scopes.get('request:r1')).toBe(1);
  });

  it('is not checked while the authenticator is locked, and not for a person without one', async () => {
    const [code = ''] = await addRecoveryCodes(company, 'erin');
    const [other = ''] = await addRecoveryCodes(company, 'nobody');
    await typeWrong(5);
    expect(await company.stepUp.check(guessOf('erin', code))).toEqual(NOT_ACCEPTED);
    expect(await company.stepUp.check(guessOf('nobody', other))).toEqual(NOT_ACCEPTED);
  });
});

describe('what storage sees', () => {
  it('is a digest of the code, bound to person, form and actor, and never the code', async () => {
    const seen: GuessToReserve[] = [];
    const store: AuthenticatorStore = {
      activeAuthenticator: () => Promise.resolve(null),
      recoveryCodes: () => Promise.resolve([]),
      giveBack: () => Promise.resolve(),
      reserveGuess: (guess) => {
        seen.push(guess);
        return Promise.resolve({ kind: 'not-checked', scopeTries: [0, 0] });
      },
    };
    const stepUp = new StepUp({ ...company, store });
    const guess = guessOf('erin', '123456');
    await stepUp.check(guess);
    await stepUp.check({ ...guess, personId: 'dana' });
    await stepUp.check({ ...guess, attempt: { ...guess.attempt, formId: 'other' } });
    await stepUp.check({ ...guess, attempt: { ...guess.attempt, actorId: 'agent' } });
    await stepUp.check({ ...guess, code: '123 456' });
    const digests = seen.map(({ attempt }) => Buffer.from(attempt.codeMac).toString('hex'));
    expect(new Set(digests).size).toBe(4);
    expect(digests[4]).toBe(digests[0]);
    expect(JSON.stringify(seen)).not.toContain('123456');
  });
});
