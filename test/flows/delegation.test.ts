// Dana is away, and Liam decides in her place.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/clock.js';
import { PrismaDelegations } from '../../src/store/delegations.js';
import { deactivatePerson } from '../../src/store/people-standing.js';
import { openWorld, type World } from '../support/world.js';
import { actionsOf, approve, ask, auditOf, cancelOpen, forgedForm, freshCode, later, latestRequest, no, openRequest, request, reveal, sentenceIn, settle, stateOf, textOf } from './steps.js';

const RULES = `version: 1
limits: { challengesPerCardPerDay: 50, requestsPerPersonPerDay: 50 }
rules:
  - name: two of the desk
    when: { cardSerials: [CARD-DANA] }
    approvals: [{ from: [helpdesk], count: 2 }]
  - name: manager
    approvals: [{ from: [manager] }]
`;
const NOT_YOURS = no('not-your-decision');
const ASKED = 'Emma Novak asks to unblock a smart card';

let world: World;
let delegations: PrismaDelegations;

beforeAll(async () => {
  world = await openWorld({ policyText: RULES });
  delegations = new PrismaDelegations(world.parts);
});
afterAll(() => world.close());

function away(personId: string, standInId: string, { hours = 8, begins = 0 } = {}) {
  const from = world.clock.now().getTime() + begins;
  return delegations.give({ personId, standInId, from, until: from + hours * HOUR_MS, reason: 'holidays' }, null, world.clock.now());
}

function end(personId: string): Promise<boolean> {
  return delegations.end(personId, personId, world.clock.now());
}

async function opened(personId: 'emma' | 'liam' | 'dana' = 'emma'): Promise<string> {
  await cancelOpen(world, personId);
  const id = await openRequest(world, personId, { code: await freshCode(world, personId) });
  await settle(world);
  return id;
}

/** Votes by a dialog of their own making, with a right code. */
async function vote(personId: string, id: string): Promise<string> {
  return sentenceIn(await world.submit(personId, forgedForm('approve', id), { code: await freshCode(world, personId) }));
}

/** What the person's copy of the request says and offers; empty where they have none. */
function copyOf(personId: string, title = ASKED): { readonly text: string; readonly offers: readonly string[] } {
  const copy = world.platform.at(`person:${personId}`).findLast((message) => message.title === title);
  return copy === undefined ? { text: '', offers: [] } : { text: textOf(copy), offers: actionsOf(copy) };
}

describe('while the manager is away', () => {
  let id: string;

  it('the stand-in is asked, and told in whose place', async () => {
    await away('dana', 'liam');
    id = await opened();
    expect(copyOf('liam').text).toContain(ENGLISH.voting.inPlaceOf('Dana Weber'));
    expect(copyOf('dana').text).toBe('');
    expect(textOf(world.platform.latest('person:emma'))).toContain(ENGLISH.voting.throughStandIn('Liam Okafor', 'Dana Weber'));
  });

  it('both were told of it, with its times', () => {
    const about = { person: 'Dana Weber', card: '', other: 'Liam Okafor', from: '09:00 UTC', until: '16:59 UTC' };
    expect(world.platform.at('person:liam').map(textOf)).toContain(ENGLISH.event.delegated({ ...about, mine: false }).text);
    expect(world.platform.at('person:dana').map(textOf)).toContain(ENGLISH.event.delegated({ ...about, mine: true }).text);
  });

  it("the manager's own vote does not count, and the stand-in's does, by name in the audit and on the message", async () => {
    expect(await vote('dana', id)).toBe(NOT_YOURS);
    await approve(world, 'liam', id, await freshCode(world, 'liam'));
    expect(await stateOf(world, id)).toBe('approved');
    expect((await auditOf(world, id)).find(({ kind }) => kind === 'vote')).toMatchObject({ facts: { as: 'manager', inPlaceOf: 'dana' } });
    await settle(world);
    expect(textOf(world.platform.latest('person:emma'))).toContain(ENGLISH.say.approved(ENGLISH.voting.throughStandIn('Liam Okafor', 'Dana Weber')));
  });

  it('what the stand-in approved in time is shown, though the time is over by then', async () => {
    await later(world, MINUTE_MS);
    await end('dana');
    expect((await reveal(world, 'emma', id, { code: await freshCode(world, 'emma') })).kind).toBe('form');
    expect(await stateOf(world, id)).toBe('answered');
    await world.press('emma', 'it-worked', id);
  });
});

describe('nobody approves for themselves by way of a stand-in', () => {
  it('who asks gets no vote by standing in for their own manager, who decides that one again', async () => {
    await away('dana', 'liam');
    const own = await opened('liam');
    expect(sentenceIn(await world.press('liam', 'approve', own))).toBe(NOT_YOURS);
    expect(await vote('liam', own)).toBe(NOT_YOURS);
    await approve(world, 'dana', own, await freshCode(world, 'dana'));
    expect(await stateOf(world, own)).toBe('approved');
  });

  it('nor by a chain that comes back to them', async () => {
    await away('dana', 'sam');
    await away('sam', 'emma');
    const id = await opened();
    expect(await vote('emma', id)).toBe(NOT_YOURS);
    expect(await vote('dana', id)).toBe(NOT_YOURS);
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    await approve(world, 'sam', id, await freshCode(world, 'sam'));
    expect(await stateOf(world, id)).toBe('approved');
    await end('sam');
  });

  it('nor in a circle: each decides for the other, and neither what they ask for', async () => {
    await away('dana', 'liam');
    await away('liam', 'dana');
    const own = await opened('liam');
    expect(await vote('liam', own)).toBe(NOT_YOURS);
    await cancelOpen(world, 'liam');
    const id = await opened();
    expect(await vote('dana', id)).toBe(NOT_YOURS);
    await approve(world, 'liam', id, await freshCode(world, 'liam'));
    expect(await stateOf(world, id)).toBe('approved');
    await end('liam');
    await end('dana');
  });
});

