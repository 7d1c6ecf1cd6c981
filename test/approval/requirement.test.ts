// Which rule a request falls under.
import { describe, expect, it } from '@jest/globals';
import type { Policy, Stage, When } from '../../src/approval/policy.js';
import { parsePolicy } from '../../src/approval/policy-file.js';
import { asksHelpdesk, findRule, onCallNames, requirementOf, type Requirement, requirementSchema, withHelpdesk } from '../../src/approval/requirement.js';
import { DAY_MS } from '../../src/lib/clock.js';
import type { RuleFacts } from '../../src/approval/rule-facts.js';

const facts: RuleFacts = {
  profile: 'gids',
  cardTags: [],
  cardSerial: '0012-A7',
  groups: ['IT', 'staff'],
  site: 'Zürich',
  platform: 'slack',
  open: true,
  holiday: false,
  requestsIn: { 1: 0, 7: 2, 30: 3 },
  authenticatorAge: 10 * DAY_MS,
};

function policyOf(text: string): Policy {
  const result = parsePolicy(text);
  if ('problems' in result) throw new Error(result.problems.map(({ problem }) => problem).join('\n'));
  return result.policy;
}

const policy = policyOf(`
version: 1
times: { expireMinutes: 30 }
rules:
  - name: vault room
    when: { cardSerials: ['0012-a7', '0012-a8'] }
    approvals: [{ from: ['group:security'], count: 2 }]
  - name: Bern
    when: { sites: [Bern] }
    approvals: [{ from: [helpdesk] }]
  - name: everybody
    approvals: [{ from: [manager, helpdesk] }]
`);

function matches(when: When, given: RuleFacts = facts): boolean {
  return findRule({ ...policy, rules: [{ name: 'one', when, approvals: [] }] }, given) !== null;
}

describe('findRule', () => {
  it('takes the first rule that matches', () => {
    expect(findRule(policy, facts)?.name).toBe('vault room');
    expect(findRule(policy, { ...facts, cardSerial: '7', site: 'Bern' })?.name).toBe('Bern');
    expect(findRule(policy, { ...facts, cardSerial: '7' })?.name).toBe('everybody');
  });

  it('finds none where none matches', () => {
    expect(findRule({ ...policy, rules: policy.rules.slice(0, 2) }, { ...facts, cardSerial: '7' })).toBeNull();
  });

  it('matches any entry of a condition', () => {
    expect(matches({ profiles: ['piv-3des', 'gids'] })).toBe(true);
    expect(matches({ groups: ['hr', 'staff'] })).toBe(true);
    expect(matches({ groups: ['hr'] })).toBe(false);
  });

  it('matches only if every condition does', () => {
    expect(matches({ profiles: ['gids'], sites: ['Zürich'] })).toBe(true);
    expect(matches({ profiles: ['gids'], sites: ['Bern'] })).toBe(false);
    expect(matches({ profiles: ['piv-3des'], sites: ['Zürich'] })).toBe(false);
    expect(matches({ cardSerials: ['1'], groups: ['it'] })).toBe(false);
  });

  it('does not mind capitals or how an accent is written', () => {
    expect(matches({ profiles: ['GIDS'], groups: ['it'], sites: ['zu\u0308rich'], cardSerials: ['0012-a7'] })).toBe(true);
  });

  it('matches no site for a person without one', () => {
    expect(matches({ sites: ['Bern'] }, { ...facts, site: null })).toBe(false);
    expect(matches({}, { ...facts, site: null })).toBe(true);
  });

  it('matches by the hours, the holiday and the chat', () => {
    expect([matches({ hours: 'open' }), matches({ hours: 'closed' })]).toEqual([true, false]);
    expect([matches({ hours: 'open' }, { ...facts, open: false }), matches({ hours: 'closed' }, { ...facts, open: false })]).toEqual([false, true]);
    expect([matches({ holiday: true }), matches({ holiday: false })]).toEqual([false, true]);
    expect([matches({ platforms: ['teams', 'Slack'] }), matches({ platforms: ['teams'] })]).toEqual([true, false]);
    expect(matches({ platforms: ['slack'] }, { ...facts, platform: null })).toBe(false);
  });

  it('matches when so many requests were opened before in so many days', () => {
    expect([1, 2, 3].map((atLeast) => matches({ unblocksInDays: { days: 7, atLeast } }))).toEqual([true, true, false]);
    expect(matches({ unblocksInDays: { days: 30, atLeast: 3 } })).toBe(true);
    expect(matches({ unblocksInDays: { days: 1, atLeast: 1 } })).toBe(false);
  });

  it('matches while an authenticator is young, and where there is none', () => {
    const at = (authenticatorAge: number | null): boolean => matches({ newAuthenticator: { days: 10 } }, { ...facts, authenticatorAge });
    expect([at(0), at(10 * DAY_MS - 1), at(10 * DAY_MS), at(null)]).toEqual([true, true, false, true]);
  });

  it('matches no group for a person in none', () => {
    expect(matches({ groups: ['it'] }, { ...facts, groups: [] })).toBe(false);
  });
});

