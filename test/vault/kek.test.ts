// Several KEKs at once: one seals, all open.
import { describe, expect, it } from '@jest/globals';
import { findKek, holdKeks } from '../../src/vault/kek.js';
import { newKek, vaultError } from './support.js';

describe('KEKs', () => {
  it('are found by their ids, the current one and the older ones', async () => {
    const [current, older] = [await newKek(), await newKek()];
    const keks = holdKeks(current, older);
    expect(keks.current).toBe(current);
    expect(findKek(keks, current.id)).toBe(current);
    expect(findKek(keks, older.id)).toBe(older);
  });

  it('are not found by a strange id', async () => {
    const keks = holdKeks(await newKek());
    expect(keks.find('file:0000000000000000')).toBeNull();
    expect(() => findKek(keks, 'file:0000000000000000')).toThrow(vaultError('kek-unknown', /file:0000000000000000/));
  });
});
