// The breaker of the organisation: it stays open whatever the time, and two administrators release it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditDraft } from '../../src/audit/entry.js';
import { HOUR_MS } from '../../src/lib/clock.js';
import { inTransaction } from '../../src/store/database.js';
import { openTheBreaker, readBreaker, releaseBreaker } from '../../src/store/breaker.js';
import { alarmWrongCodes } from '../../src/store/refused-codes.js';
import { writeEntries } from '../../src/store/tell.js';
import { type CardsWorld, openCardsWorld } from './cards-world.js';

let cards: CardsWorld;
beforeAll(async () => {
  cards = await openCardsWorld();
});
afterAll(() => cards.world.close());

function open(why: 'hour' | 'night' = 'hour'): Promise<void> {
  const { database, rowMac, clock } = cards.world.parts;
  return inTransaction(database, (tx) => openTheBreaker(tx, why, { at: clock(), rowMac, policyHash: null }));
}

async function release(...people: readonly string[]) {
  const proofs = [];
  for (const id of people) proofs.push(await cards.prove(id));
  return releaseBreaker(cards.world.parts, proofs, cards.world.clock.now());
}

async function toldOf(kind: string): Promise<readonly string[]> {
  const rows = await cards.world.parts.database.notice.findMany({ where: { kind }, orderBy: { recipient: 'asc' } });
  return rows.map(({ recipient }) => recipient);
}

async function countOf(kind: string): Promise<number> {
  return cards.world.parts.database.auditEntry.count({ where: { body: { contains: `"kind":"${kind}"` } } });
}

const state = async () => (await readBreaker(cards.world.parts.database, cards.world.parts.rowMac))?.state ?? null;

describe('the breaker', () => {
  it('cannot be released before it was open', async () => {
    expect(await state()).toBeNull();
    expect(await release('ada', 'bo')).toEqual({ refused: 'breaker-not-open' });
  });

  it('opens once, however many steps meet the limit at once, and the helpdesk and security are told', async () => {
    await Promise.all([open(), open('night'), open()]);
    expect(await state()).toBe('open');
    expect(await toldOf('breaker-opened')).toEqual(['channel:helpdesk', 'channel:security']);
    expect(await countOf('breaker-opened')).toBe(1);
  });

  it.each([
    ['one administrator', ['ada'], 'same-administrator'],
    ['the same one twice', ['bo', 'bo'], 'same-administrator'],
    ['somebody at the helpdesk', ['bo', 'priya'], 'not-administrator'],
  ])('is not released by %s', async (_, people, refused) => {
    expect(await release(...people)).toEqual({ refused });
    expect(await state()).toBe('open');
  });

  it('is released by two administrators, and that is told and in the audit', async () => {
    expect(await release('ada', 'bo')).toBeNull();
    expect(await state()).toBe('released');
    expect(await toldOf('breaker-released')).toEqual(['channel:helpdesk', 'channel:security']);
    expect(await countOf('breaker-released')).toBe(1);
    await open('night');
    expect(await readBreaker(cards.world.parts.database, cards.world.parts.rowMac)).toMatchObject({ state: 'open', why: 'night', releasedBy: ['ada', 'bo'] });
  });

  it.each([
    ['its state', { state: 'released' }],
    ['when it was released', { releasedAt: new Date(0) }],
  ])('stops everything where the database was changed: %s', async (_, change) => {
    const { database, rowMac } = cards.world.parts;
    const before = await database.breaker.findFirstOrThrow();
    await database.breaker.updateMany({ data: change });
    await expect(readBreaker(database, rowMac)).rejects.toThrow(/was changed by something other/);
    await database.breaker.updateMany({ data: { state: before.state, releasedAt: before.releasedAt } });
  });
});

describe('many wrong codes', () => {
  const look = (limit: number) => alarmWrongCodes(cards.world.parts, { limit, at: cards.world.clock.now() });

  it('are told to security once an hour', async () => {
    const { database, rowMac, clock } = cards.world.parts;
    await writeEntries(database, ['sam', 'emma', 'emma'].map((id) => auditDraft('code-refused', id)), { at: clock(), rowMac });
    expect(await look(4)).toBe(0);
    expect(await Promise.all([look(3), look(3)])).toContain(1);
    expect(await look(3)).toBe(0);
    expect(await toldOf('many-wrong-codes')).toEqual(['channel:security']);
  });

  it('count for an hour', async () => {
    cards.world.clock.forward(HOUR_MS + 1);
    expect(await look(1)).toBe(0);
  });
});
