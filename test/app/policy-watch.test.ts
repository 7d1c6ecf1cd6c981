// The policy of a running process: another one in force, its file put in place, and calendars that change beside it.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { holidayAt } from '../../src/approval/hours.js';
import { policyHash } from '../../src/approval/policy.js';
import { OnCallSchedules } from '../../src/app/on-call-schedules.js';
import { loadPolicy } from '../../src/app/parts.js';
import { PolicyWatch } from '../../src/app/policy-watch.js';
import { readinessOf } from '../../src/app/readiness.js';
import { systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { openTheBreaker } from '../../src/store/breaker.js';
import { inTransaction } from '../../src/store/database.js';
import { startWithPolicy } from '../../src/store/policies.js';
import { openWorld, type World } from '../support/world.js';

const POLICY = `version: 1
sites: [{ name: a, timeZone: UTC, holidayFile: days.ics, forEveryoneElse: true }]
rules: [{ name: all, approvals: [{ from: [helpdesk] }] }]
`;
const OTHER = POLICY.replace('all', 'everybody');

function calendar(...days: readonly string[]): string {
  const events = days.map((day) => `BEGIN:VEVENT\r\nUID:${day}\r\nDTSTART;VALUE=DATE:${day}\r\nSUMMARY:off\r\nEND:VEVENT\r\n`);
  return `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${events.join('')}END:VCALENDAR\r\n`;
}

const NONE = new OnCallSchedules({ config: { rotas: { pagerDuty: null, opsgenie: null } }, clock: systemClock, log: silentLog });

let world: World;
let watch: PolicyWatch;
let file: string;
let days: string;
beforeAll(async () => {
  world = await openWorld();
  file = join(world.folder, 'policy.yaml');
  days = join(world.folder, 'days.ics');
  await writeFile(file, POLICY);
  await writeFile(days, calendar('20260601'));
  const read = await loadPolicy({ policyFile: file });
  const inForce = await start(POLICY);
  watch = new PolicyWatch({ ...world.parts, config: { ...world.parts.config, policyFile: file } }, { read, inForce: inForce ?? '', schedules: NONE });
});
afterAll(() => world.close());

function start(text: string, always = false): Promise<string | null> {
  return startWithPolicy(world.parts, { hash: policyHash(text), text }, { at: world.clock.now(), always });
}

function isHoliday(day: string): boolean {
  return holidayAt(watch.current().policy, null, Date.parse(`${day}T12:00Z`));
}

async function loadedCalendars(): Promise<number> {
  return world.parts.database.auditEntry.count({ where: { body: { contains: '"calendar-loaded"' } } });
}

describe('a calendar beside the policy', () => {
  it('counts as it was when nothing changed', async () => {
    await watch.look();
    expect([isHoliday('2026-06-01'), isHoliday('2026-06-02'), await loadedCalendars()]).toEqual([true, false, 0]);
  });

  it('is read again when its file changes, with its hash in the audit', async () => {
    await writeFile(days, calendar('20260601', '20260602'));
    await watch.look();
    await watch.look();
    expect([isHoliday('2026-06-02'), await loadedCalendars(), watch.warning()]).toEqual([true, 1, null]);
    const entry = await world.parts.database.auditEntry.findFirst({ where: { body: { contains: '"calendar-loaded"' } } });
    expect(JSON.parse(entry?.body ?? '{}')).toMatchObject({ policyHash: policyHash(POLICY), facts: { file: 'days.ics', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  });

  it.each([
    ['broken', () => writeFile(days, 'no calendar at all')],
    ['gone', () => rm(days)],
  ])('counts as it was before while its file is %s, and that is told', async (_, spoil) => {
    await spoil();
    await watch.look();
    expect([isHoliday('2026-06-02'), await loadedCalendars()]).toEqual([true, 1]);
    expect(watch.warning()).toMatch(/^days\.ics: .*\(it counts as it was before\)$/);
    expect(await readinessOf(world.parts, { policy: watch, schedules: NONE })).toMatchObject({ ready: true, checks: { calendars: watch.warning() } });
  });

  it('is well again when its file is', async () => {
    await writeFile(days, calendar('20260601', '20260602'));
    await watch.look();
    expect([watch.warning(), await loadedCalendars()]).toEqual([null, 1]);
  });
});

describe('another policy that comes into force', () => {
  it('makes the process not ready, which says what to do', async () => {
    await start(OTHER, true);
    await watch.look();
    expect(watch.current().hash).toBe(policyHash(POLICY));
    expect(await readinessOf(world.parts, { policy: watch, schedules: NONE })).toMatchObject({ ready: false, checks: { policy: expect.stringContaining('policy apply') } });
  });

  it('is not followed while the file is a third one, or none', async () => {
    await writeFile(file, `${OTHER}# other\n`);
    await watch.look();
    await writeFile(file, 'version: 7\n');
    await watch.look();
    expect(watch.current().hash).toBe(policyHash(POLICY));
  });

  it('is followed as soon as its file is in place', async () => {
    await writeFile(file, OTHER);
    await watch.look();
    expect([watch.current().hash, watch.trouble()]).toEqual([policyHash(OTHER), null]);
    expect(isHoliday('2026-06-02')).toBe(true);
  });
});

describe('readiness', () => {
  it('tells of an open breaker, which leaves the process ready', async () => {
    const { database, rowMac, clock } = world.parts;
    await inTransaction(database, (tx) => openTheBreaker(tx, 'hour', { at: clock(), rowMac, policyHash: null }));
    expect(await readinessOf(world.parts, { policy: watch, schedules: NONE })).toMatchObject({ ready: true, checks: { policy: null, breaker: expect.stringContaining('breaker release') } });
  });
});
