// Imports that a second administrator has to commit: until then nobody can use the cards.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isRefused } from '../../src/lib/refusal.js';
import type { Proof } from '../../src/store/card-import-alone.js';
import { ask } from '../flows/steps.js';
import { type CardsWorld, fileOf, manyRows, openCardsWorld, orderFor, randomKey } from './cards-world.js';

let cards: CardsWorld;
beforeAll(async () => {
  cards = await openCardsWorld();
});
afterAll(() => cards.world.close());

/** Ada brings in these rows. */
async function bringIn(...rows: readonly string[]): Promise<{ readonly id: string }> {
  const outcome = await cards.imports.import({ ...orderFor(fileOf(...rows)), waitsFor: await cards.prove('ada'), expected: null });
  if (isRefused(outcome) || outcome.id === null) throw new Error(JSON.stringify(outcome));
  return { id: outcome.id };
}

async function statesOf(prefix: string): Promise<readonly string[]> {
  const all = await cards.world.parts.cards.all();
  return all.filter(({ serial }) => serial.startsWith(prefix)).map(({ state }) => state);
}

function requestsOfEve(): Promise<number> {
  return cards.world.parts.database.request.count({ where: { requesterId: 'eve' } });
}

describe('cards that wait', () => {
  it('take no request until another administrator commits them', async () => {
    const { id } = await bringIn(`W-EVE,,gids,eve@example.com,${randomKey()},,,,`, ...manyRows(2, 'W'));
    expect(await statesOf('W-')).toEqual(['waiting', 'waiting', 'waiting']);
    await ask(cards.world, 'eve');
    expect(await requestsOfEve()).toBe(0);
    expect(await cards.waiting.all()).toEqual([{ id, cards: 3, digest: expect.any(Uint8Array), byEmail: 'ada@example.com', at: expect.any(Date) }]);
    expect(await cards.waiting.commit(id, await cards.prove('bo'))).toBe(3);
    expect(await statesOf('W-')).toEqual(['active', 'active', 'active']);
    expect(await cards.waiting.all()).toEqual([]);
    await ask(cards.world, 'eve');
    expect(await requestsOfEve()).toBe(1);
  });

  it('are told in the audit with both administrators', async () => {
    const { id } = await bringIn(...manyRows(2, 'TOLD'));
    await cards.waiting.commit(id, await cards.prove('bo'));
    const rows = await cards.world.parts.database.auditEntry.findMany({ orderBy: { id: 'desc' }, take: 2 });
    expect(rows.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      expect.objectContaining({ kind: 'cards-import-committed', actor: 'bo', personId: 'bo', facts: { cards: 2, import: id, by: 'ada' } }),
      expect.objectContaining({ kind: 'cards-import-waits', actor: 'ada', personId: 'ada', facts: expect.objectContaining({ added: 2, import: id }) }),
    ]);
  });

  it('are not committed by whoever brought them in, and the code stays good for something else', async () => {
    const { id } = await bringIn(...manyRows(1, 'OWN'));
    const proof = await cards.prove('ada');
    expect(await cards.waiting.commit(id, proof)).toEqual({ refused: 'same-administrator' });
    expect(await statesOf('OWN')).toEqual(['waiting']);
    expect(await cards.waiting.drop(id, proof)).toBe(1);
    expect(await statesOf('OWN')).toEqual([]);
  });

  it('are removed when they are dropped, and can then be imported', async () => {
    const rows = manyRows(2, 'DROP');
    const { id } = await bringIn(...rows);
    expect((await cards.imports.check(orderFor(fileOf(...rows)))).problems).toBe(2);
    expect(await cards.waiting.drop(id, await cards.prove('bo'))).toBe(2);
    expect((await cards.imports.check(orderFor(fileOf(...rows)))).problems).toBe(0);
    expect(await cards.waiting.commit(id, await cards.prove('bo'))).toEqual({ refused: 'import-decided' });
  });

  it('are committed once, however many try', async () => {
    const { id } = await bringIn(...manyRows(1, 'ONCE'));
    const proof = await cards.prove('bo');
    const outcomes = await Promise.all([cards.waiting.commit(id, proof), cards.waiting.commit(id, proof)]);
    expect(outcomes.filter((outcome) => outcome === 1)).toHaveLength(1);
    expect(outcomes).toContainEqual({ refused: 'import-decided' });
  });
});

describe('a code', () => {
  it('pays for one decision', async () => {
    const [one, two] = [await bringIn(...manyRows(1, 'PAY')), await bringIn(...manyRows(1, 'TWICE'))];
    const proof = await cards.prove('bo');
    expect(await cards.waiting.commit(one.id, proof)).toBe(1);
    expect(await cards.waiting.commit(two.id, proof)).toEqual({ refused: 'code-not-accepted' });
    expect(await statesOf('TWICE')).toEqual(['waiting']);
  });

  it.each<[string, () => Promise<Proof>]>([
    ['somebody who is no administrator', () => cards.prove('sam')],
    ["an administrator's id with somebody else's code", async () => ({ ...(await cards.prove('sam')), personId: 'bo' })],
  ])('of %s brings nothing in and commits nothing', async (_, prove) => {
    const order = orderFor(fileOf(...manyRows(1, 'NOBODY')));
    expect(await cards.imports.import({ ...order, waitsFor: await prove(), expected: null })).toEqual({ refused: 'not-administrator' });
    const { id } = await bringIn(...manyRows(1, 'STAYS'));
    expect(await cards.waiting.commit(id, await prove())).toEqual({ refused: 'not-administrator' });
    await cards.waiting.drop(id, await cards.prove('bo'));
    expect(await statesOf('NOBODY')).toEqual([]);
  });

  it('commits no import that is not there', async () => {
    const proof = await cards.prove('bo');
    expect(await cards.waiting.commit('7', proof)).toEqual({ refused: 'no-such-import' });
    expect(await cards.waiting.commit('5f0f4e0c-8a39-4b61-a7c5-6f6f0c7a9e11', proof)).toEqual({ refused: 'no-such-import' });
  });
});

describe('somebody who changes the database', () => {
  it.each([
    ['whoever brought the cards in', (id: string) => `UPDATE "CardImport" SET by = 'eve' WHERE id = '${id}'`],
    ['the number of cards', (id: string) => `UPDATE "CardImport" SET cards = cards + 1 WHERE id = '${id}'`],
    ['a waiting card', (id: string) => `UPDATE "Card" SET "holderId" = 'eve' WHERE "importId" = '${id}'`],
    ['the state of a card', (id: string) => `UPDATE "Card" SET state = 'active', "importId" = NULL WHERE "importId" = '${id}'`],
  ])('stops the commit: %s', async (_, statementFor) => {
    const { id } = await bringIn(...manyRows(1, 'TAMPER'));
    const { database } = cards.world.parts;
    expect(await database.$executeRawUnsafe(statementFor(id))).toBe(1);
    await expect(cards.waiting.commit(id, await cards.prove('bo'))).rejects.toThrow();
    await database.card.deleteMany({ where: { serial: { startsWith: 'TAMPER' } } });
    await database.cardImport.deleteMany({ where: { id } });
  });
});
