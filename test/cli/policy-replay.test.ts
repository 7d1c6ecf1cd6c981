// `policy replay` on the requests of a real database.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { auditDraft } from '../../src/audit/entry.js';
import { writeEntries } from '../../src/store/tell.js';
import { openRequest } from '../flows/steps.js';
import { openWorld, type World } from '../support/world.js';
import { Terminal } from '../support/terminal.js';

const DEFAULT = '  - name: manager or helpdesk\n    approvals: [{ from: [manager, helpdesk] }]\n';
const STRICT = `version: 1\nrules:\n  - name: Liam's\n    when: { cardSerials: [CARD-LIAM] }\n    approvals: [{ from: [helpdesk], count: 2 }]\n${DEFAULT}`;

let world: World;
const terminal = new Terminal();
const environment = { ...process.env };
async function replay(policy: string, ...args: readonly string[]): Promise<number> {
  const file = join(world.folder, 'tried.yaml');
  await writeFile(file, policy);
  return await terminal.run(['policy replay', file, ...args].join(' '));
}

beforeAll(async () => {
  world = await openWorld();
  Object.assign(process.env, { DATABASE_URL: world.url, COUNTERSIGN_DATA: world.folder, COUNTERSIGN_LOG_LEVEL: 'error' });
  await openRequest(world, 'emma');
  await openRequest(world, 'liam');
});
afterAll(async () => {
  process.env = environment;
  await world.close();
});
beforeEach(() => { terminal.clear(); });

describe('policy replay', () => {
  it('finds nothing to tell where the same is asked', async () => {
    expect(await replay(`version: 1\nrules:\n${DEFAULT}`)).toBe(0);
    expect(terminal.out).toBe('0 of 2 requests would have been treated in another way.\n');
  });

  it('tells each request that would have been treated in another way', async () => {
    expect(await replay(STRICT)).toBe(0);
    expect(terminal.out).toBe(
      '2026-06-01T09:00:00.000Z liam CARD-LIAM: "manager or helpdesk" (1 of manager, helpdesk) -> "Liam\'s" (2 of helpdesk)\n' +
        '1 of 2 requests would have been treated in another way.\n',
    );
  });

  it('tells it as JSON, of the last requests alone', async () => {
    expect(await replay('version: 1\nrules:\n  - { name: none, when: { groups: [x] }, approvals: [{ from: [helpdesk] }] }\n', '--last', '1', '--json')).toBe(0);
    const after = { rule: null, stages: [] };
    const before = { rule: 'manager or helpdesk', stages: [{ from: ['manager', 'helpdesk'], count: 1 }] };
    expect(JSON.parse(terminal.out)).toMatchObject({ replayed: 1, untold: 0, changed: [{ personId: 'liam', cardSerial: 'CARD-LIAM', change: 'refused', before, after }] });
  });

  it('passes over an entry that somebody slipped in', async () => {
    const { auditEntry } = world.parts.database;
    const slipped = await auditEntry.create({ data: { at: new Date(0), body: '{"kind":"request-opened","requestId":"x","cardId":"x","personId":"x","facts":{}}' } });
    expect(await replay(STRICT, '--json')).toBe(0);
    await auditEntry.delete({ where: { id: slipped.id } });
    expect(JSON.parse(terminal.out)).toMatchObject({ replayed: 2, untold: 0 });
  });

  it('tells how many entries do not say enough', async () => {
    const about = { requestId: 'x', cardId: 'x', personId: 'emma' };
    const writing = { at: world.parts.clock(), rowMac: world.parts.rowMac };
    await writeEntries(world.parts.database, [auditDraft('request-opened', 'emma', about, { rule: 'all' })], writing);
    expect(await replay(STRICT)).toBe(0);
    expect(terminal.out).toContain('1 of 2 requests would have been treated in another way.\n1 more could not be tried');
  });

  it('refuses a file that is no policy, and a number that is none', async () => {
    expect(await replay('version: 2\n')).toBe(1);
    expect(terminal.err).toContain('tried.yaml:1:10: version must be 1.');
    expect(await replay(STRICT, '--last', 'x')).toBe(2);
  });
});
