// The policy in force: put there by the first start, changed by two administrators, and asked at each opening.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyPolicy, policyInForce, startWithPolicy } from '../../src/store/policies.js';
import { ask, freshCode, no, openRequest, sentenceIn } from '../flows/steps.js';
import { type CardsWorld, openCardsWorld } from './cards-world.js';

const FIRST = { hash: 'first', text: 'the first' };
const SECOND = { hash: 'second', text: 'the second' };

let cards: CardsWorld;
beforeAll(async () => {
  cards = await openCardsWorld();
});
afterAll(() => cards.world.close());

function start(policy: typeof FIRST, always = false): Promise<string | null> {
  return startWithPolicy(cards.world.parts, policy, { at: cards.world.clock.now(), always });
}

async function apply(policy: typeof FIRST, ...people: readonly string[]) {
  const proofs = [];
  for (const id of people) proofs.push(await cards.prove(id));
  const outcome = await applyPolicy(cards.world.parts, policy, { proofs, at: cards.world.clock.now() });
  // As the command does: a code that paid for nothing is no wrong one.
  if (outcome !== null) for (const { spend } of proofs) await cards.world.parts.stepUp.giveBack(spend);
  return outcome;
}

async function lastEntries(count: number): Promise<readonly unknown[]> {
  const rows = await cards.world.parts.database.auditEntry.findMany({ orderBy: { id: 'desc' }, take: count });
  return rows.map(({ body }) => JSON.parse(body) as unknown);
}

describe('the very first start', () => {
  it('puts its policy in force, and a later one with another file does not', async () => {
    expect(await start(FIRST)).toBe('first');
    expect(await start(SECOND)).toBe('first');
    expect(await policyInForce(cards.world.parts)).toMatchObject({ hash: 'first', by: [] });
  });

  it('keeps the text of both, and says so in the audit', async () => {
    const texts = await cards.world.parts.database.policyText.findMany({ orderBy: { hash: 'asc' } });
    expect(texts.map(({ text }) => text)).toEqual(['the first', 'the second']);
    expect(await lastEntries(3)).toEqual([
      expect.objectContaining({ kind: 'policy-loaded', policyHash: 'second' }),
      expect.objectContaining({ kind: 'policy-applied', actor: 'system', policyHash: 'first', facts: { before: null, administrators: [] } }),
      expect.objectContaining({ kind: 'policy-loaded', policyHash: 'first' }),
    ]);
  });
});

describe('another policy', () => {
  it('comes into force by two administrators, and that is in the audit', async () => {
    expect(await apply(SECOND, 'ada', 'bo')).toBeNull();
    expect(await policyInForce(cards.world.parts)).toMatchObject({ hash: 'second', by: ['ada', 'bo'] });
    expect(await lastEntries(1)).toEqual([
      expect.objectContaining({ kind: 'policy-applied', actor: 'ada', policyHash: 'second', facts: { before: 'first', administrators: ['ada', 'bo'] } }),
    ]);
  });

  it('does not come into force twice', async () => {
    expect(await apply(SECOND, 'ada', 'bo')).toEqual({ refused: 'policy-in-force' });
  });

  it.each([
    ['one administrator', ['ada'], 'same-administrator'],
    ['the same administrator twice', ['ada', 'ada'], 'same-administrator'],
    ['somebody who is none', ['ada', 'sam'], 'not-administrator'],
  ])('is not put in force by %s', async (_, people, refused) => {
    expect(await apply(FIRST, ...people)).toEqual({ refused });
    expect((await policyInForce(cards.world.parts))?.hash).toBe('second');
  });

  it('is not put in force with a code that was spent', async () => {
    const proofs = [await cards.prove('ada'), await cards.prove('bo')];
    const how = { proofs, at: cards.world.clock.now() };
    expect(await applyPolicy(cards.world.parts, FIRST, how)).toBeNull();
    expect(await applyPolicy(cards.world.parts, SECOND, how)).toEqual({ refused: 'code-not-accepted' });
    expect((await policyInForce(cards.world.parts))?.hash).toBe('first');
  });

  it('keeps a process that goes by another one from opening requests, and nothing else', async () => {
    expect(sentenceIn(await ask(cards.world, 'emma', { code: await freshCode(cards.world, 'emma') }))).toContain(no('policy-not-in-force'));
  });

  it('is followed as soon as it is the one of this process', async () => {
    const entry = await cards.world.parts.database.policyInForce.deleteMany();
    expect(entry.count).toBe(1);
    expect(await openRequest(cards.world, 'emma', { code: await freshCode(cards.world, 'emma') })).not.toBe('');
  });
});

describe('somebody who changes the database', () => {
  it('does not choose the policy by deleting which one is in force', async () => {
    expect(await start(SECOND)).toBeNull();
    expect(await policyInForce(cards.world.parts)).toBeNull();
  });

  it('does not choose it by writing another hash', async () => {
    expect(await start(FIRST, true)).toBe('first');
    await cards.world.parts.database.policyInForce.updateMany({ data: { hash: 'second' } });
    await expect(policyInForce(cards.world.parts)).rejects.toThrow(/was changed by something other/);
    await expect(start(SECOND)).rejects.toThrow(/was changed by something other/);
    await cards.world.parts.database.policyInForce.deleteMany();
  });

  it('on a playground loses to whatever policy it starts with', async () => {
    expect(await start(SECOND, true)).toBe('second');
    expect(await start(FIRST, true)).toBe('first');
  });
});
