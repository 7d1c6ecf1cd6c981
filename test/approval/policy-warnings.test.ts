// What policy files allow and their authors seldom mean.
import { describe, expect, it } from '@jest/globals';
import type { Policy, Rule, Stage, When } from '../../src/approval/policy.js';
import { parsePolicy } from '../../src/approval/policy-file.js';
import { policyWarnings } from '../../src/approval/policy-warnings.js';
import { FEDERAL_PIV_PROFILES } from '../../src/card/federal-piv.js';
import { BUILT_IN_PROFILES } from '../../src/card/profiles.js';

const DESK: Stage = { from: ['helpdesk'], count: 1 };

function rule(name: string, when: When, ...approvals: readonly Stage[]): Rule {
  return { name, when, approvals: approvals.length === 0 ? [DESK] : approvals };
}

describe('a policy that refuses federal PIV cards', () => {
  it('has no use for a rule about them alone', () => {
    const text = `version: 1
fips201: refuse
rules:
  - { name: federal, when: { profiles: [US-CAC, piv-puk] }, approvals: [{ from: [helpdesk] }] }
  - { name: some, when: { profiles: [us-cac, gids] }, approvals: [{ from: [helpdesk] }] }
  - { name: all, approvals: [{ from: [card-sponsor] }] }
`;
    const parsed = parsePolicy(text);
    expect('policy' in parsed ? policyWarnings(parsed.policy) : parsed.problems).toEqual([
      'Rule "federal" is never used: it is for federal PIV cards alone, and `fips201: refuse` refuses those.',
      'Rule "all" waits for the sponsor of the card alone: a request for a card whose sponsor is away expires. Add helpdesk or a group.',
    ]);
  });

  it('names profiles that there are', () => {
    for (const id of FEDERAL_PIV_PROFILES) expect(BUILT_IN_PROFILES.find(id)?.id).toBe(id);
  });
});

function warnings(...rules: readonly Rule[]): string[] {
  const times = { expireMinutes: 60, remindMinutes: null, responseShownMinutes: 5, unconfirmedMinutes: 15, proofFreshMinutes: 10, retryMinutes: 10 };
  const limits = { challengesPerCardPerDay: 5, requestsPerPersonPerDay: 5, unblocksPerHour: 20, unblocksPerNight: null, wrongCodesPerHour: 50 };
  const policy: Policy = { version: 1, times, limits, stepUp: { coolingOffHours: 24 }, sites: [], rotas: [], calendars: new Map(), rules };
  return policyWarnings(policy);
}

const unreachable = (later: string, earlier: string): string =>
  `Rule "${later}" is never used: rule "${earlier}" before it matches all that it matches.`;

