// Who is on call: by shifts, by the week, and by a calendar.
import { describe, expect, it } from '@jest/globals';
import { parseCalendar } from '../../src/approval/calendar.js';
import { isPersonNamed, onCallAt, type Rota } from '../../src/approval/rota.js';

const NIGHT: Rota = { name: 'Night', timeZone: 'Europe/Berlin', shifts: [], weekly: [], titles: [] };

function onCall(rota: Partial<Rota>, ...instants: readonly string[]): (readonly string[])[] {
  const rotas = { rotas: [{ ...NIGHT, ...rota }], calendars: new Map() };
  return instants.map((instant) => onCallAt(rotas, 'night', Date.parse(instant)));
}

/** Whom an event with these lines puts on call. */
function byEvent(lines: readonly string[], titles: Rota['titles'] = []): readonly string[] {
  const event = ['BEGIN:VEVENT', 'UID:1', 'DTSTART:20261123T180000Z', 'DTEND:20261124T060000Z', ...lines, 'END:VEVENT'];
  const read = parseCalendar(['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:test', ...event, 'END:VCALENDAR'].join('\r\n'));
  if ('problem' in read) throw new Error(read.problem);
  const rotas = { rotas: [{ ...NIGHT, titles, calendarFile: 'night.ics' }], calendars: new Map([['night.ics', read.calendar]]) };
  return onCallAt(rotas, 'Night', Date.parse('2026-11-23T20:00Z'));
}

describe('onCallAt', () => {
  it('names who has a shift, from its first minute to its last', () => {
    const shifts = [{ person: 'E1', from: '2026-10-24T20:00', to: '2026-10-25T03:00' }];
    expect(onCall({ shifts }, '2026-10-24T17:59Z', '2026-10-24T18:00Z', '2026-10-25T01:59Z', '2026-10-25T02:00Z')).toEqual([[], ['E1'], ['E1'], []]);
  });

  it('names who has the night of the week, over midnight and over a change of the clocks', () => {
    const weekly = [
      { person: 'E1', days: ['saturday' as const], from: '18:00', to: '08:00' },
      { person: 'sam@example.com', days: ['sunday' as const], from: '08:00', to: '18:00' },
    ];
    expect(onCall({ weekly }, '2026-03-28T17:00Z', '2026-03-29T05:59Z', '2026-03-29T06:00Z', '2026-03-29T16:00Z')).toEqual([['E1'], ['E1'], ['sam@example.com'], []]);
    expect(onCall({ weekly }, '2026-10-24T16:00Z', '2026-10-25T06:59Z', '2026-10-25T07:00Z')).toEqual([['E1'], ['E1'], ['sam@example.com']]);
  });

  it('names everybody where shifts overlap, each once', () => {
    const shifts = [
      { person: 'E1', from: '2026-11-23T18:00', to: '2026-11-24T08:00' },
      { person: 'E2', from: '2026-11-23T20:00', to: '2026-11-24T08:00' },
      { person: 'E1', from: '2026-11-23T21:00', to: '2026-11-23T22:00' },
    ];
    expect(onCall({ shifts }, '2026-11-23T20:30Z')).toEqual([['E1', 'E2']]);
  });

  it('names nobody for a rota that is not there', () => {
    expect(onCallAt({ rotas: [NIGHT], calendars: new Map() }, 'day', 0)).toEqual([]);
  });

  it('names those who are invited, before whoever keeps the calendar', () => {
    expect(byEvent(['SUMMARY:Night', 'ATTENDEE:mailto:sam@example.com', 'ATTENDEE:mailto:priya@example.com', 'ORGANIZER:mailto:lead@example.com'])).toEqual(['sam@example.com', 'priya@example.com']);
    expect(byEvent(['SUMMARY:Night', 'ORGANIZER:mailto:lead@example.com'])).toEqual(['lead@example.com']);
  });

  it('takes an address out of the title, and knows the titles that the policy explains', () => {
    expect(byEvent(['SUMMARY:On call: <Sam@example.com>'])).toEqual(['Sam@example.com']);
    expect(byEvent(['SUMMARY:Sam O.', 'ATTENDEE:mailto:lead@example.com'], [{ title: 'SAM O.', person: 'E3001' }])).toEqual(['E3001']);
    expect(byEvent(['SUMMARY:Sam O.'])).toEqual([]);
  });
});

describe('isPersonNamed', () => {
  const sam = { id: 'E3001', email: 'sam@example.com' };

  it('goes by the id as it is, and by the address whatever its case', () => {
    expect(['E3001', 'Sam@Example.com', ' sam@example.com'].map((name) => isPersonNamed(name, sam))).toEqual([true, true, true]);
    expect(['e3001', 'sam', ''].map((name) => isPersonNamed(name, sam))).toEqual([false, false, false]);
  });
});
