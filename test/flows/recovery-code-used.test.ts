// A recovery code in the place of the authenticator's code: this request goes on, and the next one wants a new authenticator.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import { policyHash } from '../../src/approval/policy.js';
import { openDesks } from '../../src/app/desks.js';
import { readCardFile } from '../../src/card/card-file.js';
import { toHex } from '../../src/lib/bytes.js';
import { newToken } from '../../src/lib/ids.js';
import { isRefused } from '../../src/lib/refusal.js';
import { seedFromBase32 } from '../../src/stepup/totp.js';
import { openWorld, type World } from '../support/world.js';
import { policyOf } from '../unblock/support.js';
import { approve, ask, freshCode, type Holder, later, latestRequest, newChallenge, no, openRequest, openRequestOf, responseIn, reveal, sentenceIn, settle, stateOf, textOf } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function recoveryCodes(personId: string, of = world): Promise<string[]> {
  const made = await of.parts.enrolment.renewRecoveryCodes({ personId, code: await freshCode(of, personId), attempt: { formId: newToken(), actorId: personId }, at: of.clock.now() });
  if (isRefused(made)) throw new Error(made.refused);
  return [...made.recoveryCodes];
}

/** Sets up a new authenticator for the person, with a code that the old one's owner gives. */
async function replaceAuthenticator(personId: string, oldCode: string): Promise<void> {
  const at = world.clock.now();
  const invitation = await world.parts.enrolment.invite(personId, at);
  const pending = await world.parts.enrolment.begin({ invitation, personId, at });
  if (isRefused(pending)) throw new Error(pending.refused);
  world.seeds.set(personId, seedFromBase32(pending.seedBase32));
  const attempt = { formId: newToken(), actorId: personId };
  const proved = await world.parts.enrolment.prove({ authenticatorId: pending.authenticatorId, personId, newCode: world.code(personId), oldCode, attempt, at });
  if (isRefused(proved)) throw new Error(proved.refused);
}

async function endOpen(personId: Holder): Promise<void> {
  const open = await openRequestOf(world, personId);
  if (open !== null) await world.press(personId, 'cancel', open.id);
}

describe('a recovery code alone', () => {
  let codes: string[] = [];
  const next = () => codes.shift() ?? '';

  it('opens a request, which goes on to its response', async () => {
    codes = await recoveryCodes('emma');
    const id = await openRequest(world, 'emma', { code: next() });
    await approve(world, 'dana', id, await freshCode(world, 'dana'));
    expect(responseIn(await reveal(world, 'emma', id))).toMatch(/^[0-9A-F]{16}$/);
    await world.press('emma', 'it-worked', id);
    expect(await stateOf(world, id)).toBe('done');
    await settle(world);
    expect(world.platform.at('person:emma').map(textOf).join('\n')).toContain('set up a new one before your next request');
  });

  it.each([
    ['a code of the old authenticator', () => freshCode(world, 'emma')],
    ['another recovery code', () => Promise.resolve(codes[0] ?? '')],
    ['a wrong code', () => Promise.resolve('000000')],
  ])('lets no further request begin with %s, and says what to do', async (_what, code) => {
    const before = await latestRequest(world, 'emma');
    expect(sentenceIn(await ask(world, 'emma', { code: await code() }))).toBe(no('authenticator-due'));
    expect(await latestRequest(world, 'emma')).toEqual(before);
  });

  it('is not spent by a request that was refused', async () => {
    const unused = await world.parts.database.recoveryCode.count({ where: { personId: 'emma', usedAt: null } });
    expect(unused).toBe(9);
  });

  it('is over once a new authenticator is set up, with a recovery code as the old one\'s word', async () => {
    await replaceAuthenticator('emma', next());
    await later(world, 25 * 3_600_000);
    await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    await endOpen('emma');
  });

  it('marks an approver too, who votes with one', async () => {
    const [vote = ''] = await recoveryCodes('dana');
    const id = await openRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    expect((await approve(world, 'dana', id, vote)).kind).toBe('done');
    expect(sentenceIn(await ask(world, 'dana', { code: await freshCode(world, 'dana') }))).toBe(no('authenticator-due'));
  });

  it('cannot be hidden in the database', async () => {
    await world.parts.database.authenticator.updateMany({ where: { personId: 'dana' }, data: { recoveredAt: null } });
    await expect(world.parts.authenticators.activeAuthenticator('dana')).rejects.toMatchObject({ code: 'row-tampered' });
  });
});

describe('two recovery codes at the same moment, for two cards of one person', () => {
  it('open one request', async () => {
    const other = await openWorld();
    try {
      const key = toHex(randomBytes(24));
      await other.parts.cards.import(readCardFile(`serial,label,profile,holder,key,kcv\nCARD-2,Second card,gids,emma@example.com,${key},\n`, { allowDefaultKeys: false }).cards);
      const typed = await recoveryCodes('emma', other);
      const loaded = { policy: policyOf(DEFAULT_POLICY_TEXT), hash: policyHash(DEFAULT_POLICY_TEXT) };
      const { desk } = openDesks(other.parts, () => loaded);
      const cards = await desk.cardsOf('emma');
      const form = { actorId: 'emma', reason: 'PIN forgotten' };
      const sent = cards.map(({ id }, at) => desk.open({ ...form, formId: newToken(), cardId: id, challenge: newChallenge(), code: typed[at] ?? '' }));
      const opened = (await Promise.all(sent)).filter((one) => !isRefused(one) && 'request' in one && one.request.state === 'awaiting-approval');
      expect([cards.length, opened.length]).toEqual([2, 1]);
    } finally {
      await other.close();
    }
  });
});

describe('a code and a recovery code at once, where the rule wants both', () => {
  it('ask for no new authenticator', async () => {
    const policyText = DEFAULT_POLICY_TEXT.replace('approvals:', 'stepUp: code-and-recovery-code\n    approvals:');
    const other = await openWorld({ policyText });
    try {
      const [first = '', second = ''] = await recoveryCodes('emma', other);
      for (const recovery of [first, second]) {
        const code = `${await freshCode(other, 'emma')} ${recovery}`;
        expect((await ask(other, 'emma', { code, challenge: newChallenge() })).kind).toBe('done');
        await other.press('emma', 'cancel', (await latestRequest(other, 'emma')).id);
      }
    } finally {
      await other.close();
    }
  });
});
