// Whose say a vote carries while somebody is away.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Approver, Requester, Vote } from '../../src/approval/approver.js';
import { candidates, decideApproval, standings } from '../../src/approval/decide.js';
import type { Requirement } from '../../src/approval/requirement.js';
import type { Stage } from '../../src/approval/policy.js';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import { parsePolicy } from '../../src/approval/policy-file.js';

const parsed = parsePolicy(DEFAULT_POLICY_TEXT);
if (!('policy' in parsed)) throw new Error('the built-in policy does not parse');
const { times } = parsed.policy;

const asking = (...stages: Stage[]): Requirement => ({ rule: 'r', stages, times });
const person = (id: string, ...groups: string[]): Approver => ({ id, groups, active: true });
const away = (who: Approver, personId: string, { from = 0, until = 100, now = true } = {}): Approver => ({ ...who, standIn: { personId, from, until, now } });
const vote = (approverId: string, at = 50): Vote => ({ approverId, verdict: 'approve', at: new Date(at) });

const EMMA: Requester = { id: 'emma', managerId: 'dana', managersManagerId: null, excluded: [] };
const MANAGER = asking({ from: ['manager'], count: 1 });
const TWO_AT_THE_DESK = asking({ from: ['helpdesk'], count: 2 });
const dana = person('dana');
const sam = person('sam', 'helpdesk');
const priya = person('priya', 'helpdesk');
const liam = person('liam');

describe('whoever stands in', () => {
  it('is asked instead of the one who is away, and says in whose place', () => {
    const asked = standings(MANAGER, EMMA, [away(dana, 'liam'), liam]);
    expect([...asked]).toEqual([['liam', [{ source: 'manager', inPlaceOf: 'dana' }]]]);
    expect(decideApproval(MANAGER, EMMA, [vote('liam')], [away(dana, 'liam'), liam])).toEqual({ kind: 'granted', by: ['liam'] });
    expect(decideApproval(MANAGER, EMMA, [vote('dana')], [away(dana, 'liam'), liam]).kind).toBe('waiting');
  });

  it('has no say before the time, nor after it', () => {
    for (const now of [false]) expect(candidates(MANAGER, EMMA, [away(dana, 'liam', { from: 60, now }), liam])).toEqual(['dana']);
  });

  it('who voted in time has voted, though the time is over by now', () => {
    const back = away(dana, 'liam', { until: 60, now: false });
    expect(decideApproval(MANAGER, EMMA, [vote('liam', 50)], [back, liam]).kind).toBe('granted');
    expect(decideApproval(MANAGER, EMMA, [vote('liam', 70)], [back, liam]).kind).toBe('waiting');
  });

  it('cannot be the requester, nor an agent with a part in the request: the say stays where it was', () => {
    expect(candidates(MANAGER, EMMA, [away(dana, 'emma'), person('emma')])).toEqual(['dana']);
    expect(candidates(MANAGER, { ...EMMA, excluded: ['sam'] }, [away(dana, 'sam'), sam])).toEqual(['dana']);
    expect(candidates(MANAGER, EMMA, [away(dana, 'liam'), { ...liam, active: false }])).toEqual(['dana']);
  });

  it('does not pass it on: a chain ends after one step', () => {
    const people = [away(dana, 'liam'), away(liam, 'sam'), sam];
    expect(candidates(MANAGER, EMMA, people)).toEqual(['liam']);
  });

  it('stands for nobody who has no say of their own', () => {
    expect(candidates(MANAGER, EMMA, [away({ ...dana, active: false }, 'liam'), liam])).toEqual([]);
    expect(candidates(TWO_AT_THE_DESK, EMMA, [away(dana, 'liam'), liam])).toEqual([]);
  });
});

describe('one say', () => {
  it('is not used twice: not by the one who voted and then left', () => {
    const left = away(sam, 'liam', { from: 60 });
    expect(decideApproval(TWO_AT_THE_DESK, EMMA, [vote('sam', 50), vote('liam', 70)], [left, liam, priya]).kind).toBe('waiting');
  });

  it('that was used before its owner left is used: the stand-in is not asked any more', () => {
    const left = away(sam, 'liam', { from: 60 });
    expect(standings(TWO_AT_THE_DESK, EMMA, [left, liam, priya], [vote('sam', 50)]).has('liam')).toBe(false);
  });

  it('that the stand-in used is used, when its owner is back', () => {
    const back = away(sam, 'liam', { until: 60, now: false });
    expect(standings(TWO_AT_THE_DESK, EMMA, [back, liam, priya], [vote('liam', 50)]).has('sam')).toBe(false);
  });

  it('fills one place, even where the stand-in has a say of their own', () => {
    const people = [away(sam, 'priya'), priya];
    expect(decideApproval(TWO_AT_THE_DESK, EMMA, [vote('priya')], people).kind).toBe('waiting');
  });

  it('makes no more people than there are, whoever is away', () => {
    const ids = ['dana', 'sam', 'priya', 'liam'];
    fc.assert(
      fc.property(fc.array(fc.option(fc.constantFrom(...ids)), { minLength: 4, maxLength: 4 }), fc.constantFrom(MANAGER, TWO_AT_THE_DESK), (standIns, requirement) => {
        const people = [dana, sam, priya, liam].map((one, at) => {
          const standIn = standIns[at] ?? null;
          return standIn === null || standIn === one.id ? one : away(one, standIn);
        });
        const asked = candidates(requirement, EMMA, people);
        // Each say that there is, moved or not, makes one person at most.
        const says = candidates(requirement, EMMA, [dana, sam, priya, liam]);
        expect(asked.length).toBeLessThanOrEqual(says.length);
        expect(asked).not.toContain('emma');
      }),
    );
  });
});
