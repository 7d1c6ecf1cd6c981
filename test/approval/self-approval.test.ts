// Nobody approves for themselves, by whatever they are besides: manager, sponsor, member, on call, stand-in, all at once.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Approver, Requester, Vote } from '../../src/approval/approver.js';
import { decideApproval, standings } from '../../src/approval/decide.js';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import { escalate } from '../../src/approval/escalation.js';
import { parsePolicy } from '../../src/approval/policy-file.js';
import type { ApproverSource } from '../../src/approval/policy.js';
import type { Requirement } from '../../src/approval/requirement.js';

const parsed = parsePolicy(DEFAULT_POLICY_TEXT);
if (!('policy' in parsed)) throw new Error('the built-in policy does not parse');
const { times } = parsed.policy;

const SOURCES: readonly ApproverSource[] = ['manager', 'manager-of-manager', 'card-sponsor', 'helpdesk', 'group:security', 'on-call:night', 'on-call:late'];
const IDS = ['emma', 'sam', 'agent', 'dana'];

const source = fc.constantFrom(...SOURCES);
const stage = fc.record({
  from: fc.uniqueArray(source, { minLength: 1, maxLength: 4 }),
  count: fc.integer({ min: 1, max: 2 }),
  distinctGroups: fc.boolean(),
  escalateTo: fc.uniqueArray(source, { minLength: 1, maxLength: 3 }),
  escalateMinutes: fc.constant(5),
});
/** All of them may stand in for one another, in circles too. */
const people = fc.tuple(...IDS.map(() => fc.option(fc.constantFrom(...IDS)))).map((standIns) =>
  IDS.map((id, at): Approver => {
    const personId = standIns[at] ?? null;
    return { id, groups: ['helpdesk', 'security'], active: true, ...(personId === null || personId === id ? {} : { standIn: { personId, from: 0, until: 100, now: true } }) };
  }),
);

const EMMA: Requester = { id: 'emma', managerId: 'emma', managersManagerId: 'emma', excluded: ['agent'] };

function asking(stages: Requirement['stages'], isWider: boolean): Requirement {
  const asked: Requirement = { rule: 'r', stages, times, sponsor: 'emma', onCall: { night: ['emma', 'agent'] }, onCallLater: { late: ['emma', 'agent'] } };
  return isWider ? (escalate(asked, { since: 0, at: 0, why: 'nobody' }) ?? asked) : asked;
}

describe('whoever asks, and whoever asks for them,', () => {
  it('has no standing in any source, nor through a stand-in, before and after the escalation', () => {
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1, maxLength: 3 }), people, fc.boolean(), (stages, everybody, isWider) => {
        const found = standings(asking(stages, isWider), EMMA, everybody);
        expect([found.has('emma'), found.has('agent')]).toEqual([false, false]);
        const inPlaceOf = [...found.values()].flat().map((standing) => standing.inPlaceOf);
        expect(inPlaceOf).not.toContain('emma');
        expect(inPlaceOf).not.toContain('agent');
      }),
      { numRuns: 500 },
    );
  });

  it('grants nothing by their votes, whoever they are besides', () => {
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1, maxLength: 3 }), people, fc.boolean(), (stages, everybody, isWider) => {
        const votes = ['emma', 'agent'].map((approverId): Vote => ({ approverId, verdict: 'approve', at: new Date(50) }));
        expect(decideApproval(asking(stages, isWider), EMMA, votes, everybody).kind).toBe('waiting');
      }),
      { numRuns: 500 },
    );
  });
});
