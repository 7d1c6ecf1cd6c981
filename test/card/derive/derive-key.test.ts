// Derived keys: every published vector, the traps, and the same computation done in another way.
import { cmac } from '@noble/ciphers/aes.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encryptBlock } from '../../../src/card/cipher.js';
import { deriveKey, refuseOtherLength } from '../../../src/card/derive/derive-key.js';
import { diversifier } from '../../../src/card/derive/diversifier.js';
import { derivedCipher, masterKeyBytes, masterKeyCheckValue, masterKeyCheckValues } from '../../../src/card/derive/master-key.js';
import { kcvMatches } from '../../../src/card/kcv.js';
import { comparableKey } from '../../../src/card/key.js';
import { concat, toHex } from '../../../src/lib/bytes.js';
import { hex } from '../vectors.js';
import { derivationVectors, schemeOf } from './derivation-vectors.js';
import { cmacByCbc, counterModeByText, hmacByHash, tripleDesEcb } from './other-way.js';

const { an10922, an10922Notes, sp800108, globalPlatform, kdf3, notPublished } = derivationVectors;

const bytes = (least: number, most = least) => fc.uint8Array({ minLength: least, maxLength: most });
const hexOf = (part: Uint8Array) => Buffer.from(part).toString('hex');

describe('AN10922', () => {
  const scheme = (variant: string) => schemeOf({ method: 'an10922', variant });

  it.each(an10922)('gives the published $variant key of $id', ({ variant, master, m, key }) => {
    expect(toHex(deriveKey(scheme(variant), hex(master), hex(m)))).toBe(key);
  });

  it('pads a short M to two blocks, which is not plain CMAC', () => {
    const { master, m } = vectorOf('D6');
    const plain = toHex(cmac(concat(Uint8Array.of(1), hex(m)), hex(master)));
    expect(plain).toBe(an10922Notes.d6PlainCmac.key);
    expect(toHex(deriveKey(scheme('aes-128'), hex(master), hex(m)))).not.toBe(plain);
  });

  it('is plain CMAC for an M that needs the second block', () => {
    fc.assert(
      fc.property(bytes(16), bytes(16, 31), (master, m) => {
        expect(deriveKey(scheme('aes-128'), master, m)).toEqual(cmac(concat(Uint8Array.of(1), m), master));
      }),
    );
  });

  it('gives one key for both published forms of D4, which differ in parity only', () => {
    const { master, m } = vectorOf('D4');
    const ours = deriveKey(scheme('2tdea'), hex(master), hex(m));
    const { key } = an10922Notes.d4OtherParity;
    expect(toHex(ours)).not.toBe(key);
    expect(comparableKey(ours)).toEqual(comparableKey(hex(key)));
  });

  it.each([
    ['D4', an10922Notes.beforeKeyVersion.d4],
    ['D5', an10922Notes.beforeKeyVersion.d5],
  ])('restores the key version of %s, which changes parity bits only', (id, before) => {
    const { variant, master, m } = vectorOf(id);
    const key = deriveKey(scheme(variant), hex(master), hex(m));
    const version = key.subarray(0, 8).reduce((read, byte) => (read << 1) | (byte & 1), 0);
    expect(version).toBe(0x55);
    expect(comparableKey(key)).toEqual(comparableKey(hex(before)));
    expect(toHex(key.subarray(8))).toBe(before.slice(16));
  });

  it.each([
    ['aes-128', 16, [0x01]],
    ['aes-256', 32, [0x41, 0x42]],
    ['2tdea', 16, [0x21, 0x22]],
    ['3tdea', 24, [0x31, 0x32, 0x33]],
  ])('agrees with CMAC over CBC for %s', (variant, size, constants) => {
    const isAes = variant.startsWith('aes');
    const cbc = isAes ? `${variant}-cbc` : 'des-ede3-cbc';
    fc.assert(
      fc.property(bytes(size), bytes(1, isAes ? 31 : 15), (master, m) => {
        const macs = constants.map((constant) => cmacByCbc(cbc, Buffer.from(master), Buffer.from([constant, ...m]), 2));
        const key = deriveKey(scheme(variant), master, m);
        const expected = new Uint8Array(Buffer.concat(macs));
        expect(isAes ? key : comparableKey(key)).toEqual(isAes ? expected : comparableKey(expected));
      }),
    );
  });

  it('agrees with CMAC over CBC for aes-192, whose two halves overlap', () => {
    fc.assert(
      fc.property(bytes(24), bytes(1, 31), (master, m) => {
        const [a, b] = [0x11, 0x12].map((constant) => hexOf(cmacByCbc('aes-192-cbc', Buffer.from(master), Buffer.from([constant, ...m]), 2)));
        const middle = BigInt(`0x${String(a).slice(16)}`) ^ BigInt(`0x${String(b).slice(0, 16)}`);
        const expected = `${String(a).slice(0, 16)}${middle.toString(16).padStart(16, '0')}${String(b).slice(16)}`;
        expect(hexOf(deriveKey(scheme('aes-192'), master, m))).toBe(expected);
      }),
    );
  });

  function vectorOf(id: string) {
    const found = an10922.find((one) => one.id === id);
    if (found === undefined) throw new Error(`no vector ${id}`);
    return found;
  }
});

