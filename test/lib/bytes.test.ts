import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { concat, equalBytes, fromHex, inGroups, lengthPrefixed, toHex, wipe } from '../../src/lib/bytes.js';

describe('bytes', () => {
  it('become hex and come back', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(fromHex(toHex(bytes))).toEqual(bytes)));
  });

  it.each([['0'], ['0G'], ['0x00'], [' 00']])('are not read from %p', (text) => {
    expect(fromHex(text)).toBeNull();
  });

  it('prefixed with their lengths are never the same for two lists of parts', () => {
    const parts = fc.array(fc.string({ maxLength: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        expect(equalBytes(lengthPrefixed(one), lengthPrefixed(other))).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  it('are put together, grouped for reading, and wiped', () => {
    const bytes = concat(new Uint8Array([1, 2]), new Uint8Array([3]));
    expect([...bytes]).toEqual([1, 2, 3]);
    expect(inGroups('1603EBDF1C8A2E72')).toBe('1603 EBDF 1C8A 2E72');
    wipe(bytes);
    expect([...bytes]).toEqual([0, 0, 0]);
  });
});
