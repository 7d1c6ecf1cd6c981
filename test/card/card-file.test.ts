// The file of `cards import`: every problem is told by line and serial, and no problem tells a key.
import { describe, expect, it } from '@jest/globals';
import { readCardFile } from '../../src/card/card-file.js';
import type { CardFile } from '../../src/card/card-file.js';
import { hex } from './vectors.js';

const KEY_A = '8A98F110D3497B022100B774DF0EF99B53EF4B8E3B918604';
const KEY_B = '9D8D3C70FBE1841D2BD3E78C86AF53EBE56B1D39EC1932D6';
const KEY_AES = '664B4230A648D0ACDA5DA0D69A9C7790A615F061CF25554F84E85E2C20ED3484';
const COUNTING = '010203040506070801020304050607080102030405060708';
const HEADER = 'serial,label,profile,holder,key,puk,kcv';

function read(...rows: readonly string[]): CardFile {
  return readCardFile([HEADER, ...rows].join('\n'), { allowDefaultKeys: false });
}

function problemsOf(...rows: readonly string[]): readonly string[] {
  return read(...rows).problems.map(({ line, serial, problem }) => `${line} ${serial ?? '-'}: ${problem}`);
}

describe('a file without problems', () => {
  it('becomes one draft a row', () => {
    const { cards, problems } = read(
      `GC-0001,Ana's card,gids,Ana@Example.org,${KEY_A},,`,
      `GC-0002,"Ben's card, blue",PIV-AES-256,,${KEY_AES.toLowerCase()},,`,
    );
    expect(problems).toEqual([]);
    expect(cards).toEqual([
      {
        line: 2,
        serial: 'GC-0001',
        label: "Ana's card",
        profile: expect.objectContaining({ id: 'gids' }),
        holderEmail: 'ana@example.org',
        key: hex(KEY_A),
        kcv: expect.stringMatching(/^[0-9A-F]{6}$/),
      },
      expect.objectContaining({
        line: 3,
        label: "Ben's card, blue",
        profile: expect.objectContaining({ id: 'piv-aes-256' }),
        holderEmail: null,
        key: hex(KEY_AES),
      }),
    ]);
  });

  it.each([
    ['a byte order mark and CRLF', `\uFEFF${HEADER}\r\nS1,L,gids,a@b.org,${KEY_A},,\r\n`],
    ['semicolons', `${HEADER.replaceAll(',', ';')}\nS1;L;gids;a@b.org;${KEY_A};;\n`],
    ['tabs', `${HEADER.replaceAll(',', '\t')}\nS1\tL\tgids\ta@b.org\t${KEY_A}\t\t\n`],
    ['other header names', `Serial Number,LABEL,Profile,Holder e-mail,Admin key\nS1,L,gids,a@b.org,${KEY_A}\n`],
    ['e-mail for the holder', `serial,label,profile,E-Mail,key\nS1,L,gids,a@b.org,${KEY_A}\n`],
    ['columns in another order', `key,holder_email,profile,label,serial\n${KEY_A},a@b.org,gids,L,S1\n`],
    ['empty lines and rows', `${HEADER}\n\n,,,,,,\nS1,L,gids,a@b.org,${KEY_A},,\n\n`],
    ['blanks around and in cells', `${HEADER}\n S1 , L , gids , a@b.org , ${KEY_A.slice(0, 24)} ${KEY_A.slice(24)} ,,\n`],
  ])('may have %s', (_, text) => {
    const { cards, problems } = readCardFile(text, { allowDefaultKeys: false });
    expect(problems).toEqual([]);
    expect(cards).toEqual([expect.objectContaining({ serial: 'S1', label: 'L', holderEmail: 'a@b.org', key: hex(KEY_A) })]);
  });

  it('may leave the label empty: the serial stands in', () => {
    expect(read(`S1,,gids,,${KEY_A},,`).cards).toMatchObject([{ serial: 'S1', label: 'S1' }]);
  });

  it('may bring the right check value, for AES in either convention', () => {
    const rows = [`S1,L,gids,,${COUNTING},,b073dc`, `S2,L,piv-aes-256,,${'00'.repeat(32)},,7BC302`];
    const { cards, problems } = readCardFile([HEADER, ...rows].join('\n'), { allowDefaultKeys: true });
    expect(problems).toEqual([]);
    expect(cards.map(({ kcv }) => kcv)).toEqual(['B073DC', 'DC95C0']);
  });
});

