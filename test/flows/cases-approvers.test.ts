// Who approves where the usual person cannot: peers, a sponsor, a pair of the helpdesk, two teams; and where nobody may.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCardFile } from '../../src/card/card-file.js';
import { ENGLISH } from '../../src/chat/english.js';
import { HOUR_MS } from '../../src/lib/clock.js';
import { PrismaDelegations } from '../../src/store/delegations.js';
import { openWorld, type World } from '../support/world.js';
import { approve, ask, cancelOpen, freshCode, latestRequest, newChallenge, no, openRequest, reimport, sentenceIn, settle, stateOf, textOf } from './steps.js';

// The world's clock begins on a Monday.
const POLICY = `version: 1
rotas:
  - { name: weekend, timeZone: UTC, weekly: [{ person: sam, days: [sunday], from: '08:00', to: '20:00' }] }
rules:
  - name: the watch
    when: { groups: [watch] }
    approvals: [{ from: ['on-call:weekend'] }]
  - name: the board among themselves
    when: { groups: [board] }
    approvals: [{ from: ['group:board'], count: 2 }]
  - name: privileged
    when: { cardTags: [privileged] }
    approvals: [{ from: ['group:security', 'group:it'], count: 2, distinctGroups: true }]
  - name: contractors
    when: { groups: [contractors] }
    approvals: [{ from: [manager, card-sponsor] }]
  - name: externals
    when: { groups: [externals] }
    approvals: [{ from: [helpdesk], count: 2 }]
  - name: sales
    when: { groups: [sales] }
    approvals: [{ from: [manager-of-manager] }]
  - name: all
    approvals: [{ from: [manager, helpdesk] }]
`;
const KEYS = ['8A98F110D3497B022100B774DF0EF99B53EF4B8E3B918604', 'D5C1A7F2903B8E64410FCC927BD8135A6E24F7B09C83ED15'];
const NOT_YOURS = no('not-your-decision');

let world: World;
beforeAll(async () => {
  world = await openWorld({ policyText: POLICY });
  const cards = `serial,label,profile,holder,key,tags,sponsor
CARD-EVE,Visitor,gids,eve@example.com,${KEYS[0] ?? ''},,emma@example.com
CARD-SAM,Vault,gids,sam@example.com,${KEYS[1] ?? ''},privileged,
`;
  const file = readCardFile(cards, { allowDefaultKeys: false });
  expect([...file.problems, ...(await world.parts.cards.import(file.cards))]).toEqual([]);
});
afterAll(() => world.close());

/** Opens a request of somebody whose card came with the file above. Returns its id. */
async function askedBy(personId: string): Promise<string> {
  expect(await ask(world, personId, { code: await freshCode(world, personId) })).toMatchObject({ kind: 'done' });
  await settle(world);
  return (await latestRequest(world, personId)).id;
}

describe('the head of the organisation, who has no manager', () => {
  it('is approved for by two of their peers, and not by one', async () => {
    await reimport(world, ['dana,Dana Weber,dana@example.com,,board,,', 'liam,Liam Okafor,liam@example.com,,board,,', 'priya,Priya Raman,priya@example.com,,board,,']);
    const id = await openRequest(world, 'dana');
    await settle(world);
    expect(textOf(world.platform.latest('person:liam'))).toContain(ENGLISH.role.group('board'));
    expect(sentenceIn(await world.press('dana', 'approve', id))).toBe(NOT_YOURS);
    await approve(world, 'liam', id);
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    await approve(world, 'priya', id);
    expect(await stateOf(world, id)).toBe('approved');
    await cancelOpen(world, 'dana');
  });
});

