// `keys derive --test` at a terminal: check values, refusals, exit codes, and never a key.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Command, CommanderError } from 'commander';
import { CliFailure, tellFailure } from '../../src/cli/io.js';
import type { Io } from '../../src/cli/io.js';
import { addDeriveCommand } from '../../src/cli/keys-derive.js';

const MASTER = '00112233445566778899AABBCCDDEEFF';
const DERIVED = 'A8DD63A3B89D54B37CA802473FDA9175';
const SERIAL = '04782E21801D80';
const SCHEME = 'method: an10922\nvariant: aes-128\nserial: { encoding: hex, after: 3042F54E585020416275 }\n';
const REPEATING =
  'method: 3des-ecb-template\nserial: { encoding: decimal, bytes: 4 }\nblocks: [{ bytes: 24, pad: { side: right, with: 80-00 } }]\n';
const FILES = { 'scheme.yaml': SCHEME, 'repeating.yaml': REPEATING, 'master.hex': `${MASTER.toLowerCase()}\n` };

interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Terminal {
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

async function run(args: readonly string[], { files = FILES, stdin = '' }: Terminal = {}): Promise<Outcome> {
  const told = { stdout: '', stderr: '' };
  const io: Io = {
    stdout: (text) => (told.stdout += text),
    stderr: (text) => (told.stderr += text),
    readFile: (path) => {
      const text = files[path];
      return text === undefined ? Promise.reject(new Error(`ENOENT: ${path}`)) : Promise.resolve(text);
    },
    readStdin: () => Promise.resolve(stdin),
  };
  const program = new Command('countersign').exitOverride().configureOutput({ writeOut: io.stdout, writeErr: io.stderr });
  addDeriveCommand(program.command('keys'), io);
  return { exit: await exitOf(program, ['keys', 'derive', ...args], io), ...told };
}

async function exitOf(program: Command, args: readonly string[], io: Io): Promise<number> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CliFailure) return tellFailure(io, error);
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

const TEST = ['--test', '--scheme', 'scheme.yaml', '--serial', SERIAL];
const FINDING = [
  'diversifier      04782E21801D803042F54E585020416275',
  'master key KCV   FDE4FB (over 00), 3544E0 (over 01)',
  'derived key KCV  C098FE (over 00), CF3FE4 (over 01), aes-128, 16 bytes',
  '',
].join('\n');

describe('keys derive --test', () => {
  it('tells the diversifier and the check values of both keys', async () => {
    expect(await run([...TEST, '--master-key-file', 'master.hex'])).toEqual({ exit: 0, stdout: FINDING, stderr: '' });
  });

  it('tells what the page about derived keys says', () => {
    expect(readFileSync('docs/derivation.md', 'utf8')).toContain(FINDING);
  });

  it('takes the master key from standard input', async () => {
    expect(await run(TEST, { stdin: MASTER })).toEqual({ exit: 0, stdout: FINDING, stderr: '' });
    expect(await run([...TEST, '--master-key-file', '-'], { stdin: MASTER })).toMatchObject({ exit: 0, stdout: FINDING });
  });

  it('prints the same as JSON', async () => {
    const { stdout } = await run([...TEST, '--json'], { stdin: MASTER });
    expect(JSON.parse(stdout)).toEqual({
      diversifier: '04782E21801D803042F54E585020416275',
      masterKcvs: ['FDE4FB', '3544E0'],
      cipher: 'aes-128',
      keyBytes: 16,
      kcvs: ['C098FE', 'CF3FE4'],
      warnings: [],
    });
  });

  it('never prints either key', async () => {
    for (const json of [[], ['--json']]) {
      const { stdout, stderr } = await run([...TEST, ...json], { stdin: MASTER });
      for (const secret of [MASTER, DERIVED]) expect(`${stdout}${stderr}`.toUpperCase()).not.toContain(secret.slice(0, 8));
    }
  });

  it('warns of a template that repeats a block', async () => {
    const args = ['--test', '--scheme', 'repeating.yaml', '--serial', '12345678'];
    const { exit, stderr } = await run(args, { stdin: MASTER });
    expect(exit).toBe(0);
    expect(stderr).toBe('The template repeats a block, which makes the derived 3DES key as weak as single DES: change the blocks if you can.\n');
    const asJson = await run([...args, '--json'], { stdin: MASTER });
    expect(JSON.parse(asJson.stdout)).toMatchObject({ warnings: ['blocks-repeat'], cipher: '3des', keyBytes: 24 });
  });
});

describe('keys derive is refused', () => {
  it('without --test, before anything is read', async () => {
    const outcome = await run(['--scheme', 'gone.yaml', '--serial', SERIAL]);
    expect(outcome).toEqual({
      exit: 2,
      stdout: '',
      stderr: 'Derived keys are never printed: add --test to see their check values.\n',
    });
  });

  it.each<[string, readonly string[], string]>([
    ['a scheme that is not there', ['--scheme', 'gone.yaml', '--serial', '1'], 'gone.yaml cannot be read: check its name and its rights.'],
    [
      'a file that is no scheme',
      ['--scheme', 'master.hex', '--serial', '1'],
      'master.hex is not a derivation scheme:\nmaster.hex:1:1: The derivation scheme must be a block of settings.',
    ],
    [
      'a serial that the scheme cannot read',
      ['--scheme', 'scheme.yaml', '--serial', 'SN-12'],
      'The scheme reads the serial as hex, and this one has other characters: check the serial and the scheme.',
    ],
    [
      'a serial that is too long',
      ['--scheme', 'scheme.yaml', '--serial', 'AB'.repeat(22)],
      'The serial is too long for the scheme, which takes at most 31 bytes: check both.',
    ],
  ])('for %s', async (_, args, sentence) => {
    expect(await run(['--test', ...args], { stdin: MASTER })).toEqual({ exit: 1, stdout: '', stderr: `${sentence}\n` });
  });

  it.each([
    ['not hex', 'secret!', 'The master key is not hex text: it must hold only 0 to 9, A to F and blanks.'],
    ['too short', MASTER.slice(2), 'The master key has 30 hex digits and the scheme takes 32: check both.'],
    ['missing', '', 'The master key has 0 hex digits and the scheme takes 32: check both.'],
  ])('for a master key that is %s', async (_, stdin, sentence) => {
    expect(await run(TEST, { stdin })).toEqual({ exit: 1, stdout: '', stderr: `${sentence}\n` });
  });

  it('for a file with the master key that cannot be read, without saying its path, which may be the key', async () => {
    const { exit, stdout, stderr } = await run([...TEST, '--master-key-file', MASTER]);
    expect([exit, stdout]).toEqual([1, '']);
    expect(stderr).toBe('The file with the master key cannot be read: check its path and who may read it.\n');
  });

  it('as one JSON value on request', async () => {
    const { exit, stdout, stderr } = await run(['--test', '--json', '--scheme', 'scheme.yaml', '--serial', '1'], { stdin: MASTER });
    expect([exit, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toMatchObject({ refused: 'serial-odd-digits' });
  });
});
