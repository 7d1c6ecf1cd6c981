// A small company with step-up: people, their authenticator apps, and what their codes are at a moment.
import { addMs, SECOND_MS } from '../../src/lib/clock.js';
import { Enrolment } from '../../src/stepup/enrolment.js';
import { newRecoveryCodes } from '../../src/stepup/recovery.js';
import { type CodeVerdict, type Guess, StepUp } from '../../src/stepup/step-up.js';
import { requestScope } from '../../src/stepup/throttle.js';
import { currentCode, newSeed, TOTP_ALGORITHM } from '../../src/stepup/totp.js';
import { holdKeks } from '../../src/vault/kek.js';
import { KeyVault } from '../../src/vault/key-vault.js';
import { RowMac } from '../../src/vault/row-mac.js';
import { StepUpMemory } from '../support/stepup-memory.js';
import { newKek } from '../vault/support.js';

/** The first second of a step. */
export const AT = new Date('2026-01-05T09:00:00Z');
export const STEP_MS = 30 * SECOND_MS;
export const ISSUER = 'Example Ltd PIN unblock';

export interface Company {
  readonly store: StepUpMemory;
  readonly vault: KeyVault;
  readonly rowMac: RowMac;
  readonly stepUp: StepUp;
  readonly enrolment: Enrolment;
}

export async function openCompany(): Promise<Company> {
  const store = new StepUpMemory();
  const vault = new KeyVault(holdKeks(await newKek()));
  const rowMac = new RowMac(new Uint8Array(32).fill(3));
  const stepUp = new StepUp({ store, vault, rowMac });
  const enrolment = new Enrolment({ store, authenticators: store, stepUp, vault, rowMac, issuer: ISSUER });
  return { store, vault, rowMac, stepUp, enrolment };
}

/** A person with an active authenticator; the seed is what is in their app. */
export async function addPersonWithApp({ store, vault }: Company, personId: string): Promise<Uint8Array> {
  const seed = newSeed();
  const facts = { personId, algorithm: TOTP_ALGORITHM };
  const id = `app of ${personId}`;
  const sealed = await vault.sealSeed({ ...facts, authenticatorId: id }, seed);
  await store.addPerson(personId, `${personId}@example.com`);
  await store.addActive({ ...facts, id, sealed, createdAt: AT });
  return seed;
}

export async function addRecoveryCodes({ store, rowMac }: Company, personId: string): Promise<readonly string[]> {
  const { shown, rows } = await newRecoveryCodes(personId, rowMac);
  await store.addRecoveryCodes(personId, rows);
  return shown;
}

let forms = 0;

/** A guess of a person for a request of their own, in a form of its own, unless `changes` says otherwise. */
export function guessOf(personId: string, code: string, changes: Partial<Guess> = {}): Guess {
  forms += 1;
  const attempt = { formId: `form ${forms}`, actorId: personId };
  return { personId, code, scopes: [requestScope('r1')], attempt, at: AT, ...changes };
}

/** Checks, and spends what was right as the transaction of an effect would: true if it had its effect. */
export async function use({ stepUp, store }: Company, guess: Guess): Promise<boolean> {
  const verdict = await stepUp.check(guess);
  return verdict.kind === 'proof' && store.spend(verdict.spend);
}

/** A code that is wrong for this seed at this moment, in all three steps; another one for each `nth`. */
export function wrongCode(seed: Uint8Array, nth = 0, at = AT): string {
  const right = [-STEP_MS, 0, STEP_MS].map((ms) => currentCode(seed, addMs(at, ms)));
  const wrong = Array.from({ length: 40 }, (_, place) => String(100_000 + place)).filter((code) => !right.includes(code));
  return wrong[nth] ?? '';
}

export const NOT_ACCEPTED: CodeVerdict = { kind: 'not-accepted', scopeExhausted: false };
export const EXHAUSTED: CodeVerdict = { kind: 'not-accepted', scopeExhausted: true };
