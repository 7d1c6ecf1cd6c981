import { describe, expect, it } from '@jest/globals';
import { newReadableCode, newToken, normaliseReadableCode } from '../../src/lib/ids.js';

describe('one-time words', () => {
  it('have as many random bits as they say', () => {
    expect(Buffer.from(newToken(128), 'base64url')).toHaveLength(16);
    expect(newReadableCode(10)).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/);
    expect(new Set(Array.from({ length: 1_000 }, () => newReadableCode(10))).size).toBe(1_000);
  });

  it('survive being read aloud and typed by hand', () => {
    expect(normaliseReadableCode(' o1il–7g.x_y ')).toBe('01117GXY');
  });
});
