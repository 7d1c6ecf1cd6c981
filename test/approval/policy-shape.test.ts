// The bounds of each setting of a policy.
import { describe, expect, it } from '@jest/globals';
import { policySchema, stageSchema, timesSchema } from '../../src/approval/policy-shape.js';

const DESK = { from: ['helpdesk'] };

describe('stageSchema', () => {
  it.each(['manager', 'helpdesk', 'group:it', 'group:Zürich Desk', 'group:a:b'])('takes %j as an approver', (source) => {
    expect(stageSchema.parse({ from: [source] })).toEqual({ from: [source], count: 1 });
  });

  it.each(['boss', 'group:', 'group: it', 'group:a\u202eb', `group:${'x'.repeat(101)}`, 'GROUP:it', 'Manager', '', 7, null])(
    'refuses %j as an approver',
    (source) => {
      expect(stageSchema.safeParse({ from: [source] }).success).toBe(false);
    },
  );

  it.each([0, -1, 1.5, 11, Infinity, NaN, '1'])('refuses a count of %p', (count) => {
    expect(stageSchema.safeParse({ ...DESK, count }).success).toBe(false);
  });

  it('refuses a stage that names nobody', () => {
    expect(stageSchema.safeParse({ from: [] }).success).toBe(false);
  });
});

describe('timesSchema', () => {
  it.each([
    ['expireMinutes', 7 * 24 * 60],
    ['remindMinutes', 7 * 24 * 60],
    ['responseShownMinutes', 60],
    ['unconfirmedMinutes', 24 * 60],
    ['proofFreshMinutes', 60],
    ['retryMinutes', 60],
  ])('takes %s from 1 to %i', (time, most) => {
    const takes = (value: number): boolean => timesSchema.safeParse({ [time]: value }).success;
    expect([0, 1, most, most + 1].map(takes)).toEqual([false, true, true, false]);
  });
});

describe('policySchema', () => {
  function takes(change: object): boolean {
    return policySchema.safeParse({ version: 1, rules: [{ name: 'a', approvals: [DESK] }], ...change }).success;
  }

  it.each(['challengesPerCardPerDay', 'requestsPerPersonPerDay', 'unblocksPerHour'])('takes no %s below 1', (limit) => {
    expect(takes({ limits: { [limit]: 1 } })).toBe(true);
    expect(takes({ limits: { [limit]: 0 } })).toBe(false);
  });

  it('takes no other version and no policy without rules', () => {
    expect(takes({})).toBe(true);
    expect(takes({ version: 2 })).toBe(false);
    expect(takes({ version: '1' })).toBe(false);
    expect(takes({ rules: [] })).toBe(false);
  });

  it.each(['', ' a', 'a\nb', '\u202ea', 'x'.repeat(101)])('takes no rule named %j', (name) => {
    expect(takes({ rules: [{ name, approvals: [DESK] }] })).toBe(false);
  });

  it.each(['profiles', 'groups', 'sites', 'cardSerials'])('takes no empty list of %s: it would match nothing', (condition) => {
    expect(takes({ rules: [{ name: 'a', when: { [condition]: ['x'] }, approvals: [DESK] }] })).toBe(true);
    expect(takes({ rules: [{ name: 'a', when: { [condition]: [] }, approvals: [DESK] }] })).toBe(false);
  });

  it('takes no rule with more stages than people would follow', () => {
    const stages = (count: number): object[] => Array.from({ length: count }, () => DESK);
    expect(takes({ rules: [{ name: 'a', approvals: stages(5) }] })).toBe(true);
    expect(takes({ rules: [{ name: 'a', approvals: stages(6) }] })).toBe(false);
  });
});
