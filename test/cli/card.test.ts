// `card profiles` and `card respond` at a terminal: answers, refusals, exit codes.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Command, CommanderError } from 'commander';
import { cardCommands } from '../../src/cli/card.js';
import { CliFailure, tellFailure } from '../../src/cli/io.js';
import type { Io } from '../../src/cli/io.js';
import { CARD_PROFILES } from '../../src/card/profile-table.js';
import { profilesAsMarkdown } from '../../src/cli/profile-list.js';
import { inGroups } from '../../src/lib/bytes.js';
import { accepted, published } from '../card/vectors.js';

const KEY = '8A98F110D3497B022100B774DF0EF99B53EF4B8E3B918604';
const CHALLENGE = '39A0 A8E9 F528 8775';
const RESPONSE = '54FE AA17 AC05 0236';

interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Terminal {
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Runs a command line against files that exist only here, as the top level does with the real ones. */
async function run(args: readonly string[], { files = { 'admin.key': KEY }, stdin = '' }: Terminal = {}): Promise<Outcome> {
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
  cardCommands(program, io);
  return { exit: await exitOf(program, args, io), ...told };
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

function respond(...challenge: readonly string[]): Promise<Outcome> {
  return run(['card', 'respond', '--profile', 'gids', '--key-file', 'admin.key', ...challenge]);
}

describe('card respond', () => {
  it('prints the response in groups of four, and nothing else', async () => {
    expect(await respond(CHALLENGE)).toEqual({ exit: 0, stdout: `${RESPONSE}\n`, stderr: '' });
  });

  it.each(accepted)('answers $challenge for a $cipher key', async ({ standard, cipher, key, challenge, response }) => {
    const profile = standard === 'PIV 9B' ? `piv-${cipher}` : 'gids';
    const args = ['card', 'respond', '--profile', profile, '--key-file', 'k', challenge];
    expect(await run(args, { files: { k: key } })).toEqual({ exit: 0, stdout: `${inGroups(response)}\n`, stderr: '' });
  });

  it.each([
    ['several words', ['39A0', 'A8E9', 'F528', '8775']],
    ['bytes', ['39:a0:a8:e9:f5:28:87:75']],
    ['a word before it', ['Challenge:', '39A0-A8E9-F528-8775']],
    ['a dash before it, after --', ['--', '-39A0-A8E9-F528-8775-']],
    ['lone dashes', ['39A0', '-', 'A8E9', '-', 'F528', '-', '8775']],
  ])('takes the challenge as %s', async (_, words) => {
    expect(await respond(...words)).toMatchObject({ exit: 0, stdout: `${RESPONSE}\n` });
  });

  it('takes its options after the challenge as well', async () => {
    const args = ['card', 'respond', '39A0A8E9', 'F5288775', '--key-file', 'admin.key', '--profile', 'gids'];
    expect(await run(args)).toMatchObject({ exit: 0, stdout: `${RESPONSE}\n` });
  });

  it('ignores blanks and line ends in the key file', async () => {
    const files = { 'admin.key': `\uFEFF${inGroups(KEY.toLowerCase(), 8)}\r\n` };
    const args = ['card', 'respond', '--profile', 'gids', '--key-file', 'admin.key', CHALLENGE];
    expect(await run(args, { files })).toMatchObject({ exit: 0, stdout: `${RESPONSE}\n` });
  });

  it('reads the key from standard input', async () => {
    const args = ['card', 'respond', '--profile', 'gids', '--key-file', '-', CHALLENGE];
    expect(await run(args, { stdin: `${KEY}\n` })).toMatchObject({ exit: 0, stdout: `${RESPONSE}\n` });
  });

  it('expands a 16-byte 3DES key', async () => {
    const [short, long] = await Promise.all(
      [KEY.slice(0, 32), KEY.slice(0, 32) + KEY.slice(0, 16)].map((key) =>
        run(['card', 'respond', '--profile', 'piv-3des', '--key-file', 'k', CHALLENGE], { files: { k: key } }),
      ),
    );
    expect(short).toMatchObject({ exit: 0 });
    expect(short).toEqual(long);
  });

  it('prints JSON in plain upper-case hex', async () => {
    const { exit, stdout, stderr } = await respond('39a0 a8e9 f528 8775', '--json');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ challenge: '39A0A8E9F5288775', response: '54FEAA17AC050236', repaired: [] });
  });

  it('answers a repaired misreading and tells it', async () => {
    expect(await respond('39AO A8Eg F528 8775')).toEqual({
      exit: 0,
      stdout: `${RESPONSE}\n`,
      stderr: 'Read O as 0 (digit 4), g as 9 (digit 8); make sure that the screen shows 39A0 A8E9 F528 8775.\n',
    });
    const { stdout, stderr } = await respond('39AO A8E9 F528 8775', '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      challenge: '39A0A8E9F5288775',
      repaired: [{ typed: 'O', read: '0', position: 4 }],
    });
  });
});

