// The name of a policy's text, and of a group in it.
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import { groupOf, policyHash } from '../../src/approval/policy.js';

describe('policyHash', () => {
  it('is the SHA-256 of the text as UTF-8', () => {
    expect(policyHash('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(policyHash('Zürich')).toBe(createHash('sha256').update(Buffer.from('Zürich', 'utf8')).digest('hex'));
  });

  it('differs where anything differs, a comment too', () => {
    expect(policyHash(`${DEFAULT_POLICY_TEXT}# note\n`)).not.toBe(policyHash(DEFAULT_POLICY_TEXT));
  });
});

describe('groupOf', () => {
  it('is what stands behind the first colon', () => {
    expect(groupOf('group:a:b')).toBe('a:b');
  });
});
