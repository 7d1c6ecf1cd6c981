// What people type for a challenge: read in every form, repaired in the open, refused with the reason.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_TYPED_CHARACTERS, parseChallenge } from '../../src/card/challenge.js';
import type { ParsedChallenge } from '../../src/card/challenge.js';
import { inGroups, toHex } from '../../src/lib/bytes.js';
import { isRefused } from '../../src/lib/refusal.js';
import { hex } from './vectors.js';

const RUNS = { numRuns: 1_000 };
const SHOWN = '1603 EBDF 1C8A 2E72';
const PLAIN = '1603EBDF1C8A2E72';
const HEX_DIGITS = Array.from('0123456789ABCDEF');

function accept(text: string, bytes = 8): ParsedChallenge {
  const parsed = parseChallenge(text, bytes);
  if (isRefused(parsed)) throw new Error(`refused: ${JSON.stringify(parsed)}`);
  return parsed;
}

describe('a challenge typed as the screen shows it', () => {
  it('is read as bytes and shown again in groups of four', () => {
    expect(parseChallenge(SHOWN, 8)).toEqual({ bytes: hex(PLAIN), groups: SHOWN, repaired: [] });
  });

  it.each([
    ['lower case', '1603 ebdf 1c8a 2e72'],
    ['no blanks', PLAIN],
    ['bytes with colons', '16:03:eb:df:1c:8a:2e:72'],
    ['bytes with blanks', '16 03 EB DF 1C 8A 2E 72'],
    ['dashes', '1603-EBDF-1C8A-2E72'],
    ['en and em dashes', '1603–EBDF—1C8A–2E72'],
    ['minus signs', '1603−EBDF−1C8A−2E72'],
    ['no-break and thin blanks', '1603\u00A0EBDF\u20091C8A\u202F2E72'],
    ['ideographic blanks', '1603\u3000EBDF\u30001C8A\u30002E72'],
    ['zero-width marks', '\uFEFF1603\u200BEBDF\u20601C8A\u200E2E72'],
    ['tabs and line ends', '\t1603\r\nEBDF\n1C8A\t2E72\n'],
    ['dots, commas, semicolons', '1603.EBDF,1C8A;2E72.'],
    ['underscores and slashes', '1603_EBDF/1C8A_2E72'],
    ['0x before it', `0x${PLAIN}`],
    ['0x and a blank before it', `0X ${SHOWN}`],
    ['0x before each byte', '{0x16, 0x03, 0xEB, 0xDF, 0x1C, 0x8A, 0x2E, 0x72}'],
    ['\\x before each byte', '\\x16\\x03\\xEB\\xDF\\x1C\\x8A\\x2E\\x72'],
    ['h after it', `${PLAIN}h`],
    ['h after each byte', '16h 03h EBh DFh 1Ch 8Ah 2Eh 72h'],
    ['straight quotes', `"${SHOWN}"`],
    ['typographic quotes', `“${SHOWN}”`],
    ['German and French quotes', `„1603 EBDF“ «1C8A 2E72»`],
    ['brackets', `[1603] (EBDF) <1C8A> {2E72}`],
    ['backticks', `\`${SHOWN}\``],
    ['a code fence', `\`\`\`\n${SHOWN}\n\`\`\``],
    ['bold', `**${SHOWN}**`],
    ['bold, italic and struck out', `*1603* _EBDF_ ~1C8A~ __2E72__`],
    ['a quote mark', `> ${SHOWN}`],
    ['a word before it', `Challenge: ${SHOWN}`],
    ['a word before it on a line of its own', `challenge\n${SHOWN}`],
    ['a bold word before it', `**Challenge:** \`${SHOWN}\``],
    ['more words before it', `The challenge code is ${SHOWN}`],
    ['words and a dash before it', `My challenge-code: ${SHOWN}`],
    ['full-width characters', 'Ｃｈａｌｌｅｎｇｅ：１６０３　ＥＢＤＦ　１Ｃ８Ａ　２ｅ７２'],
    ['an ellipsis and middle dots', '1603… EBDF·1C8A•2E72'],
    ['primes and single angle quotes', '′1603 EBDF′ ‹1C8A 2E72›'],
    ['Japanese and half-width stops', '1603。EBDF、1C8A｡2E72'],
    ['emoji digits', '1\uFE0F\u20E36\uFE0F\u20E30\uFE0F\u20E33\uFE0F\u20E3 EBDF 1C8A 2E72'],
    ['marks that isolate a run of text', '\u20681603 EBDF\u2069 \u20661C8A 2E72\u2069'],
    ['0x typed with the letter O', `Ox${PLAIN}`],
    ['h after it, apart', `${SHOWN} h`],
    ['a heading mark', `# ${SHOWN}`],
    ["a hex literal of SQL", `X'${PLAIN}'`],
    ['a German heading', `Challenge-Code lautet: ${SHOWN}`],
    ['a German sentence', `Der Challenge-Code lautet ${SHOWN}`],
    ['one German word', `Herausforderung: ${SHOWN}`],
    ['a German compound', `Die Herausforderung ist ${SHOWN}`],
    ['German without a hyphen', `Challengecode: ${SHOWN}`],
    ['a French sentence', `Le défi est ${SHOWN}`],
    ['French without the accent', `le defi est ${SHOWN}`],
    ['French with a decomposed accent', `Le de\u0301fi est ${SHOWN}`],
    ['a French heading', `Code de défi : ${SHOWN}`],
    ['a French article', `Le code de défi est ${SHOWN}`],
    ['a vendor tool in front', `Device Challenge code: ${SHOWN}`],
    ['a bold heading', `**Challenge Code**: ${SHOWN}`],
    ['a sentence about the code', `the code is ${SHOWN}`],
    ['dictated words', 'one six zero three, Echo Bravo Delta Foxtrot, one Charlie eight Alpha, two echo seven two'],
    ['dictated words among groups', '16 oh 3, echo bravo delta foxtrot, 1C8A, two echo 72'],
    ['German words', 'eins sechs null drei, Emil Berta Dora Friedrich, eins Cäsar acht Anton, zwo Emil sieben zwei'],
    ['German cities', '1 6 0 3 Essen Berlin Düsseldorf Frankfurt 1 Chemnitz 8 Aachen 2 Essen 7 2'],
    ['French words', 'un six zéro trois Eugène Berthe Désiré François un Célestin huit Anatole deux Eugène sept deux'],
    ['Slack names of emoji', ':one: :six: :zero: :three: EBDF 1C8A 2E72'],
    ['dictated words among digits', '1 6 oh 3 Echo Bravo D F 1 Charlie 8 alfa 2 E 7 2'],
  ])('is the same with %s', (_, typed) => {
    expect(parseChallenge(typed, 8)).toEqual({ bytes: hex(PLAIN), groups: SHOWN, repaired: [] });
  });

  it('is the same in every mixture of case, grouping, separators and wrapping', () => {
    const form = fc.record({
      size: fc.constantFrom(2, 4, 8, 32),
      between: fc.constantFrom('', ' ', '-', ':', '.', ' – ', '\u00A0', '\n', ', ', '_', '/', ' * '),
      around: fc.constantFrom('#', 'Challenge: #', '```#```', '"#"', '(#).', '0x#', '#h'),
      lower: fc.boolean(),
    });
    const challenge = fc.constantFrom(8, 16).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
    fc.assert(
      fc.property(challenge, form, (bytes, { size, between, around, lower }) => {
        const shown = inGroups(toHex(bytes), size).replaceAll(' ', between);
        const typed = around.replace('#', lower ? shown.toLowerCase() : shown);
        expect(parseChallenge(typed, bytes.length)).toEqual({ bytes, groups: inGroups(toHex(bytes)), repaired: [] });
      }),
      RUNS,
    );
  });
});

