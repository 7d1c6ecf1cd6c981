// People with a token that has a button: their codes open, approve and are burnt as those of an app, and each works once.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hotpCode } from '../../src/stepup/hotp.js';
import { newSeed } from '../../src/stepup/totp.js';
import { importSeeds } from '../../src/store/authenticator-import.js';
import { newToken } from '../../src/lib/ids.js';
import { openWorld, type World } from '../support/world.js';
import { approve, ask, auditOf, cancelOpen, errorAt, latestRequest, no, openRequest, sentenceIn, stateOf } from './steps.js';

const HOTP = { type: 'hotp', hash: 'sha1', digits: 6 } as const;
const LONG = { type: 'hotp', hash: 'sha256', digits: 8 } as const;
const POLICY = 'version: 1\nlimits: { requestsPerPersonPerDay: 100 }\nstepUp: { coolingOffHours: 0 }\nrules: [{ name: all, approvals: [{ from: [manager] }] }]\n';
const seeds = { emma: newSeed(), dana: newSeed() };
const pressed = { emma: 0, dana: 0 };
let world: World;

beforeAll(async () => {
  world = await openWorld({ policyText: POLICY });
  const drafts = [
    { line: 1, person: 'emma', seed: seeds.emma, algorithm: HOTP, lastStep: -1n },
    { line: 2, person: 'dana@example.com', seed: seeds.dana, algorithm: LONG, lastStep: -1n },
  ];
  await world.parts.database.authenticator.deleteMany({ where: { personId: { in: ['emma', 'dana'] } } });
  expect(await importSeeds(world.parts, drafts, [])).toEqual([]);
});
afterAll(() => world.close());
beforeEach(() => cancelOpen(world, 'emma'));

/** Presses the button, and reads the code off. */
function press(who: keyof typeof seeds, times = 1): string {
  pressed[who] += times;
  return hotpCode(seeds[who], BigInt(pressed[who] - 1), who === 'emma' ? HOTP : LONG);
}

describe('a token', () => {
  it('opens a request, and another one approves it', async () => {
    const id = await openRequest(world, 'emma', { code: press('emma') });
    expect((await auditOf(world, id)).find(({ kind }) => kind === 'identity-proved')?.facts).toMatchObject({ factor: 'hotp' });
    await approve(world, 'dana', id, press('dana'));
    expect(await stateOf(world, id)).toBe('approved');
  });

  it('gives a code once', async () => {
    const code = press('emma');
    await openRequest(world, 'emma', { code });
    await cancelOpen(world, 'emma');
    expect(errorAt(await ask(world, 'emma', { code }), 'code')).toBe(no('code-not-accepted'));
  });

  it('gives a code once to two replicas that see it at the same moment', async () => {
    const other = await openWorld({ beside: world, policyText: POLICY });
    try {
      const code = press('emma');
      const guess = () => ({ personId: 'emma', code, scopes: [], attempt: { formId: newToken(), actorId: 'emma' }, at: world.clock.now() });
      const verdicts = await Promise.all([world, other, world, other].map(({ parts }) => parts.stepUp.check(guess())));
      const spends = verdicts.flatMap((verdict) => (verdict.kind === 'proof' ? [verdict.spend] : []));
      expect(spends).toHaveLength(4);
      const before = await world.parts.database.auditEntry.count();
      const burn = (spend: (typeof spends)[number], nth: number) => (nth % 2 === 0 ? world : other).parts.authenticators.burn(spend, world.clock.now());
      await Promise.all(spends.map(burn));
      expect(await world.parts.database.auditEntry.count()).toBe(before + 1);
      for (const spend of spends) await world.parts.stepUp.giveBack(spend);
    } finally {
      await other.close();
    }
  });

  it('is found again after twenty idle presses by two codes in a row', async () => {
    expect(errorAt(await ask(world, 'emma', { code: press('emma', 20) }), 'code')).toBe(no('code-not-accepted'));
    await cancelOpen(world, 'emma');
    const both = `${press('emma')} ${press('emma')}`;
    await openRequest(world, 'emma', { code: both });
    expect((await latestRequest(world, 'emma')).state).toBe('awaiting-approval');
  });

  it.each([
    ['six digits', 'emma', (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`],
    ['eight digits', 'dana', (code: string) => `my code is ${code}.`],
  ] as const)('moves its counter when its code of %s is typed into the chat', async (_what, who, written) => {
    const before = await world.parts.authenticators.activeAuthenticator(who);
    expect(sentenceIn(await world.say(who, written(press(who))))).toContain('code');
    const after = await world.parts.authenticators.activeAuthenticator(who);
    expect(after?.lastStep).toBe(BigInt(pressed[who] - 1));
    expect(after?.lastStep).toBeGreaterThan(before?.lastStep ?? 0n);
  });

  it('moves its counter when two codes in a row are', async () => {
    press('emma', 15);
    await world.say('emma', `${press('emma')} ${press('emma')}`);
    expect((await world.parts.authenticators.activeAuthenticator('emma'))?.lastStep).toBe(BigInt(pressed.emma - 1));
  });
});
