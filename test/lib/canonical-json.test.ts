import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, type Json } from '../../src/lib/canonical-json.js';

describe('canonicalJson', () => {
  // RFC 8785 section 3.2.3: the order of property names in UTF-16 code units.
  it('sorts names by UTF-16 code units', () => {
    const value = { '\u20ac': 'Euro Sign', '\r': 'Carriage Return', '\ufb33': 'Hebrew Letter Dalet With Dagesh', '1': 'One', '\ud83d\ude00': 'Emoji: Grinning Face', '\u0080': 'Control', '\u00f6': 'Latin Small Letter O With Diaeresis' };
    const order = [...canonicalJson(value).matchAll(/:"([^"]*)"/g)].map(([, text]) => text);
    expect(order).toEqual(['Carriage Return', 'One', 'Control', 'Latin Small Letter O With Diaeresis', 'Euro Sign', 'Emoji: Grinning Face', 'Hebrew Letter Dalet With Dagesh']);
  });

  it('means the same as what it was made of', () => {
    fc.assert(fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => expect(JSON.parse(canonicalJson(value as Json))).toEqual(JSON.parse(JSON.stringify(value)))));
  });

  it('does not depend on the order in which members were set', () => {
    expect(canonicalJson({ b: [1, { d: null, c: true }], a: 'x' })).toBe('{"a":"x","b":[1,{"c":true,"d":null}]}');
    expect(canonicalJson({ a: 'x', b: [1, { c: true, d: null }] })).toBe('{"a":"x","b":[1,{"c":true,"d":null}]}');
  });

  it.each([[NaN], [Infinity], ['\ud800']])('refuses what JSON cannot hold (%p)', (value) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError);
  });
});
