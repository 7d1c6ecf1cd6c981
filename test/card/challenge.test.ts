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
    ['dictated words', 'one six zero three, Echo Bravo Delta Foxtrot, one Charlie eight Alpha, two echo seven two'],
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
    ['1603 EBD 1C8A 2E72', { digits: '15', group: '2', groupDigits: '3', groupSize: '4' }],
    ['1603 EBDF 1C8AA 2E72', { digits: '17', group: '3', groupDigits: '5', groupSize: '4' }],
    ['16 03 EB D 1C 8A 2E 72', { digits: '15', group: '4', groupDigits: '1', groupSize: '2' }],
    ['l603-EBDF-1C8A-2E7', { digits: '15', group: '4', groupDigits: '3', groupSize: '4' }],
    ['0x1603 0xEBDF 0x1C8 0x2E72', { digits: '15', group: '3', groupDigits: '3', groupSize: '4' }],
    ['1603EBDF1C8A2E7', { digits: '15' }],
    ['1603 EBDF 1C8A', { digits: '12' }],
    ['1603 EBDF 1C8A 2E72 1603', { digits: '20' }],
    ['1603E BDF1C8 A2E 72161', { digits: '19' }],
    ['1', { digits: '1' }],
  ])('counts the digits of %j and names the group where it can', (typed, detail) => {
    expect(parseChallenge(typed, 8)).toEqual({ refused: 'challenge-length', detail: { ...detail, expected: '16' } });
  });

  it('names the group of a 16-byte challenge', () => {
    expect(parseChallenge('B61A 151A B3EB E457 7B3E 01FC 26A5 1BC', 16)).toEqual({
      refused: 'challenge-length',
      detail: { digits: '31', expected: '32', group: '8', groupDigits: '3', groupSize: '4' },
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
