// Whether a site is open, on ordinary days, holidays, and days when the clocks change.
import { describe, expect, it } from '@jest/globals';
import { parseCalendar } from '../../src/approval/calendar.js';
import { holidayAt, type Hours, openAt, type Site } from '../../src/approval/hours.js';
import type { Weekday } from '../../src/approval/local-time.js';

const WORKDAYS: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const ALL_DAYS: readonly Weekday[] = [...WORKDAYS, 'saturday', 'sunday'];

function site(name: string, timeZone: string, more: Partial<Site> = {}): Site {
  return { name, timeZone, open: [{ days: WORKDAYS, from: '08:00', to: '18:00' }], holidays: [], ...more };
}

function hours(...sites: readonly Site[]): Hours {
  return { sites, calendars: new Map() };
}

/** At which of the instants the one site is open. */
function openDuring(one: Site, ...instants: readonly string[]): boolean[] {
  return instants.map((instant) => openAt(hours(one), one.name, Date.parse(instant)));
}

describe('openAt', () => {
  it('is true from the first minute to the last, on the clocks of the site', () => {
    const berlin = site('Berlin', 'Europe/Berlin');
    expect(openDuring(berlin, '2026-11-23T06:59:59Z', '2026-11-23T07:00Z', '2026-11-23T16:59:59Z', '2026-11-23T17:00Z')).toEqual([false, true, true, false]);
    expect(openDuring(berlin, '2026-11-22T10:00Z')).toEqual([false]);
  });

  it('follows the clocks when they change', () => {
    const all = { open: [{ days: ALL_DAYS, from: '08:00', to: '18:00' }] };
    const berlin = site('Berlin', 'Europe/Berlin', all);
    expect(openDuring(berlin, '2026-03-28T06:59Z', '2026-03-28T07:00Z', '2026-03-29T05:59Z', '2026-03-29T06:00Z')).toEqual([false, true, false, true]);
    expect(openDuring(berlin, '2026-10-24T06:00Z', '2026-10-25T06:59Z', '2026-10-25T07:00Z')).toEqual([true, false, true]);
    const newYork = site('New York', 'America/New_York', all);
    expect(openDuring(newYork, '2026-03-08T11:59Z', '2026-03-08T12:00Z', '2026-11-01T12:59Z', '2026-11-01T13:00Z')).toEqual([false, true, false, true]);
  });

  it('holds a night that is an hour shorter or longer', () => {
    const night = site('Night', 'Europe/Berlin', { open: [{ days: ['saturday'], from: '22:00', to: '06:00' }] });
    expect(openDuring(night, '2026-03-28T20:59Z', '2026-03-28T21:00Z', '2026-03-29T01:30Z', '2026-03-29T03:59Z', '2026-03-29T04:00Z')).toEqual([false, true, true, true, false]);
    expect(openDuring(night, '2026-10-24T20:00Z', '2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T04:59Z', '2026-10-25T05:00Z')).toEqual([true, true, true, true, false]);
  });

  it('closes at the first of two half past twos', () => {
    const late = site('Late', 'Europe/Berlin', { open: [{ days: ['saturday'], from: '22:00', to: '02:30' }] });
    expect(openDuring(late, '2026-10-25T00:29Z', '2026-10-25T00:30Z', '2026-10-25T01:29Z')).toEqual([true, false, false]);
  });

  it('is right where clocks are half an hour off, and where they never change', () => {
    expect(openDuring(site('Pune', 'Asia/Kolkata'), '2026-03-30T02:29Z', '2026-03-30T02:30Z', '2026-03-30T12:29Z', '2026-03-30T12:30Z')).toEqual([false, true, true, false]);
    expect(openDuring(site('Tokyo', 'Asia/Tokyo'), '2026-03-29T22:59Z', '2026-03-29T23:00Z', '2026-07-05T23:00Z')).toEqual([false, true, true]);
  });

  it('knows several spans and the end of the day', () => {
    const split = site('S', 'UTC', { open: [{ days: ['monday'], from: '08:00', to: '12:00' }, { days: ['monday'], from: '13:00', to: '24:00' }] });
    expect(openDuring(split, '2026-11-23T11:59Z', '2026-11-23T12:30Z', '2026-11-23T23:59Z', '2026-11-24T00:00Z')).toEqual([true, false, true, false]);
  });

  it('is closed on a holiday, and through the night that begins on it', () => {
    const nights = site('N', 'UTC', { open: [{ days: ALL_DAYS, from: '20:00', to: '04:00' }], holidays: ['2026-12-25'] });
    expect(openDuring(nights, '2026-12-25T03:00Z', '2026-12-25T21:00Z', '2026-12-26T03:00Z', '2026-12-26T21:00Z')).toEqual([true, false, false, true]);
  });

  it('takes the hours of everyone else for a site that is not named, and for none', () => {
    const both = hours(site('Berlin', 'Europe/Berlin'), site('Other', 'UTC', { open: [], forEveryoneElse: true }));
    const noon = Date.parse('2026-11-23T12:00Z');
    expect([openAt(both, 'BERLIN', noon), openAt(both, 'Oslo', noon), openAt(both, null, noon)]).toEqual([true, false, false]);
    expect(openAt(hours(site('Berlin', 'Europe/Berlin')), null, noon)).toBe(false);
  });
});

describe('holidayAt', () => {
  it('goes by the date at the site', () => {
    const kiritimati = hours(site('K', 'Pacific/Kiritimati', { holidays: ['2026-12-25'] }));
    const at = (instant: string): boolean => holidayAt(kiritimati, 'K', Date.parse(instant));
    expect([at('2026-12-24T09:59Z'), at('2026-12-24T10:00Z'), at('2026-12-25T09:59Z'), at('2026-12-25T10:00Z')]).toEqual([false, true, true, false]);
  });

  it('takes the all-day events of a calendar, each year again, and no meetings', () => {
    const text = [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:test',
      'BEGIN:VEVENT',
      'UID:1',
      'SUMMARY:New Year',
      'DTSTART;VALUE=DATE:20200101',
      'RRULE:FREQ=YEARLY',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:2',
      'SUMMARY:Easter',
      'DTSTART;VALUE=DATE:20260403',
      'DTEND;VALUE=DATE:20260407',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:3',
      'SUMMARY:Meeting',
      'DTSTART:20260610T080000Z',
      'DTEND:20260610T200000Z',
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n');
    const read = parseCalendar(text);
    if ('problem' in read) throw new Error(read.problem);
    const sites = [site('Zürich', 'Europe/Zurich', { holidayFile: 'zh.ics' })];
    const zurich: Hours = { sites, calendars: new Map([['zh.ics', read.calendar]]) };
    const isHoliday = (date: string): boolean => holidayAt(zurich, 'Zürich', Date.parse(`${date}T11:00Z`));
    expect(['2026-01-01', '2031-01-01', '2026-01-02', '2026-04-03', '2026-04-06', '2026-04-07', '2026-06-10'].map(isHoliday)).toEqual([true, true, false, true, true, false, false]);
  });
});