describe('SP 800-108 in counter mode', () => {
  const counterScheme = (settings: Readonly<Record<string, unknown>>) => schemeOf({ method: 'sp800-108-counter', ...settings });

  it.each(sp800108.vectors)('gives the published key of $id', ({ prf, counterBits, keyBits, master, fixedInput, key }) => {
    const scheme = counterScheme({ prf, counterBits, keyBits, cipher: `aes-${keyBits}`, fixedInput: 'raw' });
    expect(toHex(deriveKey(scheme, hex(master), hex(fixedInput)))).toBe(key);
  });

  const PRFS = [
    { prf: 'cmac-aes-128', size: 16, mac: (key: Buffer) => (message: Buffer) => cmacByCbc('aes-128-cbc', key, message) },
    { prf: 'cmac-aes-192', size: 24, mac: (key: Buffer) => (message: Buffer) => cmacByCbc('aes-192-cbc', key, message) },
    { prf: 'cmac-aes-256', size: 32, mac: (key: Buffer) => (message: Buffer) => cmacByCbc('aes-256-cbc', key, message) },
    { prf: 'hmac-sha-256', size: 32, mac: (key: Buffer) => (message: Buffer) => hmacByHash(key, message) },
  ];

  it.each(PRFS)('agrees with another computation of $prf for each counter and key size', ({ prf, size, mac }) => {
    const settings = fc.record({
      counterBits: fc.constantFrom(8, 16, 24, 32),
      key: fc.constantFrom({ cipher: 'aes-128', keyBits: 128 }, { cipher: '3des', keyBits: 192 }, { cipher: 'aes-256', keyBits: 256 }),
      labelHex: bytes(0, 20).map(hexOf),
    });
    fc.assert(
      fc.property(settings, bytes(size), bytes(1, 40), ({ counterBits, key, labelHex }, master, context) => {
        const scheme = counterScheme({ prf, counterBits, labelHex, ...key });
        const fixedInput = `${labelHex}00${hexOf(context)}${key.keyBits.toString(16).padStart(8, '0')}`;
        const expected = counterModeByText(mac(Buffer.from(master)), counterBits, fixedInput, key.keyBits / 8);
        expect(hexOf(deriveKey(scheme, master, context))).toBe(hexOf(expected));
      }),
    );
  });

  it('takes a label as text or as hex', () => {
    const common = { prf: 'cmac-aes-128', counterBits: 8, cipher: 'aes-128', keyBits: 128 };
    const [master, context] = [new Uint8Array(16), Uint8Array.of(1)];
    const asText = deriveKey(counterScheme({ ...common, label: 'PIV' }), master, context);
    expect(deriveKey(counterScheme({ ...common, labelHex: '504956' }), master, context)).toEqual(asText);
    expect(deriveKey(counterScheme(common), master, context)).not.toEqual(asText);
  });
});

