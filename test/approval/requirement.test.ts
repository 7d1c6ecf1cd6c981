// Which rule a request falls under.
import { describe, expect, it } from '@jest/globals';
import type { Policy, When } from '../../src/approval/policy.js';
import { parsePolicy } from '../../src/approval/policy-file.js';
import { findRule, requirementOf, requirementSchema, type RuleFacts } from '../../src/approval/requirement.js';

const facts: RuleFacts = { profile: 'gids', cardSerial: '0012-A7', groups: ['IT', 'staff'], site: 'Zürich' };

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
    expect(requirementSchema.safeParse({ ...requirement, stages: [{ from: ['manager'], count: 0 }] }).success).toBe(false);
    expect(requirementSchema.safeParse({ rule: 'x', times: policy.times }).success).toBe(false);
  });
});
