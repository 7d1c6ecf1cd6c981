// iCalendar files: repeated events, exceptions, time zones, and what is refused.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Calendar, parseCalendar } from '../../src/approval/calendar.js';

function calendarOf(...lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:test', ...lines, 'END:VCALENDAR'].join('\r\n');
}

function event(...lines: readonly string[]): string[] {
  return ['BEGIN:VEVENT', 'UID:shift', 'SUMMARY:Shift', ...lines, 'END:VEVENT'];
}

function read(text: string): Calendar {
  const result = parseCalendar(text);
  if ('problem' in result) throw new Error(result.problem);
  return result.calendar;
}

/** At which of the instants something goes on. */
function during(text: string, zone: string, ...instants: readonly string[]): boolean[] {
  const calendar = read(text);
  return instants.map((instant) => calendar.during(Date.parse(instant), zone).length > 0);
}

function problem(...lines: readonly string[]): string | null {
  const result = parseCalendar(calendarOf(...lines));
  return 'problem' in result ? result.problem : null;
}

const WINDOWS_ZONE = [
  'BEGIN:VTIMEZONE',
  'TZID:W. Europe Standard Time',
  'BEGIN:STANDARD',
  'DTSTART:16010101T030000',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:16010101T020000',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
];

describe('a calendar', () => {
  it('has an event from its first moment until its last', () => {
    const text = calendarOf(...event('DTSTART:20261123T180000Z', 'DTEND:20261124T060000Z'));
    expect(during(text, 'UTC', '2026-11-23T17:59:59Z', '2026-11-23T18:00Z', '2026-11-24T05:59:59Z', '2026-11-24T06:00Z')).toEqual([false, true, true, false]);
  });

  it('repeats an event at the same local time when the clocks change', () => {
    const text = calendarOf(...event('DTSTART;TZID=Europe/Berlin:20260316T200000', 'DTEND;TZID=Europe/Berlin:20260317T060000', 'RRULE:FREQ=WEEKLY;BYDAY=MO'));
    expect(during(text, 'UTC', '2026-03-23T18:59Z', '2026-03-23T19:00Z', '2026-03-30T17:59Z', '2026-03-30T18:00Z', '2026-03-31T03:59Z', '2026-03-31T04:00Z')).toEqual([false, true, false, true, true, false]);
    expect(during(text, 'UTC', '2026-10-26T18:59Z', '2026-10-26T19:00Z', '2026-10-27T19:00Z')).toEqual([false, true, false]);
  });

  it('counts by the definition in the file where the zone has another name', () => {
    const shift = event('DTSTART;TZID=W. Europe Standard Time:20260701T200000', 'DTEND;TZID=W. Europe Standard Time:20260702T060000', 'RRULE:FREQ=DAILY');
    const text = calendarOf(...WINDOWS_ZONE, ...shift);
    expect(during(text, 'UTC', '2026-07-10T17:59Z', '2026-07-10T18:00Z', '2026-12-10T18:00Z', '2026-12-10T19:00Z')).toEqual([false, true, false, true]);
  });

  it('counts what names no zone by the clocks that it is asked with', () => {
    const text = calendarOf(...event('DTSTART:20260701T200000', 'DURATION:PT2H'));
    expect(during(text, 'Asia/Kolkata', '2026-07-01T14:29Z', '2026-07-01T14:30Z', '2026-07-01T16:29Z', '2026-07-01T16:30Z')).toEqual([false, true, true, false]);
    const day = calendarOf(...event('DTSTART;VALUE=DATE:20260701'));
    expect(during(day, 'Asia/Kolkata', '2026-06-30T18:29Z', '2026-06-30T18:30Z', '2026-07-01T18:29Z', '2026-07-01T18:30Z')).toEqual([false, true, true, false]);
  });

  it('leaves out what was taken out, moves what was moved, and ends where it ends', () => {
    const master = event('DTSTART:20260601T080000Z', 'DTEND:20260601T100000Z', 'RRULE:FREQ=DAILY;COUNT=5', 'EXDATE:20260602T080000Z');
    const moved = event('RECURRENCE-ID:20260603T080000Z', 'DTSTART:20260620T080000Z', 'DTEND:20260620T100000Z');
    const text = calendarOf(...master, ...moved);
    expect(during(text, 'UTC', '2026-06-01T09:00Z', '2026-06-02T09:00Z', '2026-06-03T09:00Z', '2026-06-20T09:00Z', '2026-06-05T09:00Z', '2026-06-06T09:00Z')).toEqual([true, false, false, true, true, false]);
  });

  it('leaves out a cancelled event', () => {
    const text = calendarOf(...event('DTSTART:20260601T080000Z', 'DTEND:20260601T100000Z', 'STATUS:CANCELLED'));
    expect(during(text, 'UTC', '2026-06-01T09:00Z')).toEqual([false]);
  });

  it('leaves out the one time of a series that was cancelled', () => {
    const master = event('DTSTART:20260601T080000Z', 'DTEND:20260601T100000Z', 'RRULE:FREQ=DAILY');
    const text = calendarOf(...master, ...event('RECURRENCE-ID:20260603T080000Z', 'DTSTART:20260603T080000Z', 'DTEND:20260603T100000Z', 'STATUS:CANCELLED'));
    expect(during(text, 'UTC', '2026-06-02T09:00Z', '2026-06-03T09:00Z', '2026-06-04T09:00Z')).toEqual([true, false, true]);
  });

  it('tells whom an event names: who was invited and did not decline, and who keeps it', () => {
    const people = ['ATTENDEE;CN=Sam:mailto:Sam@example.com', 'ATTENDEE;PARTSTAT=DECLINED:mailto:no@example.com', 'ORGANIZER:MAILTO:lead@example.com'];
    const calendar = read(calendarOf(...event('DTSTART:20260601T080000Z', 'DTEND:20260601T100000Z', ...people)));
    expect(calendar.during(Date.parse('2026-06-01T09:00Z'), 'UTC')).toEqual([
      { allDay: false, summary: 'Shift', attendees: ['Sam@example.com'], organizer: 'lead@example.com' },
    ]);
  });
});

