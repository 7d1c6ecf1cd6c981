// `audit verify` and `audit export` at a terminal: verdicts, sentences, exit codes.
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Command, CommanderError } from 'commander';
import { AuditError } from '../../src/audit/audit-error.js';
import { formatVerifierKey } from '../../src/audit/note.js';
import { type AuditDesk, auditCommands } from '../../src/cli/audit.js';
import { CliFailure, type Io, tellFailure } from '../../src/cli/io.js';
import { newSigner } from '../audit/keys.js';
import { flipBit, judge, type Ledger, newLedger } from '../audit/ledger.js';

const SIZE = 12;
const signer = newSigner();
const FILES: Readonly<Record<string, string>> = {
  'audit.key.pub': `${formatVerifierKey(signer.verifier)}\n`,
  'other.pub': formatVerifierKey(newSigner('countersign/other').verifier),
  'malformed.pub': 'countersign/test+00000000+AAAA',
};

interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Setting {
  readonly tamper?: (ledger: Ledger) => void;
  readonly desk?: Partial<AuditDesk>;
}

/** Runs a command line at a desk with a small audit, whose file is called audit.log or copy.log. */
async function run(args: readonly string[], { tamper, desk = {} }: Setting = {}): Promise<Outcome & { closed: number }> {
  const told = { stdout: '', stderr: '', closed: 0 };
  const io: Io = {
    stdout: (text) => (told.stdout += text),
    stderr: (text) => (told.stderr += text),
    readFile: (path) => (FILES[path] === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(FILES[path])),
    readStdin: () => Promise.resolve(''),
  };
  const ledger = newLedger(SIZE, 5, signer);
  tamper?.(ledger);
  const program = new Command('countersign').exitOverride().configureOutput({ writeOut: io.stdout, writeErr: io.stderr });
  const open = () => Promise.resolve({ ...deskOf(ledger), close: () => Promise.resolve(void (told.closed += 1)), ...desk });
  auditCommands(program, open, io);
  return { exit: await exitOf(program, args, io), ...told };
}

