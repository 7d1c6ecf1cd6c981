// Authenticated encryption: the published vector, and nothing but the right bytes opens.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { concat, fromHex, toHex } from '../../src/lib/bytes.js';
import { openBox, sealBox } from '../../src/vault/box.js';
import { flipped, vaultError } from './support.js';

const hex = z.string().transform((text) => fromHex(text) ?? new Uint8Array());
const vector = z
  .object({ plaintext: hex, associated: hex, key: hex, nonce: hex, ciphertext: hex, tag: hex })
  .parse(JSON.parse(readFileSync('test/vectors/xchacha20poly1305.json', 'utf8')));

describe('a box', () => {
  it('of the published vector opens', () => {
    const box = concat(vector.nonce, vector.ciphertext, vector.tag);
    expect(toHex(openBox(vector.key, box, vector.associated))).toBe(toHex(vector.plaintext));
  });

  it('of the published vector does not open with one bit turned', () => {
    const box = concat(vector.nonce, vector.ciphertext, vector.tag);
    for (let place = 0; place < box.length; place += 1) {
      expect(() => openBox(vector.key, flipped(box, place), vector.associated)).toThrow(vaultError('sealed-damaged'));
    }
  });

  it('opens to what was put in', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (plain, associated) => {
        expect(openBox(vector.key, sealBox(vector.key, plain, associated), associated)).toEqual(plain);
      }),
    );
  });

  it('is another one each time', () => {
    const plain = new Uint8Array(8);
    expect(sealBox(vector.key, plain, plain)).not.toEqual(sealBox(vector.key, plain, plain));
  });

  it.each([0, 1, 23, 24, 39])('of %i bytes is too short to open', (length) => {
    expect(() => openBox(vector.key, new Uint8Array(length), new Uint8Array())).toThrow(vaultError('sealed-damaged'));
  });
});
