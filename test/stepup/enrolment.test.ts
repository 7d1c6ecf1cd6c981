// From an invitation to an authenticator that works.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { addMs, MINUTE_MS } from '../../src/lib/clock.js';
import { isRefused } from '../../src/lib/refusal.js';
import { Enrolment, type EnrolmentProof, type PendingEnrolment } from '../../src/stepup/enrolment.js';
import { currentCode, seedFromBase32 } from '../../src/stepup/totp.js';
import type { AuthenticatorFacts } from '../../src/vault/binding.js';
import { holdKeks } from '../../src/vault/kek.js';
import { KeyVault } from '../../src/vault/key-vault.js';
import type { Sealed } from '../../src/vault/seal.js';
import { flipped, newKek, vaultError } from '../vault/support.js';
import {
  addPersonWithApp,
  addRecoveryCodes,
  AT,
  type Company,
  guessOf,
  ISSUER,
  NOT_ACCEPTED,
  openCompany,
  STEP_MS,
  use,
  wrongCode,
} from './support.js';

const NO_INVITATION = { refused: 'invitation-not-accepted' };
const NOT_THE_CODE = { refused: 'code-not-accepted' };
const EXPIRED = { refused: 'enrolment-expired' };

let company: Company;

beforeEach(async () => {
  company = await openCompany();
  await company.store.addPerson('erin', 'erin@example.com');
});

async function begin(personId = 'erin', at = AT): Promise<PendingEnrolment> {
  const begun = await company.enrolment.begin({ invitation: await company.enrolment.invite(personId, at), at });
  if (isRefused(begun)) throw new Error(begun.refused);
  return begun;
}

let forms = 0;

function proofOf(begun: PendingEnrolment, newCode: string, changes: Partial<EnrolmentProof> = {}): EnrolmentProof {
  forms += 1;
  const attempt = { formId: `proof ${forms}`, actorId: begun.personId };
  return { authenticatorId: begun.authenticatorId, newCode, attempt, at: AT, ...changes };
}

/** The seed as an app has it, from what was shown. */
function seedOf({ seedBase32 }: { seedBase32: string }): Uint8Array {
  return seedFromBase32(seedBase32);
}

describe('an invitation', () => {
  it('is two groups of five characters, of which only a digest is stored', async () => {
    const invitation = await company.enrolment.invite('erin', AT);
    expect(invitation).toMatch(/^[0-9A-HJKMNP-TV-Z]{5} [0-9A-HJKMNP-TV-Z]{5}$/);
    const [row] = company.store.invitations;
    expect(row?.digest).toHaveLength(32);
    expect(JSON.stringify(row)).not.toContain(invitation.slice(0, 5));
  });

  it('works once', async () => {
    const invitation = await company.enrolment.invite('erin', AT);
    expect(await company.enrolment.begin({ invitation, at: AT })).toMatchObject({ personId: 'erin', needsOldCode: false });
    expect(await company.enrolment.begin({ invitation, at: AT })).toEqual(NO_INVITATION);
  });

  it('works once when two use it at the same moment', async () => {
    const invitation = await company.enrolment.invite('erin', AT);
    const both = await Promise.all([company.enrolment.begin({ invitation, at: AT }), company.enrolment.begin({ invitation, at: AT })]);
    expect(both.filter(isRefused)).toEqual([NO_INVITATION]);
  });

  it('works however it is typed', async () => {
    const invitation = await company.enrolment.invite('erin', AT);
    const typed = invitation.toLowerCase().replace(' ', ' - ').replaceAll('0', 'o').replaceAll('1', 'l');
    expect(await company.enrolment.begin({ invitation: typed, at: AT })).toMatchObject({ personId: 'erin' });
  });

  it('ends after ten minutes', async () => {
    const invitation = await company.enrolment.invite('erin', AT);
    expect(await company.enrolment.begin({ invitation, at: addMs(AT, 10 * MINUTE_MS) })).toEqual(NO_INVITATION);
    const last = addMs(AT, 10 * MINUTE_MS - 1);
    expect(await company.enrolment.begin({ invitation, at: last })).toMatchObject({ personId: 'erin' });
  });

  it('ends when a newer one is made', async () => {
    const older = await company.enrolment.invite('erin', AT);
    await company.enrolment.invite('erin', AT);
    expect(await company.enrolment.begin({ invitation: older, at: AT })).toEqual(NO_INVITATION);
  });

  it('is refused when it is a guess', async () => {
    await company.enrolment.invite('erin', AT);
    expect(await company.enrolment.begin({ invitation: '00000 00000', at: AT })).toEqual(NO_INVITATION);
  });

  it("is not used up by someone else's account", async () => {
    const invitation = await company.enrolment.invite('erin', AT);
    expect(await company.enrolment.begin({ invitation, personId: 'dana', at: AT })).toEqual(NO_INVITATION);
    expect(await company.enrolment.begin({ invitation, personId: 'erin', at: AT })).toMatchObject({ personId: 'erin' });
  });
});

