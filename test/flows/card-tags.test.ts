// A card with a tag and a sponsor: the rule for it, whom it asks, and what they are told.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCardFile } from '../../src/card/card-file.js';
import { ENGLISH } from '../../src/chat/english.js';
import { openWorld, type World } from '../support/world.js';
import { approve, ask, latestRequest, no, sentenceIn, stateOf, textOf } from './steps.js';

const POLICY = `version: 1
rules:
  - name: privileged
    when: { cardTags: [privileged] }
    approvals: [{ from: [card-sponsor] }]
  - name: all
    approvals: [{ from: [manager, helpdesk] }]
`;
const KEY = '8A98F110D3497B022100B774DF0EF99B53EF4B8E3B918604';

let world: World;
let id: string;
beforeAll(async () => {
  world = await openWorld({ policyText: POLICY });
  const { cards, problems } = readCardFile(`serial,label,profile,holder,key,tags,sponsor\nCARD-EVE,Vault,gids,eve@example.com,${KEY},Privileged; vault,dana@example.com\n`, { allowDefaultKeys: false });
  expect([...problems, ...(await world.parts.cards.import(cards))]).toEqual([]);
});
afterAll(() => world.close());

describe('a privileged card', () => {
  it('is listed with its tags and its sponsor', async () => {
    const card = (await world.parts.cards.all()).find(({ serial }) => serial === 'CARD-EVE');
    expect(card).toMatchObject({ tags: ['privileged', 'vault'], sponsorEmail: 'dana@example.com' });
  });

  it('is asked for of its sponsor alone, who is told what kind of card it is', async () => {
    await ask(world, 'eve');
    ({ id } = await latestRequest(world, 'eve'));
    await world.beat();
    const asked = textOf(world.platform.latest('person:dana'));
    expect(asked).toContain(ENGLISH.role.cardSponsor);
    expect(asked).toContain(ENGLISH.say.privileged);
    expect(textOf(world.platform.latest('person:eve'))).toContain(ENGLISH.source.cardSponsor);
    expect(sentenceIn(await world.press('sam', 'approve', id))).toContain(no('not-your-decision'));
  });

  it('is approved by its sponsor', async () => {
    await approve(world, 'dana', id);
    expect(await stateOf(world, id)).toBe('approved');
  });

  it('cannot have its tags or its sponsor changed in the database unseen', async () => {
    for (const column of ['tags', 'sponsorId']) {
      await world.parts.database.$executeRawUnsafe(`UPDATE "Card" SET "${column}" = ${column === 'tags' ? "'{}'" : "'sam'"} WHERE serial = 'CARD-EVE'`);
      await expect(world.parts.cards.all()).rejects.toThrow(/was changed by something other/);
      await world.parts.database.$executeRawUnsafe(`UPDATE "Card" SET "${column}" = ${column === 'tags' ? "'{privileged,vault}'" : "'dana'"} WHERE serial = 'CARD-EVE'`);
    }
    expect(await world.parts.cards.all()).toHaveLength(4);
  });
});
