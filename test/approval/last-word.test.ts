// When somebody will be there again: opening hours, holidays and shifts, on the clocks of their places.
import { describe, expect, it } from '@jest/globals';
import { lastWordFor } from '../../src/approval/last-word.js';
import { parsePolicy } from '../../src/approval/policy-file.js';
import type { Policy } from '../../src/approval/policy.js';

const TEXT = `version: 1
sites:
  - name: Berlin
    timeZone: Europe/Berlin
    open: [{ days: [monday, tuesday, wednesday, thursday, friday], from: '07:00', to: '18:00' }]
    holidays: ['2026-12-25']
    desk: room 12
rotas:
  - name: night
    timeZone: Europe/Berlin
    weekly: [{ person: sam, days: [friday], from: '20:00', to: '23:00' }]
    shifts: [{ person: eve, from: '2026-12-26T10:00', to: '2026-12-26T12:00' }]
rules: [{ name: one, approvals: [{ from: ['on-call:night'] }] }]
`;

function read(text = TEXT, calendars: ReadonlyMap<string, string> = new Map()): Policy {
  const parsed = parsePolicy(text, calendars);
  if (!('policy' in parsed)) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

function at(instant: string, policy = read(), site = 'Berlin') {
  const word = lastWordFor(policy, { stages: policy.rules[0]?.approvals ?? [] }, site, Date.parse(instant));
  const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  return word === null ? null : { onCallFrom: iso(word.onCallFrom), opensAt: iso(word.opensAt), desk: word.desk };
}

describe('the last word', () => {
  it('names the next opening, past a holiday and a weekend', () => {
    expect(at('2026-12-24T19:00:00+01:00')).toEqual({ onCallFrom: '2026-12-25T19:00:00.000Z', opensAt: '2026-12-28T06:00:00.000Z', desk: 'room 12' });
  });

  it('names the next shift, the weekly and the single ones alike', () => {
    expect(at('2026-12-25T23:30:00+01:00')?.onCallFrom).toBe('2026-12-26T09:00:00.000Z');
  });

  it('leaves out what is there now', () => {
    expect(at('2026-12-21T12:00:00+01:00')).toEqual({ onCallFrom: '2026-12-25T19:00:00.000Z', opensAt: undefined, desk: 'room 12' });
    expect(at('2026-12-25T21:00:00+01:00')?.onCallFrom).toBeUndefined();
  });

  it('counts on the clocks of the place when these are changed', () => {
    expect(at('2026-03-28T12:00:00+01:00')?.opensAt).toBe('2026-03-30T05:00:00.000Z');
    expect(at('2026-10-24T12:00:00+02:00')?.opensAt).toBe('2026-10-26T06:00:00.000Z');
  });

  it('is silent where the policy knows nothing', () => {
    expect(at('2026-12-24T19:00:00Z', read('version: 1\nrules: [{ name: one, approvals: [{ from: [helpdesk] }] }]\n'))).toBeNull();
    expect(at('2026-12-24T19:00:00Z', read(), 'Oslo')).toEqual({ onCallFrom: '2026-12-25T19:00:00.000Z', opensAt: undefined, desk: undefined });
  });

  it('finds the next shift in a calendar file, to the quarter of an hour', () => {
    const lines = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:1', 'SUMMARY:sam@example.com', 'DTSTART:20261222T181000Z', 'DTEND:20261222T220000Z', 'END:VEVENT', 'END:VCALENDAR'];
    const text = TEXT.replace(/ {4}weekly: .*\n {4}shifts: .*\n/, '    calendarFile: night.ics\n');
    const policy = read(text, new Map([['night.ics', lines.join('\r\n')]]));
    expect(at('2026-12-22T12:00:00Z', policy)?.onCallFrom).toBe('2026-12-22T18:15:00.000Z');
  });
});
