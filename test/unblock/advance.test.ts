// The table of states, cell by cell, and the deadlines.
import { describe, expect, it } from '@jest/globals';
import type { Requirement } from '../../src/approval/requirement.js';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { isRefused } from '../../src/lib/refusal.js';
import { advance, closesAt, hasStep, nextDeadline, type EventKind, type RequestEvent } from '../../src/unblock/advance.js';
import { OPEN_STATES, type OpenRequest, type OpenState, type UnblockRequest } from '../../src/unblock/request.js';
import { answered, approved, CHALLENGE, CLOSED, minute, opened, OTHER_CHALLENGE, TIMES, ONE_OF_EITHER, waiting } from './support.js';

const at = minute(5);
const fresh = { challenge: OTHER_CHALLENGE, fresh: true };

/** Every event there is, in each of its meanings. */
const EVENTS = {
  'the right code': { kind: 'proved', at, approved: false },
  'the right code where nobody is asked': { kind: 'proved', at, approved: true },
  'the third wrong code': { kind: 'codes-spent', at },
  'an approval that leaves others to come': { kind: 'approve', at, by: 'sam', complete: false },
  'the last approval': { kind: 'approve', at, by: 'sam', complete: true },
  'a denial': { kind: 'deny', at, by: 'dana', why: 'not now' },
  'an end by the directory': { kind: 'deny', at, by: null, why: 'person-inactive' },
  'an approval taken back': { kind: 'revoke', at, by: 'dana', why: 'not now' },
  'a new challenge with a fresh code': { kind: 'replace-challenge', at, ...fresh },
  'a new challenge without a code': { kind: 'replace-challenge', at, ...fresh, fresh: false },
  'a release': { kind: 'release', at, fresh: false },
  'another look': { kind: 'show-again', at },
  'news that it worked': { kind: 'worked', at },
  'news that the card refused it': { kind: 'response-refused', at, final: false },
  'news that the card refused the last one': { kind: 'response-refused', at, final: true },
  'the challenge of a next round': { kind: 'next-round', at, challenge: OTHER_CHALLENGE },
  'a cancellation': { kind: 'cancel', at, by: 'emma', why: 'requester' },
  'a freeze': { kind: 'cancel', at, by: null, why: 'frozen' },
  'a reminder': { kind: 'remind', at },
  'a warning': { kind: 'warn', at },
  'an escalation': { kind: 'escalate', at, why: 'nobody' },
  'an escalation that comes too early': { kind: 'escalate', at, why: 'late' },
  'a manager who steps down': { kind: 'step-down', at, by: 'dana' },
  'a say that moved': { kind: 'ask-anew', at },
  'sealed codes': { kind: 'break-glass', at, by: ['sam', 'eve'] },
  'a number for an approver': { kind: 'number-drawn', at, by: 'dana', number: '47' },
  'a number for one who has one': { kind: 'number-drawn', at, by: 'sam', number: '47' },
  'a miss': { kind: 'number-missed', at, by: 'sam', typed: '11', number: '12' },
  'a miss of a number that nobody drew': { kind: 'number-missed', at, by: 'dana', typed: '11', number: '12' },
  'a deadline that is not there yet': { kind: 'expire', at },
  'the deadline': { kind: 'expire', at: minute(60) },
} satisfies Readonly<Record<string, RequestEvent>>;

type EventName = keyof typeof EVENTS;

/** Nobody else is asked for an hour. */
const ESCALATING: Requirement = { ...ONE_OF_EITHER, stages: [{ from: ['manager'], count: 1, escalateTo: ['helpdesk'], escalateMinutes: 60 }] };

const ROWS = {
  opened: opened(),
  'awaiting-approval': waiting({ requirement: ESCALATING, numbers: [{ approverId: 'sam', number: '47', misses: 0, missed: null }] }),
  approved: approved(),
  answered: answered(),
  'answered and refused by the card': answered({ refusedAt: minute(4) }),
} satisfies Readonly<Record<string, OpenRequest>>;

const NO = 'not-now';

