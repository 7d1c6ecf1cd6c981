// The next morning: when a site opens, or eight o'clock.
import { describe, expect, it } from '@jest/globals';
import type { Hours, Site } from '../../src/approval/hours.js';
import { nextMorning } from '../../src/approval/morning.js';

const WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;
const ZURICH: Site = { name: 'Zürich', timeZone: 'Europe/Zurich', open: [{ days: WEEK, from: '07:00', to: '18:00' }], holidays: ['2026-06-02'], forEveryoneElse: true };
const LAB: Site = { name: 'Lab', timeZone: 'America/New_York', open: [], holidays: [] };

const hours = (...sites: readonly Site[]): Hours => ({ sites, calendars: new Map() });
const at = (text: string): number => Date.parse(text);

describe('the next morning', () => {
  it.each([
    ['is the opening of the same day, after a night', '2026-06-01T03:00:00+02:00', '2026-06-01T07:00:00+02:00'],
    ['is that of the next open day, in the middle of one', '2026-06-03T10:00:00+02:00', '2026-06-04T07:00:00+02:00'],
    ['leaves a holiday out', '2026-06-01T10:00:00+02:00', '2026-06-03T07:00:00+02:00'],
    ['leaves a weekend out', '2026-06-05T19:00:00+02:00', '2026-06-08T07:00:00+02:00'],
    ['is not now, at the very opening', '2026-06-03T07:00:00+02:00', '2026-06-04T07:00:00+02:00'],
  ])('%s', (_, from, to) => {
    expect(nextMorning(hours(ZURICH), { site: 'Zürich', zone: 'UTC' }, at(from))).toBe(at(to));
  });

  it.each([
    ['on the clocks of a site without hours', 'Lab', '2026-06-01T03:00:00-04:00', '2026-06-01T08:00:00-04:00'],
    ['on the next day, once it is over', 'Lab', '2026-06-01T08:00:00-04:00', '2026-06-02T08:00:00-04:00'],
    ['on the clocks of the zone, where nobody knows the site', 'Oslo', '2026-06-01T23:00:00Z', '2026-06-02T08:00:00Z'],
    ['on the day when clocks are put forward', 'Lab', '2026-03-08T00:30:00-05:00', '2026-03-08T08:00:00-04:00'],
  ])('is eight o’clock %s', (_, site, from, to) => {
    expect(nextMorning(hours(LAB), { site, zone: 'UTC' }, at(from))).toBe(at(to));
  });
});
