// `policy explain` on a real database: which rule, why, and who would be asked.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { policyHash } from '../../src/approval/policy.js';
import { startWithPolicy } from '../../src/store/policies.js';
import { openWorld, type World } from '../support/world.js';
import { Terminal } from '../support/terminal.js';

const POLICY = `version: 1
times: { remindMinutes: 15 }
sites:
  - { name: any, timeZone: Europe/Berlin, open: [{ days: [monday], from: '08:00', to: '18:00' }], forEveryoneElse: true }
rotas:
  - { name: night, timeZone: UTC, weekly: [{ person: eve@example.com, days: [monday], from: '18:00', to: '24:00' }] }
rules:
  - { name: teams only, when: { platforms: [teams] }, approvals: [{ from: ['group:nobody'] }] }
  - { name: after hours, when: { hours: closed }, approvals: [{ from: ['on-call:night'] }] }
  - { name: everybody else, approvals: [{ from: [manager, helpdesk] }] }
`;

let world: World;
const terminal = new Terminal();
const environment = { ...process.env };
async function explain(args: string): Promise<number> {
  return await terminal.run(`policy explain --card CARD-EMMA ${args}`);
}

beforeAll(async () => {
  world = await openWorld();
  const policyFile = join(world.folder, 'policy.yaml');
  await writeFile(policyFile, POLICY);
  Object.assign(process.env, { DATABASE_URL: world.url, COUNTERSIGN_DATA: world.folder, COUNTERSIGN_LOG_LEVEL: 'error', COUNTERSIGN_POLICY: policyFile });
});
afterAll(async () => {
  process.env = environment;
  await world.close();
});
beforeEach(() => { terminal.clear(); });

describe('policy explain', () => {
  it('tells the rule in words, and who would be asked', async () => {
    expect(await explain('--person Emma@example.com --at 2026-11-23T09:00:00+01:00')).toBe(0);
    expect(terminal.out).toBe(
      [
        'Emma Novak asks for the card CARD-EMMA at 2026-11-23T08:00:00.000Z, in opening hours (site none).',
        'Before this: 0 requests in a day, 0 in 7 days, 0 in 30 days.',
        'Rule "teams only" does not match: platforms.',
        'Rule "after hours" does not match: hours.',
        'Rule "everybody else" decides. It asks for',
        '  1 of: manager, helpdesk',
        'May decide: Dana Weber (manager); Priya Raman (helpdesk); Sam Ortiz (helpdesk).',
        'They are reminded at 2026-11-23T08:15:00.000Z; it expires at 2026-11-23T09:00:00.000Z.',
        '',
      ].join('\n'),
    );
  });

  it('tells it as JSON, at night by who is on call', async () => {
    expect(await explain('--person emma@example.com --at 2026-11-23T20:00Z --json')).toBe(0);
    expect(JSON.parse(terminal.out)).toMatchObject({
      looked: { open: false, holiday: false, platform: null },
      passedOver: [{ rule: 'teams only', because: 'platforms' }],
      rule: 'after hours',
      asked: [{ id: 'eve', name: 'Eve Stranger', as: ['on-call:night'] }],
      missing: [],
      expiresAt: '2026-11-23T21:00:00.000Z',
    });
  });

  it('tells who is missing where nobody could agree', async () => {
    expect(await explain('--person emma@example.com --at 2026-11-24T20:00Z')).toBe(0);
    expect(terminal.out).toContain('May decide: nobody.\nThe request is refused at once: somebody is missing in on-call:night.\n');
    terminal.clear();
    expect(await explain('--person emma@example.com --at 2026-11-23T09:00Z --platform teams')).toBe(0);
    expect(terminal.out).toContain('somebody is missing in group:nobody');
  });

  it.each([
    ['--person nobody@example.com', 1, 'Nobody has the address nobody@example.com'],
    ['--person dana@example.com', 1, 'The card CARD-EMMA is not assigned to Dana Weber.'],
    ['--person emma@example.com --at 2026-11-23T09:00', 2, '2026-11-23T09:00 is not a time with its zone'],
    ['--person emma@example.com --at tomorrow', 2, 'tomorrow is not a time'],
    ['--person emma@example.com --platform fax', 2, "argument 'fax' is invalid"],
    ['--person emma@example.com --card CARD-X', 1, 'There is no card CARD-X'],
  ])('says what is wrong with %s', async (args, exit, sentence) => {
    expect(await explain(args)).toBe(exit);
    expect(terminal.err).toContain(sentence);
  });

  it('says so where another policy is in force than the one of the file', async () => {
    expect(await explain('--person emma@example.com')).toBe(0);
    expect(terminal.err).toBe('');
    await startWithPolicy(world.parts, { hash: policyHash('other'), text: 'other' }, { at: world.clock.now(), always: true });
    expect(await explain('--person emma@example.com --json')).toBe(0);
    expect(terminal.err).toContain('Note: this is the policy file that is set here (COUNTERSIGN_POLICY); another policy is in force');
    expect(JSON.parse(terminal.out)).toMatchObject({ rule: expect.any(String) });
  });
});
