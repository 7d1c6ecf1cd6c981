// A colleague vouches for somebody who sets up an authenticator, and two of them for somebody whose authenticator is lost.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import type { Reply } from '../../src/chat/event.js';
import type { Form } from '../../src/chat/message.js';
import { DAY_MS, MINUTE_MS } from '../../src/lib/clock.js';
import { newId } from '../../src/lib/ids.js';
import { currentCode, newSeed, seedFromBase32, TOTP_ALGORITHM } from '../../src/stepup/totp.js';
import { personMac, toPerson } from '../../src/store/rows.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { actionsOf, auditOf, errorAt, freshCode, later, no, openRequest, request, sentenceIn, settle, textOf } from './steps.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Nobody gave anybody a voucher, and everybody shows a new code. */
beforeEach(async () => {
  await later(world, 25 * 60 * MINUTE_MS);
});

async function vouch(giver: string, person: string, code?: string): Promise<Reply> {
  const form = formIn(await world.press(giver, 'vouch'));
  return await world.submit(giver, form, { person: `${person}@example.com`, code: code ?? (await freshCode(world, giver)) });
}

async function voucher(giver: string, person: string): Promise<string> {
  const shown = formIn(await vouch(giver, person)).blocks.find((block) => block.kind === 'code');
  if (shown?.kind !== 'code') throw new Error('no voucher was shown');
  return shown.groups;
}

/** The dialog with the new seed, or what came instead. */
async function begin(person: string, code: string): Promise<Reply> {
  return await world.submit(person, formIn(await world.press(person, 'my-authenticator')), { invitation: code });
}

function seedIn(form: Form): Uint8Array {
  const shown = form.blocks.find((block) => block.kind === 'code');
  if (shown?.kind !== 'code') throw new Error('no seed was shown');
  return seedFromBase32(shown.copy);
}

async function finish(person: string, form: Form, oldCode?: string): Promise<Reply> {
  const newCode = currentCode(seedIn(form), world.clock.now());
  return await world.submit(person, form, { newCode, ...(oldCode === undefined ? {} : { code: oldCode }) });
}

/** Takes a person's authenticator away, as after "this was not me". */
async function withoutAuthenticator(person: string): Promise<void> {
  await world.parts.database.authenticator.deleteMany({ where: { personId: person } });
}

async function change(id: string, to: { active?: boolean; managerId?: string | null; groups?: string[] }): Promise<void> {
  const { database, rowMac } = world.parts;
  const person = toPerson(await database.person.findUniqueOrThrow({ where: { id } }), rowMac);
  await database.person.update({ where: { id }, data: { ...to, mac: personMac({ ...person, ...to }, rowMac) } });
}

/** An authenticator of half a year ago whose codes the test knows. */
async function enrolAnew(person: string): Promise<void> {
  const { authenticators, vault, clock } = world.parts;
  const seed = newSeed();
  await withoutAuthenticator(person);
  const id = newId();
  const sealed = await vault.sealSeed({ authenticatorId: id, personId: person, algorithm: TOTP_ALGORITHM }, seed);
  await authenticators.addSample({ id, personId: person, algorithm: TOTP_ALGORITHM, sealed, createdAt: new Date(clock().getTime() - 180 * DAY_MS) }, clock());
  world.seeds.set(person, seed);
}

function active(person: string): Promise<unknown> {
  return world.parts.authenticators.activeAuthenticator(person);
}

async function audited(kind: string): Promise<readonly Record<string, unknown>[]> {
  const rows = await world.parts.database.auditEntry.findMany({ orderBy: { id: 'asc' } });
  return rows.map(({ body }) => JSON.parse(body) as Record<string, unknown>).filter((entry) => entry.kind === kind);
}

