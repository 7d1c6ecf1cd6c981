// Rotas that PagerDuty and Opsgenie keep: asked over HTTP in the background, believed for some minutes, and then nobody.
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parsePolicy } from '../../src/approval/policy-file.js';
import { onCallAt } from '../../src/approval/rota.js';
import { OnCallSchedules } from '../../src/app/on-call-schedules.js';
import { examineRotas } from '../../src/app/rota-doctor.js';
import { readConfig } from '../../src/config.js';
import { MINUTE_MS } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { newId } from '../../src/lib/ids.js';
import { captureLog } from '../store/captured-log.js';
import { type OnCallService, openOnCallService } from '../support/on-call-service.js';
import { TestClock } from '../support/world.js';

const VECTORS = new URL('../vectors/on-call-answers.json', import.meta.url);
const answers = z.object({ pagerDuty: z.unknown(), opsgenie: z.unknown() }).parse(JSON.parse(readFileSync(VECTORS, 'utf8')));
const KEY = 'u+not-a-real-key';
const POLICY = `version: 1
rotas:
  - { name: pd, timeZone: UTC, pagerDuty: PI7DH85, shifts: [{ person: eve, from: '2026-06-01T00:00', to: '2026-06-02T00:00' }] }
  - { name: og, timeZone: UTC, opsgenie: 5f0f4e0c-8a39-4b61-a7c5-6f6f0c7a9e11 }
rules: [{ name: all, approvals: [{ from: ['on-call:pd', 'on-call:og'] }] }]
`;