describe('a misreading outside the alphabet', () => {
  it('is repaired and told', () => {
    expect(parseChallenge('I6O3 EBDF lC8A ZE7z', 8)).toEqual({
      bytes: hex(PLAIN),
      groups: SHOWN,
      repaired: [
        { typed: 'I', read: '1', position: 1 },
        { typed: 'O', read: '0', position: 3 },
        { typed: 'l', read: '1', position: 9 },
        { typed: 'Z', read: '2', position: 13 },
        { typed: 'z', read: '2', position: 16 },
      ],
    });
  });

  it('is repaired wherever it is typed, and nothing else is told', () => {
    const looks = new Map([
      ['0', 'OoQ\u041E'],
      ['1', 'IiLl|!'],
      ['2', 'Zz'],
      ['5', 'Ss'],
      ['6', 'G'],
      ['7', 'T'],
      ['9', 'gq'],
      ['A', '\u0410\u0430'],
      ['B', '\u0412'],
      ['C', '\u0421\u0441'],
      ['E', '\u0415\u0435'],
    ]);
    const digit = fc.record({ as: fc.constantFrom(...HEX_DIGITS), misread: fc.boolean(), pick: fc.nat() });
    fc.assert(
      fc.property(fc.array(digit, { minLength: 16, maxLength: 16 }), (digits) => {
        const typed = digits.map(({ as, misread, pick }) => {
          const choices = misread ? (looks.get(as) ?? as) : as;
          return choices.charAt(pick % choices.length);
        });
        const parsed = accept(inGroups(typed.join('')));
        expect(toHex(parsed.bytes)).toBe(digits.map(({ as }) => as).join(''));
        expect(parsed.repaired).toEqual(
          digits.flatMap(({ as }, at) => (typed[at] === as ? [] : [{ typed: typed[at], read: as, position: at + 1 }])),
        );
      }),
      RUNS,
    );
  });

  it('is not sought inside the alphabet: 8 and B, 0 and D stay as typed', () => {
    expect(accept('8B0D 6B5E 38B8 17C0')).toMatchObject({ groups: '8B0D 6B5E 38B8 17C0', repaired: [] });
  });

  it('keeps a group that is also a word of dictation', () => {
    expect(accept('alfa EBDF 1C8A 2E72').groups).toBe('A1FA EBDF 1C8A 2E72');
  });

  it('keeps a group that is also a word of the introduction', () => {
    expect(accept('Challenge C0DE 1603 EBDF 1C8A').groups).toBe('C0DE 1603 EBDF 1C8A');
    expect(accept('Challenge: CODE 1603 EBDF 1C8A').groups).toBe('C0DE 1603 EBDF 1C8A');
  });
});

