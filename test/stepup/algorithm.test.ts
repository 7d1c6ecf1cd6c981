// The text that names how an authenticator makes its codes.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { utf8 } from '../../src/lib/bytes.js';
import { algorithmName, readAlgorithm } from '../../src/stepup/algorithm.js';
import { matchCode } from '../../src/stepup/one-time-code.js';

describe('an algorithm', () => {
  it.each([
    ['totp-sha1-6-30', { type: 'totp', hash: 'sha1', digits: 6, periodSeconds: 30 }],
    ['totp-sha512-8-60', { type: 'totp', hash: 'sha512', digits: 8, periodSeconds: 60 }],
    ['hotp-sha1-6', { type: 'hotp', hash: 'sha1', digits: 6 }],
  ] as const)('%s is read, and written the same', (name, algorithm) => {
    expect(readAlgorithm(name)).toEqual(algorithm);
    expect(algorithmName(algorithm)).toBe(name);
  });

  it.each(['', 'totp', 'totp-sha1-6', 'totp-sha1-7-30', 'totp-md5-6-30', 'totp-sha1-6-0', 'totp-sha1-6-30-1', 'hotp-sha1-6-30', 'motp-sha1-6'])(
    '"%s" is none',
    (name) => {
      expect(() => readAlgorithm(name)).toThrow('not known here');
    },
  );
});

describe('the published vectors of SHA-256 and SHA-512', () => {
  const { modes } = z
    .object({ modes: z.array(z.object({ hash: z.string(), seedAscii: z.string(), codes: z.array(z.object({ unixSeconds: z.number(), code: z.string() })) })) })
    .parse(JSON.parse(readFileSync('test/vectors/totp-rfc6238-sha2.json', 'utf8')));
  const cases = modes.flatMap(({ hash, seedAscii, codes }) => codes.map((one) => ({ ...one, hash, seedAscii })));

  it.each(cases)('give $code at $unixSeconds with $hash', ({ hash, seedAscii, unixSeconds, code }) => {
    const look = { algorithm: `totp-${hash}-8-30`, at: new Date(unixSeconds * 1000), lastStep: 0n, repeated: false };
    expect(matchCode(utf8(seedAscii), code, look)).toEqual({ kind: 'totp', step: BigInt(Math.floor(unixSeconds / 30)) });
    expect(matchCode(utf8(seedAscii), code.slice(-6), look)).toBeNull();
  });
});
