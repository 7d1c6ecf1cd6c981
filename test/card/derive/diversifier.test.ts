// Diversifiers: every serial encoding, padding and template block, and the serials that do not fit.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { derivationWarnings, diversifier } from '../../../src/card/derive/diversifier.js';
import { serialSentence } from '../../../src/card/derive/serial-sentence.js';
import { toHex } from '../../../src/lib/bytes.js';
import { isRefused } from '../../../src/lib/refusal.js';
import { hex } from '../vectors.js';
import { schemeOf } from './derivation-vectors.js';

type Settings = Readonly<Record<string, unknown>>;

/** AES-128 of AN10922, which takes 1 to 31 bytes. */
const read = (serial: Settings, text: string) => {
  const bytes = diversifier(schemeOf({ method: 'an10922', variant: 'aes-128', serial }), text);
  return isRefused(bytes) ? bytes : toHex(bytes);
};

const GUID = '00112233-4455-6677-8899-AABBCCDDEEFF';

describe('a serial', () => {
  it.each<[string, Settings, string, string]>([
    ['hex', { encoding: 'hex' }, '04782e21801d80', '04782E21801D80'],
    ['hex with separators', { encoding: 'hex' }, ' 0x04:78-2E.21 80 ', '04782E2180'],
    ['decimal', { encoding: 'decimal', bytes: 4 }, '12345678', '00BC614E'],
    ['decimal with leading zeros', { encoding: 'decimal', bytes: 4 }, '0000000012345678', '00BC614E'],
    ['the largest decimal', { encoding: 'decimal', bytes: 4 }, '4294967295', 'FFFFFFFF'],
    ['decimal, little-endian', { encoding: 'decimal', bytes: 4, reversed: true }, '12345678', '4E61BC00'],
    ['BCD', { encoding: 'bcd' }, '00123456', '00123456'],
    ['BCD with an odd digit on the left', { encoding: 'bcd', oddDigit: 'left-0' }, '12345', '012345'],
    ['BCD with an odd digit on the right', { encoding: 'bcd', oddDigit: 'right-F' }, '12345', '12345F'],
    ['ASCII', { encoding: 'ascii' }, ' Ab-1 2 ', '41622D312032'],
    ['a GUID as written', { encoding: 'guid', order: 'as-written' }, GUID, '00112233445566778899AABBCCDDEEFF'],
    ['a GUID in Microsoft order', { encoding: 'guid', order: 'microsoft' }, `{${GUID.toLowerCase()}}`, '33221100554477668899AABBCCDDEEFF'],
    ['raw bytes', { encoding: 'raw' }, '0a0B', '0A0B'],
    ['padded left', { encoding: 'hex', pad: { bytes: 4, side: 'left', with: '00' } }, 'ABCD', '0000ABCD'],
    ['padded right', { encoding: 'hex', pad: { bytes: 4, side: 'right', with: 'FF' } }, 'ABCD', 'ABCDFFFF'],
    ['padded with blanks', { encoding: 'ascii', pad: { bytes: 4, side: 'left', with: '20' } }, '7', '20202037'],
    ['padded with 80 00', { encoding: 'hex', pad: { bytes: 4, side: 'right', with: '80-00' } }, 'ABCD', 'ABCD8000'],
    ['padded with 80 alone', { encoding: 'hex', pad: { bytes: 4, side: 'right', with: '80-00' } }, 'ABCDEF', 'ABCDEF80'],
    ['full already', { encoding: 'hex', pad: { bytes: 2, side: 'left', with: '00' } }, 'ABCD', 'ABCD'],
    ['between constants', { encoding: 'hex', before: '01', after: '3042F5', pad: { bytes: 3, side: 'left', with: '00' } }, 'ABCD', '0100ABCD3042F5'],
  ])('is read as %s', (_, serial, text, bytes) => {
    expect(read(serial, text)).toBe(bytes);
  });

  it.each<[string, Settings, string, Settings]>([
    ['empty', { encoding: 'ascii' }, '  ', { refused: 'serial-empty' }],
    ['not hex', { encoding: 'hex' }, '12G4', { refused: 'serial-not-hex' }],
    ['separators alone', { encoding: 'hex' }, '0x::', { refused: 'serial-not-hex' }],
    ['raw bytes with separators', { encoding: 'raw' }, '12 34', { refused: 'serial-not-hex' }],
    ['hex with a lost digit', { encoding: 'hex' }, '123', { refused: 'serial-odd-digits' }],
    ['not decimal', { encoding: 'decimal', bytes: 4 }, '-12', { refused: 'serial-not-decimal' }],
    ['digits of another script', { encoding: 'decimal', bytes: 4 }, '１２', { refused: 'serial-not-decimal' }],
    ['a decimal number too large', { encoding: 'decimal', bytes: 4 }, '4294967296', { refused: 'serial-too-long', detail: { most: '4' } }],
    ['BCD with letters', { encoding: 'bcd' }, '12AB', { refused: 'serial-not-decimal' }],
    ['BCD with an odd digit', { encoding: 'bcd' }, '123', { refused: 'serial-odd-digits' }],
    ['outside ASCII', { encoding: 'ascii' }, 'Ä1', { refused: 'serial-not-ascii' }],
    ['no GUID', { encoding: 'guid', order: 'microsoft' }, GUID.slice(1), { refused: 'serial-not-guid' }],
    ['longer than its padding', { encoding: 'hex', pad: { bytes: 2, side: 'left', with: '00' } }, 'ABCDEF', { refused: 'serial-too-long', detail: { most: '2' } }],
    ['no room for 80', { encoding: 'hex', pad: { bytes: 2, side: 'right', with: '80-00' } }, 'ABCD', { refused: 'serial-too-long', detail: { most: '2' } }],
    ['endless', { encoding: 'ascii' }, 'x'.repeat(100_000), { refused: 'serial-too-long', detail: { most: '128' } }],
  ])('is refused: %s', (_, serial, text, refusal) => {
    expect(read(serial, text)).toEqual(refusal);
  });

  it('of bytes written as hex reads back as those bytes, reversed or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 31 }), (bytes) => {
        expect(read({ encoding: 'hex' }, toHex(bytes))).toBe(toHex(bytes));
        expect(read({ encoding: 'hex', reversed: true }, toHex(bytes))).toBe(toHex(bytes.toReversed()));
      }),
    );
  });

  it('of a number reads as the bytes that a DataView writes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (number) => {
        const view = new DataView(new ArrayBuffer(8));
        view.setBigUint64(0, number);
        expect(read({ encoding: 'decimal', bytes: 8 }, String(number))).toBe(toHex(new Uint8Array(view.buffer)));
      }),
    );
  });

  it('gives bytes or a refusal with a sentence, whatever is typed', () => {
    const serials = ['hex', 'bcd', 'ascii', 'raw'].map((encoding): Settings => ({ encoding }));
    const encoding = fc.constantFrom<Settings>(...serials, { encoding: 'decimal', bytes: 10 }, { encoding: 'guid', order: 'microsoft' });
    fc.assert(
      fc.property(encoding, fc.string({ unit: 'binary' }), (serial, text) => {
        const bytes = diversifier(schemeOf({ method: 'kdf3', selector: 1, serial }), text);
        if (isRefused(bytes)) expect(serialSentence(bytes)).toMatch(/^[A-Z].+\.$/);
        else expect(bytes).toHaveLength(10);
      }),
    );
  });
});

