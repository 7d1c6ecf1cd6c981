// Whatever happens in whatever order: what a request never becomes.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Requirement } from '../../src/approval/requirement.js';
import { MINUTE_MS, SECOND_MS } from '../../src/lib/clock.js';
import { advance, closesAt, MORE_ROUNDS, type RequestEvent } from '../../src/unblock/advance.js';
import { isOpen, parseRequest, type UnblockRequest } from '../../src/unblock/request.js';
import { CHALLENGE, minute, ONE_OF_EITHER, opened, OTHER_CHALLENGE } from './support.js';

const RUNS = 500;
const RETRY_MS = 10 * MINUTE_MS;

/** An event whose time is not set yet. */
type Happening = RequestEvent extends infer E ? (E extends RequestEvent ? Omit<E, 'at'> : never) : never;

/** Somebody else is asked after ten minutes, and each approver types a number. */
const ESCALATING: Requirement = { ...ONE_OF_EITHER, numberMatch: true, stages: [{ from: ['manager'], count: 1, escalateTo: ['helpdesk'], escalateMinutes: 10 }] };

const by = fc.constantFrom('dana', 'sam');
const why = fc.constant('because');
const number = fc.constantFrom('10', '47', '99');
const challenge = fc.constantFrom(CHALLENGE, OTHER_CHALLENGE);

/** Stands for the event that takes a request one step on in its present state: else no sequence would get far. */
const ON = { kind: 'on' } as const;

const happening: fc.Arbitrary<Happening | typeof ON> = fc.oneof(
  { weight: 40, arbitrary: fc.constant(ON) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('proved' as const), approved: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('approve' as const), by, complete: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('release' as const), fresh: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('next-round' as const), challenge }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('replace-challenge' as const), challenge, fresh: fc.boolean() }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'show-again' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'remind' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'warn' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('escalate' as const), why: fc.constantFrom('late' as const, 'nobody' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('step-down' as const), by }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'ask-anew' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('number-drawn' as const), by, number }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('number-missed' as const), by, typed: number, number }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'expire' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'codes-spent' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'worked' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('response-refused' as const), final: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deny' as const), by: fc.option(by), why }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('revoke' as const), by, why }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), by: fc.option(by), why: fc.constantFrom('requester' as const, 'frozen' as const) }) },
);

// Mostly seconds, now and then long enough to pass a deadline.
const pause = fc.oneof({ weight: 9, arbitrary: fc.nat(40 * SECOND_MS) }, { weight: 1, arbitrary: fc.nat(20 * MINUTE_MS) });
const story = fc.array(fc.tuple(pause, happening), { minLength: 1, maxLength: 40 });

interface Taken {
  readonly event: RequestEvent;
  readonly before: UnblockRequest;
  readonly after: UnblockRequest;
}

function onwards(request: UnblockRequest): Happening {
  if (request.state === 'opened') return { kind: 'proved', approved: false };
  if (request.state === 'awaiting-approval') return { kind: 'approve', by: 'dana', complete: true };
  if (request.state !== 'answered') return { kind: 'release', fresh: false };
  return request.refusedAt === null ? { kind: 'response-refused', final: false } : { kind: 'next-round', challenge: OTHER_CHALLENGE };
}

function tell(events: readonly (readonly [number, Happening | typeof ON])[]): readonly Taken[] {
  const taken: Taken[] = [];
  let request: UnblockRequest = opened({ requirement: ESCALATING });
  let at = minute(0);
  for (const [ms, what] of events) {
    at += ms;
    const event: RequestEvent = { ...(what.kind === 'on' ? onwards(request) : what), at };
    const after = advance(request, event);
    if ('refused' in after) continue;
    taken.push({ event, before: request, after });
    request = after;
  }
  return taken;
}

function always(holds: (taken: readonly Taken[]) => void): void {
  fc.assert(fc.property(story, (events) => holds(tell(events))), { numRuns: RUNS });
}

