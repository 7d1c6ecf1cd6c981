// What a policy file may say, and what its silence means.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import type { Policy } from '../../src/approval/policy.js';
import { parsePolicy } from '../../src/approval/policy-file.js';
import { policyWarnings } from '../../src/approval/policy-warnings.js';

const EXAMPLE = readFileSync(new URL('../../docs/policy.yaml', import.meta.url), 'utf8');

function read(text: string): Policy {
  const result = parsePolicy(text);
  if ('problems' in result) throw new Error(result.problems.map(({ problem }) => problem).join('\n'));
  return result.policy;
}

/** A policy whose only rule has these lines. */
function withRule(...lines: readonly string[]): string {
  return ['version: 1', 'rules:', '  - name: one', ...lines.map((line) => `    ${line}`)].join('\n');
}

function problems(text: string): string[] {
  const result = parsePolicy(text);
  return 'problems' in result ? result.problems.map(({ line, column, problem }) => `${line}:${column} ${problem}`) : [];
}

describe('parsePolicy', () => {
  it('reads a rule with conditions and stages', () => {
    const policy = read(
      withRule(
        'when: { profiles: [gids], groups: [it, hr], sites: [Bern], cardSerials: ["0012"] }',
        'approvals:',
        '  - { from: [manager, helpdesk], count: 2 }',
        '  - from: ["group:Security Desk"]',
      ),
    );
    expect(policy.rules).toEqual([
      {
        name: 'one',
        when: { profiles: ['gids'], groups: ['it', 'hr'], sites: ['Bern'], cardSerials: ['0012'] },
        approvals: [
          { from: ['manager', 'helpdesk'], count: 2 },
          { from: ['group:Security Desk'], count: 1 },
        ],
      },
    ]);
  });

  it('fills in the times and limits that a file leaves out', () => {
    const policy = read(`times: { remindMinutes: 20 }\n${withRule('approvals: [{ from: [helpdesk] }]')}`);
    expect(policy.times).toEqual({
      expireMinutes: 60,
      remindMinutes: 20,
      responseShownMinutes: 5,
      unconfirmedMinutes: 15,
      proofFreshMinutes: 10,
      retryMinutes: 10,
    });
    expect(policy.limits).toEqual({ challengesPerCardPerDay: 5, requestsPerPersonPerDay: 5, unblocksPerHour: 20, unblocksPerNight: null, wrongCodesPerHour: 50 });
    expect(policy.rules[0]?.when).toEqual({});
  });

  it('reads no approval only where the file accepts that', () => {
    expect(read(withRule('approvals: []', 'iAcceptNoApproval: true')).rules[0]?.approvals).toEqual([]);
    expect(problems(withRule('approvals: []'))).toEqual([
      '4:16 rules[0].approvals asks nobody: name an approver, or accept that with `iAcceptNoApproval: true`.',
    ]);
  });

  it('tells every problem at once, in the order of the file', () => {
    const text = `version: 2
times: { expireMinutes: 10, remindMinutes: 20, typo: 1 }
limits:
rulez: []
rules:
  - name: a
    wen: {}
    approvals: []
  - name: a
    when: { cardSerials: [0012], profiles: [] }
    approvals:
      - from: [manager, boss]
        count: 1.5
      - count: 0
  - approvals: [{ from: [manager] }, { from: [manager] }]
`;
    expect(problems(text)).toEqual([
      '1:10 version must be 1.',
      '2:44 times.remindMinutes must be less than expireMinutes.',
      '2:48 times.typo is not a setting (known here: expireMinutes, remindMinutes, responseShownMinutes, unconfirmedMinutes, proofFreshMinutes, retryMinutes).',
      '3:8 limits must be a block of settings.',
      '4:1 rulez is not a setting (known here: version, times, limits, stepUp, fips201, night, breakGlass, sites, rotas, rules).',
      '7:5 rules[0].wen is not a setting (known here: name, when, approvals, iAcceptNoApproval, numberMatch, stepUp).',
      '8:16 rules[0].approvals asks nobody: name an approver, or accept that with `iAcceptNoApproval: true`.',
      '9:11 rules[1].name is the name of rules[0] already.',
      '10:27 rules[1].when.cardSerials[0] must be text: put it in quotes.',
      '10:44 rules[1].when.profiles must have at least 1 entry.',
      '12:25 rules[1].approvals[0].from[1] must be manager, manager-of-manager, card-sponsor, helpdesk, group:NAME or on-call:NAME.',
      '13:16 rules[1].approvals[0].count must be a whole number.',
      '14:9 rules[1].approvals[1].from is missing.',
      '14:16 rules[1].approvals[1].count must be at least 1.',
      '15:5 rules[2].name is missing.',
      '15:16 rules[2].approvals can never be complete: a person has one manager, and two places are for the manager alone.',
    ]);
  });
});

describe('the policy of an installation without a file', () => {
  it('asks the manager or the helpdesk, once, for everybody', () => {
    const policy = read(DEFAULT_POLICY_TEXT);
    expect(policy.rules).toEqual([{ name: 'manager or helpdesk', when: {}, approvals: [{ from: ['manager', 'helpdesk'], count: 1 }] }]);
    expect(policyWarnings(policy)).toEqual([]);
  });
});

describe('docs/policy.yaml', () => {
  it('is a policy without warnings', () => {
    expect(policyWarnings(read(EXAMPLE))).toEqual([]);
  });

  it('shows the times and limits that are the defaults', () => {
    const { times, limits } = read(EXAMPLE);
    const defaults = read(DEFAULT_POLICY_TEXT);
    expect({ ...times, remindMinutes: null }).toEqual(defaults.times);
    expect(limits).toEqual(defaults.limits);
  });

  it('stays a policy when its commented rule is taken in', () => {
    const commented = EXAMPLE.replace(/^ {2}# (- name: training room|  .*)$/gm, '  $1');
    expect(read(commented).rules.map(({ name }) => name)).toContain('training room');
  });
});
