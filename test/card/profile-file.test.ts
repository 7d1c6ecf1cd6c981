// A site's own card profiles: what a file may say, and how its mistakes are told.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseProfiles } from '../../src/card/profile-file.js';
import type { CardProfile } from '../../src/card/profile.js';
import { BUILT_IN_PROFILES, withOwnProfiles } from '../../src/card/profiles.js';
import { computeResponse } from '../../src/card/response.js';
import { hex, published } from './vectors.js';

const EXAMPLE = readFileSync('docs/card-profiles.yaml', 'utf8');

function profilesIn(text: string): readonly CardProfile[] {
  const file = parseProfiles(text);
  if ('problems' in file) throw new Error(file.problems.map(({ line, problem }) => `${line}: ${problem}`).join('\n'));
  return file.profiles;
}

/** "line: problem" for each. */
function problemsIn(text: string): readonly string[] {
  const file = parseProfiles(text);
  return 'problems' in file ? file.problems.map(({ line, problem }) => `${line}: ${problem}`) : [];
}

/** A file with one profile whose settings stand on lines 3 and following, one a line. */
function fileWith(...settings: readonly string[]): string {
  return ['version: 1', 'profiles:', ...settings.map((setting, at) => `${at === 0 ? '  - ' : '    '}${setting}`)].join('\n');
}

const SMALLEST = ['id: acme', 'name: ACME', 'unlock: cryptogram', 'cipher: 3des', 'source: ACME'];
const BY_PUK = ['id: acme', 'name: ACME', 'unlock: puk', 'source: ACME'];

describe('the example file', () => {
  it('has a profile for each way to unblock a card', () => {
    expect(profilesIn(EXAMPLE).map(({ id, unlock, mode }) => [id, unlock, mode])).toEqual([
      ['acme-badge', 'cryptogram', 'one-block-ecb'],
      ['acme-long', 'cryptogram', 'cbc-zero-iv'],
      ['acme-visitor', 'puk', null],
      ['acme-temporary', 'not-recoverable', null],
    ]);
  });

  it('stands beside the built-in profiles', () => {
    const profiles = withOwnProfiles(profilesIn(EXAMPLE));
    expect(profiles.find('acme-badge')).toMatchObject({
      cipher: 'aes-256',
      challengeBytes: 16,
      keyBytes: [32],
      wrongResponseLimit: 3,
      confirmed: true,
      puk: null,
      instead: null,
      afterResponse: ['Leave the badge on the reader.', 'Type the response into the blue box, then your new PIN.'],
    });
    expect(profiles.find('acme-visitor')?.puk).toEqual({ minLength: 8, maxLength: 8, characters: 'digits', tries: 3 });
    expect(profiles.find('acme-temporary')?.instead).toBe('Bring the card to the reception. You get a new one there.');
  });
});

describe('a profile of a file', () => {
  it('is as a minidriver card where it says no more', () => {
    const custom = BUILT_IN_PROFILES.find('custom');
    const [acme] = profilesIn(fileWith(...SMALLEST));
    expect(acme).toMatchObject({ challengeOnScreen: custom?.challengeOnScreen, afterResponse: custom?.afterResponse, confirmed: false });
    expect(acme).toMatchObject({ mode: 'one-block-ecb', challengeBytes: 8, keyBytes: [24, 16], wrongResponseLimit: null, notes: '' });
  });

  it('has every setting that a built-in one has', () => {
    const names = (profile: CardProfile | null | undefined) => Object.keys(profile ?? {}).sort();
    for (const acme of profilesIn(EXAMPLE)) expect(names(acme)).toEqual(names(BUILT_IN_PROFILES.find('gids')));
  });

  it.each(published.severalBlocks)('answers $id in mode cbc-zero-iv', ({ key, challenge, response }) => {
    const [acme] = profilesIn(fileWith(...SMALLEST, 'mode: cbc-zero-iv', 'challengeBytes: 16'));
    expect(acme && computeResponse(acme, hex(key), hex(challenge)).reveal().plain).toBe(response);
  });

  it('is shown on one line, cut, without characters that cannot be seen', () => {
    const [acme] = profilesIn(
      fileWith('id: acme', 'name: "AC\\u202EME\\n\\u200Bbadge"', 'unlock: cryptogram', 'cipher: 3des', `source: ${'x'.repeat(5_000)}`),
    );
    expect(acme?.name).toBe('ACME badge');
    expect(acme?.source).toHaveLength(400);
  });

  it('has its default keys in upper case', () => {
    const [acme] = profilesIn(fileWith(...SMALLEST, `defaultKeys: ['${'ab'.repeat(24)}']`));
    expect(acme?.defaultKeys).toEqual(['AB'.repeat(24)]);
  });

  it.each([['unlimited', 'unlimited'], ['7', 7], ['null', null]])('counts wrong responses to %s', (written, limit) => {
    expect(profilesIn(fileWith(...SMALLEST, `wrongResponseLimit: ${written}`))[0]?.wrongResponseLimit).toBe(limit);
  });
});