describe('parseCalendar', () => {
  it.each(['', 'hello', 'BEGIN:VCARD\r\nVERSION:4.0\r\nEND:VCARD', 'BEGIN:VCALENDAR'])('refuses %j', (text) => {
    expect(parseCalendar(text)).toEqual({ problem: 'is not an iCalendar file that can be read' });
  });

  it('refuses an event that it could not place, by its title', () => {
    const name = 'has the event "Shift", which';
    expect(problem(...event('DTEND:20260601T100000Z'))).toBe(`${name} has no beginning`);
    expect(problem(...event('DTSTART;TZID=Moon:20260601T100000', 'DTEND;TZID=Moon:20260601T110000'))).toBe(`${name} is in a time zone that is not known`);
    expect(problem(...event('DTSTART:20260601T100000Z', 'RRULE:FREQ=DAILY', 'EXDATE:20260601'))).toBe(`${name} cannot be read`);
    expect(problem(...event('DTSTART:20260601T100000Z', 'RRULE:FREQ=MINUTELY'))).toBe(`${name} comes again more often than daily`);
  });

  it('refuses a file that is too long', () => {
    expect(parseCalendar('x'.repeat(2 * 1024 * 1024 + 1))).toEqual({ problem: 'is longer than 2097152 characters' });
  });

  it('reads or refuses whatever it is given', () => {
    const line = fc.constantFrom('BEGIN:VEVENT', 'END:VEVENT', 'BEGIN:VCALENDAR', 'END:VCALENDAR', 'DTSTART:20260601T100000Z', 'DTSTART;VALUE=DATE:20260601', 'DTEND:x', 'DTSTART:99999999T999999', 'RRULE:FREQ=DAILY', 'RRULE:FREQ=WEEKLY;BYDAY=XX', 'UID:1', 'RECURRENCE-ID:20260601T100000Z', 'DURATION:PT1H', 'EXDATE:20260601', ' folded', 'ATTENDEE:x', 'STATUS:CANCELLED');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
        const result = parseCalendar(calendarOf(...lines));
        if ('problem' in result) expect(result.problem).not.toBe('');
        else expect(Array.isArray(result.calendar.during(Date.UTC(2026, 5, 1, 10, 30), 'UTC'))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a repeated event', () => {
  const name = 'has the event "Shift", which';

  it.each([
    ['DAILY;BYHOUR=0,1,2,3', 'comes again more often than daily'],
    ['DAILY;BYSECOND=0,1', 'comes again more often than daily'],
    ['YEARLY;BYMINUTE=0,1', 'comes again more often than daily'],
    ['DAILY;BYMONTH=2;BYMONTHDAY=30', 'comes again by a rule that may never match: repeat it daily, or weekly on its days'],
    ['DAILY;INTERVAL=7;BYDAY=TU', 'comes again by a rule that may never match: repeat it daily, or weekly on its days'],
    ['DAILY;BYDAY=1MO', 'comes again by a rule that may never match: repeat it daily, or weekly on its days'],
    ['WEEKLY;BYWEEKNO=20', 'comes again by a rule that may never match: repeat it daily, or weekly on its days'],
    ['MONTHLY;INTERVAL=12;BYMONTH=2', 'comes again by a rule that may never match: repeat it daily, or weekly on its days'],
  ])('is refused when it is %s', (rule, why) => {
    expect(problem(...event('DTSTART:20260601T100000Z', 'DTEND:20260601T110000Z', `RRULE:FREQ=${rule}`))).toBe(`${name} ${why}`);
  });

  it.each([
    ['every working day', 'DAILY;BYDAY=MO,TU,WE,TH,FR', '2026-06-05T10:30Z', '2026-06-06T10:30Z'],
    ['every other day', 'DAILY;INTERVAL=2', '2026-06-03T10:30Z', '2026-06-04T10:30Z'],
    ['in June', 'DAILY;BYMONTH=6', '2027-06-30T10:30Z', '2027-07-01T10:30Z'],
    ['every other week', 'WEEKLY;INTERVAL=2;BYDAY=MO,FR', '2026-06-19T10:30Z', '2026-06-12T10:30Z'],
    ['on the last Sunday of March', 'YEARLY;BYMONTH=3;BYDAY=-1SU', '2027-03-28T10:30Z', '2027-03-21T10:30Z'],
    ['on the fifteenth', 'MONTHLY;BYMONTHDAY=15', '2026-07-15T10:30Z', '2026-07-16T10:30Z'],
  ])('comes %s', (_when, rule, then, not) => {
    const text = calendarOf(...event('DTSTART:20260601T100000Z', 'DTEND:20260601T110000Z', `RRULE:FREQ=${rule}`));
    expect(during(text, 'UTC', then, not)).toEqual([true, false]);
  });

  it('is refused when it began before 1970 and comes daily, and taken when it comes yearly', () => {
    expect(problem(...event('DTSTART:00010101T100000Z', 'RRULE:FREQ=DAILY'))).toBe(`${name} begins before 1970`);
    expect(during(calendarOf(...event('DTSTART;VALUE=DATE:16010501', 'RRULE:FREQ=YEARLY')), 'UTC', '2026-05-01T12:00Z')).toEqual([true]);
  });

  it('is refused among so many that looking through them would take too long', () => {
    const many = Array.from({ length: 50 }, () => event('DTSTART:20160101T100000Z', 'RRULE:FREQ=DAILY')).flat();
    expect(problem(...many)).toBe('repeats its events about 366000 times in all, and 300000 are looked through: leave out what is over, and what is no shift or holiday');
    const over = Array.from({ length: 50 }, () => event('DTSTART:20260101T100000Z', 'RRULE:FREQ=DAILY;COUNT=20')).flat();
    expect(problem(...over)).toBeNull();
  });

  it('is found whatever was asked before, and as long as it lasts', () => {
    const calendar = read(calendarOf(...event('DTSTART:20260601T100000Z', 'DTEND:20260611T100000Z', 'RRULE:FREQ=MONTHLY')));
    const counts = ['2027-01-05', '2026-06-05', '2026-06-12', '2026-09-11T09:59Z', '2026-09-11T10:00Z'].map((at) => calendar.during(Date.parse(at), 'UTC').length);
    expect(counts).toEqual([1, 1, 0, 1, 0]);
  });
});

describe('an event without a title', () => {
  it('goes on like any other, and is called ""', () => {
    const text = calendarOf('BEGIN:VEVENT', 'UID:1', 'DTSTART:20260601T100000Z', 'DTEND:20260601T110000Z', 'END:VEVENT');
    expect(read(text).during(Date.parse('2026-06-01T10:30Z'), 'UTC').map(({ summary }) => summary)).toEqual(['']);
  });
});

describe('a title in a problem', () => {
  it('cannot move the cursor of a terminal, and is cut', () => {
    const text = ['BEGIN:VEVENT', 'UID:1', `SUMMARY:\u001b[2J${'x'.repeat(200)}`, 'END:VEVENT'];
    expect(problem(...text)).toBe(`has the event "[2J${'x'.repeat(56)}…", which has no beginning`);
  });
});