describe('a refusal of card respond', () => {
  const withKey = (key: string) => ({ files: { 'admin.key': key } });

  it.each([
    { challenge: '', code: 'challenge-empty', says: 'There is no challenge: type the 16 digits that the screen shows.' },
    {
      challenge: '39A0 A8E9 F52 8775',
      code: 'challenge-length',
      says: "That challenge has 15 digits and this profile's have 16: group 3 has 3 instead of 4.",
    },
    { challenge: `${CHALLENGE}00`, code: 'challenge-length', says: 'group 4 has 6 instead of 4.' },
    { challenge: CHALLENGE + CHALLENGE, code: 'challenge-length', says: "has 32 digits and this profile's have 16: it stands there twice" },
    { challenge: '00112233445566778899AABBCCDDEEF0', code: 'challenge-length', says: 'looks like the challenge of an AES card' },
    { challenge: 'hello', code: 'challenge-not-hex', says: '"h" cannot be part of a challenge' },
    { challenge: '0102030405060708', code: 'challenge-not-random', says: 'No card makes such a regular challenge' },
    { challenge: '0000 0000 0000 0000', code: 'challenge-not-random', says: 'No card makes such a regular challenge' },
    { key: KEY.slice(2), code: 'key-length', says: "The key has 46 hex digits and this profile's keys have 48 or 32: check" },
    { key: KEY.slice(1), code: 'key-length', says: 'have 48 or 32: a leading 0 may be lost.' },
    { key: '\n', code: 'key-length', says: 'The key has 0 hex digits' },
    { key: 'a password', code: 'key-not-hex', says: 'The key file is not hex text' },
    { key: null, code: 'key-file-unreadable', says: 'The key file cannot be read' },
  ])('is one sentence and exit 1: $code, $says', async ({ challenge = CHALLENGE, key = KEY, code, says }) => {
    const args = ['card', 'respond', '--profile', 'gids', '--key-file', 'admin.key', challenge];
    const terminal = key === null ? { files: {} } : withKey(key);
    const text = await run(args, terminal);
    expect(text).toEqual({ exit: 1, stdout: '', stderr: expect.stringContaining(says) });
    expect(text.stderr).toMatch(/^[^\n]+[.]\n$/);
    const json = await run([...args, '--json'], terminal);
    expect(json).toMatchObject({ exit: 1, stderr: '' });
    expect(JSON.parse(json.stdout)).toEqual({ refused: code, message: text.stderr.trimEnd() });
  });

  it('never tells the key or the path given for it', async () => {
    const keys = [KEY.slice(1), `${KEY}x`, KEY + KEY];
    const outcomes = await Promise.all([
      ...keys.map((key) => run(['card', 'respond', '--profile', 'gids', '--key-file', 'admin.key', CHALLENGE], withKey(key))),
      run(['card', 'respond', '--profile', 'gids', '--key-file', KEY, CHALLENGE]),
    ]);
    expect(outcomes.map(({ exit }) => exit)).toEqual([1, 1, 1, 1]);
    expect(JSON.stringify(outcomes)).not.toContain(KEY.slice(1, 12));
  });
});