/** What each event makes of a request in each state: the next state, or why nothing happens. */
const TABLE: Readonly<Record<EventName, readonly [string, string, string, string, string]>> = {
  //                                           opened               awaiting-approval    approved     answered     and refused
  'the right code':                           ['awaiting-approval', NO,                  NO,          NO,          NO],
  'the right code where nobody is asked':     ['approved',          NO,                  NO,          NO,          NO],
  'the third wrong code':                     ['failed',            'failed',            'failed',    'failed',    'failed'],
  'an approval that leaves others to come':   [NO,                  'awaiting-approval', NO,          NO,          NO],
  'the last approval':                        [NO,                  'approved',          NO,          NO,          NO],
  'a denial':                                 [NO,                  'denied',            'denied',    NO,          NO],
  'an end by the directory':                  ['denied',            'denied',            'denied',    'denied',    'denied'],
  'an approval taken back':                   [NO,                  NO,                  'denied',    NO,          NO],
  'a new challenge with a fresh code':        ['opened',            'awaiting-approval', 'approved',  NO,          NO],
  'a new challenge without a code':           ['opened',            NO,                  NO,          NO,          NO],
  'a release':                                [NO,                  NO,                  'answered',  NO,          NO],
  'another look':                             [NO,                  NO,                  NO,          'answered',  NO],
  'news that it worked':                      [NO,                  NO,                  NO,          'done',      'done'],
  'news that the card refused it':            [NO,                  NO,                  NO,          'answered',  NO],
  'news that the card refused the last one':  [NO,                  NO,                  NO,          'failed',    NO],
  'the challenge of a next round':            [NO,                  NO,                  NO,          NO,          'approved'],
  'a cancellation':                           ['cancelled',         'cancelled',         'cancelled', NO,          NO],
  'a freeze':                                 ['cancelled',         'cancelled',         'cancelled', 'cancelled', 'cancelled'],
  'a reminder':                               [NO,                  'awaiting-approval', NO,          NO,          NO],
  'a warning':                                [NO,                  'awaiting-approval', NO,          NO,          NO],
  'an escalation':                            [NO,                  'awaiting-approval', NO,          NO,          NO],
  'an escalation that comes too early':       [NO,                  NO,                  NO,          NO,          NO],
  'a manager who steps down':                 [NO,                  'awaiting-approval', NO,          NO,          NO],
  'a say that moved':                         [NO,                  'awaiting-approval', NO,          NO,          NO],
  'sealed codes':                             [NO,                  'approved',          'approved',  NO,          NO],
  'a number for an approver':                 [NO,                  'awaiting-approval', NO,          NO,          NO],
  'a number for one who has one':             [NO,                  NO,                  NO,          NO,          NO],
  'a miss':                                   [NO,                  'awaiting-approval', NO,          NO,          NO],
  'a miss of a number that nobody drew':      [NO,                  NO,                  NO,          NO,          NO],
  'a deadline that is not there yet':         [NO,                  NO,                  NO,          NO,          NO],
  'the deadline':                             ['expired',           'expired',           'expired',   'done',      'failed'],
};

const eventNames = Object.keys(EVENTS) as EventName[];
const CELLS = eventNames.flatMap((event) => Object.values(ROWS).map((request, column) => ({ event, request, expected: TABLE[event][column] ?? '' })));

function outcome(request: UnblockRequest, event: RequestEvent): string {
  const next = advance(request, event);
  return isRefused(next) ? next.refused : next.state;
}

function after(request: UnblockRequest, event: RequestEvent): UnblockRequest {
  const next = advance(request, event);
  if ('refused' in next) throw new Error(`refused: ${next.refused}`);
  return next;
}

