// An authenticator that was set up today opens nothing without the helpdesk; a rule may ask for both codes.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../src/lib/clock.js';
import { newToken } from '../../src/lib/ids.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { approve, ask, auditOf, cancelOpen, errorAt, freshCode, later, no, openRequest, sentenceIn, stateOf } from './steps.js';

describe('an authenticator that was set up an hour ago', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    const { database, authenticators } = world.parts;
    const old = await database.authenticator.findFirstOrThrow({ where: { personId: 'emma' } });
    await database.authenticator.delete({ where: { id: old.id } });
    const createdAt = new Date(world.clock.now().getTime() - HOUR_MS);
    const sealed = { kekId: old.kekId, wrappedKey: old.wrappedKey, sealed: old.sealedSeed };
    await authenticators.addSample({ id: old.id, personId: 'emma', algorithm: old.algorithm, sealed, createdAt }, world.clock.now());
  });
  afterAll(() => world.close());

  it('opens a request that the manager alone cannot approve, and the helpdesk can', async () => {
    const id = await openRequest(world, 'emma');
    expect((await auditOf(world, id))[0]?.facts).toMatchObject({ guards: ['new-authenticator'] });
    expect(sentenceIn(await world.press('dana', 'approve', id))).toBe(no('not-your-decision'));
    await approve(world, 'sam', id);
    expect(await stateOf(world, id)).toBe('approved');
    await cancelOpen(world, 'emma');
  });

  it('opens one that the manager can approve a day after it was set up', async () => {
    await later(world, 23 * HOUR_MS);
    const id = await openRequest(world, 'emma');
    await approve(world, 'dana', id);
    expect(await stateOf(world, id)).toBe('approved');
  });
});

describe('a rule that asks for both codes', () => {
  let world: World;
  let codes: readonly string[];
  beforeAll(async () => {
    world = await openWorld({ policyText: 'version: 1\nrules: [{ name: all, approvals: [{ from: [manager] }], stepUp: code-and-recovery-code }]\n' });
    const form = formIn(await world.press('emma', 'my-recovery-codes'));
    const made = await world.parts.enrolment.renewRecoveryCodes({ personId: 'emma', code: world.code('emma'), attempt: { formId: form.formId, actorId: 'emma' }, at: world.clock.now() });
    codes = 'recoveryCodes' in made ? made.recoveryCodes : [];
  });
  afterAll(() => world.close());

  it('takes neither alone, and opens nothing then', async () => {
    expect(errorAt(await ask(world, 'emma', { code: await freshCode(world, 'emma') }), 'code')).toBe(no('recovery-code-needed'));
    expect(errorAt(await ask(world, 'emma', { code: codes[0] ?? '' }), 'code')).toBe(no('recovery-code-needed'));
    expect(await world.parts.database.request.count()).toBe(0);
    expect(await world.parts.enrolment.recoveryCodesLeft('emma')).toBe(10);
  });

  it('takes both in one field, and spends both', async () => {
    const code = await freshCode(world, 'emma');
    const id = await openRequest(world, 'emma', { code: `${code} ${codes[0] ?? ''}` });
    expect((await auditOf(world, id)).find(({ kind }) => kind === 'identity-proved')?.facts).toMatchObject({ factor: 'code-and-recovery-code' });
    expect(await world.parts.enrolment.recoveryCodesLeft('emma')).toBe(9);
    await cancelOpen(world, 'emma');
    expect(errorAt(await ask(world, 'emma', { code: `${code} ${codes[1] ?? ''}` }), 'code')).toBe(no('code-not-accepted'));
    expect(await world.parts.enrolment.recoveryCodesLeft('emma')).toBe(9);
  });

  it.each(['the code', 'the recovery code'])('spends neither when %s was spent by another step', async (which) => {
    const code = await freshCode(world, 'emma');
    const guess = (typed: string) => ({ personId: 'emma', code: typed, scopes: [], attempt: { formId: newToken(), actorId: 'emma' }, at: world.clock.now() });
    const both = await world.parts.stepUp.check(guess(`${code} ${codes[2] ?? ''}`));
    const [first, other] = which === 'the code' ? [code, codes[2] ?? ''] : [codes[2] ?? '', code];
    const alone = await world.parts.stepUp.check(guess(first));
    if (both.kind !== 'proof' || alone.kind !== 'proof') throw new Error('the codes are right');
    await world.parts.authenticators.burn(alone.spend, world.clock.now());
    await world.parts.authenticators.burn(both.spend, world.clock.now());
    expect(await world.parts.stepUp.check(guess(other))).toMatchObject({ kind: 'proof' });
  });
});