describe('a pending authenticator', () => {
  it('shows its seed in groups, in one piece and as an address for the app', async () => {
    const begun = await begin();
    expect(begun.seedBase32).toMatch(/^[A-Z2-7]{32}$/);
    expect(begun.seedGroups.replaceAll(' ', '')).toBe(begun.seedBase32);
    const address = new URL(begun.provisioningUri);
    expect(address.searchParams.get('secret')).toBe(begun.seedBase32);
    expect(address.searchParams.get('issuer')).toBe(ISSUER);
    expect(decodeURIComponent(address.pathname)).toBe(`/${ISSUER}:erin@example.com`);
  });

  it('accepts no code for a request', async () => {
    const begun = await begin();
    expect(await company.stepUp.check(guessOf('erin', currentCode(seedOf(begun), AT)))).toEqual(NOT_ACCEPTED);
  });

  it('becomes active by a code of its own, and gives ten recovery codes', async () => {
    const begun = await begin();
    const proved = await company.enrolment.prove(proofOf(begun, currentCode(seedOf(begun), AT)));
    if (isRefused(proved)) throw new Error(proved.refused);
    expect(proved.recoveryCodes).toHaveLength(10);
    expect(await use(company, guessOf('erin', proved.recoveryCodes[9] ?? ''))).toBe(true);
  });

  it('burns the code that proved it', async () => {
    const begun = await begin();
    const code = currentCode(seedOf(begun), AT);
    await company.enrolment.prove(proofOf(begun, code));
    expect(await company.stepUp.check(guessOf('erin', code))).toEqual(NOT_ACCEPTED);
    const next = addMs(AT, STEP_MS);
    expect(await use(company, guessOf('erin', currentCode(seedOf(begun), next), { at: next }))).toBe(true);
  });

  it('is proved by no wrong code, no recovery code and no words', async () => {
    const begun = await begin();
    const [recovery = ''] = await addRecoveryCodes(company, 'erin');
    for (const code of [wrongCode(seedOf(begun)), recovery, 'open sesame']) {
      expect(await company.enrolment.prove(proofOf(begun, code))).toEqual(NOT_THE_CODE);
    }
  });

  it('is over after five wrong codes, even for a right one', async () => {
    const begun = await begin();
    const seed = seedOf(begun);
    for (let nth = 0; nth < 5; nth += 1) {
      expect(await company.enrolment.prove(proofOf(begun, wrongCode(seed, nth)))).toEqual(NOT_THE_CODE);
    }
    expect(await company.enrolment.prove(proofOf(begun, currentCode(seed, AT)))).toEqual(EXPIRED);
  });

  it('counts a wrong code that is delivered again once', async () => {
    const begun = await begin();
    const wrong = proofOf(begun, wrongCode(seedOf(begun)));
    for (let times = 0; times < 8; times += 1) expect(await company.enrolment.prove(wrong)).toEqual(NOT_THE_CODE);
    expect(await company.enrolment.prove(proofOf(begun, currentCode(seedOf(begun), AT)))).toHaveProperty('recoveryCodes');
  });

  it('is not proved by a code that was early, when it is delivered again later', async () => {
    const begun = await begin();
    const later = addMs(AT, 2 * STEP_MS);
    const early = proofOf(begun, currentCode(seedOf(begun), later));
    expect(await company.enrolment.prove(early)).toEqual(NOT_THE_CODE);
    expect(await company.enrolment.prove({ ...early, at: later })).toEqual(NOT_THE_CODE);
  });

  it('leaves no seed in memory but the one that is shown', async () => {
    const seen: Uint8Array[] = [];
    class WatchedVault extends KeyVault {
      override sealSeed(app: AuthenticatorFacts, seed: Uint8Array): Promise<Sealed> {
        seen.push(seed);
        return super.sealSeed(app, seed);
      }
    }
    const vault = new WatchedVault(holdKeks(await newKek()));
    const enrolment = new Enrolment({ ...company, authenticators: company.store, vault, issuer: ISSUER });
    await enrolment.begin({ invitation: await enrolment.invite('erin', AT), at: AT });
    expect(seen).toEqual([new Uint8Array(20)]);
  });

  it('is over after ten minutes', async () => {
    const begun = await begin();
    const [last, late] = [addMs(AT, 10 * MINUTE_MS - 1), addMs(AT, 10 * MINUTE_MS)];
    expect(await company.enrolment.prove(proofOf(begun, currentCode(seedOf(begun), late), { at: late }))).toEqual(EXPIRED);
    const inTime = proofOf(begun, currentCode(seedOf(begun), last), { at: last });
    expect(await company.enrolment.prove(inTime)).toHaveProperty('recoveryCodes');
  });

  it('is over when the person begins anew', async () => {
    const [first] = [await begin(), await begin()];
    expect(await company.enrolment.prove(proofOf(first, currentCode(seedOf(first), AT)))).toEqual(EXPIRED);
  });

  it("is not proved from someone else's account", async () => {
    const begun = await begin();
    const code = currentCode(seedOf(begun), AT);
    expect(await company.enrolment.prove(proofOf(begun, code, { personId: 'dana' }))).toEqual(EXPIRED);
    expect(await company.enrolment.prove(proofOf(begun, code, { personId: 'erin' }))).toHaveProperty('recoveryCodes');
  });

  it('says to its own person that it works already, where the same form comes again, and to nobody else', async () => {
    const begun = await begin();
    const proof = proofOf(begun, currentCode(seedOf(begun), AT), { personId: 'erin' });
    expect(await company.enrolment.prove(proof)).toHaveProperty('recoveryCodes');
    expect(await company.enrolment.prove(proof)).toEqual({ refused: 'already-set-up' });
    expect(await company.enrolment.prove({ ...proof, personId: 'dana' })).toEqual(EXPIRED);
  });

  it('is proved once', async () => {
    const begun = await begin();
    const [one, other] = [0, STEP_MS].map((ms) => proofOf(begun, currentCode(seedOf(begun), addMs(AT, ms))));
    if (one === undefined || other === undefined) throw new Error('two proofs are needed');
    const both = await Promise.all([company.enrolment.prove(one), company.enrolment.prove(other)]);
    expect(both.filter(isRefused)).toEqual([NOT_THE_CODE]);
    expect(await company.enrolment.prove(other)).toEqual(EXPIRED);
  });

  it('does not open when its sealed seed was changed', async () => {
    const begun = await begin();
    const [row] = company.store.authenticators;
    if (row !== undefined) row.sealed = { ...row.sealed, wrappedKey: flipped(row.sealed.wrappedKey, 40) };
    await expect(company.enrolment.prove(proofOf(begun, '123456'))).rejects.toThrow(vaultError('sealed-damaged'));
  });
});