describe('what is wrong with a file', () => {
  it.each([
    ['an unknown setting, with the nearest one', [...SMALLEST, 'wrongResponsLimit: 5'], '8: profiles[0].wrongResponsLimit is not a setting; did you mean wrongResponseLimit?'],
    ['an unknown setting that is near none', [...SMALLEST, 'colour: red'], '8: profiles[0].colour is not a setting.'],
    ['a setting with a name that would rule the terminal', [...SMALLEST, '"\\e[2Jcolour\\u202E": red'], '8: profiles[0].[2Jcolour is not a setting.'],
    ['an unknown cipher', [...SMALLEST.slice(0, 3), 'cipher: des', 'source: x'], '6: profiles[0].cipher must be 3des or aes-128 or aes-192 or aes-256.'],
    ['an id in capitals', ['id: ACME', ...SMALLEST.slice(1)], '3: profiles[0].id must be lower-case letters and digits, with single dashes between.'],
    ['an id that is built in', ['id: gids', ...SMALLEST.slice(1)], '3: profiles[0].id is that of a built-in profile: choose another.'],
    ['an id that is a number', ['id: 12', ...SMALLEST.slice(1)], '3: profiles[0].id must be text: put it in quotes.'],
    ['a missing source', SMALLEST.slice(0, 4), '3: profiles[0].source is missing.'],
    ['an empty name', ['id: acme', 'name: "\\u200B "', ...SMALLEST.slice(2)], '4: profiles[0].name must not be empty.'],
    ['a response without a cipher', [...SMALLEST.slice(0, 3), 'source: x'], '3: profiles[0].cipher is missing: unlock cryptogram needs it.'],
    ['a challenge of another size', [...SMALLEST, 'challengeBytes: 16'], '8: profiles[0].challengeBytes must be 8 for 3des in mode one-block-ecb.'],
    ['no whole number of blocks', [...SMALLEST, 'mode: cbc-zero-iv', 'challengeBytes: 12'], '9: profiles[0].challengeBytes must be a multiple of 8 for 3des in mode cbc-zero-iv.'],
    ['several blocks of unknown number', [...SMALLEST, 'mode: cbc-zero-iv'], '3: profiles[0].challengeBytes is missing: mode cbc-zero-iv needs it.'],
    ['a key of another size', [...SMALLEST, 'keyBytes: [24, 32]'], '8: profiles[0].keyBytes must be 24 or 16 for 3des.'],
    ['a default key with a lost digit', [...SMALLEST, `defaultKeys: ['${'0'.repeat(47)}']`], '8: profiles[0].defaultKeys must be hex, 48 or 32 digits each, for 3des.'],
    ['a PUK for a card with a response', [...SMALLEST, 'puk: { minLength: 8, maxLength: 8, characters: digits }'], '8: profiles[0].puk does not go with unlock cryptogram.'],
    ['a card with a PUK of unknown length', BY_PUK, '3: profiles[0].puk is missing: unlock puk needs it.'],
    ['a PUK that is shorter than it is long', [...BY_PUK, 'puk: { minLength: 9, maxLength: 8, characters: digits }'], '7: profiles[0].puk.maxLength must not be below minLength.'],
    ['an unknown setting of a PUK', [...BY_PUK, 'puk: { minLength: 8, maxLength: 8, characters: digits, try: 3 }'], '7: profiles[0].puk.try is not a setting; did you mean tries?'],
    ['a key size without a cipher', [...BY_PUK, 'keyBytes: [24]', 'puk: { minLength: 8, maxLength: 8, characters: digits }'], '7: profiles[0].keyBytes does not go without a cipher.'],
    ['a lost card without a way out', ['id: a', 'name: A', 'unlock: not-recoverable', 'source: x'], '3: profiles[0].instead is missing: unlock not-recoverable needs it.'],
    ['a lost card with a cipher', ['id: a', 'name: A', 'unlock: not-recoverable', 'cipher: 3des', 'instead: Ask.', 'source: x'], '6: profiles[0].cipher does not go with unlock not-recoverable.'],
    ['a way out of what can be unblocked', [...SMALLEST, 'instead: Ask.'], '8: profiles[0].instead does not go with unlock cryptogram.'],
    ['no tries', [...SMALLEST, 'wrongResponseLimit: 0'], '8: profiles[0].wrongResponseLimit must be a whole number from 1 to 100, unlimited, or left out where it is unknown.'],
  ])('is told with its line: %s', (_, settings, problem) => {
    expect(problemsIn(fileWith(...settings))).toEqual([problem]);
  });

  it('is told all at once, in the order of the file', () => {
    const second = ['  - id: acme', '    name: Two', '    unlock: magic', '    source: x'];
    const text = [fileWith(...SMALLEST, 'colour: red', 'confirmed: maybe'), ...second].join('\n');
    expect(problemsIn(text)).toEqual([
      '8: profiles[0].colour is not a setting.',
      '9: profiles[0].confirmed must be true or false.',
      '10: profiles[1].id stands in the file twice.',
      '12: profiles[1].unlock must be cryptogram or puk or puk-as-hex or not-recoverable.',
    ]);
  });

  it('is told with its column too', () => {
    expect(parseProfiles(fileWith(...SMALLEST, 'colour: red', 'confirmed: maybe'))).toEqual({
      problems: [
        { line: 8, column: 5, path: 'profiles[0].colour', problem: 'profiles[0].colour is not a setting.' },
        { line: 9, column: 16, path: 'profiles[0].confirmed', problem: 'profiles[0].confirmed must be true or false.' },
      ],
    });
  });

  it.each([
    ['', '1: The file of card profiles must be a block of settings.'],
    ['version: 2\nprofiles: []', '1: version must be 1.\n2: profiles must have at least 1 entry.'],
    ['version: 1', '1: profiles is missing.'],
    ['version: 1\nprofiles: [', 'This is not YAML that can be read'],
    ['version: 1\nversion: 1', 'This is not YAML that can be read'],
    ['version: 1\nprofiles: &a [*a]', 'Write *a out: a file of card profiles has no aliases.'],
    ['['.repeat(20_000), 'nested too deep'],
    ['- '.repeat(20_000), 'nested too deep'],
    [`# ${'x'.repeat(300_000)}`, 'longer than 262144 characters'],
  ])('is told of %.20j', (text, problem) => {
    expect(problemsIn(text).join('\n')).toContain(problem);
  });

  it('is found without ever throwing, whatever one line of a good file becomes', () => {
    const lines = EXAMPLE.split('\n');
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.string({ unit: 'binary', maxLength: 30 }), (at, text) => {
        const file = parseProfiles(lines.with(at, text).join('\n'));
        expect('problems' in file ? file.problems.length : file.profiles.length).toBeGreaterThan(0);
      }),
    );
  });
});