describe('in any sequence of events', () => {
  it('nothing leaves a closed state', () => {
    always((taken) => expect(taken.every(({ before }) => isOpen(before))).toBe(true));
  });

  it('the version grows by one with each step', () => {
    always((taken) => expect(taken.map(({ after }) => after.version)).toEqual(taken.map((_, step) => step + 2)));
  });

  it('a response is released only from approved, and approved comes only after a right code and consent', () => {
    always((taken) => {
      for (const { event, before, after } of taken) {
        if (after.state === 'answered' && before.state !== 'answered') expect([event.kind, before.state]).toEqual(['release', 'approved']);
        if (after.state === 'approved' && before.state !== 'approved') {
          const consent = (event.kind === 'approve' && event.complete) || (event.kind === 'proved' && event.approved);
          expect(consent || (event.kind === 'next-round' && before.state === 'answered')).toBe(true);
        }
      }
      const first = taken.findIndex(({ after }) => after.state === 'answered');
      if (first >= 0) expect(taken.slice(0, first).some(({ event }) => event.kind === 'proved')).toBe(true);
    });
  });

  it('at most two further rounds follow, and only within ten minutes of the first reveal', () => {
    let most = 0;
    always((taken) => {
      const times = taken.filter(({ event }) => event.kind === 'release').map(({ event }) => event.at);
      most = Math.max(most, times.length);
      expect(times.length).toBeLessThanOrEqual(1 + MORE_ROUNDS);
      for (const at of times) expect(at - (times[0] ?? at)).toBeLessThan(RETRY_MS);
    });
    expect(most).toBe(1 + MORE_ROUNDS);
  });

  it('each round answers a challenge of its own after the card refused the last', () => {
    always((taken) => {
      for (const { event, before } of taken) {
        if (event.kind === 'next-round') expect(before.state === 'answered' && before.refusedAt !== null).toBe(true);
      }
    });
  });

  it('nothing but the end and a freeze comes after the deadline', () => {
    always((taken) => {
      for (const { event, before } of taken) {
        const isLate = isOpen(before) && event.at >= closesAt(before);
        if (isLate) expect(event.kind === 'expire' || (event.kind === 'cancel' && event.why === 'frozen')).toBe(true);
      }
    });
  });

  it('an open request can always end by itself', () => {
    always((taken) => {
      const last = taken.at(-1)?.after ?? opened();
      if (isOpen(last)) expect(advance(last, { kind: 'expire', at: closesAt(last) })).toHaveProperty('closedAt');
    });
  });

  it('nothing that happens by itself approves: reminders, warnings and a wider circle leave a request waiting', () => {
    const met = new Set<string>();
    always((taken) => {
      for (const { event, before, after } of taken) {
        if (!['remind', 'warn', 'escalate', 'step-down', 'ask-anew', 'number-drawn', 'number-missed'].includes(event.kind)) continue;
        met.add(event.kind);
        expect([before.state, after.state]).toEqual(['awaiting-approval', 'awaiting-approval']);
        expect(after.approvals).toEqual(before.approvals);
      }
    });
    expect(met.size).toBeGreaterThan(3);
  });

  it('the wider circle comes once, and adds to those who were asked first', () => {
    always((taken) => {
      const widenings = taken.filter(({ event }) => event.kind === 'escalate');
      expect(widenings.length).toBeLessThanOrEqual(1);
      for (const { after } of widenings) expect(after.requirement.stages[0]?.from).toEqual(['manager', 'helpdesk']);
    });
  });

  it('no number outlives the vote that it was drawn for', () => {
    always((taken) => {
      for (const { event, after } of taken) {
        const numbers = 'numbers' in after ? after.numbers.map(({ approverId }) => approverId) : [];
        if (event.kind === 'approve') expect(numbers).not.toContain(event.by);
        if (after.state !== 'awaiting-approval') expect(JSON.stringify(after)).not.toContain('"numbers"');
      }
    });
  });

  it('what is stored is read back as it was', () => {
    always((taken) => {
      for (const { after } of taken) expect(parseRequest(JSON.parse(JSON.stringify(after)))).toEqual(after);
    });
  });

  it('a closed request has neither its challenge nor a deadline', () => {
    always((taken) => {
      for (const { after } of taken) if (!isOpen(after)) expect(Object.keys(after)).not.toEqual(expect.arrayContaining(['challenge']));
    });
  });
});