describe('policyWarnings', () => {
  it('has none for strict rules first and one for all at the end', () => {
    expect(warnings(rule('a', { sites: ['x'] }), rule('b', { groups: ['x'] }), rule('all', {}))).toEqual([]);
  });

  it('warns of a rule behind one that matches everything', () => {
    expect(warnings(rule('all', {}), rule('late', { sites: ['x'] }))).toEqual([unreachable('late', 'all')]);
  });

  it('warns of a rule behind a wider one', () => {
    const wide = rule('wide', { groups: ['IT', 'hr'] });
    const narrow = rule('narrow', { groups: ['it'], sites: ['x'] });
    expect(warnings(wide, narrow, rule('all', {}))).toEqual([unreachable('narrow', 'wide')]);
    expect(warnings(narrow, wide, rule('all', {}))).toEqual([]);
  });

  it('does not warn where the earlier rule asks for more', () => {
    expect(warnings(rule('a', { groups: ['it'], profiles: ['gids'] }), rule('b', { groups: ['it'] }), rule('all', {}))).toEqual([]);
    expect(warnings(rule('a', { groups: ['it'] }), rule('b', { groups: ['it', 'hr'] }), rule('all', {}))).toEqual([]);
  });

  it('warns where a request may match no rule', () => {
    expect(warnings(rule('a', { sites: ['x'] }))).toEqual([
      'No rule matches everything: a request that no rule matches is refused. End with a rule without `when`.',
    ]);
  });

  it('warns where only the manager can approve, in any stage', () => {
    const sentence = 'Rule "all" waits for the manager alone: a request of somebody whose manager is away expires. Add helpdesk or a group.';
    expect(warnings(rule('all', {}, { from: ['manager'], count: 1 }))).toEqual([sentence]);
    expect(warnings(rule('all', {}, DESK, { from: ['manager'], count: 1 }))).toEqual([sentence]);
    expect(warnings(rule('all', {}, { from: ['manager', 'helpdesk'], count: 1 }))).toEqual([]);
  });

  it("warns where only a manager's manager or whoever is on call can approve", () => {
    expect(warnings(rule('all', {}, { from: ['manager-of-manager'], count: 1 }))).toEqual([
      'Rule "all" waits for the manager\'s manager alone: a request of somebody whose manager has none, or whose is away, expires. Add helpdesk or a group.',
    ]);
    expect(warnings(rule('all', {}, { from: ['on-call:night'], count: 1 }))).toEqual([
      'Rule "all" waits for whoever is on call (night) alone: a request that nobody on call answers expires. Add helpdesk or a group.',
    ]);
    expect(warnings(rule('all', {}, { from: ['manager', 'on-call:night'], count: 1 }))).toEqual([]);
  });

  it('warns of people who approve for themselves, alone or by turns', () => {
    expect(warnings({ name: 'all', when: {}, approvals: [], iAcceptNoApproval: true })).toEqual([
      'Rule "all" asks nobody: whoever it matches approves for themselves, with a one-time code alone.',
    ]);
    const desk = rule('desk', { groups: ['HelpDesk'] });
    expect(warnings(desk, rule('all', {}))).toEqual([
      'Rule "desk" is for members of helpdesk, and one member of helpdesk is enough: two of them can approve for each other at will.',
    ]);
    expect(warnings(rule('desk', { groups: ['helpdesk'] }, { from: ['helpdesk'], count: 2 }), rule('all', {}))).toEqual([]);
    expect(warnings(rule('desk', { groups: ['helpdesk'] }, DESK, { from: ['manager'], count: 1 }), rule('all', {}))).toHaveLength(1);
  });

  it.each<[When, When]>([
    [{ hours: 'closed' }, { hours: 'closed', holiday: true }],
    [{ holiday: false }, { holiday: false, platforms: ['slack'] }],
    [{ unblocksInDays: { days: 30, atLeast: 2 } }, { unblocksInDays: { days: 7, atLeast: 3 } }],
    [{ newAuthenticator: { days: 14 } }, { newAuthenticator: { days: 7 } }],
    [{ platforms: ['slack', 'teams'] }, { platforms: ['Teams'] }],
  ])('warns of %j before %j, and not the other way round', (wide, narrow) => {
    expect(warnings(rule('wide', wide), rule('narrow', narrow), rule('all', {}))).toEqual([unreachable('narrow', 'wide')]);
    expect(warnings(rule('narrow', narrow), rule('wide', wide), rule('all', {}))).toEqual([]);
  });

  it.each<[When, When]>([
    [{ hours: 'closed' }, { hours: 'open' }],
    [{ unblocksInDays: { days: 1, atLeast: 2 } }, { unblocksInDays: { days: 7, atLeast: 2 } }],
    [{ unblocksInDays: { days: 7, atLeast: 3 } }, { unblocksInDays: { days: 7, atLeast: 2 } }],
    [{ unblocksInDays: { days: 7, atLeast: 3 } }, { newAuthenticator: { days: 7 } }],
  ])('does not warn of %j before %j', (first, second) => {
    expect(warnings(rule('first', first), rule('second', second), rule('all', {}))).toEqual([]);
  });
});