describe('a voucher', () => {
  it.each([
    ['the manager', 'dana', 'emma', true],
    ['the helpdesk', 'sam', 'emma', true],
    ['a colleague', 'liam', 'emma', false],
    ['the person themselves', 'sam', 'sam', false],
    ['their own manager', 'dana', 'dana', false],
  ])('is given by %s (%s for %s: %s)', async (_who, giver, person, given) => {
    const reply = await vouch(giver, person);
    if (given) expect(formIn(reply).blocks.map(({ kind }) => kind)).toContain('code');
    else expect(errorAt(reply, 'person')).toBe(no('may-not-vouch'));
  });

  it('costs a code of its giver, and no recovery code does', async () => {
    const code = await freshCode(world, 'dana');
    expect(formIn(await vouch('dana', 'emma', code)).title).toBe(ENGLISH.vouching.title);
    expect(errorAt(await vouch('dana', 'liam', code), 'code')).toBe(no('code-not-accepted'));
    expect(errorAt(await vouch('dana', 'liam', '0123-4567-89AB-CDEF'), 'code')).toBe(no('code-not-accepted'));
  });

  it('is shown once: the same form again says so, and makes no other', async () => {
    const form = formIn(await world.press('dana', 'vouch'));
    const inputs = { person: 'emma@example.com', code: await freshCode(world, 'dana') };
    expect(formIn(await world.submit('dana', form, inputs)).name).toBe('notice');
    expect(sentenceIn(await world.submit('dana', form, inputs))).toBe(no('voucher-given'));
  });

  it('has fifty random bits, is emptied when its ten minutes are over, and is kept nowhere', async () => {
    const form = formIn(await vouch('dana', 'emma'));
    const shown = form.blocks.find((block) => block.kind === 'code');
    const code = shown?.kind === 'code' ? shown.copy : '';
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/);
    expect(form.emptyAt).toBe(new Date(world.clock.now().getTime() + 10 * MINUTE_MS).toISOString());
    const kept = JSON.stringify([await world.parts.database.invitation.findMany(), await audited('enrolment-vouched')]);
    expect(kept).not.toContain(code);
  });

  it('tells the person and their manager, and is in the audit with who gave it as what', async () => {
    await voucher('sam', 'emma');
    await settle(world);
    for (const place of ['person:emma', 'person:dana']) {
      const about = { person: 'Emma Novak', card: '', mine: place === 'person:emma' };
      expect(world.platform.at(place).map(textOf)).toContain(ENGLISH.event.vouched(about).text);
    }
    expect((await audited('enrolment-vouched')).at(-1)).toMatchObject({ actor: 'sam', personId: 'emma', facts: { as: 'helpdesk', factor: 'totp' } });
  });

  it('is given twenty times a day by one person, and six times for one', async () => {
    for (let nth = 0; nth < 6; nth += 1) await voucher('dana', 'emma');
    expect(sentenceIn(await vouch('sam', 'emma'))).toBe(no('too-many-vouchers'));
    await voucher('sam', 'liam');
  });

  it('is offered to managers and the helpdesk', async () => {
    const offers = await Promise.all(['dana', 'sam', 'emma'].map(async (id) => {
      const reply = await world.say(id, 'hello');
      return reply.kind === 'message' && actionsOf(reply.message).includes('vouch');
    }));
    expect(offers).toEqual([true, true, false]);
  });
});

describe('somebody without an authenticator', () => {
  beforeEach(() => withoutAuthenticator('emma'));

  it('sets one up with a voucher, and the person and their manager are told', async () => {
    const form = formIn(await begin('emma', await voucher('dana', 'emma')));
    expect(form.fields.map(({ id }) => id)).toEqual(['newCode']);
    expect(formIn(await finish('emma', form)).blocks.map(({ kind }) => kind)).toContain('keep');
    expect(await active('emma')).not.toBeNull();
    expect((await audited('enrolled')).at(-1)).toMatchObject({ personId: 'emma', facts: { vouchedBy: ['dana'] } });
    await settle(world);
    expect(world.platform.at('person:dana').map(textOf)).toContain(ENGLISH.event.enrolled({ person: 'Emma Novak', card: '', mine: false }).text);
  });

  it("uses nobody else's voucher, and one once, for ten minutes", async () => {
    const code = await voucher('dana', 'emma');
    expect(errorAt(await begin('liam', code), 'invitation')).toBe(no('invitation-not-accepted'));
    expect(formIn(await begin('emma', code)).name).toBe('enroll-prove');
    expect(errorAt(await begin('emma', code), 'invitation')).toBe(no('invitation-not-accepted'));
    const late = await voucher('dana', 'emma');
    await later(world, 10 * MINUTE_MS);
    expect(errorAt(await begin('emma', late), 'invitation')).toBe(no('invitation-not-accepted'));
  });

  it.each<[string, { personId?: string; issuedBy?: string | null; expiresAt?: Date }]>([
    ['whose it is', { personId: 'emma' }],
    ['who gave it', { issuedBy: 'sam' }],
    ['that somebody gave it', { issuedBy: null }],
    ['how long it is good', { expiresAt: new Date('2050-01-01') }],
  ])('begins nothing with a voucher of which somebody changed %s in the database', async (_what, changed) => {
    const code = await voucher('dana', changed.personId === undefined ? 'emma' : 'liam');
    await world.parts.database.invitation.updateMany({ where: { usedAt: null }, data: changed });
    expect(sentenceIn(await begin('emma', code))).toContain('Something went wrong');
    expect(await active('emma')).toBeNull();
    await world.parts.database.invitation.deleteMany();
  });

  it('begins once with a voucher that two replicas see at the same moment', async () => {
    const code = await voucher('dana', 'emma');
    const other = await openWorld({ beside: world });
    try {
      const start = { invitation: code, personId: 'emma', at: world.clock.now() };
      const all = await Promise.all([world, other, world, other].map((one) => one.parts.enrolment.begin(start)));
      expect(all.filter((one) => !('refused' in one))).toHaveLength(1);
    } finally {
      await other.close();
    }
  });
});

