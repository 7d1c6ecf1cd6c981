// `policy check` as a person at a terminal and a program meet it.
import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import { policyHash } from '../../src/approval/policy.js';
import { CliFailure, tellFailure, type Io } from '../../src/cli/io.js';
import { BUILT_IN_PROFILES } from '../../src/card/profiles.js';
import type { Person } from '../../src/directory/person.js';
import { policyCommands } from '../../src/cli/policy.js';

const GOOD = 'version: 1\nrules:\n  - name: all\n    approvals: [{ from: [helpdesk] }]\n';
const ODD = 'version: 1\nrules:\n  - name: a\n    when: { profiles: [gids, pvi] }\n    approvals: [{ from: [manager] }]\n';
const BAD = 'version: 1\nrules:\n  - name: all\n    approvals: [{ from: [boss] }]\n    typo: 1\n';

const ON_CALL = `version: 1
rotas: [{ name: night, timeZone: UTC, calendarFile: night.ics, weekly: [{ person: ghost@example.com, days: [monday], from: '18:00', to: '24:00' }] }]
rules: [{ name: all, approvals: [{ from: ['on-call:night', 'group:Security'] }] }]
`;
const NIGHT = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nEND:VCALENDAR\r\n';

const FILES: Readonly<Record<string, string>> = {
  'good.yaml': GOOD,
  'odd.yaml': ODD,
  'bad.yaml': BAD,
  'there/policy.yaml': ON_CALL,
  'there/night.ics': NIGHT,
  'alone/policy.yaml': ON_CALL,
};

function person(id: string, name: string, ...groups: readonly string[]): Person {
  return { id, name, email: `${id}@example.com`, managerId: null, groups, site: null, locale: null, active: true };
}

const PEOPLE: readonly Person[] = [person('s1', 'Sam', 'security'), person('s2', 'SAM')];

interface Run {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], policyFile: string | null = null, command = 'check'): Promise<Run> {
  const told = { stdout: '', stderr: '' };
  const io: Io = {
    stdout: (text) => void (told.stdout += text),
    stderr: (text) => void (told.stderr += text),
    readFile: (path) => {
      const text = FILES[path];
      return text === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(text);
    },
    readStdin: () => Promise.resolve(''),
  };
  const program = new Command().exitOverride();
  policyCommands(program, io, { policyFile, profiles: () => Promise.resolve(BUILT_IN_PROFILES), people: () => Promise.resolve(PEOPLE) });
  try {
    await program.parseAsync(['policy', command, ...args], { from: 'user' });
    return { exit: 0, ...told };
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    const exit = tellFailure(io, error);
    return { exit, ...told };
  }
}

describe('policy check', () => {
  it('says that a good file can be used, and its hash', async () => {
    expect(await run(['good.yaml'])).toEqual({
      exit: 0,
      stdout: `good.yaml can be used: 0 warnings, hash ${policyHash(GOOD)}.\n`,
      stderr: '',
    });
  });

  it('tells each problem with file, line and column, and fails', async () => {
    expect(await run(['bad.yaml'])).toEqual({
      exit: 1,
      stdout:
        'bad.yaml:4:26: rules[0].approvals[0].from[0] must be manager, manager-of-manager, card-sponsor, helpdesk, group:NAME or on-call:NAME.\n' +
        'bad.yaml:5:5: rules[0].typo is not a setting (known here: name, when, approvals, iAcceptNoApproval, numberMatch, stepUp).\n',
      stderr: 'bad.yaml is refused: 2 problems.\n',
    });
  });

  it('warns without failing, of profiles that do not exist too', async () => {
    const { exit, stdout } = await run(['odd.yaml']);
    expect(exit).toBe(0);
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      expect.stringContaining('odd.yaml: warning: Rule "a" waits for the manager alone'),
      expect.stringContaining('odd.yaml: warning: No rule matches everything'),
      'odd.yaml: warning: Rule "a" names the profile pvi, which does not exist: see `card profiles`.',
      `odd.yaml can be used: 3 warnings, hash ${policyHash(ODD)}.`,
    ]);
  });

  it('checks the configured file when none is named', async () => {
    expect((await run([], 'bad.yaml')).exit).toBe(1);
    expect((await run(['good.yaml'], 'bad.yaml')).exit).toBe(0);
  });

  it('checks the built-in policy when none is configured', async () => {
    expect(await run([])).toEqual({
      exit: 0,
      stdout: `built-in policy can be used: 0 warnings, hash ${policyHash(DEFAULT_POLICY_TEXT)}.\n`,
      stderr: '',
    });
  });

  it('prints one JSON value on stdout, also when it fails', async () => {
    const good = await run(['good.yaml', '--json']);
    expect(JSON.parse(good.stdout)).toEqual({ ok: true, file: 'good.yaml', hash: policyHash(GOOD), problems: [], warnings: [] });
    const bad = await run(['bad.yaml', '--json']);
    expect(bad.exit).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({ ok: false, problems: [{ line: 4, column: 26, path: 'rules[0].approvals[0].from[0]' }, { line: 5 }] });
  });

  it('says that a file cannot be read', async () => {
    expect(await run(['none.yaml'])).toEqual({ exit: 1, stdout: '', stderr: 'none.yaml cannot be read: check that it is there.\n' });
    const { exit, stdout } = await run(['none.yaml', '--json']);
    expect(exit).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ refused: 'policy-file-unreadable' });
  });

  it('reads the calendars beside the policy', async () => {
    expect((await run(['there/policy.yaml'])).exit).toBe(0);
    expect(await run(['alone/policy.yaml'])).toMatchObject({
      exit: 1,
      stdout: 'alone/policy.yaml:2:53: rotas[0].calendarFile names night.ics, which cannot be read: it has to lie beside the policy.\n',
    });
  });

  it('looks at the people only when it is asked to', async () => {
    expect((await run(['there/policy.yaml'])).stdout).toContain('0 warnings');
    const { exit, stdout } = await run(['there/policy.yaml', '--with-directory']);
    expect(exit).toBe(0);
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      'there/policy.yaml: warning: Rota "night" names ghost@example.com, who is not in the directory or not active: nobody is asked in their place.',
      'there/policy.yaml: warning: SAM is there twice (s2, s1): if that is one human, rule "all" lets s1 approve what s2 asks for.',
    ]);
  });
});

describe('policy schema', () => {
  it('prints the JSON Schema of the file', async () => {
    const { exit, stdout } = await run([], null, 'schema');
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ title: 'Countersign policy', required: ['version', 'rules'] });
  });
});
