// Settings that are good by themselves and do not go together.
import { describe, expect, it } from '@jest/globals';
import { contradictionsIn } from '../../src/approval/policy-sense.js';

const DESK = { from: ['helpdesk'], count: 1 };
const MANAGER = { from: ['manager'], count: 1 };

function complaints(value: unknown): string[] {
  return contradictionsIn(value).map(({ path, complaint }) => `${path.map(String).join('.')} ${complaint}`);
}

const asksNobody = 'rules.0.approvals asks nobody: name an approver, or accept that with `iAcceptNoApproval: true`';
const twoManagers = 'rules.0.approvals can never be complete: a person has one manager, and two places are for the manager alone';

describe('contradictionsIn', () => {
  it('finds none in what goes together', () => {
    const rules = [
      { name: 'a', approvals: [DESK, MANAGER] },
      { name: 'b', approvals: [{ from: ['manager', 'helpdesk'], count: 2 }] },
      { name: 'c', approvals: [], iAcceptNoApproval: true },
      { name: 'd', approvals: [DESK], iAcceptNoApproval: false },
    ];
    expect(complaints({ version: 1, times: { remindMinutes: 59, responseShownMinutes: 15 }, rules })).toEqual([]);
  });

  it.each([[{ approvals: [] }], [{ approvals: [], iAcceptNoApproval: false }]])('finds that nobody is asked in %j', (rule) => {
    expect(complaints({ rules: [rule] })).toEqual([asksNobody]);
  });

  it('finds that nobody need be accepted where somebody is asked', () => {
    expect(complaints({ rules: [{ approvals: [DESK], iAcceptNoApproval: true }] })).toEqual([
      'rules.0.iAcceptNoApproval goes only with `approvals: []`; take one of the two away',
    ]);
  });

  it.each([[[{ from: ['manager'], count: 2 }]], [[MANAGER, DESK, MANAGER]], [[{ from: ['manager', 'manager'], count: 2 }]]])(
    'finds that a person has one manager in %j',
    (approvals) => {
      expect(complaints({ rules: [{ approvals }] })).toEqual([twoManagers]);
    },
  );

  it('finds more people of different groups than there are groups', () => {
    const stage = (count: number, from: readonly string[]): object => ({ rules: [{ approvals: [DESK, { from, count, distinctGroups: true }] }] });
    const complaint = 'rules.0.approvals.1.count must not be more than there are different groups in `from`';
    expect(complaints(stage(2, ['helpdesk', 'group:x']))).toEqual([]);
    expect(complaints(stage(3, ['helpdesk', 'group:x']))).toEqual([complaint]);
    expect(complaints(stage(2, ['helpdesk', 'group:Helpdesk']))).toEqual([complaint]);
  });

  it('finds a name that comes again, each time', () => {
    const rules = ['a', 'b', 'a', 'a'].map((name) => ({ name, approvals: [DESK] }));
    expect(complaints({ rules })).toEqual(['rules.2.name is the name of rules[0] already', 'rules.3.name is the name of rules[0] already']);
  });

  it.each([
    [{ remindMinutes: 60 }, 'times.remindMinutes must be less than expireMinutes'],
    [{ remindMinutes: 5, expireMinutes: 5 }, 'times.remindMinutes must be less than expireMinutes'],
    [{ unconfirmedMinutes: 4 }, 'times.unconfirmedMinutes must not be less than responseShownMinutes'],
    [{ responseShownMinutes: 16 }, 'times.unconfirmedMinutes must not be less than responseShownMinutes'],
  ])('compares %j, with the defaults where a file is silent', (times, complaint) => {
    expect(complaints({ times })).toEqual([complaint]);
  });

  it('finds them beside settings that are not well formed', () => {
    const rules = [{ name: 7, approvals: [], typo: 1 }, 'what', { name: 'a', approvals: [{ from: ['boss'], count: 1.5 }] }, { name: 'a' }];
    expect(complaints({ version: 2, times: { remindMinutes: 60, retryMinutes: 'x' }, rules })).toEqual([
      'times.remindMinutes must be less than expireMinutes',
      asksNobody,
      'rules.3.name is the name of rules[2] already',
    ]);
  });

  it.each([[null], ['text'], [[]], [{}], [{ times: 7, rules: 7 }], [{ times: null, rules: [null] }]])('finds none in %j', (value) => {
    expect(complaints(value)).toEqual([]);
  });
});
