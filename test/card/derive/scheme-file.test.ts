// Scheme files: what is read, and every problem told at once.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DERIVATION_METHODS, derivationSchemeSchema } from '../../../src/card/derive/scheme.js';
import { parseDerivationScheme } from '../../../src/card/derive/scheme-file.js';

function problemsOf(text: string): string[] {
  const read = parseDerivationScheme(text);
  return 'problems' in read ? read.problems : [];
}

const COUNTER = 'method: sp800-108-counter\nprf: cmac-aes-128\ncounterBits: 8\ncipher: aes-128\nkeyBits: 128\nserial: { encoding: hex }\n';
const TEMPLATE = 'method: 3des-ecb-template\nserial: { encoding: hex }\nblocks:\n';

describe('a scheme file', () => {
  it('may be YAML or JSON, with every default written out', () => {
    const scheme = { method: 'kdf3', selector: 1, serial: { encoding: 'hex', reversed: false, before: '', after: '' } };
    expect(parseDerivationScheme('method: kdf3\nselector: 1\nserial:\n  encoding: hex\n')).toEqual({ scheme });
    expect(parseDerivationScheme('\uFEFF{"method":"kdf3","selector":1,"serial":{"encoding":"hex"}}')).toEqual({ scheme });
  });

  it('reads its own result again as the same scheme', () => {
    const read = parseDerivationScheme(`${TEMPLATE}  - { bytes: 16, pad: { side: left, with: FF }, xor: "0F" }\n`);
    const scheme = 'scheme' in read ? read.scheme : null;
    expect(derivationSchemeSchema.parse(JSON.parse(JSON.stringify(scheme)))).toEqual(scheme);
  });

  it('is refused with every problem at once', () => {
    const text = 'method: an10922\nvariant: des\nkey: 00\nserial: { encoding: decimal, before: 00, size: 4 }\n';
    expect(problemsOf(text)).toEqual([
      '2:10: variant must be aes-128 or aes-192 or aes-256 or 2tdea or 3tdea.',
      '3:1: key is not a setting.',
      '4:9: serial.bytes is missing.',
      '4:38: serial.before must be text: put it in quotes.',
      '4:42: serial.size is not a setting.',
    ]);
  });

  it.each([
    ['', 'The derivation scheme must be a block of settings.'],
    ['method: kdf3\nselector: 1', 'serial is missing.'],
    ['- 1', 'The derivation scheme must be a block of settings.'],
    ['serial: { encoding: hex }', 'method must be an10922, sp800-108-counter, kdf3, emv-cps-1.1, visa2, visa or 3des-ecb-template.'],
    ['method: des', 'method must be an10922, sp800-108-counter, kdf3, emv-cps-1.1, visa2, visa or 3des-ecb-template.'],
    ['method: kdf3\nselector: 4\nserial: { encoding: hex }', 'selector must be 1 or 2 or 3.'],
    ['method: kdf3\nselector: 1\nserial: { encoding: utf-8 }', 'serial.encoding must be hex, decimal, bcd, ascii, guid or raw.'],
    ['method: kdf3\nselector: 1\nserial: { encoding: raw, before: "00" }', 'serial.before is not a setting.'],
    ['method: kdf3\nselector: 1\nserial: { encoding: hex, befor: "00" }', 'serial.befor is not a setting; did you mean before?'],
    ['method: kdf3\nselector: 1\nserial: { encoding: hex, before: "0" }', 'serial.before must be pairs of hex digits.'],
    ['method: kdf3\nselector: 1\nserial: { encoding: guid }', 'serial.order is missing.'],
    ['method: kdf3\nselector: 1\nserial: { encoding: decimal, bytes: 0 }', 'serial.bytes must be at least 1.'],
    ['method: kdf3\nselector: 1\nserial: { encoding: hex, pad: { bytes: 10, side: left, with: 00 } }', 'serial.pad.with must be 00 or FF or 20: put it in quotes.'],
    ['method: kdf3\nselector: 1\nserial: { encoding: hex, pad: { bytes: 10, side: left, with: 80-00 } }', 'serial.pad.with must be 00 or FF or 20.'],
    ['method: kdf3\nselector: 1\nserial: { encoding: hex, pad: { bytes: 10, with: "00" } }', 'serial.pad.side must be left or right.'],
    [COUNTER.replace('keyBits: 128', 'keyBits: 192'), 'keyBits is not a key size of the cipher.'],
    [COUNTER.replace('counterBits: 8', 'counterBits: 12'), 'counterBits must be 8 or 16 or 24 or 32.'],
    [`${COUNTER}label: a\nlabelHex: "61"\n`, 'labelHex goes only without label.'],
    [`${COUNTER}label: a\nfixedInput: raw\n`, 'fixedInput raw is the whole input, so it takes no label.'],
    [`${TEMPLATE}  - { bytes: 8 }\n`, 'blocks must have 24 or 16 bytes together, in blocks of 8.'],
    [`${TEMPLATE}  []\n`, 'blocks must have at least 1 entry.'],
    [`${TEMPLATE}  - { bytes: 16, xor: F }\n`, 'blocks[0].xor must be two hex digits.'],
    [`${TEMPLATE}  - { bytes: 8, before: "0011223344556677" }\n  - { bytes: 8 }\n`, 'blocks[0].bytes leaves no room for the serial between before and after.'],
    ['a: &x 1\nb: *x', 'Write *x out: a derivation scheme has no aliases.'],
  ])('%j is refused with a sentence', (text, sentence) => {
    expect(problemsOf(text).map((problem) => problem.replace(/^\d+:\d+: /, ''))).toContain(sentence);
  });

  it('is refused when it is longer than any scheme', () => {
    expect(problemsOf(`# ${'x'.repeat(5_000)}`)).toEqual(['1:1: The file is longer than 4096 characters.']);
  });

  it('is refused when it is no YAML', () => {
    expect(problemsOf('method: [')).toEqual([expect.stringMatching(/^1:10: This is not YAML that can be read: .+\.$/)]);
  });

  it.each(['[', '{a: ', '- ', '? '])('is refused, not fatal, when it is nested as deep as it can be: %j', (opening) => {
    expect(problemsOf(opening.repeat(Math.floor(4096 / opening.length)))).not.toEqual([]);
  });

  it('may name each of the methods', () => {
    const unknown = DERIVATION_METHODS.filter((method) => problemsOf(`method: ${method}`).some((problem) => problem.includes(': method ')));
    expect(unknown).toEqual([]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string().map((text) => `method: kdf3\n${text}`)), (text) => {
        expect(parseDerivationScheme(text)).toBeDefined();
      }),
    );
  });
});
