// Days away as people name them, and as instants.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dateIn, daysAway, LONGEST_DAYS, overlaps } from '../../src/approval/delegation.js';
import { DAY_MS, HOUR_MS } from '../../src/lib/clock.js';

/** Ten in the morning in Berlin. */
const NOW = Date.parse('2026-10-20T08:00:00Z');
const BERLIN = 'Europe/Berlin';

function away(first: string, last: string, zone = BERLIN) {
  const found = daysAway({ first, last }, zone, NOW);
  return 'refused' in found ? found.refused : [found.from, found.until].map((at) => new Date(at).toISOString());
}

describe('daysAway', () => {
  it('is from the first midnight to the one after the last day, on the calendars of the zone', () => {
    expect(away('2026-10-21', '2026-10-22')).toEqual(['2026-10-20T22:00:00.000Z', '2026-10-22T22:00:00.000Z']);
    expect(away(' 2026-10-21 ', '2026-10-21', 'Pacific/Auckland')).toEqual(['2026-10-20T11:00:00.000Z', '2026-10-21T11:00:00.000Z']);
  });

  it('has an hour more over the night on which the clocks go back, and one less in spring', () => {
    expect(away('2026-10-25', '2026-10-25')).toEqual(['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z']);
    const spring = daysAway({ first: '2026-03-29', last: '2026-03-29' }, BERLIN, Date.parse('2026-03-01T00:00:00Z'));
    expect('refused' in spring ? spring.refused : (spring.until - spring.from) / HOUR_MS).toBe(23);
  });

  it('begins now where the first day is today or before', () => {
    for (const first of ['2026-10-20', '2026-01-01']) expect(away(first, '2026-10-20')).toEqual(['2026-10-20T08:00:00.000Z', '2026-10-20T22:00:00.000Z']);
  });

  it('takes today as it is there: in Auckland this day ends before the one in Honolulu', () => {
    expect(away('2026-10-20', '2026-10-20', 'Pacific/Auckland')).toEqual(['2026-10-20T08:00:00.000Z', '2026-10-20T11:00:00.000Z']);
    expect(away('2026-10-19', '2026-10-19', 'Pacific/Honolulu')).toEqual(['2026-10-20T08:00:00.000Z', '2026-10-20T10:00:00.000Z']);
    expect(away('2026-10-19', '2026-10-19', 'Pacific/Auckland')).toBe('delegate-last');
  });

  it.each([
    ['', '2026-10-22', 'delegate-first'],
    ['tomorrow', '2026-10-22', 'delegate-first'],
    ['2026-02-29', '2026-10-22', 'delegate-first'],
    ['2026-10-21', '', 'delegate-last'],
    ['2026-10-21', '22.10.2026', 'delegate-last'],
    ['2026-10-21', '2026-10-20', 'delegate-last'],
    ['2026-10-01', '2026-10-19', 'delegate-last'],
    ['2026-10-21', '2027-01-21', 'delegate-too-long'],
    ['2030-01-01', '2030-01-02', 'delegate-too-long'],
  ])('refuses %s to %s: %s', (first, last, refusal) => {
    expect(away(first, last)).toBe(refusal);
  });

  it('never begins before now, ends after it began, and is not longer than it may be', () => {
    const date = fc.date({ min: new Date('2026-08-01'), max: new Date('2027-03-01'), noInvalidDate: true }).map((one) => one.toISOString().slice(0, 10));
    fc.assert(
      fc.property(date, date, fc.constantFrom('UTC', BERLIN, 'Pacific/Auckland', 'America/St_Johns'), (first, last, zone) => {
        const found = daysAway({ first, last }, zone, NOW);
        if ('refused' in found) return;
        expect(found.from).toBeGreaterThanOrEqual(NOW);
        expect(found.until).toBeGreaterThan(found.from);
        expect(found.until - NOW).toBeLessThanOrEqual(LONGEST_DAYS * DAY_MS);
      }),
    );
  });
});

describe('dateIn', () => {
  it('is the day that the calendars of the zone show, as daysAway reads it', () => {
    const at = Date.parse('2026-10-20T11:30:00Z');
    expect(['Pacific/Auckland', BERLIN, 'Pacific/Honolulu'].map((zone) => dateIn(zone, at))).toEqual(['2026-10-21', '2026-10-20', '2026-10-20']);
  });
});

describe('overlaps', () => {
  it('is so where there is a moment in both, and not where one begins as the other ends', () => {
    expect(overlaps({ from: 0, until: 10 }, { from: 9, until: 20 })).toBe(true);
    expect(overlaps({ from: 0, until: 30 }, { from: 9, until: 20 })).toBe(true);
    expect(overlaps({ from: 0, until: 10 }, { from: 10, until: 20 })).toBe(false);
    expect(overlaps({ from: 10, until: 20 }, { from: 0, until: 10 })).toBe(false);
  });
});