describe('a refusal', () => {
  it.each(['', '   ', '\n\u00A0', '``````', 'Challenge:', '“”', '0x'])('says that %j is empty', (typed) => {
    expect(parseChallenge(typed, 8)).toEqual({ refused: 'challenge-empty', detail: { expected: '16' } });
  });

  it.each([
    ['1603 EBDF 1C8A 2E7?', '?'],
    ['1603 EBDF 1C8A 2E7X', 'X'],
    ['hello', 'h'],
    ['1603 EBDF 1C8A 2E72 please', 'p'],
    ['1603 EBDF 1C8A 2E7\u202E2', 'U+202E'],
    ['1603 EBDF 1C8A 2E7\u0000', 'U+0000'],
    ['1603 EBDF 1C8A 2E7\uD83D', 'U+D83D'],
    ['1603 EBDF 1C8A 2E7\u00BD', '\u00BD'],
    ['1603 EBDF 1C8A 2E7\u{1F600}', '\u{1F600}'],
    ['160x03EBDF1C8A2E72', 'x'],
    ['FgPo69 t3v0r+Y2E=', 'P'],
  ])('names the character of %j that is not hex', (typed, character) => {
    expect(parseChallenge(typed, 8)).toEqual({ refused: 'challenge-not-hex', detail: { character, expected: '16' } });
  });

  it.each([
    ['1603 EBD 1C8A 2E72', { digits: '15', group: '2', groupDigits: '3', groupSize: '4', suggests: 'digit-lost' }],
    ['1603 EBDF 1C8AA 2E72', { digits: '17', group: '3', groupDigits: '5', groupSize: '4', suggests: 'digit-added' }],
    ['16 03 EB D 1C 8A 2E 72', { digits: '15', group: '4', groupDigits: '1', groupSize: '2', suggests: 'digit-lost' }],
    ['l603-EBDF-1C8A-2E7', { digits: '15', group: '4', groupDigits: '3', groupSize: '4', suggests: 'digit-lost' }],
    ['0x1603 0xEBDF 0x1C8 0x2E72', { digits: '15', group: '3', groupDigits: '3', groupSize: '4', suggests: 'digit-lost' }],
    ['1603EBDF1C8A2E7', { digits: '15', suggests: 'digit-lost' }],
    ['1603 EBDF 1C8A', { digits: '12', suggests: 'group-lost' }],
    ['1603 EBDF 1C8A 2E72 1603', { digits: '20', suggests: 'group-added' }],
    ['16 03 EB DF 1C 8A 2E', { digits: '14', suggests: 'group-lost' }],
    ['1603 EBDF 1C8A 2E72 1603 EBDF 1C8A 2E72', { digits: '32', suggests: 'twice' }],
    ['B61A 151A B3EB E457 7B3E 01FC 26A5 1BC5', { digits: '32', suggests: 'aes' }],
    ['B61A 151A B3EB E457 7B3E 01FC 26A5 1BC', { digits: '31', suggests: 'aes' }],
    ['1603 EBD 1C8 2E72', { digits: '14', group: '2', groupDigits: '3', groupSize: '4' }],
    ['123456', { digits: '6', suggests: 'code' }],
    ['123 456', { digits: '6', suggests: 'code' }],
    ['1234567', { digits: '7', suggests: 'code' }],
    ['12345678', { digits: '8', suggests: 'code' }],
    ['12345', { digits: '5' }],
    ['12345A', { digits: '6' }],
    ['1603E BDF1C8 A2E 72161', { digits: '19' }],
    ['1', { digits: '1' }],
  ])('counts the digits of %j and names the group where it can', (typed, detail) => {
    expect(parseChallenge(typed, 8)).toEqual({ refused: 'challenge-length', detail: { ...detail, expected: '16' } });
  });

  it('names the group of a 16-byte challenge', () => {
    expect(parseChallenge('B61A 151A B3EB E457 7B3E 01FC 26A5 1BC', 16)).toEqual({
      refused: 'challenge-length',
      detail: { digits: '31', expected: '32', group: '8', groupDigits: '3', groupSize: '4', suggests: 'digit-lost' },
    });
  });

  it.each([SHOWN, '1603 EBDF 1C8A 2E7', '1603 EBDF 1C8A 2E722'])('takes %j for a 3DES challenge where AES is expected', (typed) => {
    expect(parseChallenge(typed, 16)).toMatchObject({ refused: 'challenge-length', detail: { suggests: '3des' } });
  });

  it('takes 48 and 64 digits, or one less or more, for a key and repeats none of them', () => {
    const digit = fc.constantFrom(...HEX_DIGITS);
    const key = fc.constantFrom(47, 48, 49, 63, 64, 65).chain((size) => fc.array(digit, { minLength: size, maxLength: size }));
    fc.assert(
      fc.property(key, fc.constantFrom(8, 16), (digits, length) => {
        // Half of a 64-digit key twice would be a challenge of AES typed twice.
        fc.pre(digits.slice(0, 32).join('') !== digits.slice(32).join(''));
        expect(parseChallenge(digits.join(''), length)).toEqual({
          refused: 'challenge-length',
          detail: { digits: String(digits.length), expected: String(length * 2), suggests: 'key' },
        });
      }),
      RUNS,
    );
  });

  it.each([
    ['one six zreo three echo bravo', 'zreo', 'r'],
    ['one six zero double', 'double', 'u'],
    ['one six alfa three EBDF', 'alfa', 'n'],
    ['eins sechs hundert drei', 'hundert', 'h'],
  ])('names the word of the dictation %j that is no digit', (typed, word, character) => {
    expect(parseChallenge(typed, 8)).toEqual({ refused: 'challenge-not-hex', detail: { character, word, expected: '16' } });
  });

  it('names no word that cannot be shown', () => {
    expect(parseChallenge('one six \u202Ethree four', 8)).toEqual({
      refused: 'challenge-not-hex',
      detail: { character: 'U+202E', expected: '16' },
    });
  });

  it('reads at most so many characters', () => {
    const blanks = ' '.repeat(MAX_TYPED_CHARACTERS - PLAIN.length);
    expect(accept(`${blanks}${PLAIN}`).groups).toBe(SHOWN);
    expect(parseChallenge(`${blanks} ${PLAIN}`, 8)).toEqual({
      refused: 'challenge-length',
      detail: { digits: 'too many', expected: '16' },
    });
  });

  it('meets every lost and every doubled digit, by group', () => {
    const challenge = fc.uint8Array({ minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(challenge, fc.nat(15), fc.boolean(), (bytes, at, doubled) => {
        const groups = Array.from({ length: 4 }, (_, group) => toHex(bytes).slice(group * 4, group * 4 + 4));
        const wrong = groups.map((group, number) => {
          if (number !== Math.floor(at / 4)) return group;
          return group.slice(0, at % 4) + (doubled ? group.charAt(at % 4).repeat(2) : '') + group.slice((at % 4) + 1);
        });
        expect(parseChallenge(wrong.join(' '), 8)).toMatchObject({
          refused: 'challenge-length',
          detail: { digits: doubled ? '17' : '15', group: String(Math.floor(at / 4) + 1), groupDigits: doubled ? '5' : '3' },
        });
      }),
      RUNS,
    );
  });
});

describe('whatever is typed', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 600 }),
    fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdefABCDEFOolISZ xh:-`*"\n?')), maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
  );

  it('never throws, and is either as many digits as the screen shows or a refusal with its reason', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(8, 16), (typed, length) => {
        const parsed = parseChallenge(typed, length);
        if (isRefused(parsed)) {
          expect(['challenge-empty', 'challenge-length', 'challenge-not-hex']).toContain(parsed.refused);
          expect(parsed.detail?.['expected']).toBe(String(length * 2));
          return;
        }
        expect(parsed.bytes).toHaveLength(length);
        expect(parsed.groups).toBe(inGroups(toHex(parsed.bytes)));
        expect(parseChallenge(parsed.groups, length)).toEqual({ ...parsed, repaired: [] });
      }),
      { numRuns: 5_000 },
    );
  });

  it('is refused with one character too many that is no separator', () => {
    const letters = /^[\p{L}\p{N}\p{Cc}\p{Co}\p{Sc}]$/u;
    const stranger = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 1 })
      .filter((one) => letters.test(one) && !/\s/.test(one));
    fc.assert(
      fc.property(stranger, fc.nat(15), (character, at) => {
        const typed = PLAIN.slice(0, at + 1) + character + PLAIN.slice(at + 1);
        // An h behind the last digit is notation.
        fc.pre(typed !== `${PLAIN}h` && typed !== `${PLAIN}H`);
        expect(isRefused(parseChallenge(typed, 8))).toBe(true);
      }),
      RUNS,
    );
  });
});
