// The wider circle: when it comes, whom it adds, and what a policy file may say of it.
import { describe, expect, it } from '@jest/globals';
import { parsePolicy } from '../../src/approval/policy-file.js';
import type { Policy, Times } from '../../src/approval/policy.js';
import { policyWarnings } from '../../src/approval/policy-warnings.js';
import { escalate, nextEscalation } from '../../src/approval/escalation.js';
import { asksHelpdesk, onCallLaterNames, type Requirement, requirementSchema } from '../../src/approval/requirement.js';
import { addsSomebody, beforeEscalation } from '../../src/approval/stages.js';
import { MINUTE_MS } from '../../src/lib/clock.js';

const TIMES: Times = { expireMinutes: 60, remindMinutes: null, responseShownMinutes: 5, unconfirmedMinutes: 15, proofFreshMinutes: 10, retryMinutes: 10 };
const SINCE = Date.UTC(2026, 5, 1, 9);
const MANAGER = { from: ['manager'], count: 1, escalateTo: ['helpdesk'], escalateMinutes: 10 } as const;
const SECURITY = { from: ['group:security'], count: 1, escalateTo: ['on-call:duty'], escalateMinutes: 20 } as const;
const BOTH: Requirement = { rule: 'both', stages: [MANAGER, SECURITY], times: TIMES, onCallLater: { duty: ['eve'] } };

function after(minutes: number, why: 'late' | 'nobody' = 'late'): Requirement | null {
  return escalate(BOTH, { since: SINCE, at: SINCE + minutes * MINUTE_MS, why });
}

function problems(approvals: string, more = ''): readonly string[] {
  const parsed = parsePolicy(`version: 1\nrules:\n  - name: one\n    approvals: ${approvals}\n${more}`);
  return 'policy' in parsed ? [] : parsed.problems.map(({ problem }) => problem);
}

function policy(text: string): Policy {
  const parsed = parsePolicy(text);
  if (!('policy' in parsed)) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

describe('a requirement with wider circles', () => {
  it('is widened stage by stage, each at its own time', () => {
    expect(nextEscalation(BOTH, SINCE)).toBe(SINCE + 10 * MINUTE_MS);
    expect(after(9)).toBeNull();
    const first = after(10);
    expect(first?.stages.map(({ from }) => from)).toEqual([['manager', 'helpdesk'], ['group:security']]);
    expect(first === null ? null : nextEscalation(first, SINCE)).toBe(SINCE + 20 * MINUTE_MS);
    expect(after(20)?.stages.map(({ from }) => from)).toEqual([['manager', 'helpdesk'], ['group:security', 'on-call:duty']]);
  });

  it('is widened all at once where nobody is there', () => {
    expect(after(0, 'nobody')?.stages.map(({ escalated }) => escalated?.why)).toEqual(['nobody', 'nobody']);
  });

  it('has no more to widen when all of it is', () => {
    const wide = after(20);
    expect(wide === null ? null : escalate(wide, { since: SINCE, at: SINCE + 59 * MINUTE_MS, why: 'nobody' })).toBeNull();
    expect(wide === null ? null : nextEscalation(wide, SINCE)).toBeNull();
  });

  it('knows who is on call by then, beside those who were at the opening', () => {
    expect(after(20)?.onCall).toEqual({ duty: ['eve'] });
    const both = escalate({ ...BOTH, onCall: { duty: ['sam'] } }, { since: SINCE, at: SINCE, why: 'nobody' });
    expect(both?.onCall).toEqual({ duty: ['sam', 'eve'] });
  });

  it('is read back as it was stored, and still tells what the policy had', () => {
    const wide = after(20);
    expect(requirementSchema.parse(JSON.parse(JSON.stringify(wide)))).toEqual(wide);
    expect(wide?.stages.map(beforeEscalation)).toEqual([MANAGER, SECURITY]);
  });

  it('has no place that only the helpdesk fills, where others come in later', () => {
    expect(asksHelpdesk({ stages: [{ from: ['helpdesk'], count: 1 }] })).toBe(true);
    expect(asksHelpdesk({ stages: [{ from: ['helpdesk'], count: 1, escalateTo: ['manager'], escalateMinutes: 5 }] })).toBe(false);
  });
});

describe('who is on call when it escalates', () => {
  it('is looked up for the time of the escalation', () => {
    const night = policy(`version: 1
rotas:
  - name: Duty
    timeZone: UTC
    weekly: [{ person: sam, days: [monday], from: '08:00', to: '09:15' }, { person: eve, days: [monday], from: '09:15', to: '17:00' }]
rules: [{ name: one, approvals: [{ from: [manager], escalateTo: ['on-call:duty'], escalateMinutes: 20 }] }]
`);
    expect(onCallLaterNames(night, night.rules, SINCE)).toEqual({ duty: ['eve'] });
    expect(onCallLaterNames(night, night.rules, SINCE - 30 * MINUTE_MS)).toEqual({ duty: ['sam'] });
  });
});

describe('a policy file', () => {
  it('names both, the circle and the minutes', () => {
    expect(problems('[{ from: [manager], escalateTo: [helpdesk] }]')).toEqual([expect.stringContaining('needs escalateMinutes beside it')]);
    expect(problems('[{ from: [manager], escalateMinutes: 5 }]')).toEqual([expect.stringContaining('needs escalateTo beside it')]);
    expect(problems('[{ from: [manager], escalateTo: [helpdesk], escalateMinutes: 5 }]')).toEqual([]);
  });

  it('escalates before the request expires', () => {
    expect(problems('[{ from: [manager], escalateTo: [helpdesk], escalateMinutes: 60 }]')).toEqual([expect.stringContaining('must be less than expireMinutes')]);
    expect(problems('[{ from: [manager], escalateTo: [helpdesk], escalateMinutes: 60 }]', 'times: { expireMinutes: 90 }\n')).toEqual([]);
  });

  it('escalates to rotas that there are', () => {
    expect(problems("[{ from: [manager], escalateTo: ['on-call:nobody'], escalateMinutes: 5 }]")).toEqual([expect.stringContaining('names a rota that is not among `rotas`')]);
  });

  it('asks for a number only where somebody types it', () => {
    expect(problems('[]\n    iAcceptNoApproval: true\n    numberMatch: true')).toEqual([expect.stringContaining('needs somebody who approves')]);
    expect(problems('[{ from: [manager, helpdesk] }]\n    numberMatch: true')).toEqual([]);
  });

  it('cannot say that it escalated already', () => {
    expect(problems('[{ from: [manager], escalated: { to: [helpdesk], minutes: 1, at: 1, why: late } }]')).toHaveLength(1);
  });

  it('is warned about where its circle adds nobody, and not any more about a manager who is away', () => {
    const idle = policy("version: 1\nrules: [{ name: idle, approvals: [{ from: [helpdesk], escalateTo: ['group:Helpdesk'], escalateMinutes: 5 }] }]\n");
    expect(policyWarnings(idle)).toEqual(['Rule "idle" escalates to group:Helpdesk, who were asked from the beginning: it adds nobody.']);
    const wide = policy('version: 1\nrules: [{ name: wide, approvals: [{ from: [manager], escalateTo: [helpdesk], escalateMinutes: 5 }] }]\n');
    expect(policyWarnings(wide)).toEqual([]);
    expect(wide.rules[0]?.approvals.map(addsSomebody)).toEqual([true]);
  });
});
