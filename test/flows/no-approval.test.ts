// A rule that asks nobody, which the policy has to accept in so many words.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePolicy } from '../../src/approval/policy-file.js';
import { ENGLISH } from '../../src/chat/english.js';
import { openWorld, type World } from '../support/world.js';
import { ask, auditKinds, challengeBehind, latestRequest, newChallenge, responseIn, reveal, sentenceIn, textOf } from './steps.js';

const rule = 'version: 1\nrules:\n  - name: own code is enough\n    approvals: []\n';

let world: World;
beforeAll(async () => {
  world = await openWorld({ policyText: `${rule}    iAcceptNoApproval: true\n` });
});
afterAll(() => world.close());

describe('a rule that asks nobody', () => {
  it('is no rule unless the policy says that it is meant', () => {
    expect(parsePolicy(rule)).toHaveProperty('problems');
  });

  it('approves with the own code alone, and tells nobody else', async () => {
    const challenge = newChallenge();
    expect(sentenceIn(await ask(world, 'emma', { challenge }))).toBe(ENGLISH.say.approvedNow);
    await world.beat();
    expect(textOf(world.platform.latest('person:emma'))).toContain(ENGLISH.say.approvedByRule);
    expect(world.platform.at('person:dana')).toEqual([]);
    expect(world.platform.at('channel:helpdesk')).toEqual([]);
    const { id } = await latestRequest(world, 'emma');
    expect(challengeBehind('emma', responseIn(await reveal(world, 'emma', id)))).toBe(challenge);
    expect(await auditKinds(world, id)).toEqual(['request-opened', 'identity-proved', 'released']);
  });

  it('still asks for the own code', async () => {
    await ask(world, 'liam', { code: '000000' });
    expect((await latestRequest(world, 'liam')).state).toBe('opened');
  });
});
