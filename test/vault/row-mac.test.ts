// Tags of rows and keyed digests: every value, its type and its place count.
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toHex } from '../../src/lib/bytes.js';
import { holdKeks } from '../../src/vault/kek.js';
import { type MacFact, newRowMacKey, openRowMac, RowMac } from '../../src/vault/row-mac.js';
import { flipped, newKek, vaultError } from './support.js';

const rowMac = new RowMac(new Uint8Array(32).fill(7));
const AT = new Date('2026-01-05T09:00:00.123Z');

const fact: fc.Arbitrary<MacFact> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.array(fc.string({ unit: 'grapheme', maxLength: 4 }), { maxLength: 3 }),
);

describe('the tag of a row', () => {
  it('passes its own check and no other', () => {
    const mac = rowMac.tag('Card', 'c1', ['p1', 'active']);
    expect(() => rowMac.check('Card', 'c1', ['p1', 'active'], mac)).not.toThrow();
    const isTampered = vaultError('row-tampered', /^Card c1 was changed/);
    expect(() => rowMac.check('Card', 'c1', ['p2', 'active'], mac)).toThrow(isTampered);
    expect(() => rowMac.check('Card', 'c1', ['p1', 'active'], mac.subarray(1))).toThrow(isTampered);
    for (let place = 0; place < mac.length; place += 1) {
      expect(() => rowMac.check('Card', 'c1', ['p1', 'active'], flipped(mac, place))).toThrow(isTampered);
    }
  });

  it('is of one table and one row', () => {
    const tags = [rowMac.tag('Card', 'c1', []), rowMac.tag('Card', 'c2', []), rowMac.tag('Person', 'c1', [])];
    expect(new Set(tags.map(toHex)).size).toBe(3);
  });

  it('is of one key', () => {
    const other = new RowMac(new Uint8Array(32).fill(8));
    expect(other.tag('Card', 'c1', [])).not.toEqual(rowMac.tag('Card', 'c1', []));
  });

  it('differs for facts that differ, and only for those', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 3 }), fc.array(fact, { maxLength: 3 }), (one, other) => {
        const sameTag = toHex(rowMac.tag('T', 'r', one)) === toHex(rowMac.tag('T', 'r', other));
        expect(sameTag).toBe(inspect(one) === inspect(other));
      }),
    );
  });

  it.each<[MacFact[], MacFact[]]>([
    [[null], ['']],
    [[null], []],
    [[null], ['null']],
    [[1], ['1']],
    [[true], ['true']],
    [[true], [1]],
    [[AT], [AT.toISOString()]],
    [[['a']], ['a']],
    [[['a', 'b']], [['ab']]],
    [[[]], [null]],
    [[['a'], ['b']], [['a', 'b']]],
    [['a', 'b'], ['ab']],
    [['a', 'b'], ['b', 'a']],
  ])('tells %j from %j', (one, other) => {
    expect(rowMac.tag('T', 'r', one)).not.toEqual(rowMac.tag('T', 'r', other));
  });

  it('stays what it was: stored tags depend on it', () => {
    const tag = rowMac.tag('Card', 'c1', ['p1', null, 3, true, AT, ['a', 'b']]);
    expect(toHex(tag)).toBe('5EE539A52650BEF668C1950333A8BEB8C957881B684DF15E45C05B336CA507AD');
  });

  it.each<[string, MacFact]>([
    ['a number that is none', NaN],
    ['an endless number', Infinity],
    ['a date that is none', new Date(NaN)],
    ['a lone surrogate', '\uD800'],
    ['a lone surrogate in a list', ['a', '\uDC00']],
  ])('is not made of %s', (_, strange) => {
    expect(() => rowMac.tag('T', 'r', [strange])).toThrow(/lone surrogate|not finite|Invalid time/);
  });
});

describe('a keyed digest', () => {
  it('is of one purpose and of parts in their places', () => {
    const digests = [
      rowMac.digest('code', 'ab', 'c'),
      rowMac.digest('code', 'a', 'bc'),
      rowMac.digest('key', 'ab', 'c'),
      rowMac.tag('code', 'ab', ['c']),
    ];
    expect(new Set(digests.map(toHex)).size).toBe(4);
  });

  it('stays what it was: stored digests depend on it', () => {
    expect(toHex(rowMac.digest('code', 'ab', new Uint8Array([1])))).toBe('AE1C1947A36EB9E58A7CE57045B16303E19C9FAFBF004B38D814825297AAC580');
  });
});

describe('the key of row tags', () => {
  it('opens from its sealed form, each time the same', async () => {
    const kek = await newKek();
    const sealed = await newRowMacKey(kek);
    const [one, other] = [await openRowMac(sealed, holdKeks(kek)), await openRowMac(sealed, holdKeks(kek))];
    expect(one.tag('T', 'r', [])).toEqual(other.tag('T', 'r', []));
    expect(one.tag('T', 'r', [])).not.toEqual((await openRowMac(await newRowMacKey(kek), holdKeks(kek))).tag('T', 'r', []));
  });

  it('does not open under another KEK', async () => {
    const sealed = await newRowMacKey(await newKek());
    await expect(openRowMac(sealed, holdKeks(await newKek()))).rejects.toThrow(vaultError('kek-unknown', /^VaultKey row-mac/));
  });

  it('is 32 bytes, copied, and not shown when printed', () => {
    const key = new Uint8Array(32).fill(9);
    const made = new RowMac(key);
    const before = made.tag('T', 'r', []);
    key.fill(0);
    expect(made.tag('T', 'r', [])).toEqual(before);
    expect(inspect(made, { showHidden: true })).toBe('RowMac {}');
    expect(() => new RowMac(new Uint8Array(31))).toThrow(RangeError);
  });
});
