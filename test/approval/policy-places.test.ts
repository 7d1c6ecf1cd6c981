// Sites and rotas in a policy file, and the calendars that lie beside it.
import { describe, expect, it } from '@jest/globals';
import { holidayAt, openAt } from '../../src/approval/hours.js';
import { calendarFilesOf, parsePolicy } from '../../src/approval/policy-file.js';
import { onCallAt } from '../../src/approval/rota.js';

const CALENDAR = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:test', 'BEGIN:VEVENT', 'UID:1', 'SUMMARY:x', 'ATTENDEE:mailto:sam@example.com', 'DTSTART;VALUE=DATE:20261225', 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');

const POLICY = `version: 1
sites:
  - name: Zürich
    timeZone: Europe/Zurich
    open:
      - { days: [monday, friday], from: 08:00, to: '17:30' }
    holidays: [2026-08-01]
    holidayFile: zürich holidays.ics
  - { name: elsewhere, timeZone: UTC, forEveryoneElse: true }
rotas:
  - name: night
    timeZone: Europe/Zurich
    shifts: [{ person: E1, from: 2026-12-24T18:00, to: 2026-12-25T08:00 }]
    weekly: [{ person: E2, days: [sunday], from: '18:00', to: '24:00' }]
    calendarFile: night.ics
    titles: [{ title: Sam, person: E3 }]
rules:
  - { name: late, when: { hours: closed, holiday: false }, approvals: [{ from: [helpdesk, 'on-call:NIGHT'] }] }
  - { name: all, approvals: [{ from: [manager-of-manager, helpdesk] }] }
`.replace('zürich holidays.ics', 'zurich-holidays.ics');

function problems(text: string, calendars: ReadonlyMap<string, string> = new Map()): string[] {
  const result = parsePolicy(text, calendars);
  return 'problems' in result ? result.problems.map(({ line, column, problem }) => `${line}:${column} ${problem}`) : [];
}

/** A good policy with these lines before its rules. */
function withLines(...lines: readonly string[]): string {
  return ['version: 1', ...lines, 'rules:', '  - { name: all, approvals: [{ from: [helpdesk] }] }'].join('\n');
}

const UTC_SITE = 'timeZone: UTC';

describe('a policy with sites and rotas', () => {
  const files = new Map([['zurich-holidays.ics', CALENDAR], ['night.ics', CALENDAR]]);

  it('names the calendars that have to be read', () => {
    expect(calendarFilesOf(POLICY)).toEqual(['zurich-holidays.ics', 'night.ics']);
    expect(calendarFilesOf('version: [')).toEqual([]);
    expect(calendarFilesOf(withLines(`sites: [{ name: a, ${UTC_SITE}, holidayFile: ../../etc/passwd.ics }]`))).toEqual([]);
  });

  it('answers with the calendars that it was read with', () => {
    const read = parsePolicy(POLICY, files);
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    const { policy } = read;
    expect(openAt(policy, 'zürich', Date.parse('2026-11-23T07:00Z'))).toBe(true);
    expect(['2026-08-01T10:00Z', '2026-12-25T10:00Z', '2026-12-26T10:00Z'].map((at) => holidayAt(policy, 'Zürich', Date.parse(at)))).toEqual([true, true, false]);
    expect(onCallAt(policy, 'night', Date.parse('2026-12-25T03:00Z'))).toEqual(['E1', 'sam@example.com']);
  });

  it('tells at its line that a calendar is missing or broken', () => {
    expect(problems(POLICY, new Map([['night.ics', 'hello']]))).toEqual([
      '8:18 sites[0].holidayFile names zurich-holidays.ics, which cannot be read: it has to lie beside the policy.',
      '15:19 rotas[0].calendarFile names night.ics, which is not an iCalendar file that can be read.',
    ]);
  });
});