function deskOf(ledger: Ledger): Omit<AuditDesk, 'close'> {
  return {
    publicKeyFile: 'audit.key.pub',
    auditFile: 'audit.log',
    verify: (verifier, file) => judge(ledger, { verifier }, { file: file === 'audit.log' || file === 'copy.log' }),
    async *entries() {
      yield* await Promise.resolve(ledger.entries);
    },
  };
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

function changeLeaf({ entries }: Ledger): void {
  const entry = entries[4];
  if (entry !== undefined) entries[4] = { ...entry, leaf: flipBit(entry.leaf ?? new Uint8Array()) };
}

function dropNewestCheckpoint({ checkpoints, lines }: Ledger): void {
  checkpoints.pop();
  lines.pop();
}

describe('audit verify', () => {
  it('says that an untouched audit is intact', async () => {
    const { exit, stdout, stderr, closed } = await run(['audit', 'verify']);
    expect({ exit, stderr, closed }).toEqual({ exit: 0, stderr: '', closed: 1 });
    expect(stdout).toMatch(/^The audit is intact: 12 entries, 6 checkpoints, root [0-9a-f]{64}\.\n$/);
  });

  it('gives a program the verdict', async () => {
    const { exit, stdout } = await run(['audit', 'verify', '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      size: SIZE,
      root: expect.stringMatching(/^[0-9a-f]{64}$/),
      pending: 0,
      checkpoints: 6,
      anchored: SIZE,
      unseen: [],
    });
  });

  it('says what was changed, where, and what to do', async () => {
    const { exit, stdout, stderr, closed } = await run(['audit', 'verify'], { tamper: changeLeaf });
    expect({ exit, stdout, closed }).toEqual({ exit: 1, stdout: '', closed: 1 });
    expect(stderr).toBe('The audit is not intact. Entry 4 was changed. Keep everything as it is, and compare with a backup.\n');
  });

  it('gives a program where the first change is', async () => {
    const { exit, stdout } = await run(['audit', 'verify', '--json'], { tamper: changeLeaf });
    expect(exit).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, size: SIZE, first: { index: 4, kind: 'changed' } });
  });

  const damages: readonly { what: string; tamper: (ledger: Ledger) => void; sentence: RegExp }[] = [
    { what: 'missing entries', tamper: ({ entries }) => void entries.splice(4, 1), sentence: /Entries are missing from 4 on\./ },
    { what: 'an end cut off', tamper: ({ entries }) => void entries.splice(10), sentence: /entry 10 and all after it are gone\..*audit file/ },
    { what: 'added entries', tamper: dropNewestCheckpoint, sentence: /Entry 10 was inserted\./ },
    { what: 'a damaged file', tamper: ({ lines }) => void lines.unshift({ kind: 'damaged' }), sentence: /audit file tells so/ },
  ];
  it.each(damages)('tells in one sentence of $what', async ({ tamper, sentence }) => {
    const { exit, stderr } = await run(['audit', 'verify'], { tamper });
    expect(exit).toBe(1);
    expect(stderr).toMatch(sentence);
  });

  it('compares with the file that is named', async () => {
    expect(await run(['audit', 'verify', '--checkpoints', 'copy.log'])).toMatchObject({ exit: 0, stderr: '' });
  });

  it('refuses a named file that is not there', async () => {
    const { exit, stdout, stderr } = await run(['audit', 'verify', '--checkpoints', 'nowhere.log']);
    expect({ exit, stdout, stderr }).toEqual({ exit: 1, stdout: '', stderr: 'There is no file nowhere.log: check the path.\n' });
  });

  it('owns up to what it cannot see without the file', async () => {
    const { exit, stdout } = await run(['audit', 'verify'], { desk: { auditFile: 'gone.log' } });
    expect(exit).toBe(0);
    expect(stdout).toContain('There was no audit file to compare with');
    const json = await run(['audit', 'verify', '--json'], { desk: { auditFile: 'gone.log' } });
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, anchored: null, unseen: [expect.stringContaining('cut off')] });
  });

  it.each([
    ['is empty', 0, 'There was no audit file to compare with'],
    ['lags behind', 6, 'The audit file holds only the first 5 entries'],
  ])('owns up to what it cannot see while the file %s', async (_, lines, sentence) => {
    const { exit, stdout } = await run(['audit', 'verify'], { tamper: (ledger) => void ledger.lines.splice(lines) });
    expect(exit).toBe(0);
    expect(stdout).toContain(sentence);
  });

  it('says how many entries are too new', async () => {
    const verdict = { ok: true, size: 0, root: '', pending: 3, checkpoints: 0, anchored: 0 };
    const { stdout } = await run(['audit', 'verify'], { desk: { verify: () => Promise.resolve(verdict) } });
    expect(stdout).toContain('3 entries are too new to be checked');
  });

  it('finds every checkpoint wrong under another key', async () => {
    const { exit, stderr } = await run(['audit', 'verify', '--public-key', 'other.pub']);
    expect(exit).toBe(1);
    expect(stderr).toContain('another key signed them');
  });

  it.each([
    ['public-key-unreadable', 'nowhere.pub', 'name the file with --public-key'],
    ['public-key-malformed', 'malformed.pub', "does not hold an audit's public key"],
  ])('refuses with %s', async (code, file, sentence) => {
    const plain = await run(['audit', 'verify', '--public-key', file]);
    expect(plain).toMatchObject({ exit: 1, stdout: '', closed: 1, stderr: expect.stringContaining(sentence) });
    const json = await run(['audit', 'verify', '--public-key', file, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ refused: code, message: expect.stringContaining(sentence) });
  });

  it('tells in one sentence that the file cannot be read', async () => {
    const verify = () => Promise.reject(new AuditError('file-unreadable', 'The audit file cannot be read.'));
    expect(await run(['audit', 'verify'], { desk: { verify } })).toMatchObject({
      exit: 1,
      stderr: 'The audit file cannot be read.\n',
      closed: 1,
    });
  });

  it('passes on what went wrong otherwise', async () => {
    const verify = () => Promise.reject(new TypeError('a defect'));
    await expect(run(['audit', 'verify'], { desk: { verify } })).rejects.toThrow(TypeError);
  });

  it('exits with 2 for an option that it does not have', async () => {
    expect((await run(['audit', 'verify', '--forgive'])).exit).toBe(2);
  });
});

describe('audit export', () => {
  it('prints one JSON object a line, with its place and leaf', async () => {
    const { exit, stdout, closed } = await run(['audit', 'export']);
    const lines = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { index: number; entry: { id: string } });
    expect({ exit, closed }).toEqual({ exit: 0, closed: 1 });
    expect(lines.map(({ index, entry }) => [index, entry.id])).toEqual(Array.from({ length: SIZE }, (_, at) => [at, String(at + 1)]));
  });

  it('prints each entry as the very text that was hashed', async () => {
    const { stdout } = await run(['audit', 'export', '--json']);
    for (const line of stdout.trimEnd().split('\n')) {
      const text = /^\{"entry":(.*),"index":\d+,"leaf":"[0-9a-f]{64}"\}$/.exec(line)?.[1] ?? '';
      const { leaf } = JSON.parse(line) as { leaf: string };
      expect(createHash('sha256').update(`\u0000${text}`).digest('hex')).toBe(leaf);
    }
  });

  it.each(['not JSON', '{ "kind": "vote" }', '{}\n{}'])('prints an entry changed to %j as text, on one line', async (body) => {
    const tamper = ({ entries }: Ledger) => {
      const entry = entries[0];
      if (entry !== undefined) entries[0] = { ...entry, body, leaf: null };
    };
    const [line = ''] = (await run(['audit', 'export'], { tamper })).stdout.split('\n');
    expect(JSON.parse(line)).toEqual({ text: expect.stringContaining(body), index: 0, leaf: null });
  });
});
