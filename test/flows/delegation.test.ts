// Dana is away, and Liam decides in her place.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { HOUR_MS } from '../../src/lib/clock.js';
import { PrismaDelegations } from '../../src/store/delegations.js';
import { openWorld, type World } from '../support/world.js';
import { approve, ask, auditOf, freshCode, latestRequest, openRequest, request, sentenceIn, settle, textOf } from './steps.js';

const ONE_MANAGER = 'version: 1\nrules:\n  - name: manager\n    approvals:\n      - from: [manager]\n        count: 1\n';

let world: World;
let delegations: PrismaDelegations;

beforeAll(async () => {
  world = await openWorld({ policyText: ONE_MANAGER });
  delegations = new PrismaDelegations(world.parts);
});
afterAll(() => world.close());

function away(personId: string, standInId: string, hours: number) {
  const from = world.clock.now().getTime();
  return delegations.give({ personId, standInId, from, until: from + hours * HOUR_MS, reason: 'holidays' }, null, world.clock.now());
}

describe('while the manager is away', () => {
  let id: string;

  it('the stand-in is asked, and told in whose place', async () => {
    await away('dana', 'liam', 8);
    id = await openRequest(world, 'emma');
    await settle(world);
    expect(world.platform.at('person:liam').map(textOf).join('\n')).toContain(ENGLISH.voting.inPlaceOf('Dana Weber'));
    expect(world.platform.at('person:dana').map(textOf).join('\n')).not.toContain(ENGLISH.say.askTitle('Emma Novak'));
    expect(world.platform.at('person:emma').map(textOf).join('\n')).toContain(ENGLISH.voting.throughStandIn('Liam Okafor', 'Dana Weber'));
  });

  it('both were told of it', () => {
    const about = { person: 'Dana Weber', card: '', other: 'Liam Okafor' };
    expect(world.platform.at('person:liam').map(textOf)).toContain(ENGLISH.event.delegated({ ...about, mine: false }).text);
    expect(world.platform.at('person:dana').map(textOf)).toContain(ENGLISH.event.delegated({ ...about, mine: true }).text);
  });

  it("the manager's own vote does not count, and the stand-in's does, with its name in the audit", async () => {
    expect(sentenceIn(await approve(world, 'dana', id))).toBe(ENGLISH.refusal['not-your-decision']({}));
    await approve(world, 'liam', id);
    expect(await request(world, id)).toMatchObject({ state: 'approved' });
    expect((await auditOf(world, id)).find(({ kind }) => kind === 'vote')).toMatchObject({ actor: 'liam', facts: { as: 'manager', inPlaceOf: 'dana' } });
  });

  it('nobody approves their own request in the place of their manager', async () => {
    await openRequest(world, 'liam');
    const own = (await latestRequest(world, 'liam')).id;
    expect((await approve(world, 'liam', own)).kind).not.toBe('done');
    expect((await approve(world, 'dana', own)).kind).toBe('done');
    expect(await request(world, own)).toMatchObject({ state: 'approved' });
  });
});

describe('a row that somebody changed in the database', () => {
  it('decides nothing', async () => {
    await world.parts.database.delegation.update({ where: { personId: 'dana' }, data: { standInId: 'eve' } });
    expect(sentenceIn(await ask(world, 'emma', { code: await freshCode(world, 'emma') }))).toContain('Something went wrong');
    await world.parts.database.delegation.deleteMany();
  });
});

describe('the end', () => {
  it('gives the say back at once, and once', async () => {
    await away('dana', 'liam', 8);
    expect(await delegations.end('dana', 'dana', world.clock.now())).toBe(true);
    expect(await delegations.end('dana', 'dana', world.clock.now())).toBe(false);
    expect(await delegations.of('dana', world.clock.now())).toBeNull();
    expect(await delegations.all(world.clock.now())).toEqual([]);
  });
});
