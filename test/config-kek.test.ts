// The key-encryption keys of a configuration: which one seals, which ones open, and that nothing unsafe is taken.
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, type Env, readConfig } from '../src/config.js';

const PKCS11 = {
  COUNTERSIGN_PKCS11_MODULE: '/usr/lib/hsm.so',
  COUNTERSIGN_PKCS11_TOKEN: 'a token',
  COUNTERSIGN_PKCS11_PIN_FILE: '/run/pin',
};
const TRANSIT = { COUNTERSIGN_TRANSIT_URL: 'https://vault.example.com:8200/', COUNTERSIGN_TRANSIT_TOKEN_FILE: '/run/token' };

function kekOf(env: Env) {
  return readConfig(env).kek;
}

function problemsOf(env: Env): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the key-encryption key that seals', () => {
  it('is one in a file unless another kind is named', () => {
    expect(kekOf({ COUNTERSIGN_KEK_FILE: '/keys/kek.key' }).current).toEqual({ kind: 'file', path: resolve('/keys/kek.key') });
    expect(kekOf({ COUNTERSIGN_KEK: 'file', ...PKCS11, ...TRANSIT }).current.kind).toBe('file');
  });

  it('may be in a PKCS#11 token', () => {
    const kek = kekOf({ COUNTERSIGN_KEK: 'pkcs11', COUNTERSIGN_PKCS11_KEY_LABEL: 'kek-2', ...PKCS11 });
    expect(kek).toMatchObject({ current: { kind: 'pkcs11', label: 'kek-2' }, pkcs11: { tokenLabel: 'a token', pinFile: resolve('/run/pin') } });
  });

  it('may be in a transit engine, wherever that is mounted', () => {
    const env = { COUNTERSIGN_KEK: 'transit', COUNTERSIGN_TRANSIT_NAMESPACE: 'it', ...TRANSIT };
    expect(kekOf(env)).toMatchObject({
      current: { kind: 'transit', key: { mount: 'transit', name: 'countersign' } },
      transit: { url: 'https://vault.example.com:8200', namespace: 'it' },
    });
    expect(kekOf({ ...env, COUNTERSIGN_TRANSIT_KEY: 'crypto/eu/kek_1' }).current).toEqual({
      kind: 'transit',
      key: { mount: 'crypto/eu', name: 'kek_1' },
    });
  });

  it('that lies elsewhere than beside the database brings no warning', () => {
    expect(readConfig({ COUNTERSIGN_KEK: 'pkcs11', ...PKCS11 }).warnings).toEqual([]);
  });
});

describe('further keys', () => {
  it('are named one after the other, of any kind', () => {
    const env = { COUNTERSIGN_KEK_ALSO: ' file:/keys/old.key, pkcs11:kek-1 ,transit:mnt/old', ...PKCS11, ...TRANSIT };
    expect(kekOf(env).also).toEqual([
      { kind: 'file', path: resolve('/keys/old.key') },
      { kind: 'pkcs11', label: 'kek-1' },
      { kind: 'transit', key: { mount: 'mnt', name: 'old' } },
    ]);
  });

  it.each(['old.key', 'https:x', 'file:', 'transit:../sys', 'transit:a b', 'x:y'])('"%s" is none', (text) => {
    expect(problemsOf({ COUNTERSIGN_KEK_ALSO: text, ...TRANSIT })).toEqual([expect.stringContaining('COUNTERSIGN_KEK_ALSO')]);
  });
});

describe('what is wrong', () => {
  it.each([
    [{ COUNTERSIGN_KEK: 'hsm' }, /file, pkcs11, transit/],
    [{ COUNTERSIGN_KEK: 'pkcs11' }, /COUNTERSIGN_PKCS11_MODULE/],
    [{ COUNTERSIGN_KEK: 'transit' }, /COUNTERSIGN_TRANSIT_URL/],
    [{ COUNTERSIGN_KEK_ALSO: 'pkcs11:old' }, /COUNTERSIGN_PKCS11_MODULE/],
    [{ COUNTERSIGN_PKCS11_MODULE: '/usr/lib/hsm.so' }, /COUNTERSIGN_PKCS11_PIN_FILE/],
    [{ COUNTERSIGN_TRANSIT_URL: 'https://vault.example.com' }, /COUNTERSIGN_TRANSIT_TOKEN_FILE/],
    [{ COUNTERSIGN_KEK: 'transit', ...TRANSIT, COUNTERSIGN_TRANSIT_KEY: '../../sys/mounts' }, /COUNTERSIGN_TRANSIT_KEY/],
  ] as const)('is told: %j', (env, sentence) => {
    expect(problemsOf(env)).toEqual([expect.stringMatching(sentence)]);
  });

  it.each([
    'http://vault.example.com:8200',
    'http://127.0.0.1.example.com',
    'http://127.0.0.1@vault.example.com',
    'https://user:hidden-word@vault.example.com',
    'ftp://127.0.0.1',
    'vault.example.com:8200',
  ])('is an address without TLS, or with a password in it: %s', (url) => {
    const problems = problemsOf({ COUNTERSIGN_KEK: 'transit', ...TRANSIT, COUNTERSIGN_TRANSIT_URL: url });
    expect(problems).toEqual([expect.stringContaining('COUNTERSIGN_TRANSIT_URL')]);
    expect(problems[0]).not.toContain('hidden-word');
  });

  it('is not plain HTTP on this very machine', () => {
    expect(problemsOf({ COUNTERSIGN_KEK: 'transit', ...TRANSIT, COUNTERSIGN_TRANSIT_URL: 'http://127.0.0.1:8200' })).toEqual([]);
  });
});
