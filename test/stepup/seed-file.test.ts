// Files of seeds from other systems: every problem with its line, and never a secret in it.
import { describe, expect, it } from '@jest/globals';
import { utf8 } from '../../src/lib/bytes.js';
import { readSeedFile, wipeSeeds } from '../../src/stepup/seed-file.js';
import { seedBase32 } from '../../src/stepup/totp.js';

const SEED = utf8('12345678901234567890');
const SECRET = seedBase32(SEED);
const OTHER = seedBase32(utf8('abcdefghijklmnopqrst'));

function problemsOf(text: string): readonly string[] {
  return readSeedFile(text).problems.map(({ line, problem }) => `${line}: ${problem}`);
}

describe('otpauth:// addresses', () => {
  it('are read, one on each line, with what an app takes for granted', () => {
    const text = `otpauth://totp/Example%20Ltd:Emma%40example.com?secret=${SECRET}&issuer=Example\r\n\r\notpauth://hotp/dana?secret=${OTHER.toLowerCase()}&counter=5&digits=8&algorithm=SHA256\n`;
    const { seeds, problems } = readSeedFile(text);
    expect(problems).toEqual([]);
    expect(seeds).toEqual([
      { line: 1, person: 'emma@example.com', seed: SEED, algorithm: { type: 'totp', hash: 'sha1', digits: 6, periodSeconds: 30 }, lastStep: 0n },
      { line: 3, person: 'dana', seed: utf8('abcdefghijklmnopqrst'), algorithm: { type: 'hotp', hash: 'sha256', digits: 8 }, lastStep: 4n },
    ]);
  });

  it.each([
    ['is of another kind', `otpauth://steam/emma?secret=${SECRET}`, 'The type must be totp or hotp.'],
    ['has no secret', 'otpauth://totp/emma', 'must have 16 to 64 bytes'],
    ['has a short secret', 'otpauth://totp/emma?secret=GEZDGNBVGY3TQOJQ', 'must have 16 to 64 bytes'],
    ['has a secret that is none', 'otpauth://totp/emma?secret=180189', 'not in base32'],
    ['is of nobody', `otpauth://totp/?secret=${SECRET}`, 'Nobody is named here'],
    ['has a token without its counter', `otpauth://hotp/emma?secret=${SECRET}`, 'The counter must be'],
    ['has a broken label', `otpauth://totp/%E0%A4%A?secret=${SECRET}`, 'no otpauth:// address'],
  ])('are refused where one %s', (_what, line, words) => {
    expect(problemsOf(line)).toEqual([expect.stringContaining(words)]);
  });

  it('are refused where another line is none', () => {
    expect(problemsOf(`otpauth://totp/emma?secret=${SECRET}\nhello`)).toEqual(['2: This is no otpauth:// address: give one on each line.']);
  });
});

describe('a CSV file of seeds', () => {
  it('is read with columns in any order, and what is empty is as apps have it', () => {
    const text = `secret;person;type;digits;period;algorithm;counter\n${SECRET.slice(0, 4)} ${SECRET.slice(4)};emma@example.com;;;60;HMAC-SHA-512;\n${OTHER};T-17;HOTP;6;;sha1;0\n`;
    const { seeds, problems } = readSeedFile(text);
    expect(problems).toEqual([]);
    expect(seeds).toMatchObject([
      { line: 2, person: 'emma@example.com', seed: SEED, algorithm: { type: 'totp', hash: 'sha512', digits: 6, periodSeconds: 60 } },
      { line: 3, person: 'T-17', algorithm: { type: 'hotp', hash: 'sha1', digits: 6 }, lastStep: -1n },
    ]);
  });

  it('tells every problem with its line, and no secret', () => {
    const text = ['person,secret,type,digits,period,algorithm,counter', `emma,${SECRET},totp,7,,,`, `liam,${SECRET},totp,,5,,`, `dana,${SECRET},totp,,,md5,`, `sam,${SECRET},totp,,,,9`, `eve,${SECRET},hotp,,,,-1`].join('\n');
    const problems = problemsOf(text);
    expect(problems.map((one) => one.slice(0, 20))).toEqual(['2: The digits must b', '3: The period must b', '4: The algorithm mus', '5: Codes by the cloc', '6: The counter must ']);
    expect(problems.join('\n')).not.toContain(SECRET);
  });

  it('has each person and each secret once', () => {
    expect(problemsOf(`person,secret\nEmma@example.com,${SECRET}\nemma@example.com,${OTHER}\nliam,${SECRET}\n`)).toEqual([
      '3: This person stands in line 2 already.',
      '4: This secret stands in line 2 already.',
    ]);
  });

  it('has no more seeds than one transaction takes', () => {
    const rows = Array.from({ length: 2_001 }, (_, nth) => `p${nth},${SECRET}`);
    expect(problemsOf(['person,secret', ...rows].join('\n'))).toEqual(['1: These are 2001 seeds: split the file, at most 2000 fit into one.']);
  });
});

it('seeds are wiped when nobody needs them any more', () => {
  const { seeds } = readSeedFile(`otpauth://totp/emma?secret=${SECRET}`);
  wipeSeeds(seeds);
  expect(seeds[0]?.seed).toEqual(new Uint8Array(20));
});
