// New secrets for cards that are there: the old one is gone, the holder stays, and nothing happens under an open request.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isRefused } from '../../src/lib/refusal.js';
import { cardMac, toSealedCard } from '../../src/store/rows.js';
import { approvedRequest } from '../flows/steps.js';
import { KEYS } from '../support/world.js';
import { type CardsWorld, fileOf, openCardsWorld, orderFor, randomKey, type WatchedOrder } from './cards-world.js';

let cards: CardsWorld;
beforeAll(async () => {
  cards = await openCardsWorld();
  await bring('P-1,Key,yubikey-3des,emma@example.com,,31415926,,,', 'K-1,Card,gids,liam@example.com,' + randomKey() + ',,,,');
});
afterAll(() => cards.world.close());

async function bring(...rows: readonly string[]): Promise<void> {
  const outcome = await cards.imports.import({ ...orderFor(fileOf(...rows)), waitsFor: null, expected: null });
  if (isRefused(outcome) || outcome.problems > 0) throw new Error(JSON.stringify(outcome));
}

async function replace(...rows: readonly string[]): Promise<WatchedOrder> {
  const order = orderFor(fileOf(...rows));
  const outcome = await cards.replacements.replace({ ...order, proofs: [], expected: null });
  if (isRefused(outcome)) throw new Error(outcome.refused);
  return order;
}

function rowOf(serial: string) {
  return cards.world.parts.database.card.findUniqueOrThrow({ where: { serial } });
}

/** As a request leaves a card behind. */
async function setState(serial: string, state: string, refusedResponses: number): Promise<void> {
  const row = await rowOf(serial);
  const { rowMac, database } = cards.world.parts;
  await database.card.update({ where: { serial }, data: { state, refusedResponses, mac: cardMac({ ...row, state, refusedResponses }, rowMac) } });
}

async function secretOf(serial: string): Promise<string> {
  const sealed = toSealedCard(await rowOf(serial));
  if (sealed === null) throw new Error(`${serial} has no secret`);
  return await cards.world.parts.vault.withCardKey(sealed, (secret) => Buffer.from(secret).toString('hex'));
}

describe('a card whose PUK was shown', () => {
  it('is active again with a new PUK, and its refused responses are forgotten', async () => {
    await setState('P-1', 'puk-shown', 2);
    const { problems } = await replace('P-1,,yubikey-3des,,,27182818,,,');
    expect(problems).toEqual([]);
    expect(await rowOf('P-1')).toMatchObject({ state: 'active', refusedResponses: 0, keyVersion: 2, holderId: 'emma', label: 'Key' });
    expect(Buffer.from(await secretOf('P-1'), 'hex').toString()).toBe('27182818');
  });

  it('does not take the PUK that it had', async () => {
    await setState('P-1', 'puk-shown', 0);
    const { problems } = await replace('P-1,,yubikey-3des,,,27182818,,,');
    expect(problems).toEqual([{ line: 2, serial: 'P-1', problem: 'It is the secret that the card had before: set a new one on the card first.' }]);
    expect(await rowOf('P-1')).toMatchObject({ state: 'puk-shown', keyVersion: 2 });
  });
});

describe('a card with a new key', () => {
  it('has one entry in the audit of its own, and one for the file', async () => {
    const key = randomKey();
    await replace(`K-1,,gids,LIAM@example.com,${key},,,,`);
    expect((await secretOf('K-1')).toUpperCase()).toBe(key);
    const rows = await cards.world.parts.database.auditEntry.findMany({ orderBy: { id: 'desc' }, take: 2 });
    const { id } = await rowOf('K-1');
    expect(rows.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      expect.objectContaining({ kind: 'cards-renewed', facts: { cards: 1, administrators: [] } }),
      expect.objectContaining({ kind: 'card-renewed', cardId: id, facts: { version: 2, state: 'active' } }),
    ]);
  });

  it('stays frozen when it was', async () => {
    await setState('K-1', 'frozen', 3);
    await replace(`K-1,,gids,,${randomKey()},,,,`);
    expect(await rowOf('K-1')).toMatchObject({ state: 'frozen', refusedResponses: 0, keyVersion: 3 });
  });

  it('is never another card at the same time: a response would open both', async () => {
    const { problems } = await replace(`K-1,,gids,,${KEYS.emma},,,,`);
    expect(problems).toEqual([expect.objectContaining({ problem: expect.stringContaining('Card K-1 has the same key as card CARD-EMMA') })]);
  });
});

describe('nothing is replaced', () => {
  it.each([
    ['where the card is not there', `NEW-1,,gids,,${randomKey()},,,,`, 'There is no card with this serial'],
    ['where the card has another holder', `K-1,,gids,emma@example.com,${randomKey()},,,,`, 'The card belongs to liam@example.com'],
    ['where the card has another profile', `K-1,,piv-3des,,${randomKey()},,,,`, 'The card is registered with profile gids'],
    ['where the row has no secret', 'K-1,,tpm-virtual-random,,,,,,', 'The card is registered with profile gids'],
  ])('%s', async (_, row, problem) => {
    const before = await rowOf('P-1');
    const { problems } = await replace('P-1,,yubikey-3des,,,16180339,,,', row);
    expect(problems).toEqual([{ line: 3, serial: row.split(',')[0], problem: expect.stringContaining(problem) }]);
    expect(await rowOf('P-1')).toEqual(before);
  });

  it('where a request for the card is open', async () => {
    await approvedRequest(cards.world, 'dana');
    const row = `CARD-DANA,,gids,,${randomKey()},,,,`;
    expect((await replace(row)).problems).toEqual([expect.objectContaining({ problem: 'A request for the card is open: wait until it ends, or cancel it.' })]);
    const order = orderFor(fileOf(row));
    expect(await cards.replacements.check(order)).toMatchObject({ problems: 1 });
  });

  it('where only one of two administrators is one', async () => {
    const before = await rowOf('P-1');
    const proofs = [await cards.prove('ada'), await cards.prove('sam')];
    const order = orderFor(fileOf('P-1,,yubikey-3des,,,16180339,,,'));
    expect(await cards.replacements.replace({ ...order, proofs, expected: null })).toEqual({ refused: 'not-administrator' });
    expect(await rowOf('P-1')).toEqual(before);
    const both = [await cards.prove('ada'), await cards.prove('bo')];
    expect(await cards.replacements.replace({ ...orderFor(fileOf('P-1,,yubikey-3des,,,16180339,,,')), proofs: both, expected: null })).toMatchObject({ cards: 1, problems: 0 });
  });
});
