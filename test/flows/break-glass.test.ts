// Sealed codes: two named people approve what nobody else can, everybody hears of it, and the lead acknowledges the report.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import { parsePolicy } from '../../src/approval/policy-file.js';
import { policyHash } from '../../src/approval/policy.js';
import { openDesks } from '../../src/app/desks.js';
import { ENGLISH } from '../../src/chat/english.js';
import type { Reply } from '../../src/chat/event.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/clock.js';
import { newId } from '../../src/lib/ids.js';
import { isRefused } from '../../src/lib/refusal.js';
import { CODES_EACH } from '../../src/stepup/sealed-codes.js';
import { SEALED_TRIES, sealedScope } from '../../src/stepup/throttle.js';
import { cardMac, personMac, toPerson } from '../../src/store/rows.js';
import { addAdministrators, enrolAnew, printSheets } from '../support/sealed.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { ask, auditKinds, auditOf, cancelOpen, challengeBehind, deny, errorAt, forgedForm, freshCode, hasResponse, type Holder, later, newChallenge, no, openRequest, request, responseIn, reveal, sentenceIn, settle, stateOf, textOf } from './steps.js';

let world: World;
let sheets: ReadonlyMap<string, readonly string[]>;
/** So many codes of each sheet may be used by now. */
let taken = 0;
beforeAll(async () => {
  world = await openWorld();
  await addAdministrators(world.parts);
  await printAnew();
});
afterAll(() => world.close());

/** Everybody shows a new code, nobody asked for anything lately, and liam and eve have codes that are not used. */
beforeEach(async () => {
  await world.parts.database.breakGlassUse.deleteMany();
  await later(world, 25 * HOUR_MS);
  if (taken >= CODES_EACH - 1) await printAnew();
});

async function printAnew(): Promise<void> {
  sheets = await printSheets(world.parts, ['liam', 'eve']);
  for (const admin of ['ada', 'bo']) world.seeds.set(admin, await enrolAnew(world.parts, admin));
  taken = 0;
}
afterEach(async () => {
  world.platform.down = false;
  for (const holder of ['emma', 'liam'] as const) await cancelOpen(world, holder);
});

function sealed(personId: string, at = taken): string {
  const code = sheets.get(personId)?.[at];
  if (code === undefined) throw new Error(`${personId} has no such code`);
  return code;
}

async function use(personId: string, requestId: string, codes: Readonly<Record<string, string>>): Promise<Reply> {
  const form = formIn(await world.press(personId, 'sealed-codes'));
  return await world.submit(personId, form, { request: requestId, reason: 'The directory is down', ...codes });
}

const both = () => ({ code: sealed('eve'), otherCode: sealed('liam') });

/** The same, after which both are used. */
async function approveSealed(requestId: string): Promise<void> {
  const reply = await use('eve', requestId, both());
  if (reply.kind !== 'done') throw new Error(`not approved: ${sentenceIn(reply)}`);
  taken += 1;
}

/** As on the server: no chat has a part in it. */
function atTheServer() {
  const parsed = parsePolicy(DEFAULT_POLICY_TEXT);
  if (!('policy' in parsed)) throw new Error('the built-in policy does not parse');
  const loaded = { policy: parsed.policy, hash: policyHash(DEFAULT_POLICY_TEXT) };
  return openDesks(world.parts, () => loaded);
}

async function openAtTheServer(holder: Holder, codes: readonly string[], more: { readonly challenge?: string; readonly code?: string } = {}) {
  const desks = atTheServer();
  const [card] = await desks.desk.cardsOf(holder);
  if (card === undefined) throw new Error(`${holder} has no card`);
  const { challenge = newChallenge(), code = await freshCode(world, holder) } = more;
  return await desks.glass.open({ formId: newId(), requesterId: holder, card, challenge, code, codes, reason: 'Slack is down', place: 'cli' });
}

async function usedCodes(): Promise<number> {
  return await world.parts.database.breakGlassCode.count({ where: { usedAt: { not: null } } });
}

const toldTo = (address: string, kind: 'break-glass-used' | 'break-glass-report') =>
  world.platform.at(address).filter(({ title }) => title === ENGLISH.event[kind]({ person: '', card: '', mine: false }).title).length;

