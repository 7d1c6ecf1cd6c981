// A month in numbers: what is counted, and when it is told.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Hours, Site } from '../../src/approval/hours.js';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { type CountedEntry, firstWorkingMorning, monthAt, monthBefore, numbersOf, parseNumbers, spanOf } from '../../src/unblock/numbers.js';

const SPAN = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };

function entry(requestId: string, minutes: number, kind: string, facts: CountedEntry['facts'] = {}): CountedEntry {
  return { at: SPAN.from + minutes * MINUTE_MS, kind, requestId, facts };
}

/** A request that was opened then, and answered so many minutes later. */
function answeredLife(id: string, opened: number, wait: number, facts: CountedEntry['facts'] = {}): CountedEntry[] {
  return [entry(id, opened, 'request-opened', facts), entry(id, opened, 'identity-proved'), entry(id, opened + wait, 'released'), entry(id, opened + wait + 1, 'outcome', { worked: true, round: 0, state: 'done' })];
}

const count = (...entries: readonly (readonly CountedEntry[])[]) => numbersOf('2026-11', SPAN, entries.flat());

describe('the numbers of a month', () => {
  it('are nothing where nobody asked', () => {
    expect(count()).toEqual(parseNumbers({ month: '2026-11' }));
  });

  it('count who asked, who was answered, and how it ended', () => {
    const retried = [
      entry('b', 20, 'request-opened', { agent: 'sam', outsideHours: true }),
      entry('b', 20, 'identity-proved'),
      entry('b', 30, 'released'),
      entry('b', 31, 'outcome', { worked: false, round: 0, state: 'answered' }),
      entry('b', 32, 'challenge-replaced', { nextRound: true }),
      entry('b', 33, 'released'),
      entry('b', 34, 'outcome', { worked: true, round: 1, state: 'done' }),
    ];
    const ended = (id: string, kind: string, state: string) => [entry(id, 40, 'request-opened'), entry(id, 40, 'identity-proved'), entry(id, 50, kind, { state })];
    const numbers = count(answeredLife('a', 0, 4), retried, ended('c', 'denied', 'denied'), ended('d', 'expired', 'expired'), ended('e', 'cancelled', 'cancelled'), ended('f', 'failed', 'failed'));
    expect(numbers).toEqual({ month: '2026-11', requests: 6, answered: 2, firstTime: 1, medianMs: 4 * MINUTE_MS, p95Ms: 10 * MINUTE_MS, refused: 1, retries: 1, denied: 1, expired: 1, cancelled: 1, failed: 1, afterHours: 1, assisted: 1 });
  });

  it('leave out requests that no right code stands behind', () => {
    expect(count([entry('a', 0, 'request-opened'), entry('a', 1, 'failed', { state: 'failed' })]).requests).toBe(0);
  });

  it('belong to the month in which the request was opened, whenever it was answered', () => {
    const late = 30 * 24 * 60 - 5;
    expect(count(answeredLife('a', late, 20)).answered).toBe(1);
    expect(count(answeredLife('a', late + 5, 20)).requests).toBe(0);
    expect(count(answeredLife('a', -1, 20)).requests).toBe(0);
  });

  it('have a middle and a slow end that were measured, by the nearest rank', () => {
    const waits = Array.from({ length: 20 }, (_, at) => answeredLife(`r${at}`, 0, at + 1));
    expect(count(...waits)).toMatchObject({ medianMs: 10 * MINUTE_MS, p95Ms: 19 * MINUTE_MS });
  });

  it('do not depend on the order of the requests', () => {
    const lives = [answeredLife('a', 0, 3), answeredLife('b', 5, 9), answeredLife('c', 7, 1)];
    fc.assert(fc.property(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), (order) => {
      expect(count(...order.map((at) => lives[at] ?? []))).toEqual(count(...lives));
    }));
  });
});

describe('a month', () => {
  it.each([
    ['UTC', Date.UTC(2026, 0, 1), '2026-01', '2025-12'],
    ['Europe/Berlin', Date.UTC(2026, 10, 30, 23), '2026-12', '2026-11'],
    ['America/New_York', Date.UTC(2026, 11, 1, 4), '2026-11', '2026-10'],
  ])('in %s is that of its calendars', (zone, at, now, before) => {
    expect([monthAt(zone, at), monthBefore(zone, at)]).toEqual([now, before]);
  });

  it('begins and ends at midnight there', () => {
    expect(spanOf('2026-12', 'UTC')).toEqual({ from: Date.UTC(2026, 11, 1), to: Date.UTC(2027, 0, 1) });
    expect(spanOf('2026-03', 'Europe/Berlin')).toEqual({ from: Date.UTC(2026, 1, 28, 23), to: Date.UTC(2026, 2, 31, 22) });
    expect(spanOf('2026-13', 'UTC')).toBeNull();
  });
});

describe('the first working morning', () => {
  const site: Site = { name: 'Oslo', timeZone: 'Europe/Oslo', open: [{ days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: '07:30', to: '16:00' }], holidays: ['2026-05-01'] };
  const hours = (...sites: readonly Site[]): Hours => ({ sites, calendars: new Map() });

  it.each([
    ['is a weekday at eight, where the policy has no hours', hours(), '2026-08', Date.UTC(2026, 7, 3, 8)],
    ['is the first of the month, where that is a weekday', hours(), '2026-06', Date.UTC(2026, 5, 1, 8)],
    ['is when the site opens', hours(site), '2026-06', Date.UTC(2026, 5, 1, 5, 30)],
    ['is no holiday and no weekend', hours(site), '2026-05', Date.UTC(2026, 4, 4, 5, 30)],
    ['is that of the site for everyone else', hours(site, { ...site, name: 'All', timeZone: 'UTC', forEveryoneElse: true }), '2026-06', Date.UTC(2026, 5, 1, 7, 30)],
  ])('%s', (_what, policy, month, at) => {
    expect(firstWorkingMorning(policy, 'UTC', month)).toBe(at);
  });
});