describe('whoever vouched and', () => {
  afterEach(() => change('dana', { active: true }));
  afterEach(() => change('emma', { managerId: 'dana' }));

  it('left before it was used, vouched for nothing', async () => {
    await withoutAuthenticator('emma');
    const code = await voucher('dana', 'emma');
    await change('dana', { active: false });
    expect(errorAt(await begin('emma', code), 'invitation')).toBe(no('invitation-not-accepted'));
  });

  it('is not the manager any more when the set-up ends, vouched for nothing', async () => {
    await withoutAuthenticator('emma');
    const form = formIn(await begin('emma', await voucher('dana', 'emma')));
    await change('emma', { managerId: null });
    expect(errorAt(await finish('emma', form), 'newCode')).toBe(no('code-not-accepted'));
    expect(await active('emma')).toBeNull();
  });
});

describe('somebody whose authenticator is lost', () => {
  it.each([
    ['the manager and the helpdesk', 'dana', 'priya', true],
    ['the helpdesk and the manager', 'priya', 'dana', true],
    ['two of the helpdesk', 'sam', 'priya', true],
    ['one person twice', 'sam', 'sam', false],
    ['the manager twice', 'dana', 'dana', false],
  ])('replaces it where %s vouch (%s, %s: %s)', async (_who, first, second, replaces) => {
    const before = await world.parts.authenticators.activeAuthenticator('liam');
    const form = formIn(await begin('liam', await voucher(first, 'liam')));
    expect(form.fields.map(({ id }) => id)).toEqual(['newCode', 'code']);
    const reply = await finish('liam', form, await voucher(second, 'liam'));
    const after = await world.parts.authenticators.activeAuthenticator('liam');
    if (replaces) {
      expect(formIn(reply).blocks.map(({ kind }) => kind)).toContain('keep');
      expect(after?.id).not.toBe(before?.id);
      expect((await audited('authenticator-replaced')).at(-1)).toMatchObject({ facts: { vouchedBy: [first, second] } });
    } else {
      expect(errorAt(reply, 'newCode')).toBe(no('code-not-accepted'));
      expect(after?.id).toBe(before?.id);
    }
  });

  it.each(['voucher', 'recovery code'])('has every request end that was proved with it, when a %s replaces it', async (what) => {
    await change('emma', { managerId: 'dana' });
    await enrolAnew('emma');
    const made = await world.parts.enrolment.renewRecoveryCodes({ personId: 'emma', code: await freshCode(world, 'emma'), attempt: { formId: what, actorId: 'emma' }, at: world.clock.now() });
    const [recovery = ''] = 'recoveryCodes' in made ? made.recoveryCodes : [];
    const id = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    const form = formIn(await begin('emma', await voucher('dana', 'emma')));
    await finish('emma', form, what === 'voucher' ? await voucher('sam', 'emma') : recovery);
    expect(await request(world, id)).toMatchObject({ state: 'denied', by: null, why: 'authenticator-replaced' });
    expect((await auditOf(world, id)).at(-1)).toMatchObject({ kind: 'denied', facts: { why: 'authenticator-replaced' } });
    await settle(world);
    expect(textOf(world.platform.latest('person:dana'))).not.toBe('');
    expect(world.platform.at('channel:helpdesk').flatMap(actionsOf)).toEqual([]);
  });

  it('does not replace it with one voucher alone', async () => {
    const code = await voucher('sam', 'liam');
    const form = formIn(await begin('liam', code));
    expect(errorAt(await finish('liam', form, code), 'newCode')).toBe(no('code-not-accepted'));
  });

  it('may have both vouchers before the first is used', async () => {
    const [first, second] = [await voucher('dana', 'liam'), await voucher('sam', 'liam')];
    expect(formIn(await finish('liam', formIn(await begin('liam', first)), second)).blocks.map(({ kind }) => kind)).toContain('keep');
  });
});
