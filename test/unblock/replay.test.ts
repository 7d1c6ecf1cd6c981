// What another policy would have asked of a request of the past.
import { describe, expect, it } from '@jest/globals';
import { replay, type Replayed } from '../../src/unblock/replay.js';
import { policyOf } from './support.js';

// A Monday, at noon.
const AT = Date.UTC(2026, 5, 1, 12);

const PAST: Replayed = {
  at: AT,
  rule: 'all',
  stages: [{ from: ['manager', 'helpdesk'], count: 1 }],
  looked: { profile: 'gids', cardSerial: 'C1', cardTags: [], groups: ['it'], site: null, platform: 'slack', requestsIn: { 1: 0, 7: 0, 30: 0 }, authenticatorAge: null },
};

function policyWith(...rules: readonly string[]) {
  const site = "sites: [{ name: a, timeZone: UTC, open: [{ days: [monday], from: '08:00', to: '18:00' }], forEveryoneElse: true }]";
  return policyOf(`version: 1\n${site}\nrules:\n${rules.map((rule) => `  - ${rule}`).join('\n')}\n`);
}

const SAME = '{ name: all, approvals: [{ from: [manager, helpdesk] }] }';

describe('replay', () => {
  it('finds no change where the same is asked under the same name', () => {
    expect(replay(policyWith(SAME), PAST)).toEqual({ rule: 'all', stages: PAST.stages, change: 'none' });
  });

  it('tells another rule from other approvers', () => {
    expect(replay(policyWith('{ name: new, approvals: [{ from: [manager, helpdesk] }] }'), PAST).change).toBe('rule');
    expect(replay(policyWith('{ name: all, approvals: [{ from: [helpdesk] }] }'), PAST)).toEqual({ rule: 'all', stages: [{ from: ['helpdesk'], count: 1 }], change: 'approvers' });
  });

  it('counts by the hours of the policy that is tried', () => {
    const late = policyWith('{ name: late, when: { hours: closed }, approvals: [{ from: [helpdesk], count: 2 }] }', SAME);
    expect([replay(late, PAST).rule, replay(late, { ...PAST, at: AT + 8 * 3_600_000 }).rule]).toEqual(['all', 'late']);
  });

  it('tells that no rule would match', () => {
    expect(replay(policyWith('{ name: hr, when: { groups: [hr] }, approvals: [{ from: [helpdesk] }] }'), PAST)).toEqual({ rule: null, stages: [], change: 'refused' });
  });

  it("does not take the helpdesk near a card's limit for a change", () => {
    expect(replay(policyWith(SAME), { ...PAST, stages: [{ from: ['helpdesk'], count: 1 }] }).change).toBe('none');
  });
});