describe('the bytes that a method takes', () => {
  it.each<[Settings, number, number]>([
    [{ method: 'an10922', variant: 'aes-256' }, 1, 31],
    [{ method: 'an10922', variant: '2tdea' }, 1, 15],
    [{ method: 'an10922', variant: '3tdea' }, 1, 15],
    [{ method: 'kdf3', selector: 1 }, 10, 10],
    [{ method: 'visa2', selector: 1 }, 10, 10],
    [{ method: 'sp800-108-counter', prf: 'cmac-aes-128', counterBits: 8, cipher: 'aes-128', keyBits: 128 }, 1, 128],
  ])('for %j are %i to %i', (settings, least, most) => {
    const scheme = schemeOf(settings);
    expect(diversifier(scheme, 'AB'.repeat(least))).toHaveLength(least);
    expect(diversifier(scheme, 'AB'.repeat(most))).toHaveLength(most);
    expect(diversifier(scheme, 'AB'.repeat(most + 1))).toMatchObject({ refused: 'serial-too-long', detail: { most: String(most) } });
    if (least === 1) return;
    const detail = { bytes: String(least - 1), least: String(least) };
    expect(diversifier(scheme, 'AB'.repeat(least - 1))).toEqual({ refused: 'serial-too-short', detail });
  });
});