describe('a wrong use of card respond', () => {
  it('is exit 2 for an unknown profile, with its sentence', async () => {
    const args = ['card', 'respond', '--profile', 'nosuch', '--key-file', 'admin.key', CHALLENGE];
    expect(await run(args)).toEqual({
      exit: 2,
      stdout: '',
      stderr: 'There is no such profile: `card profiles` lists them.\n',
    });
    expect(JSON.parse((await run([...args, '--json'])).stdout)).toMatchObject({ refused: 'profile-unknown' });
  });

  it.each([
    ['an unknown option', ['--profile', 'gids', '--key-file', 'admin.key', '--decrypt', CHALLENGE]],
    ['no challenge', ['--profile', 'gids', '--key-file', 'admin.key']],
    ['no profile', ['--key-file', 'admin.key', CHALLENGE]],
    ['no key file', ['--profile', 'gids', CHALLENGE]],
  ])('is exit 2 for %s', async (_, args) => {
    expect(await run(['card', 'respond', ...args])).toMatchObject({ exit: 2, stdout: '' });
  });
});

const ACME = readFileSync('docs/card-profiles.yaml', 'utf8');
const acme = ['--profiles-file', 'acme.yaml'];

describe('card respond for other kinds of cards', () => {
  it('answers for a card of a file of profiles', async () => {
    const files = { 'acme.yaml': ACME, k: '00'.repeat(32) };
    const args = ['card', 'respond', '--profile', 'ACME-badge', ...acme, '--key-file', 'k', '603DEB1015CA71BE2B73AEF0857D7781'];
    expect(await run(args, { files })).toMatchObject({ exit: 0, stderr: '' });
    expect(await run(args.filter((arg) => !acme.includes(arg)), { files })).toMatchObject({ exit: 2 });
  });

  it.each(published.severalBlocks)('chains the blocks of $id', async ({ key, challenge, response }) => {
    const args = ['card', 'respond', '--profile', 'minidriver-cbc', '--key-file', 'k', challenge];
    expect(await run(args, { files: { k: key } })).toEqual({ exit: 0, stdout: `${inGroups(response)}\n`, stderr: '' });
  });

  it.each(['yubikey-3des', 'canokey', 'pivapplet-3des', 'openfips201-3des', 'gemalto-piv'])('answers for %s, and says that only the PUK resets the PIN', async (id) => {
    const args = ['card', 'respond', '--profile', id, '--key-file', 'admin.key', CHALLENGE];
    const said = 'This response alone does not reset the PIN: cards of this profile are unblocked with their PUK.\n';
    expect(await run(args)).toEqual({ exit: 0, stdout: `${RESPONSE}\n`, stderr: said });
  });

  it.each(['opensc-minidriver', 'tpm-virtual-random', 'us-cac'])('has no response for %s', async (id) => {
    const outcome = await run(['card', 'respond', '--profile', id, '--key-file', 'admin.key', CHALLENGE]);
    expect(outcome).toMatchObject({ exit: 1, stdout: '', stderr: expect.stringContaining('have no key that answers a challenge') });
  });
});