describe.each(Object.entries(ROWS))('a request that is %s', (_, request) => {
  it.each(CELLS.filter((cell) => cell.request === request))('meets $event: $expected', ({ event, expected }) => {
    expect(outcome(request, EVENTS[event])).toBe(expected);
  });

  it('is one version on after each step, and keeps whose request it is', () => {
    // All but the two steps that change what a request asks for.
    const steps = eventNames.filter((name) => name !== 'an escalation' && name !== 'sealed codes').map((name) => advance(request, EVENTS[name])).filter((next) => !isRefused(next));
    expect(steps.length).toBeGreaterThan(0);
    for (const next of steps) {
      const { id, formId, cardId, requesterId, openedAt, reason, policyHash, requirement } = request;
      expect(next).toMatchObject({ id, formId, cardId, requesterId, openedAt, reason, policyHash, requirement, version: request.version + 1 });
    }
  });

  it('is left as it was by every event', () => {
    const before = structuredClone(request);
    for (const name of eventNames) advance(request, EVENTS[name]);
    expect(request).toEqual(before);
  });
});

describe('a closed request', () => {
  it.each(CLOSED)('that is $state stays closed whatever happens', (request) => {
    const answer = request.state === 'expired' ? 'request-expired' : 'request-closed';
    expect(new Set(eventNames.map((name) => outcome(request, EVENTS[name])))).toEqual(new Set([answer]));
    expect(nextDeadline(request)).toBeNull();
  });

  it('keeps no challenge', () => {
    const ends = Object.values(ROWS).flatMap((request) => eventNames.map((name) => advance(request, EVENTS[name])));
    const closed = ends.filter((next) => !('refused' in next) && 'closedAt' in next);
    expect(closed.length).toBeGreaterThan(10);
    for (const next of closed) expect(JSON.stringify(next)).not.toContain(CHALLENGE);
  });
});

describe('hasStep', () => {
  it('agrees with the table', () => {
    const kinds = [...new Set(eventNames.map((name): EventKind => EVENTS[name].kind))];
    const possible = (state: OpenState, kind: EventKind) =>
      CELLS.some(({ event, request, expected }) => request.state === state && EVENTS[event].kind === kind && expected !== NO);
    for (const state of OPEN_STATES) {
      expect(kinds.filter((kind) => hasStep(state, kind))).toEqual(kinds.filter((kind) => possible(state, kind)));
    }
  });
});

describe('what a step leaves behind', () => {
  it('the moment of the first code, and of each fresh one', () => {
    expect(after(opened(), EVENTS['the right code'])).toMatchObject({ provedAt: at, remindedAt: null });
    expect(after(waiting(), EVENTS['a new challenge with a fresh code'])).toMatchObject({ provedAt: at, challenge: OTHER_CHALLENGE });
    expect(after(approved(), { kind: 'release', at, fresh: true })).toMatchObject({ provedAt: at });
    expect(after(approved(), EVENTS['a release'])).toMatchObject({ provedAt: minute(1) });
  });

  it('every approval with its time', () => {
    const first = after(waiting(), EVENTS['an approval that leaves others to come']);
    expect(first.approvals).toEqual([{ approverId: 'sam', at }]);
    const last = after(first, { kind: 'approve', at: minute(6), by: 'priya', complete: true });
    expect(last).toMatchObject({ approvals: [{ approverId: 'sam', at }, { approverId: 'priya', at: minute(6) }], round: 0 });
  });

  it('the approvals stay when the challenge is replaced', () => {
    expect(after(approved(), EVENTS['a new challenge with a fresh code'])).toMatchObject({ approvals: approved().approvals });
  });

  it('who ended it, and why', () => {
    expect(after(waiting(), EVENTS['a denial'])).toMatchObject({ by: 'dana', why: 'not now', closedAt: at });
    expect(after(waiting(), EVENTS['a freeze'])).toMatchObject({ by: null, why: 'frozen' });
    expect(after(opened(), EVENTS['the third wrong code'])).toMatchObject({ why: 'wrong-codes' });
    expect(after(answered(), EVENTS['news that the card refused the last one'])).toMatchObject({ why: 'response-refused' });
  });

  it('how long the response is shown, and how often it was', () => {
    const shown = after(approved(), EVENTS['a release']);
    expect(shown).toMatchObject({ firstRevealedAt: at, revealedAt: at, shownUntil: at + 5 * MINUTE_MS, timesShown: 1 });
    expect(after(shown, { kind: 'show-again', at: minute(6) })).toMatchObject({ timesShown: 2, shownUntil: at + 5 * MINUTE_MS });
  });

  it('the first reveal, whatever round it is', () => {
    const nextRound = after(ROWS['answered and refused by the card'], EVENTS['the challenge of a next round']);
    expect(nextRound).toMatchObject({ round: 1, challenge: OTHER_CHALLENGE, firstRevealedAt: minute(3), expiresAt: minute(13), provedAt: at });
    expect(after(nextRound, { kind: 'release', at: minute(6), fresh: false })).toMatchObject({ firstRevealedAt: minute(3), revealedAt: minute(6) });
  });
});