describe('sealed codes of two named people', () => {
  it('approve a request that waits, in the chat of one of them', async () => {
    const challenge = newChallenge();
    const id = await openRequest(world, 'emma', { challenge });
    expect(await use('eve', id, both())).toEqual({ kind: 'done', say: ENGLISH.sealed.done });
    taken += 1;
    expect(await stateOf(world, id)).toBe('approved');
    expect(challengeBehind('emma', responseIn(await reveal(world, 'emma', id)))).toBe(challenge);
    const votes = (await auditOf(world, id)).filter(({ kind }) => kind === 'vote');
    expect(votes.map(({ facts }) => facts)).toEqual([expect.objectContaining({ as: 'break-glass', factor: 'sealed-code' }), expect.objectContaining({ as: 'break-glass' })]);
    expect(await auditKinds(world, id)).toEqual(['request-opened', 'identity-proved', 'vote', 'vote', 'approval-complete', 'break-glass-used', 'released']);
  });

  it('are told at once to security, the administrators, both named people, the employee and the manager', async () => {
    const everybody = ['channel:security', 'person:ada', 'person:bo', 'person:liam', 'person:eve', 'person:emma', 'person:dana'];
    const before = everybody.map((one) => toldTo(one, 'break-glass-used'));
    await approveSealed(await openRequest(world, 'emma'));
    await settle(world);
    expect(everybody.map((one, at) => toldTo(one, 'break-glass-used') - (before[at] ?? 0))).toEqual(everybody.map(() => 1));
    expect(textOf(world.platform.latest('channel:security'))).toMatch(/Emma Novak.*Emma's card.*(Eve Stranger, Liam Okafor|Liam Okafor, Eve Stranger).*The directory is down/);
  });

  it('work where every platform fails at every send', async () => {
    world.platform.down = true;
    const challenge = newChallenge();
    const opened = await openAtTheServer('emma', [sealed('eve'), sealed('liam')], { challenge });
    taken += 1;
    if (isRefused(opened) || 'confirm' in opened) throw new Error(JSON.stringify(opened));
    const step = { actorId: 'emma', formId: newId(), requestId: opened.request.id };
    const shown = await atTheServer().desk.reveal(step, { text: null, code: null });
    if (isRefused(shown) || 'confirm' in shown) throw new Error(JSON.stringify(shown));
    expect(challengeBehind('emma', shown.response.reveal(ENGLISH.spoken).plain)).toBe(challenge);
    await settle(world);
    const before = toldTo('channel:security', 'break-glass-used');
    world.platform.down = false;
    await later(world, 6 * MINUTE_MS);
    expect(toldTo('channel:security', 'break-glass-used')).toBe(before + 1);
  });

  it('open a request although nobody whom the policy asks is there', async () => {
    const approvers = ['dana', 'sam', 'priya'];
    for (const id of approvers) await setActive(id, false);
    try {
      expect(sentenceIn(await ask(world, 'emma'))).toContain('Nobody can approve');
      expect(await openAtTheServer('emma', [sealed('eve'), sealed('liam')])).toMatchObject({ request: { state: 'approved' } });
      taken += 1;
    } finally {
      for (const id of approvers) await setActive(id, true);
    }
  });
});

describe('sealed codes are refused', () => {
  it('for a request of one of the named people', async () => {
    const before = await usedCodes();
    const id = await openRequest(world, 'liam');
    expect(sentenceIn(await use('eve', id, both()))).toBe(no('sealed-own-request'));
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    expect(await usedCodes()).toBe(before);
    expect(sentenceIn(await world.press('liam', 'sealed-codes'))).toBe(ENGLISH.sealed.nothingWaits);
  });

  it('where both are out of one envelope', async () => {
    const before = await usedCodes();
    const id = await openRequest(world, 'emma');
    for (const other of [taken, taken + 1]) {
      expect(errorAt(await use('eve', id, { code: sealed('eve'), otherCode: sealed('eve', other) }), 'otherCode')).toBe(no('sealed-one-person'));
    }
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    expect(await usedCodes()).toBe(before);
  });

  it('the second time, and both stay as they are where one of them is wrong', async () => {
    const first = await openRequest(world, 'emma');
    const used = both();
    await approveSealed(first);
    const before = await usedCodes();
    await cancelOpen(world, 'emma');
    const second = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    expect(errorAt(await use('eve', second, { ...used, code: sealed('eve') }), 'code')).toBe(no('sealed-not-accepted'));
    expect(await usedCodes()).toBe(before);
    await approveSealed(second);
  });

  it('from anybody whom none were printed for, whatever they know', async () => {
    const before = await usedCodes();
    const id = await openRequest(world, 'emma');
    expect(sentenceIn(await world.press('sam', 'sealed-codes'))).toBe(no('not-your-decision'));
    const form = forgedForm('sealed-codes', '');
    expect(sentenceIn(await world.submit('sam', form, { request: id, reason: 'in a hurry', ...both() }))).toBe(no('not-your-decision'));
    expect(await usedCodes()).toBe(before);
  });

  it('once the request was denied', async () => {
    const before = await usedCodes();
    const denied = await openRequest(world, 'emma');
    const form = formIn(await world.press('eve', 'sealed-codes'));
    await deny(world, 'dana', denied);
    expect(sentenceIn(await world.submit('eve', form, { request: denied, reason: 'in a hurry', ...both() }))).toBe(no('request-closed'));
    expect(await usedCodes()).toBe(before);
  });

  it('of a sheet that another one took the place of', async () => {
    const id = await openRequest(world, 'emma');
    const old = both();
    await printAnew();
    expect(errorAt(await use('eve', id, old), 'code')).toBe(no('sealed-not-accepted'));
    await approveSealed(id);
  });

  it('without a reason, which is asked for at its field', async () => {
    const id = await openRequest(world, 'emma');
    expect(errorAt(await use('eve', id, { ...both(), reason: ' ' }), 'reason')).toBe(no('no-reason'));
  });

  it('after twenty wrong ones in a day, the right ones too', async () => {
    const id = await openRequest(world, 'emma');
    const wrong = { code: sealed('eve'), otherCode: 'AAAA AAAA AAAA AAAA' };
    expect(errorAt(await use('eve', id, wrong), 'code')).toBe(no('sealed-not-accepted'));
    const { key } = sealedScope(world.clock.now());
    expect((await world.parts.database.guessScope.findUniqueOrThrow({ where: { key } })).tries).toBe(1);
    await world.parts.database.guessScope.update({ where: { key }, data: { tries: SEALED_TRIES } });
    expect(errorAt(await use('eve', id, both()), 'code')).toBe(no('sealed-not-accepted'));
    const refused = await world.parts.database.auditEntry.count({ where: { body: { contains: '"purpose":"sealed"' } } });
    expect(refused).toBeGreaterThanOrEqual(2);
  });
});

describe('after sealed codes', () => {
  it('Deny of whoever was asked still ends the request, until the response was shown', async () => {
    const id = await openRequest(world, 'emma');
    await approveSealed(id);
    await settle(world);
    const copyOf = (personId: string) => world.platform.at(`person:${personId}`).find(({ buttons }) => buttons.some(({ target }) => target === id));
    expect(copyOf('dana')?.buttons.map(({ action }) => action)).toEqual(['deny']);
    expect(copyOf('eve')?.buttons.map(({ action }) => action)).toEqual(['revoke']);
    expect(await deny(world, 'dana', id, 'not today')).toMatchObject({ kind: 'done' });
    expect(await request(world, id)).toMatchObject({ state: 'denied', by: 'dana' });
  });

  it('"This was not me" freezes the card, and nothing is shown', async () => {
    const id = await openRequest(world, 'emma');
    await approveSealed(id);
    const show = formIn(await world.press('emma', 'show-response', id));
    await world.submit('emma', formIn(await world.press('emma', 'not-me', id)), {});
    expect(hasResponse(await world.submit('emma', show, {}))).toBe(false);
    expect(await stateOf(world, id)).toBe('cancelled');
    await thaw('emma');
  });

  it('nobody else has to agree any more, and an approval changes nothing', async () => {
    const id = await openRequest(world, 'emma');
    const form = formIn(await world.press('dana', 'approve', id));
    await approveSealed(id);
    expect(sentenceIn(await world.submit('dana', form, { code: world.code('dana') }))).toBe(no('not-now'));
    expect(await stateOf(world, id)).toBe('approved');
  });
});

async function thaw(holder: Holder): Promise<void> {
  const { database, rowMac } = world.parts;
  const card = await database.card.findFirstOrThrow({ where: { holderId: holder } });
  await database.card.update({ where: { id: card.id }, data: { state: 'active', mac: cardMac({ ...card, state: 'active' }, rowMac) } });
  world.seeds.set(holder, await enrolAnew(world.parts, holder));
}

async function setActive(id: string, active: boolean): Promise<void> {
  const { database, rowMac } = world.parts;
  const person = { ...toPerson(await database.person.findUniqueOrThrow({ where: { id } }), rowMac), active };
  await database.person.update({ where: { id }, data: { active, mac: personMac(person, rowMac) } });
}

describe('the report', () => {
  /** Midnight of a new day, a use, and then eight in the morning. */
  async function reported(): Promise<{ readonly use: string; readonly id: string }> {
    const day = world.clock.now().getTime();
    await later(world, DAY_MS - (day % DAY_MS));
    const id = await openRequest(world, 'emma');
    await approveSealed(id);
    await settle(world);
    const before = toldTo('person:ada', 'break-glass-report');
    await later(world, 7 * HOUR_MS + 50 * MINUTE_MS);
    expect(toldTo('person:ada', 'break-glass-report')).toBe(before);
    await later(world, 11 * MINUTE_MS);
    expect(toldTo('person:ada', 'break-glass-report')).toBe(before + 1);
    const [open] = await atTheServer().breakGlass.uses({ openOnly: true, limit: 1 });
    return { use: open?.id ?? '', id };
  }

  it('comes the next morning, comes again each morning, and ends with a code of whoever acknowledges it', async () => {
    const { use: target, id } = await reported();
    const report = world.platform.latest('person:ada');
    expect(report.buttons).toEqual([{ action: 'acknowledge', label: ENGLISH.button.acknowledge, target, style: 'primary' }]);
    expect(textOf(report)).toContain('The directory is down');
    const before = toldTo('person:bo', 'break-glass-report');
    await later(world, DAY_MS);
    expect(toldTo('person:bo', 'break-glass-report')).toBe(before + 1);

    const form = formIn(await world.press('ada', 'acknowledge', target));
    expect(errorAt(await world.submit('ada', form, { code: '000000' }), 'code')).toBe(no('code-not-accepted'));
    expect(await world.submit('ada', form, { code: world.code('ada') })).toEqual({ kind: 'done', say: ENGLISH.sealed.acknowledged });
    expect(sentenceIn(await world.press('bo', 'acknowledge', target))).toBe(no('report-acknowledged'));
    await later(world, 2 * DAY_MS);
    expect(toldTo('person:bo', 'break-glass-report')).toBe(before + 1);
    expect(await auditKinds(world, id)).toEqual(expect.arrayContaining(['break-glass-reported', 'break-glass-acknowledged']));
  });

  it('takes no recovery code, which somebody may have found', async () => {
    const { use: target } = await reported();
    const attempt = { formId: newId(), actorId: 'ada' };
    const made = await world.parts.enrolment.renewRecoveryCodes({ personId: 'ada', code: world.code('ada'), attempt, at: world.clock.now() });
    if (isRefused(made)) throw new Error(made.refused);
    const form = formIn(await world.press('ada', 'acknowledge', target));
    expect(errorAt(await world.submit('ada', form, { code: made.recoveryCodes[0] ?? '' }), 'code')).toBe(no('code-not-accepted'));
  });

  it('is acknowledged by nobody whose codes or card it was, nor by a stranger to it', async () => {
    const { use: target } = await reported();
    for (const other of ['eve', 'liam', 'emma', 'sam']) {
      expect(sentenceIn(await world.press(other, 'acknowledge', target))).toBe(no('not-your-report'));
      expect(sentenceIn(await world.submit(other, forgedForm('acknowledge', target), { code: world.code(other) }))).toBe(no('not-your-report'));
    }
    expect(sentenceIn(await world.press('ada', 'acknowledge', 'nothing'))).toBe(no('no-such-report'));
  });
});