function policy() {
  const parsed = parsePolicy(POLICY);
  if (!('policy' in parsed)) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

let pagerDuty: OnCallService;
let opsgenie: OnCallService;
let clock: TestClock;
beforeAll(async () => {
  [pagerDuty, opsgenie] = [await openOnCallService(), await openOnCallService()];
});
afterAll(async () => {
  await pagerDuty.close();
  await opsgenie.close();
});
beforeEach(() => {
  clock = new TestClock();
  pagerDuty.answer = { status: 200, body: JSON.stringify(answers.pagerDuty) };
  opsgenie.answer = { status: 200, body: JSON.stringify(answers.opsgenie) };
  for (const service of [pagerDuty, opsgenie]) service.asked.splice(0);
});

function settings() {
  return { pagerDuty: { url: pagerDuty.url, key: KEY }, opsgenie: { url: opsgenie.url, key: KEY } };
}

function watching(log = silentLog): OnCallSchedules {
  return new OnCallSchedules({ config: { rotas: settings() }, clock: clock.now, log });
}

function onCall(schedules: OnCallSchedules, rota: string): readonly string[] {
  return onCallAt({ ...policy(), schedules: schedules.current() }, rota, clock.now().getTime());
}

describe('the services', () => {
  it('are asked as their documentation says, with the key in the header alone', async () => {
    await watching().look(policy());
    expect(pagerDuty.asked).toMatchObject([
      { path: '/schedules/PI7DH85/users?since=2026-06-01T09%3A00%3A00Z&until=2026-06-01T09%3A01%3A00Z', headers: { authorization: `Token token=${KEY}`, accept: 'application/vnd.pagerduty+json;version=2' } },
    ]);
    expect(opsgenie.asked).toMatchObject([
      { path: '/v2/schedules/5f0f4e0c-8a39-4b61-a7c5-6f6f0c7a9e11/on-calls?scheduleIdentifierType=id&flat=true&date=2026-06-01T09%3A00%3A00Z', headers: { authorization: `GenieKey ${KEY}` } },
    ]);
  });

  it('say who is on call, beside the shifts of the policy', async () => {
    const schedules = watching();
    expect([onCall(schedules, 'pd'), onCall(schedules, 'og')]).toEqual([['eve'], []]);
    await schedules.look(policy());
    expect([onCall(schedules, 'pd'), onCall(schedules, 'og')]).toEqual([['eve', 'Sam@example.com'], ['priya@example.com', 'stranger@example.org']]);
  });

  it('are asked once a minute', async () => {
    const schedules = watching();
    await schedules.look(policy());
    clock.forward(MINUTE_MS - 1);
    await schedules.look(policy());
    expect(pagerDuty.asked).toHaveLength(1);
    clock.forward(1);
    await schedules.look(policy());
    expect(pagerDuty.asked).toHaveLength(2);
  });
});

describe('a service that fails', () => {
  it.each([
    ['hangs up', { status: 200, body: null }, 'gave no answer'],
    ['refuses the key', { status: 401, body: '{}' }, 'does not accept the key'],
    ['has no such schedule', { status: 404, body: '{}' }, 'has no schedule'],
    ['is busy', { status: 429, body: '{}' }, 'answered 429'],
    ['answers something else', { status: 200, body: '<html>' }, 'none of its API'],
    ['answers another shape', { status: 200, body: '{"data":{"onCallRecipients":[7]},"users":[{}]}' }, 'none of its API'],
    ['never ends', { status: 200, body: `{"data":{"onCallRecipients":["${'x'.repeat(1024 * 1024)}"]}}` }, 'gave no answer'],
    ['names everybody', { status: 200, body: JSON.stringify({ data: { onCallRecipients: Array.from({ length: 501 }, () => 'sam@example.com') } }) }, 'none of its API'],
    ['sends us elsewhere', { status: 302, body: '', location: 'http://127.0.0.1:1/' }, 'gave no answer'],
  ])('and %s is believed for ten minutes more, and then names nobody', async (_, answer, words) => {
    const schedules = watching();
    await schedules.look(policy());
    opsgenie.answer = answer;
    clock.forward(10 * MINUTE_MS);
    await schedules.look(policy());
    expect([onCall(schedules, 'og').length, schedules.warning()]).toEqual([2, null]);
    clock.forward(MINUTE_MS);
    expect(onCall(schedules, 'og')).toEqual([]);
    expect(schedules.warning()).toContain(words);
    expect(onCall(schedules, 'pd')).toContain('Sam@example.com');
  });

  it('is told once, and never with the key', async () => {
    const { log, lines } = captureLog();
    const schedules = watching(log);
    pagerDuty.answer = { status: 401, body: `{"error":"${KEY}"}` };
    for (let round = 0; round < 3; round += 1) {
      await schedules.look(policy());
      clock.forward(MINUTE_MS);
    }
    expect(lines).toHaveLength(1);
    expect(JSON.stringify([lines, schedules.warning()])).not.toContain(KEY);
  });

  it('is believed again as soon as it answers', async () => {
    const schedules = watching();
    opsgenie.answer = { status: 500, body: '' };
    await schedules.look(policy());
    expect(schedules.warning()).toContain('answered 500');
    opsgenie.answer = { status: 200, body: JSON.stringify(answers.opsgenie) };
    clock.forward(MINUTE_MS);
    await schedules.look(policy());
    expect([schedules.warning(), onCall(schedules, 'og').length]).toEqual([null, 2]);
  });

  it('names nobody where no key is set', async () => {
    const schedules = new OnCallSchedules({ config: { rotas: { pagerDuty: null, opsgenie: null } }, clock: clock.now, log: silentLog });
    await schedules.look(policy());
    expect(schedules.warning()).toContain('COUNTERSIGN_PAGERDUTY_TOKEN is not set');
  });
});

describe('the doctor', () => {
  it('asks each schedule once, and says what is wrong', async () => {
    const policyFile = join(tmpdir(), `policy-${newId()}.yaml`);
    await writeFile(policyFile, POLICY);
    opsgenie.answer = { status: 403, body: '{}' };
    expect(await examineRotas({ policyFile, rotas: settings() }, clock.now)).toEqual([
      { about: 'rotas', state: 'ok', text: 'Rota "pd": pagerDuty answers, and 1 are on call now.' },
      { about: 'rotas', state: 'problem', text: expect.stringContaining('COUNTERSIGN_OPSGENIE_KEY') },
    ]);
    expect(await examineRotas({ policyFile: '/no/such/file', rotas: settings() }, clock.now)).toMatchObject([{ state: 'problem' }]);
  });
});

describe('the settings', () => {
  it('send a key over https alone, but on this machine', () => {
    expect(readConfig({ COUNTERSIGN_PAGERDUTY_TOKEN: 'k' }).rotas).toEqual({ pagerDuty: { url: 'https://api.pagerduty.com', key: 'k' }, opsgenie: null });
    expect(readConfig({ COUNTERSIGN_OPSGENIE_KEY: 'k', COUNTERSIGN_OPSGENIE_URL: 'https://api.eu.opsgenie.com/' }).rotas.opsgenie?.url).toBe('https://api.eu.opsgenie.com');
    for (const url of ['http://api.pagerduty.com', 'ftp://x', 'nonsense']) {
      expect(() => readConfig({ COUNTERSIGN_PAGERDUTY_TOKEN: 'k', COUNTERSIGN_PAGERDUTY_URL: url })).toThrow('COUNTERSIGN_PAGERDUTY_URL');
    }
    expect(() => readConfig({ COUNTERSIGN_OPSGENIE_KEY: 'a b' })).toThrow('COUNTERSIGN_OPSGENIE_KEY');
  });
});
