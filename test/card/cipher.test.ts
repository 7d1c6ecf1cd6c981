// The block ciphers against pairs that cards accepted and that standards print.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CardError } from '../../src/card/card-error.js';
import { BLOCK_BYTES, encryptBlock, encryptChained, expandTripleDesKey, KEY_BYTES } from '../../src/card/cipher.js';
import type { Cipher } from '../../src/card/cipher.js';
import { concat, toHex } from '../../src/lib/bytes.js';
import { accepted, hex, published } from './vectors.js';

const OPENSSL_NAME: Readonly<Record<Cipher, string>> = {
  '3des': 'des-ede3-ecb',
  'aes-128': 'aes-128-ecb',
  'aes-192': 'aes-192-ecb',
  'aes-256': 'aes-256-ecb',
};

const CIPHERS: readonly Cipher[] = ['3des', 'aes-128', 'aes-192', 'aes-256'];

function bytes(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length });
}

describe('encryptBlock', () => {
  it.each(accepted)('gives what $card accepted for $challenge', ({ cipher, key, challenge, response }) => {
    expect(toHex(encryptBlock(cipher, hex(key), hex(challenge)))).toBe(response);
  });

  it.each(published.responses)('gives the published $id ($cipher)', ({ cipher, key, challenge, response }) => {
    expect(toHex(encryptBlock(cipher, hex(key), hex(challenge)))).toBe(response);
  });

  it.each(published.neverTheResponse)('never decrypts: $id', ({ cipher, key, challenge, decryption }) => {
    expect(toHex(encryptBlock(cipher, hex(key), hex(challenge)))).not.toBe(decryption);
  });

  it.each(published.sameKeyOtherParity)('ignores the parity bits of 3DES key $sameAs', ({ key, sameAs }) => {
    const block = hex('1603EBDF1C8A2E72');
    expect(encryptBlock('3des', hex(sameAs), block)).toEqual(encryptBlock('3des', hex(key), block));
  });

  it.each(CIPHERS)('is undone by OpenSSL for %s', (cipher) => {
    const [keyBytes = 0] = KEY_BYTES[cipher];
    fc.assert(
      fc.property(bytes(keyBytes), bytes(BLOCK_BYTES[cipher]), (key, block) => {
        const undo = createDecipheriv(OPENSSL_NAME[cipher], key, null).setAutoPadding(false);
        const encrypted = encryptBlock(cipher, key, block);
        expect(concat(undo.update(encrypted), undo.final())).toEqual(block);
      }),
    );
  });

  it('takes 16 bytes for 3DES as K1, K2, K1', () => {
    fc.assert(
      fc.property(bytes(16), bytes(8), (key, block) => {
        const expanded = concat(key, key.subarray(0, 8));
        expect(encryptBlock('3des', key, block)).toEqual(encryptBlock('3des', expanded, block));
      }),
    );
  });

  it('leaves key and block as they were', () => {
    const key = hex('00112233445566778899AABBCCDDEEFF');
    const block = hex('1603EBDF1C8A2E72');
    encryptBlock('3des', key, block);
    expect([toHex(key), toHex(block)]).toEqual(['00112233445566778899AABBCCDDEEFF', '1603EBDF1C8A2E72']);
  });

  it.each(CIPHERS)('throws on keys and blocks of other sizes for %s', (cipher) => {
    const sizes = Array.from({ length: 40 }, (_, size) => size);
    const key = new Uint8Array(KEY_BYTES[cipher][0] ?? 0);
    for (const size of sizes.filter((one) => !KEY_BYTES[cipher].includes(one))) {
      expect(() => encryptBlock(cipher, new Uint8Array(size), new Uint8Array(BLOCK_BYTES[cipher]))).toThrow(
        expect.objectContaining({ name: 'CardError', code: 'key-length' }),
      );
    }
    for (const size of sizes.filter((one) => one !== BLOCK_BYTES[cipher])) {
      expect(() => encryptBlock(cipher, key, new Uint8Array(size))).toThrow(CardError);
    }
  });
});

describe('encryptChained', () => {
  it.each(CIPHERS)('is CBC with an IV of zeros, as OpenSSL has it, for %s', (cipher) => {
    const block = BLOCK_BYTES[cipher];
    const blocks = fc.integer({ min: 1, max: 5 }).chain((count) => bytes(count * block));
    fc.assert(
      fc.property(fc.constantFrom(...KEY_BYTES[cipher]).chain(bytes), blocks, (key, challenge) => {
        const whole = cipher === '3des' ? expandTripleDesKey(key) : key;
        const openssl = createCipheriv(OPENSSL_NAME[cipher].replace('ecb', 'cbc'), whole, new Uint8Array(block)).setAutoPadding(false);
        expect(encryptChained(cipher, key, challenge)).toEqual(concat(openssl.update(challenge), openssl.final()));
      }),
    );
  });

  it.each(published.responses)('gives the published $id, as one block has no other', ({ cipher, key, challenge, response }) => {
    expect(toHex(encryptChained(cipher, hex(key), hex(challenge)))).toBe(response);
  });

  it.each(published.severalBlocks)('gives $id, and not its blocks one by one', ({ cipher, key, challenge, response, blockByBlock }) => {
    expect(toHex(encryptChained(cipher, hex(key), hex(challenge)))).toBe(response);
    const halves = [challenge.slice(0, 16), challenge.slice(16)].map((half) => encryptBlock(cipher, hex(key), hex(half)));
    expect(toHex(concat(...halves))).toBe(blockByBlock);
    expect(blockByBlock).not.toBe(response);
  });

  it.each([0, 1, 7, 9, 15, 17])('throws on %i bytes, which are no whole blocks', (size) => {
    expect(() => encryptChained('3des', new Uint8Array(24), new Uint8Array(size))).toThrow(
      expect.objectContaining({ name: 'CardError', code: 'challenge-length' }),
    );
  });

  it('throws on a key of another size', () => {
    expect(() => encryptChained('3des', new Uint8Array(23), new Uint8Array(16))).toThrow(expect.objectContaining({ code: 'key-length' }));
  });
});

describe('expandTripleDesKey', () => {
  it('copies, so that wiping the result keeps the key', () => {
    const key = hex('010203040506070801020304050607080102030405060708');
    expandTripleDesKey(key).fill(0);
    expect(toHex(key)).toBe('010203040506070801020304050607080102030405060708');
  });
});