describe('a second authenticator', () => {
  let old: Uint8Array;

  beforeEach(async () => {
    old = await addPersonWithApp(company, 'erin');
  });

  it("needs the first one's code, and replaces it", async () => {
    const begun = await begin();
    expect(begun.needsOldCode).toBe(true);
    const newCode = currentCode(seedOf(begun), AT);
    const proof = proofOf(begun, newCode, { oldCode: currentCode(old, AT) });
    expect(await company.enrolment.prove(proof)).toHaveProperty('recoveryCodes');
    const next = addMs(AT, STEP_MS);
    expect(await company.stepUp.check(guessOf('erin', currentCode(old, next), { at: next }))).toEqual(NOT_ACCEPTED);
    expect(await use(company, guessOf('erin', currentCode(seedOf(begun), next), { at: next }))).toBe(true);
  });

  it('does not replace it with a wrong old code, or none', async () => {
    const begun = await begin();
    const newCode = currentCode(seedOf(begun), AT);
    expect(await company.enrolment.prove(proofOf(begun, newCode))).toEqual(NOT_THE_CODE);
    expect(await company.enrolment.prove(proofOf(begun, newCode, { oldCode: wrongCode(old) }))).toEqual(NOT_THE_CODE);
    expect(await company.enrolment.prove(proofOf(begun, newCode, { oldCode: newCode }))).toEqual(NOT_THE_CODE);
    expect(await use(company, guessOf('erin', currentCode(old, AT)))).toBe(true);
  });

  it('does not replace it with an old code that was spent', async () => {
    const begun = await begin();
    const oldCode = currentCode(old, AT);
    expect(await use(company, guessOf('erin', oldCode))).toBe(true);
    expect(await company.enrolment.prove(proofOf(begun, currentCode(seedOf(begun), AT), { oldCode }))).toEqual(NOT_THE_CODE);
  });

  it('spends no old code while the new one is wrong', async () => {
    const begun = await begin();
    const oldCode = currentCode(old, AT);
    expect(await company.enrolment.prove(proofOf(begun, wrongCode(seedOf(begun)), { oldCode }))).toEqual(NOT_THE_CODE);
    expect(await use(company, guessOf('erin', oldCode))).toBe(true);
  });

  it('counts wrong old codes against the first one', async () => {
    const begun = await begin();
    const newCode = currentCode(seedOf(begun), AT);
    await company.enrolment.prove(proofOf(begun, newCode, { oldCode: wrongCode(old) }));
    expect(company.store.authenticators[0]?.tries).toBe(1);
  });

  it('may replace a lost one by a recovery code, and ends the other recovery codes', async () => {
    const [recovery = '', another = ''] = await addRecoveryCodes(company, 'erin');
    const begun = await begin();
    const proof = proofOf(begun, currentCode(seedOf(begun), AT), { oldCode: recovery });
    expect(await company.enrolment.prove(proof)).toHaveProperty('recoveryCodes');
    expect(await company.stepUp.check(guessOf('erin', another))).toEqual(NOT_ACCEPTED);
  });

  it('replaces a disabled one without its code', async () => {
    const [app] = company.store.authenticators;
    if (app !== undefined) app.state = 'disabled';
    const begun = await begin();
    expect(begun.needsOldCode).toBe(false);
    expect(await company.enrolment.prove(proofOf(begun, currentCode(seedOf(begun), AT)))).toHaveProperty('recoveryCodes');
    expect(app?.state).toBe('disabled');
  });
});

describe('a seed shown at the command line', () => {
  const erin = { personId: 'erin', account: 'erin@example.com', at: AT };

  it('works at once, where nobody has an authenticator yet', async () => {
    const shown = await company.enrolment.enrolWithShownSeed(erin);
    if (isRefused(shown)) throw new Error(shown.refused);
    expect(new URL(shown.provisioningUri).searchParams.get('secret')).toBe(shown.seedBase32);
    expect(await use(company, guessOf('erin', currentCode(seedOf(shown), AT)))).toBe(true);
  });

  it.each(['erin', 'dana'])('is refused once %s has one', async (personId) => {
    await addPersonWithApp(company, personId);
    expect(await company.enrolment.enrolWithShownSeed(erin)).toEqual({ refused: 'already-enrolled' });
  });
});