describe('GlobalPlatform', () => {
  it.each([...globalPlatform.vectors, ...notPublished.visa])(
    'gives the key of $method, selector $selector, and its check value $kcv',
    ({ method, selector, master, kdd, key, kcv }) => {
      const scheme = schemeOf({ method, selector });
      const derived = deriveKey(scheme, hex(master), hex(kdd));
      expect(toHex(derived)).toBe(key);
      expect(kcvMatches(derivedCipher(scheme, hex(master).length), derived, kcv)).toBe(true);
    },
  );

  it('gives the published whole key of KDF3', () => {
    const scheme = schemeOf({ method: 'kdf3', selector: kdf3.selector });
    expect(toHex(deriveKey(scheme, hex(kdf3.master), hex(kdf3.kdd)))).toBe(kdf3.key);
  });

  it.each(['emv-cps-1.1', 'visa2', 'visa'])('writes a two-key key of %s out as K1 K2 K1 on request', (method) => {
    const [master, kdd] = [new Uint8Array(16).fill(7), new Uint8Array(10).fill(9)];
    const short = deriveKey(schemeOf({ method, selector: 1 }), master, kdd);
    const long = deriveKey(schemeOf({ method, selector: 1, keyBytes: 24 }), master, kdd);
    expect(long).toEqual(concat(short, short.subarray(0, 8)));
  });

  it.each([
    ['emv-cps-1.1', [4, 5, 6, 7, 8, 9]],
    ['visa2', [0, 1, 4, 5, 6, 7]],
    ['visa', [0, 1, 2, 3, 8, 9]],
  ])('agrees with 3DES done as CBC for %s', (method, positions) => {
    fc.assert(
      fc.property(bytes(16), bytes(10), fc.constantFrom(1, 2, 3), (master, kdd, selector) => {
        const half = positions.map((at) => hexOf(kdd.subarray(at, at + 1))).join('');
        const block = Buffer.from(`${half}f00${selector}${half}0f0${selector}`, 'hex');
        expect(hexOf(deriveKey(schemeOf({ method, selector }), master, kdd))).toBe(hexOf(tripleDesEcb(Buffer.from(master), block)));
      }),
    );
  });

  it('agrees with CMAC over CBC for KDF3 of every size', () => {
    const master = fc.constantFrom(16, 24, 32).chain((size) => bytes(size));
    fc.assert(
      fc.property(master, bytes(10), fc.constantFrom(1, 2, 3), (key, kdd, selector) => {
        const prf = (message: Buffer) => cmacByCbc(`aes-${key.length * 8}-cbc`, Buffer.from(key), message);
        const expected = counterModeByText(prf, 8, `0000000${selector}00${hexOf(kdd)}`, key.length);
        expect(hexOf(deriveKey(schemeOf({ method: 'kdf3', selector }), key, kdd))).toBe(hexOf(expected));
      }),
    );
  });
});

describe('a 3DES-ECB template', () => {
  const serial = { encoding: 'decimal', bytes: 4 };

  it('gives the key and the response of the worked example', () => {
    const { template } = notPublished;
    const scheme = schemeOf({
      method: '3des-ecb-template',
      serial,
      blocks: [{ bytes: 24, pad: { side: 'right', with: '80-00' } }],
    });
    const blocks = diversifier(scheme, template.serial);
    expect(blocks).toEqual(hex(template.diversifier));
    const key = deriveKey(scheme, hex(template.master), hex(template.diversifier));
    expect(toHex(key)).toBe(template.key);
    expect(toHex(encryptBlock('3des', key, hex(template.challenge)))).toBe(template.response);
  });

  it('agrees with 3DES done as CBC, for masters of two and three keys', () => {
    const scheme = schemeOf({ method: '3des-ecb-template', blocks: [{ bytes: 16 }] });
    fc.assert(
      fc.property(fc.constantFrom(16, 24).chain((size) => bytes(size)), bytes(16), (master, blocks) => {
        expect(hexOf(deriveKey(scheme, master, blocks))).toBe(hexOf(tripleDesEcb(Buffer.from(master), Buffer.from(blocks))));
      }),
    );
  });
});