describe('what does not go together', () => {
  it.each([
    [`sites: [{ name: a, timeZone: Berlin }]`, '2:30 sites[0].timeZone must be the name of a time zone, such as Europe/Berlin.'],
    [`sites: [{ name: a, ${UTC_SITE}, holidays: [2026-02-30] }]`, '2:46 sites[0].holidays[0] must be a date such as 2026-12-25.'],
    [`sites: [{ name: a, ${UTC_SITE}, holidayFile: a/b.ics }]`, '2:48 sites[0].holidayFile must be the name of a file beside this one that ends in .ics.'],
    [`sites: [{ name: a, ${UTC_SITE}, open: [{ days: [mon], from: '8:00', to: '25:00' }] }]`, '2:51 sites[0].open[0].days[0] must be sunday or monday or tuesday or wednesday or thursday or friday or saturday.'],
    [`sites: [{ name: a, ${UTC_SITE}, open: [{ days: [monday], from: '08:00', to: '08:00' }] }]`, "2:79 sites[0].open[0].to must differ from `from`; a whole day is from '00:00' to '24:00'."],
    [`sites: [{ name: Bern, ${UTC_SITE} }, { name: BERN, ${UTC_SITE} }]`, '2:48 sites[1].name is the name of sites[0] already.'],
    [`sites: [{ name: a, ${UTC_SITE}, forEveryoneElse: true }, { name: b, ${UTC_SITE}, forEveryoneElse: true }]`, '2:103 sites[1].forEveryoneElse can be true for one site only, and is for sites[0] already.'],
    [`rotas: [{ name: a, ${UTC_SITE} }]`, '2:9 rotas[0] has nobody on call: give it shifts, weekly, a calendarFile or the id of a schedule.'],
    [`rotas: [{ name: a, ${UTC_SITE}, shifts: [{ person: x, from: 2026-01-02T08:00, to: 2026-01-01T18:00 }] }]`, '2:85 rotas[0].shifts[0].to must be later than `from`.'],
    [`rotas: [{ name: a, ${UTC_SITE}, shifts: [{ person: x, from: 2026-02-30T08:00, to: 2026-03-01T18:00 }] }]`, '2:63 rotas[0].shifts[0].from must hold a date that there is.'],
    [`rotas: [{ name: a, ${UTC_SITE}, weekly: [{ person: x, days: [monday], from: '08:00', to: '08:00' }] }]`, "2:92 rotas[0].weekly[0].to must differ from `from`; a whole day is from '00:00' to '24:00'."],
  ])('is told of %s', (line, problem) => {
    expect(problems(withLines(line))[0]).toBe(problem);
  });

  it('is a rota that the file does not have', () => {
    const text = 'version: 1\nrules:\n  - name: a\n    approvals: [{ from: [helpdesk, "on-call:night"] }]\n';
    expect(problems(text)).toEqual(['4:36 rules[0].approvals[0].from[1] names a rota that is not among `rotas`.']);
  });

  it('is a rule by the clock where somebody has no hours', () => {
    const text = `version: 1\nsites: [{ name: a, ${UTC_SITE} }]\nrules:\n  - name: a\n    when: { hours: open, holiday: true }\n    approvals: [{ from: [helpdesk] }]\n`;
    const sentence = 'needs the hours of everybody: give one of `sites` the line `forEveryoneElse: true`.';
    expect(problems(text)).toEqual([`5:20 rules[0].when.hours ${sentence}`, `5:35 rules[0].when.holiday ${sentence}`]);
  });

  it("is one more place for a manager's manager alone than they have managers", () => {
    const text = 'version: 1\nrules:\n  - name: a\n    approvals: [{ from: [manager-of-manager], count: 2 }]\n';
    expect(problems(text)).toEqual(["4:16 rules[0].approvals can never be complete: a manager has one manager, and two places are for the manager's manager alone."]);
  });
});

describe('conditions', () => {
  function rule(when: string): string {
    return `version: 1\nsites: [{ name: a, ${UTC_SITE}, forEveryoneElse: true }]\nrules:\n  - name: a\n    when: ${when}\n    approvals: [{ from: [helpdesk] }]\n`;
  }

  it.each([
    '{ hours: open }',
    '{ hours: closed, holiday: true, platforms: [slack] }',
    '{ unblocksInDays: { days: 7, atLeast: 3 } }',
    '{ newAuthenticator: { days: 14 } }',
  ])('are read from %s', (when) => {
    expect(problems(rule(when))).toEqual([]);
  });

  it.each([
    ['{ platforms: [slak] }', '5:25 rules[0].when.platforms[0] must be slack or teams or playground.'],
    ['{ hours: night }', '5:20 rules[0].when.hours must be open or closed.'],
    ['{ holiday: yes }', '5:22 rules[0].when.holiday must be true or false.'],
    ['{ unblocksInDays: { days: 5, atLeast: 3 } }', '5:37 rules[0].when.unblocksInDays.days must be 1 or 7 or 30.'],
    ['{ unblocksInDays: { days: 7, atLeast: 0 } }', '5:49 rules[0].when.unblocksInDays.atLeast must be at least 1.'],
    ['{ unblocksInDays: 3 }', '5:29 rules[0].when.unblocksInDays must be a block of settings.'],
    ['{ newAuthenticator: { days: 0 } }', '5:39 rules[0].when.newAuthenticator.days must be at least 1.'],
    ['{ newAuthenticator: { age: 3 } }', '5:31 rules[0].when.newAuthenticator.days is missing.'],
  ])('are refused in %s', (when, problem) => {
    expect(problems(rule(when))[0]).toBe(problem);
  });
});