describe('the blocks of a template', () => {
  const template = (...blocks: readonly Settings[]) => schemeOf({ method: '3des-ecb-template', blocks });
  const zeros = { side: 'left', with: '00' };

  it.each<[string, readonly Settings[], string]>([
    ['padded and XORed', [{ bytes: 8, pad: zeros }, { bytes: 8, pad: zeros, xor: 'ff' }], '0000000012345678FFFFFFFFEDCBA987'],
    ['reversed', [{ bytes: 8, pad: zeros }, { bytes: 8, pad: zeros, reversed: true }], '00000000123456780000000078563412'],
    ['over two cipher blocks', [{ bytes: 16, pad: { side: 'right', with: '80-00' } }], '12345678800000000000000000000000'],
    [
      'between constants of their own',
      [
        { bytes: 8, pad: zeros, before: 'A0', after: 'F001' },
        { bytes: 8, pad: zeros, before: 'A0', after: '0F01' },
      ],
      'A000123456 78F001 A000123456 780F01'.replaceAll(' ', ''),
    ],
  ])('are %s', (_, blocks, bytes) => {
    expect(diversifier(template(...blocks), '12345678')).toEqual(hex(bytes));
  });

  it('refuse a serial that does not fit, naming the block', () => {
    const scheme = template({ bytes: 16, pad: zeros }, { bytes: 8, after: 'F001' });
    const refusal = diversifier(scheme, '12345678');
    expect(refusal).toEqual({ refused: 'serial-too-short', detail: { block: '2', bytes: '4', least: '6' } });
    expect(isRefused(refusal) && serialSentence(refusal)).toBe(
      'The serial gives 4 bytes and the scheme (block 2) needs 6: check the serial, or let the scheme pad it.',
    );
    expect(diversifier(scheme, '12345678901234')).toEqual({ refused: 'serial-too-long', detail: { block: '2', bytes: '7', most: '6' } });
  });

  it.each<[string, readonly Settings[], readonly string[]]>([
    ['the first two', [{ bytes: 8, pad: zeros }, { bytes: 8, pad: zeros }], ['blocks-repeat']],
    ['the last two, as zeros', [{ bytes: 24, pad: { side: 'right', with: '80-00' } }], ['blocks-repeat']],
    ['none', [{ bytes: 8, pad: zeros }, { bytes: 8, pad: zeros, xor: 'FF' }], []],
    [
      'the first and the third, as in any two-key 3DES key',
      [{ bytes: 8, pad: zeros }, { bytes: 8, pad: zeros, xor: 'FF' }, { bytes: 8, pad: zeros }],
      [],
    ],
  ])('warn when neighbours are equal: %s', (_, blocks, warnings) => {
    const scheme = template(...blocks);
    const bytes = diversifier(scheme, '12345678');
    expect(isRefused(bytes) ? bytes : derivationWarnings(scheme, bytes)).toEqual(warnings);
  });

  it('are the only ones to warn', () => {
    expect(derivationWarnings(schemeOf({ method: 'an10922', variant: 'aes-128' }), new Uint8Array(16))).toEqual([]);
  });
});