describe('a requirement', () => {
  const rule = findRule(policy, facts);
  const requirement = rule === null ? null : requirementOf(policy, rule);

  it('keeps the stages of its rule and the times of its policy', () => {
    expect(requirement).toEqual({ rule: 'vault room', stages: [{ from: ['group:security'], count: 2 }], times: policy.times });
    expect(requirement?.times.expireMinutes).toBe(30);
  });

  it('comes back from JSON as it was', () => {
    expect(requirementSchema.parse(JSON.parse(JSON.stringify(requirement)))).toEqual(requirement);
  });

  it('is refused when what was stored is not one', () => {
    expect(requirementSchema.safeParse({ ...requirement, stages: [{ from: ['requester'], count: 1 }] }).success).toBe(false);
    expect(requirementSchema.safeParse({ ...requirement, stages: [{ from: ['manager'], count: -1 }] }).success).toBe(false);
    expect(requirementSchema.safeParse({ rule: 'x', times: policy.times }).success).toBe(false);
  });
});

describe('who is on call', () => {
  const rotas = policyOf(`
version: 1
rotas:
  - { name: Night, timeZone: UTC, weekly: [{ person: sam@example.com, days: [monday], from: '18:00', to: '06:00' }] }
  - { name: idle, timeZone: UTC, weekly: [{ person: E1, days: [sunday], from: '18:00', to: '19:00' }] }
rules:
  - { name: one, approvals: [{ from: ['on-call:night', manager] }] }
  - { name: two, approvals: [{ from: ['on-call:NIGHT', 'on-call:idle'] }] }
`);

  it('is asked of every rota that the rules name, under the name that compares', () => {
    expect(onCallNames(rotas, rotas.rules, Date.UTC(2026, 0, 5, 20))).toEqual({ night: ['sam@example.com'], idle: [] });
    expect(onCallNames(rotas, rotas.rules.slice(0, 1), Date.UTC(2026, 0, 5, 17, 59))).toEqual({ night: [] });
  });

  it('stays in the requirement of a request, and comes back from JSON', () => {
    const [first] = rotas.rules;
    const kept = first === undefined ? null : requirementOf(rotas, first, { night: ['E7'] });
    expect(kept?.onCall).toEqual({ night: ['E7'] });
    expect(requirementSchema.parse(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
  });
});

describe('the helpdesk in a stage of different groups', () => {
  function of(count: number, ...from: Stage['from']): Requirement {
    return { rule: 'teams', stages: [{ from, count, distinctGroups: true }], times: policy.times };
  }

  it('has its place where all groups are asked', () => {
    const all = of(2, 'helpdesk', 'group:x');
    expect(asksHelpdesk(all)).toBe(true);
    expect(withHelpdesk(all)).toBe(all);
  });

  it('gets its place, and no second one, where some are', () => {
    expect(withHelpdesk(of(2, 'helpdesk', 'group:x', 'group:y')).stages).toEqual([
      { from: ['group:x', 'group:y'], count: 1, distinctGroups: true },
      { from: ['helpdesk'], count: 1 },
    ]);
  });
});