describe('card profiles', () => {
  it('lists every profile with every fact, in 80 columns', async () => {
    const { exit, stdout } = await run(['card', 'profiles']);
    expect(exit).toBe(0);
    const oneLine = stdout.replace(/\s+/g, ' ');
    for (const { id, name, source, warnings, notes, challengeOnScreen, newChallenge, afterResponse, assumed, defaultKeys, instead } of CARD_PROFILES) {
      const facts = [`${id}: ${name}`, source, notes, challengeOnScreen, newChallenge, instead ?? '', ...afterResponse, ...warnings, ...assumed, ...defaultKeys];
      expect(facts.filter((text) => !oneLine.includes(text) && !stdout.includes(text))).toEqual([]);
    }
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout.match(/^ {2}confirmed {6}yes$/gm)).toHaveLength(CARD_PROFILES.filter(({ confirmed }) => confirmed).length);
  });

  it.each([
    ['gids', 'unknown, counted as 5 wrong responses'],
    ['taglio-pivkey', '5 wrong responses block the admin key for good'],
    ['canokey', 'wrong responses are not counted by the card'],
    ['tpm-virtual-random', 'cipher none: no response is computed'],
    ['idprime-md', 'assumed the mode; the length of the challenge'],
    ['opensc-minidriver', '4 to 16 ASCII characters without blanks; tries unknown, counted as 5'],
    ['yubikey-3des', '6 to 8 ASCII characters without blanks; blocked for good by 3 wrong ones'],
    ['minidriver-cbc', '3des, CBC with an IV of zeros, no padding'],
    ['hid-crescendo-aes', '16 bytes (32 hex digits); the response is as long'],
  ])('says of %s: %s', async (id, fact) => {
    const { stdout } = await run(['card', 'profiles']);
    const block = stdout.split('\n\n').find((one) => one.startsWith(`${id}: `)) ?? stdout.slice(stdout.indexOf(`\n${id}: `));
    expect(block.split('\n\n')[0]?.replace(/\s+/g, ' ')).toContain(fact);
  });

  it('prints the table as JSON', async () => {
    const { stdout } = await run(['card', 'profiles', '--json']);
    expect(JSON.parse(stdout)).toEqual(CARD_PROFILES);
  });

  it('lists those of a file behind the built-in ones', async () => {
    const { stdout } = await run(['card', 'profiles', '--json', ...acme], { files: { 'acme.yaml': ACME } });
    const ids = CARD_PROFILES.map(({ id }) => id);
    expect(JSON.parse(stdout)).toMatchObject([...ids, 'acme-badge', 'acme-long', 'acme-visitor', 'acme-temporary'].map((id) => ({ id })));
  });

  it('tells every mistake of a file with its line and column', async () => {
    const files = { 'acme.yaml': ACME.replace('cipher: 3des', 'cipher: des').replace('instead:', 'insted:') };
    const lines = files['acme.yaml'].split('\n');
    const lineOf = (text: string) => lines.findIndex((line) => line.includes(text)) + 1;
    const { exit, stdout, stderr } = await run(['card', 'profiles', ...acme], { files });
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      `acme.yaml:${lineOf('cipher: des')}:13: profiles[1].cipher must be 3des or aes-128 or aes-192 or aes-256.`,
      `acme.yaml:${lineOf('id: acme-temporary')}:5: profiles[3].instead is missing: unlock not-recoverable needs it.`,
      `acme.yaml:${lineOf('insted:')}:5: profiles[3].insted is not a setting; did you mean instead?`,
      '',
    ]);
  });

  it('says that a file cannot be read', async () => {
    expect(await run(['card', 'profiles', ...acme, '--json'])).toMatchObject({ exit: 1, stdout: expect.stringContaining('profiles-file-unreadable') });
  });
});

describe('docs/cards.md', () => {
  it('is what `card profiles --markdown` prints', async () => {
    const { stdout } = await run(['card', 'profiles', '--markdown']);
    expect(readFileSync('docs/cards.md', 'utf8')).toBe(stdout);
  });

  it('has a section for each card', () => {
    const page = profilesAsMarkdown(CARD_PROFILES);
    expect(page.match(/^## .*$/gm)).toEqual(CARD_PROFILES.map(({ id }) => `## ${id}`));
    expect(page).toContain('| [gids](#gids) | Windows minidriver card (GIDS) | cryptogram | confirmed |');
  });
});