describe('where two of the desk are asked', () => {
  it('a stand-in who is one of them counts once', async () => {
    await away('sam', 'priya');
    expect(sentenceIn(await ask(world, 'dana', { code: await freshCode(world, 'dana') }))).toContain('Nobody can approve this request');
    await end('sam');
  });

  it('a stand-in from elsewhere makes two', async () => {
    await away('sam', 'liam');
    const id = await opened('dana');
    await approve(world, 'liam', id, await freshCode(world, 'liam'));
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    expect(await vote('sam', id)).toBe(NOT_YOURS);
    await approve(world, 'priya', id, await freshCode(world, 'priya'));
    expect(await stateOf(world, id)).toBe('approved');
    await end('sam');
  });
});

describe('while a request waits', () => {
  it('a stand-in who begins is asked, and the manager is told who decides', async () => {
    const id = await opened();
    expect(copyOf('dana').offers).toContain('approve');
    await away('dana', 'liam');
    await settle(world);
    expect(copyOf('liam').offers).toContain('approve');
    expect(copyOf('dana')).toEqual({ text: expect.stringContaining(ENGLISH.voting.decidesForYou('Liam Okafor')), offers: [] });
    expect(await vote('dana', id)).toBe(NOT_YOURS);
    await end('dana');
  });

  it('one whose time comes by the clock alone is asked then', async () => {
    await away('dana', 'sam', { begins: 10 * MINUTE_MS });
    const id = await opened();
    expect(copyOf('sam').offers).toEqual([]);
    await later(world, 11 * MINUTE_MS);
    expect(copyOf('sam').offers).toContain('approve');
    await approve(world, 'sam', id, await freshCode(world, 'sam'));
    expect(await stateOf(world, id)).toBe('approved');
    await end('dana');
  });

  it('the manager who comes back is asked, and the stand-in decides no more', async () => {
    await away('dana', 'priya');
    const id = await opened();
    expect(copyOf('priya').offers).toContain('approve');
    await end('dana');
    await settle(world);
    expect(copyOf('dana').offers).toContain('approve');
    expect(await vote('priya', id)).toBe(NOT_YOURS);
    await approve(world, 'dana', id, await freshCode(world, 'dana'));
    expect(await stateOf(world, id)).toBe('approved');
  });

  it('its version stays the same for all whom nothing of that concerns', async () => {
    const id = await opened();
    const before = (await request(world, id)).version;
    await away('eve', 'liam');
    await settle(world);
    expect((await request(world, id)).version).toBe(before);
    await end('eve');
  });
});

describe('a row that somebody changed in the database', () => {
  it('decides nothing', async () => {
    await cancelOpen(world, 'emma');
    await away('dana', 'liam');
    await world.parts.database.delegation.update({ where: { personId: 'dana' }, data: { standInId: 'eve' } });
    expect(sentenceIn(await ask(world, 'emma', { code: await freshCode(world, 'emma') }))).toContain('Something went wrong');
    await world.parts.database.delegation.deleteMany();
  });
});

describe('the end', () => {
  it('gives the say back at once, and once', async () => {
    await away('dana', 'liam');
    expect(await end('dana')).toBe(true);
    expect(await end('dana')).toBe(false);
    expect(await delegations.about('dana', world.clock.now())).toEqual({ own: null, standsInFor: [] });
    expect(await delegations.all(world.clock.now())).toEqual([]);
  });

  it('of one that another takes the place of is told to who stood in before', async () => {
    await away('dana', 'liam');
    await away('dana', 'sam');
    await settle(world);
    const told = ENGLISH.event['delegation-ended']({ person: 'Dana Weber', card: '', mine: false }).text;
    expect(world.platform.at('person:liam').map(textOf).at(-1)).toBe(told);
    await end('dana');
  });
});

describe('who left', () => {
  it('stands in for nobody: the manager decides again', async () => {
    await away('dana', 'eve');
    await deactivatePerson(world.parts, 'eve', world.clock.now());
    const id = await opened();
    expect(await vote('eve', id)).not.toBe(ENGLISH.say.voted);
    await approve(world, 'dana', id, await freshCode(world, 'dana'));
    expect(await stateOf(world, id)).toBe('approved');
    expect((await latestRequest(world, 'emma')).id).toBe(id);
  });

  it('has no say that a stand-in could use', async () => {
    await away('dana', 'sam');
    const id = await opened();
    await deactivatePerson(world.parts, 'dana', world.clock.now());
    expect(await vote('sam', id)).toBe(NOT_YOURS);
  });
});