describe('a contractor without a manager', () => {
  it('is approved for by the sponsor of the card', async () => {
    await reimport(world, ['eve,Eve Stranger,eve@example.com,,contractors,,']);
    const id = await askedBy('eve');
    expect(textOf(world.platform.latest('person:emma'))).toContain(ENGLISH.role.cardSponsor);
    expect(sentenceIn(await world.press('sam', 'approve', id))).toBe(NOT_YOURS);
    await approve(world, 'emma', id);
    expect(await stateOf(world, id)).toBe('approved');
  });

  it('and without a sponsor is approved for by two at the helpdesk, and not by one', async () => {
    await reimport(world, ['liam,Liam Okafor,liam@example.com,,externals,,', 'priya,Priya Raman,priya@example.com,,helpdesk,,']);
    const id = await openRequest(world, 'liam', { code: await freshCode(world, 'liam') });
    await approve(world, 'sam', id);
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    expect(sentenceIn(await approve(world, 'sam', id, await freshCode(world, 'sam')))).toBe(no('already-approved'));
    await approve(world, 'priya', id);
    expect(await stateOf(world, id)).toBe('approved');
    await cancelOpen(world, 'liam');
  });
});

describe('a privileged card', () => {
  it('takes two approvers of different teams: two of one team leave it waiting', async () => {
    await reimport(world, [
      'dana,Dana Weber,dana@example.com,,security,,',
      'liam,Liam Okafor,liam@example.com,,security,,',
      'priya,Priya Raman,priya@example.com,,it,,',
    ]);
    const id = await askedBy('sam');
    expect(textOf(world.platform.latest('person:dana'))).toContain(ENGLISH.say.privileged);
    await approve(world, 'dana', id, await freshCode(world, 'dana'));
    await approve(world, 'liam', id, await freshCode(world, 'liam'));
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    await approve(world, 'priya', id, await freshCode(world, 'priya'));
    expect(await stateOf(world, id)).toBe('approved');
  });
});

describe('two people who manage one another', () => {
  it('approve nothing for themselves by way of the other: the request is refused when it is opened', async () => {
    await reimport(world, ['dana,Dana Weber,dana@example.com,emma@example.com,,,', 'emma,Emma Novak,emma@example.com,dana@example.com,sales,,']);
    const reply = await ask(world, 'emma', { code: await freshCode(world, 'emma') });
    expect(sentenceIn(reply)).toBe(ENGLISH.refusal['no-approver']({ missing: 'manager-of-manager' }));
    expect(await world.parts.database.request.count({ where: { requesterId: 'emma' } })).toBe(0);
  });
});

describe('a rota that has nobody on call', () => {
  it('refuses the request when it is opened, and names it', async () => {
    await reimport(world, ['liam,Liam Okafor,liam@example.com,dana@example.com,watch,,']);
    const before = await world.parts.database.request.count({ where: { requesterId: 'liam' } });
    const reply = await ask(world, 'liam', { code: await freshCode(world, 'liam') });
    expect(sentenceIn(reply)).toBe(ENGLISH.refusal['no-approver']({ missing: 'on-call:weekend' }));
    expect(await world.parts.database.request.count({ where: { requesterId: 'liam' } })).toBe(before);
  });
});

describe('an agent who stands in for the manager', () => {
  it('does not approve what they opened for a caller: the manager decides again', async () => {
    await reimport(world, ['dana,Dana Weber,dana@example.com,,,,', 'emma,Emma Novak,emma@example.com,dana@example.com,,,', 'priya,Priya Raman,priya@example.com,,,,']);
    const now = world.clock.now();
    const away = { personId: 'dana', standInId: 'sam', from: now.getTime(), until: now.getTime() + 8 * HOUR_MS, reason: 'holidays' };
    await new PrismaDelegations(world.parts).give(away, null, now);
    const [card] = await world.service.desk.cardsOf('emma');
    const code = await freshCode(world, 'emma');
    await world.service.desk.open({ actorId: 'sam', forId: 'emma', formId: 'assist-form-of-emma', cardId: card?.id ?? '', challenge: newChallenge(), code, reason: 'PIN forgotten' });
    const { id } = await latestRequest(world, 'emma');
    expect(sentenceIn(await world.press('sam', 'approve', id))).toBe(NOT_YOURS);
    await approve(world, 'dana', id, await freshCode(world, 'dana'));
    expect(await stateOf(world, id)).toBe('approved');
  });
});