describe('a row with a problem', () => {
  it.each([
    ['an empty serial', `,L,gids,,${KEY_A},,`, '2 -: the serial is empty'],
    ['an overlong serial', `${'9'.repeat(65)},L,gids,,${KEY_A},,`, 'the serial is longer than 64 characters'],
    ['a rounded serial', `1.2E+15,L,gids,,${KEY_A},,`, 'a spreadsheet has rounded the serial'],
    ['an invisible character', `S\u202E1,L,gids,,${KEY_A},,`, 'the serial holds a character that cannot be seen'],
    ['an invisible character in the label', `S1,L\u200B,gids,,${KEY_A},,`, 'the label holds a character that cannot be seen'],
    ['an overlong label', `S1,${'L'.repeat(81)},gids,,${KEY_A},,`, 'the label is longer than 80 characters'],
    ['a holder without @', `S1,L,gids,ana,${KEY_A},,`, '2 S1: the holder is not an e-mail address'],
    ['an unknown profile', `S1,L,gidz,,${KEY_A},,`, '2 S1: the profile is none of gids, custom, piv-3des'],
    ['no key', 'S1,L,gids,,,,', '2 S1: the key is empty'],
    ['a key that is not hex', 'S1,L,gids,,1.02E+47,,', 'the key is not hex'],
    ['a lost leading 0', `S1,L,gids,,${KEY_A.slice(1)},,`, 'has 47 hex digits instead of 48 or 32; a leading 0 may be lost'],
    ["another cipher's key", `S1,L,gids,,${KEY_AES},,`, '2 S1: the key has 64 hex digits instead of 48 or 32'],
    ['a wrong check value', `S1,L,gids,,${KEY_A},,B073DC`, '2 S1: the key does not have the check value of column kcv'],
    ["a vendor's default key", `S1,L,gids,,${COUNTING},,`, "2 S1: the key is a vendor's default"],
    ['key and PUK', `S1,L,gids,,${KEY_A},12345678,`, '2 S1: the row has both a key and a PUK'],
    ['a PUK alone', 'S1,L,gids,,,12345678,', '2 S1: cards of profile gids are unblocked with their key'],
    ['a cell too few', `S1,L,gids,,${KEY_A},`, '2 -: Cells in this line: 6; in the first line: 7.'],
  ])('is refused: %s', (_, row, problem) => {
    expect(problemsOf(row)).toEqual([expect.stringContaining(problem)]);
    expect(read(row).cards).toEqual([]);
  });

  it('repeats a serial, in either case', () => {
    expect(problemsOf(`s1,L,gids,,${KEY_A},,`, `S1,L,gids,,${KEY_B},,`)).toEqual([
      '3 S1: the serial stands on line 2 already',
    ]);
  });

  it.each([
    ['the same', `S2,L,custom,,${KEY_A},,`],
    ['the same but for parity', `S2,L,gids,,${KEY_A.replace('8A98', '8B99')},,`],
    ['the same under another cipher', `S2,L,piv-aes-192,,${KEY_A},,`],
  ])('repeats a key: %s', (_, row) => {
    expect(problemsOf(`S1,L,gids,,${KEY_A},,`, row)).toEqual([
      '3 S2: card S2 has the same key as card S1; each card needs its own',
    ]);
  });

  it('repeats a two-key 3DES key that the other row writes out', () => {
    const short = KEY_A.slice(0, 32);
    expect(problemsOf(`S1,L,gids,,${short},,`, `S2,L,gids,,${short}${short.slice(0, 16)},,`)).toEqual([
      '3 S2: card S2 has the same key as card S1; each card needs its own',
    ]);
  });

  it('does not hide the good rows, and all problems come in the order of the lines', () => {
    const { cards, problems } = read(`S1,L,gids`, `S2,L,gids,,${KEY_A},,`, `S3,L,nosuch,,${KEY_B},,`, 'S4,L');
    expect(cards.map(({ serial }) => serial)).toEqual(['S2']);
    expect(problems.map(({ line, serial }) => [line, serial])).toEqual([
      [2, null],
      [4, 'S3'],
      [5, null],
    ]);
  });

  it("may have a vendor's default key where that is allowed", () => {
    const text = `${HEADER}\nS1,L,gids,,${COUNTING},,`;
    expect(readCardFile(text, { allowDefaultKeys: true })).toMatchObject({ problems: [], cards: [{ serial: 'S1' }] });
  });

  it('never has its key or its PUK in a problem, whichever cell it stands in', () => {
    const rows = [
      `S1,L,${KEY_A},,${KEY_A},,`,
      `S2,L,gids,${KEY_A},${KEY_A},,`,
      `S3,${KEY_A}${KEY_A},gids,,${KEY_A},,`,
      `S4,L,gids,,${KEY_A}0,,`,
      `S5,L,gids,,${KEY_A}g,,`,
      `S6,L,gids,,${KEY_A},31415926,`,
      `S7,L,gids,,${KEY_B},,${KEY_A}`,
      `S8,L,gids,,,31415926,`,
      `S9,${KEY_A}`,
      `S10,"${KEY_A}"${KEY_A},gids,,,,`,
    ];
    for (const row of rows) {
      const problems = problemsOf(row);
      expect(problems).toHaveLength(1);
      expect(problems.join()).not.toMatch(/8A98F110|31415926/i);
    }
  });
});

describe('a file that is no such table', () => {
  it.each([
    ['', ['The file is empty.']],
    ['\n \n', ['The file is empty.']],
    ['serial,label,profile\nS1,L,gids', ['The column "holder" is missing.']],
    [`${HEADER},check value\n`, ['Column 8 is none of serial, label, profile, holder, key, puk, kcv.']],
    [`${HEADER},Key\n`, ['Two columns are the "key".']],
    [`${HEADER}\nS1,"L,gids,,${KEY_A},,\n`, ['A quotation mark opens here and is never closed.']],
  ])('has its problems told and no cards: %j', (text, problems) => {
    expect(readCardFile(text, { allowDefaultKeys: false })).toEqual({
      cards: [],
      problems: problems.map((problem) => ({ line: expect.any(Number), serial: null, problem })),
    });
  });

  it('never quotes a key that stands where the headings belong', () => {
    const { cards, problems } = readCardFile(`S1,L,gids,a@b.org,${KEY_A},,`, { allowDefaultKeys: false });
    expect(cards).toEqual([]);
    expect(problems).not.toEqual([]);
    expect(JSON.stringify(problems)).not.toContain(KEY_A);
  });

  it('needs no key column where there is one for PUKs', () => {
    expect(readCardFile('serial,label,profile,holder,puk\n', { allowDefaultKeys: false })).toEqual({ cards: [], problems: [] });
  });
});
