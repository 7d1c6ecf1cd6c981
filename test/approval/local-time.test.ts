// Clocks of places, on ordinary days and when they are put forward and back.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayAt, dayOf, isTimeZone, minutesOf, toInstant, weekdayOf } from '../../src/approval/local-time.js';

function at(zone: string, date: string, time: string): string {
  return new Date(toInstant(zone, dayOf(date) ?? NaN, minutesOf(time))).toISOString();
}

describe('toInstant', () => {
  // Offsets and days of change from the IANA time zone database, release 2025b.
  it.each([
    ['Europe/Berlin', '2026-03-28', '02:30', '2026-03-28T01:30:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '01:59', '2026-03-29T00:59:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '03:00', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25', '01:59', '2026-10-24T23:59:00.000Z'],
    ['Europe/Berlin', '2026-10-25', '03:00', '2026-10-25T02:00:00.000Z'],
    ['America/New_York', '2026-03-08', '01:59', '2026-03-08T06:59:00.000Z'],
    ['America/New_York', '2026-03-08', '03:00', '2026-03-08T07:00:00.000Z'],
    ['America/New_York', '2026-11-01', '02:00', '2026-11-01T07:00:00.000Z'],
    ['Asia/Kolkata', '2026-07-01', '09:00', '2026-07-01T03:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-07-01', '12:00', '2026-07-01T01:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-01-01', '12:00', '2026-01-01T01:00:00.000Z'],
    ['Asia/Tokyo', '2026-03-29', '02:30', '2026-03-28T17:30:00.000Z'],
    ['UTC', '2026-03-29', '24:00', '2026-03-30T00:00:00.000Z'],
  ])('knows what %s shows on %s at %s', (zone, date, time, instant) => {
    expect(at(zone, date, time)).toBe(instant);
  });

  it('takes the first of two times in autumn', () => {
    expect(at('Europe/Berlin', '2026-10-25', '02:30')).toBe('2026-10-25T00:30:00.000Z');
    expect(at('America/New_York', '2026-11-01', '01:30')).toBe('2026-11-01T05:30:00.000Z');
    // Half an hour back at 02:00: 01:45 comes twice.
    expect(at('Australia/Lord_Howe', '2026-04-05', '01:45')).toBe('2026-04-04T14:45:00.000Z');
  });

  it('counts a time that is left out in spring from before the gap', () => {
    expect(at('Europe/Berlin', '2026-03-29', '02:30')).toBe('2026-03-29T01:30:00.000Z');
    expect(at('America/New_York', '2026-03-08', '02:30')).toBe('2026-03-08T07:30:00.000Z');
    expect(at('Australia/Lord_Howe', '2026-10-04', '02:15')).toBe('2026-10-03T15:45:00.000Z');
  });

  it('gives an instant whose day on that clock is the day asked for, whatever the zone', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC');
    fc.assert(
      fc.property(zones, fc.integer({ min: 18_262, max: 25_567 }), fc.integer({ min: 180, max: 1_439 }), (zone, day, minutes) => {
        expect(dayAt(zone, toInstant(zone, day, minutes))).toBe(day);
      }),
    );
  });
});

describe('isTimeZone', () => {
  it.each(['Europe/Berlin', 'UTC', 'America/Argentina/Ushuaia', 'Etc/GMT-3'])('knows %s', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(['', '+01:00', 'Berlin', 'W. Europe Standard Time', 'Europe/Berlin ', '../etc'])('does not know %j', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});

describe('days', () => {
  it('have their names', () => {
    expect(['2026-11-23', '2026-11-29', '1970-01-01', '1969-12-31'].map((date) => weekdayOf(dayOf(date) ?? NaN))).toEqual([
      'monday',
      'sunday',
      'thursday',
      'wednesday',
    ]);
  });

  it.each(['2026-02-29', '2026-13-01', '2026-1-1', 'today', ''])('are none where there is no %j', (date) => {
    expect(dayOf(date)).toBeNull();
  });
});
