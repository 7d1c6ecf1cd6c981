// What time brings to a request that waits: reminders further and further apart, a warning, a wider circle.
import { describe, expect, it } from '@jest/globals';
import type { Requirement } from '../../src/approval/requirement.js';
import { decideDeadline } from '../../src/unblock/deadline.js';
import { nextDeadline } from '../../src/unblock/advance.js';
import type { RequestIn, UnblockRequest } from '../../src/unblock/request.js';
import { changeOf, facts, kindsOf, loaded, minute, ONE_OF_EITHER, person, PEOPLE, byId, TIMES, waiting } from './support.js';

const ESCALATING: Requirement = {
  ...ONE_OF_EITHER,
  times: { ...TIMES, remindMinutes: 10 },
  stages: [{ from: ['manager'], count: 1, escalateTo: ['helpdesk', 'group:duty'], escalateMinutes: 15 }],
};
const people = byId([...PEOPLE, person('dan', { groups: ['duty'] })]);

function at(count: number, request: UnblockRequest) {
  return decideDeadline(request, facts({ at: minute(count), people }), loaded.policy);
}

/** Every deadline in its turn: when it was, and what it brought. */
function byItself(first: RequestIn<'awaiting-approval'>): readonly (readonly [number, readonly string[]])[] {
  const told: (readonly [number, readonly string[]])[] = [];
  let request: UnblockRequest = first;
  for (let due = nextDeadline(request); due !== null; due = nextDeadline(request)) {
    const decision = decideDeadline(request, facts({ at: due, people }), loaded.policy);
    told.push([(due - minute(0)) / 60_000, kindsOf(decision)]);
    request = changeOf(decision).request;
  }
  return told;
}

describe('a request that nobody decides', () => {
  it('is reminded of after the minutes of the policy, twice as many, four times as many, and warned of at four fifths', () => {
    expect(byItself(waiting({ requirement: ESCALATING }))).toEqual([
      [11, ['reminded']],
      [16, ['escalated']],
      [21, ['reminded']],
      [41, ['reminded']],
      [48, ['warned']],
      [60, ['expired']],
    ]);
  });

  it('is reminded of once after a time in which nothing ran', () => {
    const late = changeOf(at(45, waiting({ requirement: ESCALATING })));
    expect(late.entries.map(({ kind }) => kind)).toEqual(['escalated', 'reminded']);
    expect(late.request).toMatchObject({ reminders: 3, remindedAt: minute(45) });
    expect(nextDeadline(late.request)).toBe(minute(48));
  });

  it('counts from when people were asked, whatever codes the requester gave since', () => {
    expect(nextDeadline(waiting({ requirement: ESCALATING, askedAt: minute(1), provedAt: minute(9) }))).toBe(minute(11));
  });
});

describe('an escalation', () => {
  const wider = changeOf(at(16, waiting({ requirement: { ...ESCALATING, times: TIMES } })));

  it('adds the wider circle to those who were asked, and asks it', () => {
    expect(wider.request.requirement.stages).toEqual([
      { from: ['manager', 'helpdesk', 'group:duty'], count: 1, escalated: { to: ['helpdesk', 'group:duty'], minutes: 15, at: minute(16), why: 'late' } },
    ]);
    expect(wider.recipients).toEqual(['person:emma', 'person:dan', 'person:dana', 'channel:helpdesk']);
  });

  it('tells the audit why, and whom', () => {
    expect(wider.entries).toMatchObject([{ kind: 'escalated', actor: 'system', facts: { why: 'late', to: ['helpdesk', 'group:duty'] } }]);
  });

  it('does not come again', () => {
    expect(at(17, wider.request)).toEqual({ refused: 'not-now' });
  });
});
