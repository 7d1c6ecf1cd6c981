// Sealed codes in the database: used once however many try, seen where somebody changed them, issued by two.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import { policyHash } from '../../src/approval/policy.js';
import { DAY_MS, HOUR_MS } from '../../src/lib/clock.js';
import { newId } from '../../src/lib/ids.js';
import { isRefused } from '../../src/lib/refusal.js';
import { openDesks } from '../../src/app/desks.js';
import { PrismaBreakGlass } from '../../src/store/break-glass.js';
import { startWithPolicy } from '../../src/store/policies.js';
import { policyOf } from '../unblock/support.js';
import { cancelOpen, freshCode, later, latestRequest, newChallenge, openRequest, stateOf } from '../flows/steps.js';
import { addAdministrators, printSheets, proofOf } from '../support/sealed.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { change, flip } from './tampering-world.js';

let world: World;
let sheets: ReadonlyMap<string, readonly string[]>;
beforeAll(async () => {
  world = await openWorld();
  await addAdministrators(world.parts);
  sheets = await printSheets(world.parts, ['liam', 'eve']);
});
afterAll(() => world.close());

let used = -1;
beforeEach(() => {
  used += 1;
});

const policy = policyOf(DEFAULT_POLICY_TEXT);
const store = () => new PrismaBreakGlass(world.parts);
const loaded = { policy, hash: policyHash(DEFAULT_POLICY_TEXT) };
const desks = () => openDesks(world.parts, () => loaded);
const codes = (at = used): readonly string[] => ['liam', 'eve'].map((person) => sheets.get(person)?.[at % 5] ?? '');

function use(requestId: string, typed: readonly string[]) {
  const step = { actorId: 'eve', formId: newId(), requestId };
  return desks().glass.breakFor(step, { codes: typed, reason: 'the directory is down', place: 'playground' });
}

async function tamper(statement: string): Promise<void> {
  expect(await world.parts.database.$executeRawUnsafe(statement)).toBeGreaterThan(0);
}

describe('two uses of the same codes at once', () => {
  it('approve one request, and the other one waits on', async () => {
    const [one, other] = [await openRequest(world, 'emma'), await openRequest(world, 'dana')];
    const outcomes = await Promise.all([use(one, codes()), use(other, codes()), use(one, codes()), use(other, codes())]);
    expect(outcomes.filter((outcome) => !isRefused(outcome))).toHaveLength(1);
    expect([await stateOf(world, one), await stateOf(world, other)].sort()).toEqual(['approved', 'awaiting-approval']);
    expect(await world.parts.database.breakGlassUse.count()).toBe(1);
    expect(await world.parts.database.breakGlassCode.count({ where: { usedAt: { not: null } } })).toBe(2);
    await cancelOpen(world, 'emma');
    await cancelOpen(world, 'dana');
  });

  it('leave a code that is spent with its partner as it was, where the partner was spent before', async () => {
    const id = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    const [liams = '', eves = ''] = codes();
    expect(await use(id, [codes(0)[0] ?? '', eves])).toMatchObject({ refused: 'sealed-not-accepted' });
    expect(await use(id, [liams, eves])).toMatchObject({ request: { state: 'approved' } });
    await cancelOpen(world, 'emma');
  });
});

describe('the agent who asked for a caller', () => {
  it('does not read the report of sealed codes that were used for it, although the policy names them', async () => {
    const who = formIn(await world.press('sam', 'help-caller'));
    const dialog = formIn(await world.submit('sam', who, { person: 'emma@example.com' }));
    await world.submit('sam', dialog, { challenge: newChallenge(), code: await freshCode(world, 'emma'), reason: 'PIN forgotten' });
    const { id } = await latestRequest(world, 'emma');
    expect(await use(id, codes())).toMatchObject({ request: { state: 'approved', agentId: 'sam' } });
    const [made] = await store().uses({ openOnly: true, limit: 1 });
    const reading = await store().reading(made?.id ?? '', { people: 2, lead: 'sam' });
    expect(reading?.readers.map((reader) => reader.id)).toEqual(['ada', 'bo']);
    await cancelOpen(world, 'emma');
  });
});