describe('deadlines', () => {
  it('stand at the expiry until the response is shown', () => {
    for (const request of [opened(), waiting({ warnedAt: minute(48) }), approved()]) {
      expect(closesAt(request)).toBe(minute(60));
      expect(nextDeadline(request)).toBe(minute(60));
    }
  });

  it('stand a quarter of an hour after the reveal for a response without an outcome', () => {
    expect(closesAt(answered())).toBe(minute(18));
    expect(after(answered(), { kind: 'expire', at: minute(18) })).toMatchObject({ state: 'done', outcome: 'unconfirmed' });
  });

  it('stand ten minutes after the first reveal for a response that the card refused', () => {
    expect(closesAt(answered({ refusedAt: minute(4) }))).toBe(minute(13));
    expect(closesAt(answered({ refusedAt: minute(14), revealedAt: minute(6) }))).toBe(minute(14));
  });

  it('come earlier where the policy reminds, and when four fifths of the time are over', () => {
    const requirement = { ...ONE_OF_EITHER, times: { ...TIMES, remindMinutes: 20 } };
    const request = waiting({ requirement });
    expect(nextDeadline(request)).toBe(minute(21));
    const reminded = after(request, { kind: 'remind', at: minute(21) });
    expect(reminded).toMatchObject({ remindedAt: minute(21), reminders: 1 });
    expect(nextDeadline(reminded)).toBe(minute(41));
    expect(nextDeadline(after(reminded, { kind: 'remind', at: minute(41) }))).toBe(minute(48));
  });

  it('are never later than the end, however late the reminder is set', () => {
    const requirement = { ...ONE_OF_EITHER, times: { ...TIMES, remindMinutes: 500 } };
    expect(nextDeadline(waiting({ requirement, warnedAt: minute(48) }))).toBe(minute(60));
  });
});

describe('past its deadline', () => {
  const ends = Object.entries(ROWS).map(([name, request]) => ({ name, request, end: closesAt(request) }));
  const late = eventNames.filter((name) => !['a freeze', 'the deadline', 'a deadline that is not there yet'].includes(name));

  it.each(ends)('nothing happens to a request that is $name, though no timer has closed it yet', ({ request, end }) => {
    for (const name of late) expect(outcome(request, { ...EVENTS[name], at: end })).toBe('request-expired');
  });

  it.each(ends)('a freeze still closes a request that is $name', ({ request, end }) => {
    expect(outcome(request, { ...EVENTS['a freeze'], at: end })).toBe('cancelled');
  });

  it.each(ends)('a request that is $name closes at that very millisecond and none before', ({ request, end }) => {
    expect(outcome(request, { kind: 'expire', at: end - 1 })).toBe('not-now');
    expect(['expired', 'done', 'failed']).toContain(outcome(request, { kind: 'expire', at: end }));
  });
});

describe('a response', () => {
  it('is shown again to the last millisecond of its window', () => {
    expect(outcome(answered(), { kind: 'show-again', at: minute(8) - 1 })).toBe('answered');
    expect(outcome(answered(), { kind: 'show-again', at: minute(8) })).toBe('not-now');
  });

  it('is followed by no third further round', () => {
    const second = answered({ refusedAt: minute(4), round: 1 });
    const third = answered({ refusedAt: minute(4), round: 2 });
    expect(outcome(second, EVENTS['the challenge of a next round'])).toBe('approved');
    expect(outcome(third, EVENTS['the challenge of a next round'])).toBe('not-now');
  });
});