const SCHEMES = [
  { method: 'an10922', variant: 'aes-192' },
  { method: 'an10922', variant: '2tdea' },
  { method: 'an10922', variant: '3tdea' },
  { method: 'sp800-108-counter', prf: 'cmac-aes-256', counterBits: 8, cipher: '3des', keyBits: 192 },
  { method: 'sp800-108-counter', prf: 'hmac-sha-256', counterBits: 8, cipher: 'aes-128', keyBits: 128 },
  { method: 'kdf3', selector: 1 },
  { method: 'visa', selector: 1 },
  { method: '3des-ecb-template', blocks: [{ bytes: 8 }, { bytes: 8 }] },
].map((settings) => ({ name: [settings.method, settings.variant ?? settings.prf ?? ''].join(' ').trim(), scheme: schemeOf(settings) }));

/** Long enough for none of the schemes to refuse. */
const RIGHT_DIVERSIFIER: Readonly<Record<string, number>> = { kdf3: 10, visa: 10, '3des-ecb-template': 16 };

describe.each(SCHEMES)('$name', ({ scheme }) => {
  const right = new Uint8Array(RIGHT_DIVERSIFIER[scheme.method] ?? 7).fill(1);

  it('takes a master key of its own sizes alone', () => {
    for (let size = 0; size <= 65; size += 1) {
      const derive = () => deriveKey(scheme, new Uint8Array(size), right);
      if (masterKeyBytes(scheme).includes(size)) expect(derive().length).toBeGreaterThan(0);
      else expect(derive).toThrow(expect.objectContaining({ code: 'key-length' }));
    }
  });

  it('throws on a diversifier of another size', () => {
    const master = new Uint8Array(masterKeyBytes(scheme)[0] ?? 0);
    for (const size of [0, 129]) {
      expect(() => deriveKey(scheme, master, new Uint8Array(size))).toThrow(expect.objectContaining({ code: 'diversifier-length' }));
    }
  });

  it('leaves its master and its diversifier as they are', () => {
    const master = new Uint8Array(masterKeyBytes(scheme)[0] ?? 0).fill(3);
    const before = [master.slice(), right.slice()];
    deriveKey(scheme, master, right);
    expect([master, right]).toEqual(before);
  });

  it('gives two diversifiers two keys', () => {
    const master = new Uint8Array(masterKeyBytes(scheme)[0] ?? 0).fill(3);
    expect(deriveKey(scheme, master, right)).not.toEqual(deriveKey(scheme, master, right.map(() => 2)));
  });
});

describe('the length of a derived key', () => {
  it('is refused where the profile takes another, with what it takes', () => {
    expect(refuseOtherLength(new Uint8Array(16), { keyBytes: [24, 16] })).toBeNull();
    expect(refuseOtherLength(new Uint8Array(32), { keyBytes: [24, 16] })).toEqual({
      refused: 'key-length',
      detail: { digits: '64', expected: '48 or 32' },
    });
  });
});

describe('the check value of a master key', () => {
  it('is that of its cipher', () => {
    expect(masterKeyCheckValues(schemeOf({ method: 'visa', selector: 1 }), new Uint8Array(24))).toEqual(['8CA64D']);
    expect(masterKeyCheckValues(schemeOf({ method: 'kdf3', selector: 1 }), new Uint8Array(32))).toEqual(['DC95C0', '7BC302']);
    const cmacScheme = { method: 'sp800-108-counter', prf: 'cmac-aes-192', counterBits: 8, cipher: 'aes-256', keyBits: 256 };
    expect(masterKeyCheckValues(schemeOf(cmacScheme), new Uint8Array(24))).toEqual(['AAE069', 'CF1ECE']);
  });

  it('that is kept is the one over zeros', () => {
    expect(masterKeyCheckValue(schemeOf({ method: 'kdf3', selector: 1 }), new Uint8Array(16))).toBe('66E94B');
  });

  it('is the beginning of its SHA-1 for HMAC', () => {
    const scheme = schemeOf({ method: 'sp800-108-counter', prf: 'hmac-sha-256', counterBits: 8, cipher: 'aes-256', keyBits: 256 });
    // SHA-1 of 64 zero bytes is C8D7D0EF0EEDFA82D2EA1AA592845B9A6D4B02B7.
    expect(masterKeyCheckValues(scheme, new Uint8Array(64))).toEqual(['C8D7D0']);
    expect(masterKeyCheckValue(scheme, new Uint8Array(64))).toBe('C8D7D0');
  });
});