describe('a row that somebody changed', () => {
  const ID = '00000000-0000-4000-8000-000000000000';

  it.each([
    ['the people of the set', change('BreakGlassSet', '"endedAt" IS NULL', 'people', "CASE WHEN people[1] = 'sam' THEN ARRAY['liam','eve'] ELSE ARRAY['sam','eve'] END")],
    ['its HMAC', flip('BreakGlassSet', '"endedAt" IS NULL', 'mac', 3)],
    ['whose codes are', change('BreakGlassCode', 'true', 'personId', 'reverse("personId")')],
    ['which codes are used', change('BreakGlassCode', '"usedAt" IS NULL OR "requestId" IS NULL', 'usedAt', 'CASE WHEN "usedAt" IS NULL THEN now() END')],
    ['what codes are', flip('BreakGlassCode', 'true', 'digest', 5)],
  ])('%s: is a fault, and nothing is approved', async (_, statement) => {
    const id = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    await tamper(statement);
    await expect(use(id, codes(3))).rejects.toMatchObject({ code: 'row-tampered' });
    await tamper(statement);
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    await cancelOpen(world, 'emma');
    await later(world, DAY_MS);
  });

  it.each([
    ['who used them', 'by', "CASE WHEN by[1] = 'sam' THEN ARRAY['eve','liam'] ELSE ARRAY['sam'] END"],
    ['why', 'reason', 'reverse(reason)'],
    ['that it was acknowledged', 'acknowledgedAt', 'CASE WHEN "acknowledgedAt" IS NULL THEN now() END'],
  ])('%s: no report passes over it', async (_, column, expression) => {
    await world.parts.database.$executeRaw`DELETE FROM "BreakGlassUse" WHERE id <> (SELECT id FROM "BreakGlassUse" ORDER BY at DESC LIMIT 1)`;
    const statement = change('BreakGlassUse', `id <> '${ID}'`, column, expression);
    const [before] = await store().uses({ openOnly: false, limit: 1 });
    const sorted = column === 'by' ? change('BreakGlassUse', 'true', 'by', `ARRAY[${(before?.by ?? []).map((id) => `'${id}'`).join(',')}]`) : statement;
    await tamper(statement);
    await expect(store().uses({ openOnly: false, limit: 1 })).rejects.toMatchObject({ code: 'row-tampered' });
    await tamper(sorted);
    expect(await store().uses({ openOnly: false, limit: 1 })).toEqual([before]);
  });
});

describe('sheets', () => {
  it.each([
    ['one administrator twice', ['ada', 'ada'], ['liam', 'eve'], 'same-administrator'],
    ['somebody who is no administrator', ['ada', 'sam'], ['liam', 'eve'], 'not-administrator'],
    ['two for one person', ['ada', 'bo'], ['liam', 'liam'], 'not-two-people'],
    ['two for somebody who is not there', ['ada', 'bo'], ['liam', 'nobody'], 'not-two-people'],
  ])('are not printed by %s, and those before stay', async (_, by, people, refused) => {
    const before = await store().inForce();
    const proofs = [await proofOf(world.parts, by[0] ?? ''), await proofOf(world.parts, by[1] ?? '')];
    expect(await store().issue({ id: newId(), people, rows: [] }, proofs, world.clock.now())).toEqual({ refused });
    expect(await store().inForce()).toEqual(before);
  });

  it('are ended by one administrator, and by nobody else', async () => {
    expect(await store().end(await proofOf(world.parts, 'sam'), world.clock.now())).toEqual({ refused: 'not-administrator' });
    expect(await store().inForce()).not.toBeNull();
    expect(await store().end(await proofOf(world.parts, 'ada'), world.clock.now())).toBeNull();
    expect(await store().inForce()).toBeNull();
    expect(await store().end(await proofOf(world.parts, 'ada'), world.clock.now())).toEqual({ refused: 'sealed-none' });
  });
});

describe('a policy that is not in force', () => {
  const OTHER_TEXT = `${DEFAULT_POLICY_TEXT}\nbreakGlass: { people: 1, lead: liam@example.com }\n`;
  const other = { policy: policyOf(OTHER_TEXT), hash: policyHash(OTHER_TEXT) };
  beforeAll(async () => {
    const { parts, clock } = world;
    await startWithPolicy(parts, { hash: loaded.hash, text: DEFAULT_POLICY_TEXT }, { at: clock.now(), always: true });
    sheets = await printSheets(parts, ['liam', 'eve']);
  });
  afterAll(() => world.parts.database.policyInForce.deleteMany());

  it('lets no single envelope do for a request that waits', async () => {
    const id = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    const elsewhere = openDesks(world.parts, () => other).glass;
    const step = { actorId: 'eve', formId: newId(), requestId: id };
    const typed = { codes: [sheets.get('eve')?.[0] ?? ''], reason: 'the directory is down', place: 'playground' };
    expect(await elsewhere.breakFor(step, typed)).toEqual({ refused: 'policy-not-in-force' });
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    await cancelOpen(world, 'emma');
  });

  it('says neither who is told of a use nor who acknowledges it', async () => {
    const [open] = await store().uses({ openOnly: true, limit: 1 });
    const at = new Date(world.clock.now().getTime() + 2 * DAY_MS);
    expect(open).toBeDefined();
    expect(await store().report(other, { zone: 'UTC', at })).toBe(0);
    const { personId, spend } = await proofOf(world.parts, 'ada');
    expect(await store().acknowledge({ useId: open?.id ?? '', personId, spend, loaded: other, at })).toEqual({ refused: 'policy-not-in-force' });
  });
});

describe('a report', () => {
  it('is sent once each morning, however many processes look', async () => {
    const at = new Date(world.clock.now().getTime() + 2 * DAY_MS);
    const looks = await Promise.all([1, 2, 3].map(() => store().report(loaded, { zone: 'UTC', at })));
    expect(looks.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect(await store().report(loaded, { zone: 'UTC', at: new Date(at.getTime() + HOUR_MS) })).toBe(0);
  });
});
