// A card that only its PUK unblocks, from the request to the next PUK, on a real database.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { isRefused } from '../../src/lib/refusal.js';
import { type CardsWorld, fileOf, openCardsWorld, orderFor } from '../store/cards-world.js';
import { formIn, type World } from '../support/world.js';
import { actionsOf, approve, auditKinds, freshCode, hasResponse, later, latestRequest, no, reimport, responseIn, sentenceIn, settle, stateOf, textOf } from './steps.js';

const [FIRST, SECOND] = ['31415926', '27182818'] as const;
let cards: CardsWorld;
let world: World;

beforeAll(async () => {
  cards = await openCardsWorld();
  world = cards.world;
  await reimport(world, ['eve,Eve Stranger,eve@example.com,dana@example.com,,,']);
  const brought = await cards.imports.import({ ...orderFor(fileOf(`P-1,Key,yubikey-3des,eve@example.com,,${FIRST},,,`)), waitsFor: null, expected: null });
  if (isRefused(brought) || brought.problems > 0) throw new Error(JSON.stringify(brought));
}, 60_000);
afterAll(() => world.close());

/** Gives the card its next PUK; returns what does not fit. */
async function renew(puk: string): Promise<readonly string[]> {
  const order = orderFor(fileOf(`P-1,,yubikey-3des,,,${puk},,,`));
  const outcome = await cards.replacements.replace({ ...order, proofs: [], expected: null });
  return isRefused(outcome) ? [outcome.refused] : order.problems.map(({ problem }) => problem);
}

async function ask() {
  const form = formIn(await world.press('eve', 'start-unblock'));
  expect(form.fields.map(({ id }) => id)).toEqual(['code', 'reason']);
  return world.submit('eve', form, { code: await freshCode(world, 'eve'), reason: 'PIN forgotten' });
}

async function approved(): Promise<string> {
  await ask();
  const { id } = await latestRequest(world, 'eve');
  await approve(world, 'dana', id, await freshCode(world, 'dana'));
  return id;
}

async function cardState(): Promise<string> {
  return (await world.parts.database.card.findUniqueOrThrow({ where: { serial: 'P-1' } })).state;
}

describe('a PUK', () => {
  let id: string;

  it('is released once, whoever sends the dialog at the same time or again', async () => {
    id = await approved();
    const dialogs = [formIn(await world.press('eve', 'show-response', id)), formIn(await world.press('eve', 'show-response', id))] as const;
    expect(dialogs[0].submit).toBe(ENGLISH.button.showPuk);
    const shown = await Promise.all([...dialogs, dialogs[0]].map((dialog) => world.submit('eve', dialog, {})));
    expect(shown.map(responseIn)).toEqual([FIRST, FIRST, FIRST]);
    const kinds = await auditKinds(world, id);
    expect(kinds.filter((kind) => kind === 'released')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'shown-again')).toHaveLength(2);
    expect(await cardState()).toBe('puk-shown');
  });

  it('that was shown is told to the helpdesk and to the administrators', async () => {
    await settle(world);
    const { title } = ENGLISH.event['puk-shown']({ person: '', card: '', mine: false });
    expect(world.platform.at('channel:helpdesk').map((message) => message.title)).toContain(title);
    expect((await world.parts.database.notice.findMany({ where: { kind: 'puk-shown' } })).map(({ recipient }) => recipient).sort()).toEqual([
      'channel:helpdesk',
      'person:ada',
      'person:bo',
    ]);
  });

  it('is not replaced while its request is open', async () => {
    expect(await renew(SECOND)).toEqual([expect.stringContaining('A request for the card is open')]);
  });

  it('is not shown after its window, nor for another request, and nobody is told to start again', async () => {
    await later(world, 6 * MINUTE_MS);
    const late = await world.press('eve', 'show-response', id);
    expect(hasResponse(late)).toBe(false);
    expect(sentenceIn(late)).toContain(ENGLISH.say.puk.over);
    await later(world, 10 * MINUTE_MS);
    expect(await stateOf(world, id)).toBe('done');
    expect(textOf(world.platform.latest('person:eve'))).toBe(ENGLISH.say.puk.unconfirmed);
    expect(sentenceIn(await ask())).toContain(no('puk-shown'));
  });

  it('of a card with a new one is the new one, and "this was not me" hides it', async () => {
    expect(await renew(SECOND)).toEqual([]);
    id = await approved();
    const dialog = formIn(await world.press('eve', 'show-response', id));
    expect(responseIn(await world.submit('eve', dialog, {}))).toBe(SECOND);
    expect(actionsOf(world.platform.latest('person:eve'))).toContain('not-me');
    await world.submit('eve', formIn(await world.press('eve', 'not-me', id)), {});
    expect([await stateOf(world, id), await cardState()]).toEqual(['cancelled', 'frozen']);
    expect(hasResponse(await world.submit('eve', dialog, {}))).toBe(false);
    expect(hasResponse(await world.press('eve', 'show-response', id))).toBe(false);
  });

  it('stands in no table and in no message', async () => {
    await settle(world);
    const { database } = world.parts;
    const tables = await database.$queryRaw<{ name: string }[]>`
      SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
    const dumps = await Promise.all(tables.map(({ name }) => database.$queryRawUnsafe<{ row: string }[]>(`SELECT to_jsonb(t)::text AS row FROM "${name}" t`)));
    const text = JSON.stringify([dumps, [...world.platform.posts.values()]]);
    expect(text.length).toBeGreaterThan(10_000);
    for (const puk of [FIRST, SECOND]) {
      expect(text.includes(puk)).toBe(false);
      expect(text.includes(Buffer.from(puk).toString('hex'))).toBe(false);
    }
  });
});
