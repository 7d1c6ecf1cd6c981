// Rules that need more than one person.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENGLISH } from '../../src/chat/english.js';
import { openWorld, type World } from '../support/world.js';
import { actionsOf, approve, auditKinds, deny, freshCode, no, openRequest, responseIn, reveal, sentenceIn, stateOf, textOf } from './steps.js';

const QUORUM = `version: 1
rules:
  - name: cards of managers
    when:
      cardSerials: [CARD-DANA]
    approvals:
      - from: [helpdesk]
        count: 2
  - name: everybody else
    approvals:
      - from: [manager]
      - from: [helpdesk]
`;

let world: World;
beforeAll(async () => {
  world = await openWorld({ policyText: QUORUM });
});
afterAll(() => world.close());

describe('two of the helpdesk', () => {
  let id: string;

  it('one approval leaves the request waiting, and says so', async () => {
    id = await openRequest(world, 'dana');
    await approve(world, 'sam', id);
    await world.beat();
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    expect(textOf(world.platform.latest('person:dana'))).toContain(ENGLISH.say.partly('Sam Ortiz'));
    expect(actionsOf(world.platform.latest('channel:helpdesk'))).toEqual(['approve', 'deny']);
  });

  it('the same person counts once', async () => {
    expect(sentenceIn(await approve(world, 'sam', id, await freshCode(world, 'sam')))).toContain(no('already-approved'));
    expect(await stateOf(world, id)).toBe('awaiting-approval');
  });

  it('the second approval completes it', async () => {
    await approve(world, 'priya', id);
    expect(await stateOf(world, id)).toBe('approved');
    expect(await auditKinds(world, id)).toEqual(['request-opened', 'identity-proved', 'vote', 'vote', 'approval-complete']);
    expect(responseIn(await reveal(world, 'dana', id))).toMatch(/^[0-9A-F]{16}$/);
  });
});

describe('the manager and the helpdesk', () => {
  it('both are asked, and both are needed', async () => {
    const id = await openRequest(world, 'emma', { code: await freshCode(world, 'emma') });
    await world.beat();
    expect(world.platform.at('person:dana').some((message) => message.title.startsWith('Emma Novak'))).toBe(true);
    await approve(world, 'dana', id);
    await world.beat();
    expect(await stateOf(world, id)).toBe('awaiting-approval');
    expect(actionsOf(world.platform.latest('person:dana'))).toEqual(['deny']);
    await approve(world, 'sam', id);
    expect(await stateOf(world, id)).toBe('approved');
  });

  it('one denial beats an approval', async () => {
    const id = await openRequest(world, 'liam');
    await approve(world, 'dana', id, await freshCode(world, 'dana'));
    await deny(world, 'priya', id, 'Liam is on leave');
    expect(await stateOf(world, id)).toBe('denied');
  });
});
