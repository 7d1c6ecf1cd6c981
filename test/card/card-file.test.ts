// The file of `cards import`: every problem is told by line and serial, and no problem tells a key.
import { describe, expect, it } from '@jest/globals';
import { readCardFile } from '../../src/card/card-file.js';
import type { CardFile } from '../../src/card/card-file.js';
import { findProfile, withOwnProfiles } from '../../src/card/profiles.js';
import { utf8 } from '../../src/lib/bytes.js';
import { hex } from './vectors.js';

const KEY_A = '8A98F110D3497B022100B774DF0EF99B53EF4B8E3B918604';
const KEY_B = '9D8D3C70FBE1841D2BD3E78C86AF53EBE56B1D39EC1932D6';
const KEY_AES = '664B4230A648D0ACDA5DA0D69A9C7790A615F061CF25554F84E85E2C20ED3484';
const COUNTING = '010203040506070801020304050607080102030405060708';
const HEADER = 'serial,label,profile,holder,key,puk,kcv';
const PUK_HEADER = 'serial,label,profile,holder,puk';
const DERIVED_HEADER = 'serial,label,profile,holder,master_key,diversifier,kcv';

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
        tags: [],
        sponsorEmail: null,
        secret: { kind: 'key', key: hex(KEY_A), kcv: expect.stringMatching(/^[0-9A-F]{6}$/) },
      },
      expect.objectContaining({
        line: 3,
        label: "Ben's card, blue",
        profile: expect.objectContaining({ id: 'piv-aes-256' }),
        holderEmail: null,
        secret: expect.objectContaining({ key: hex(KEY_AES) }),
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
    expect(cards).toMatchObject([{ serial: 'S1', label: 'L', holderEmail: 'a@b.org', secret: { kind: 'key', key: hex(KEY_A) } }]);
  });

  it('may leave the label empty: the serial stands in', () => {
    expect(read(`S1,,gids,,${KEY_A},,`).cards).toMatchObject([{ serial: 'S1', label: 'S1' }]);
  });

  it('may bring the right check value, for AES in either convention', () => {
    const rows = [`S1,L,gids,,${COUNTING},,b073dc`, `S2,L,piv-aes-256,,${'00'.repeat(32)},,7BC302`];
    const { cards, problems } = readCardFile([HEADER, ...rows].join('\n'), { allowDefaultKeys: true });
    expect(problems).toEqual([]);
    expect(cards).toMatchObject([{ secret: { kcv: 'B073DC' } }, { secret: { kcv: 'DC95C0' } }]);
  });

  it('brings the PUK of a card that is unblocked with it', () => {
    const { cards, problems } = readCardFile(`${PUK_HEADER}\nS1,L,yubikey-3des,,31415926\nS2,L,opensc-minidriver,,s3cret\n`, { allowDefaultKeys: false });
    expect(problems).toEqual([]);
    expect(cards).toMatchObject([{ secret: { kind: 'puk', puk: utf8('31415926') } }, { secret: { kind: 'puk', puk: utf8('s3cret') } }]);
  });

  it('names a master key instead of a key, with the serial as the diversifier unless there is another', () => {
    const rows = ['S1,L,gids,,site,,', 'S2,L,gids,,site@3,04AB,B073DC'];
    const { cards, problems } = readCardFile([DERIVED_HEADER, ...rows].join('\n'), { allowDefaultKeys: false });
    expect(problems).toEqual([]);
    expect(cards).toMatchObject([
      { secret: { kind: 'derived', masterKey: { name: 'site', version: null }, serial: 'S1', kcv: '' } },
      { secret: { kind: 'derived', masterKey: { name: 'site', version: 3 }, serial: '04AB', kcv: 'B073DC' } },
    ]);
  });

  it('brings no secret of a card that cannot be unblocked', () => {
    expect(read('S1,L,tpm-virtual-random,a@b.org,,,')).toMatchObject({ problems: [], cards: [{ serial: 'S1', secret: { kind: 'none' } }] });
  });

  it('may be about profiles of the site', () => {
    const own = findProfile('gids');
    if (own === null) throw new Error('gids is gone');
    const profiles = withOwnProfiles([{ ...own, id: 'our-card' }]);
    expect(readCardFile(`${HEADER}\nS1,L,our-card,,${KEY_A},,`, { allowDefaultKeys: false, profiles }).cards).toMatchObject([{ profile: { id: 'our-card' } }]);
  });
});

describe('a row with a problem', () => {
  it.each([
    ['an empty serial', `,L,gids,,${KEY_A},,`, '2 -: The serial is empty'],
    ['an overlong serial', `${'9'.repeat(65)},L,gids,,${KEY_A},,`, 'The serial is longer than 64 characters'],
    ['a rounded serial', `1.2E+15,L,gids,,${KEY_A},,`, 'A spreadsheet has rounded the serial'],
    ['an invisible character', `S\u202E1,L,gids,,${KEY_A},,`, 'The serial holds a character that cannot be seen'],
    ['an invisible character in the label', `S1,L\u200B,gids,,${KEY_A},,`, 'The label holds a character that cannot be seen'],
    ['an overlong label', `S1,${'L'.repeat(81)},gids,,${KEY_A},,`, 'The label is longer than 80 characters'],
    ['a holder without @', `S1,L,gids,ana,${KEY_A},,`, '2 S1: The holder is not an e-mail address'],
    ['an unknown profile', `S1,L,gidz,,${KEY_A},,`, '2 S1: There is no such profile'],
    ['no key', 'S1,L,gids,,,,', '2 S1: The key is empty'],
    ['a key that is not hex', 'S1,L,gids,,1.02E+47,,', 'The key is not hex'],
    ['a lost leading 0', `S1,L,gids,,${KEY_A.slice(1)},,`, 'has 47 hex digits instead of 48 or 32; a leading 0 may be lost'],
    ["another cipher's key", `S1,L,gids,,${KEY_AES},,`, '2 S1: The key has 64 hex digits instead of 48 or 32'],
    ['a wrong check value', `S1,L,gids,,${KEY_A},,B073DC`, '2 S1: The key does not have the check value of column kcv'],
    ["a vendor's default key", `S1,L,gids,,${COUNTING},,`, "2 S1: The key is a vendor's default"],
    ['key and PUK', `S1,L,gids,,${KEY_A},12345678,`, '2 S1: Cards of profile gids are unblocked with their key, not with a PUK: leave the column puk empty.'],
    ['a PUK alone', 'S1,L,gids,,,12345678,', '2 S1: Cards of profile gids are unblocked with their key'],
    ['a cell too few', `S1,L,gids,,${KEY_A},`, '2 -: Cells in this line: 6; in the first line: 7.'],
  ])('is refused: %s', (_, row, problem) => {
    expect(problemsOf(row)).toEqual([expect.stringContaining(problem)]);
    expect(read(row).cards).toEqual([]);
  });

  it('repeats a serial, in either case', () => {
    expect(problemsOf(`s1,L,gids,,${KEY_A},,`, `S1,L,gids,,${KEY_B},,`)).toEqual([
      '3 S1: The serial stands on line 2 already: leave one of the two.',
    ]);
  });

  it.each([
    ['the same', `S2,L,custom,,${KEY_A},,`],
    ['the same but for parity', `S2,L,gids,,${KEY_A.replace('8A98', '8B99')},,`],
    ['the same under another cipher', `S2,L,piv-aes-192,,${KEY_A},,`],
  ])('repeats a key: %s', (_, row) => {
    expect(problemsOf(`S1,L,gids,,${KEY_A},,`, row)).toEqual([
      '2 S1: Card S1 has the same key as card S2 on line 3: give each card a key of its own.',
      '3 S2: Card S2 has the same key as card S1 on line 2: give each card a key of its own.',
    ]);
  });

  it('repeats a two-key 3DES key that the other row writes out', () => {
    const short = KEY_A.slice(0, 32);
    expect(problemsOf(`S1,L,gids,,${short},,`, `S2,L,gids,,${short}${short.slice(0, 16)},,`)).toEqual([
      '2 S1: Card S1 has the same key as card S2 on line 3: give each card a key of its own.',
      '3 S2: Card S2 has the same key as card S1 on line 2: give each card a key of its own.',
    ]);
  });

  it('names the first card once where three have one key', () => {
    const rows = ['S1', 'S2', 'S3'].map((serial) => `${serial},L,gids,,${KEY_A},,`);
    expect(problemsOf(...rows).map((problem) => problem.slice(0, 45))).toEqual([
      '2 S1: Card S1 has the same key as card S2 on ',
      '3 S2: Card S2 has the same key as card S1 on ',
      '4 S3: Card S3 has the same key as card S1 on ',
    ]);
  });

  it.each([
    ['a key for a PUK card', PUK_HEADER.replace('puk', 'key'), `S1,L,yubikey-3des,,${KEY_A}`, 'unblocked with their PUK: leave the column key empty'],
    ['a check value for a PUK card', `${PUK_HEADER},kcv`, 'S1,L,yubikey-3des,,31415926,B073DC', 'leave the column kcv empty'],
    ['a PUK that lost its 0', PUK_HEADER, 'S1,L,piv-puk,,314', 'The PUK has 3 characters instead of 6 to 8: check it.'],
    ['a PUK that no keyboard types', PUK_HEADER, 'S1,L,yubikey-3des,,3141592é', 'The PUK is letters, digits and signs of ASCII without blanks.'],
    ["a vendor's PUK", PUK_HEADER, 'S1,L,yubikey-3des,,12345678', "The PUK is a vendor's default"],
    ['one digit again and again', PUK_HEADER, 'S1,L,yubikey-3des,,77777777', 'the same sign again and again'],
    ['no PUK', PUK_HEADER, 'S1,L,yubikey-3des,,', 'The PUK is empty: cards of profile yubikey-3des are unblocked with it.'],
    ['a secret of a lost cause', HEADER, `S1,L,tpm-virtual-random,,${KEY_A},,`, 'cannot be unblocked, so that nothing secret is kept of them: leave the column key empty'],
    ['a master key and a key', `${DERIVED_HEADER},key`, `S1,L,gids,,site,,,${KEY_A}`, 'both a key and a master_key'],
    ['a diversifier and no master key', `${DERIVED_HEADER},key`, `S1,L,gids,,,04AB,,${KEY_A}`, 'The row has a diversifier and no master_key'],
    ['a master key that is no name', DERIVED_HEADER, 'S1,L,gids,,a b,,', 'The master_key is a name'],
    ['version 0 of a master key', DERIVED_HEADER, 'S1,L,gids,,site@0,,', 'The master_key is a name'],
    ['a master key for a PUK card', DERIVED_HEADER, 'S1,L,yubikey-3des,,site,,', 'leave the column master_key empty'],
  ])('has the wrong secret: %s', (_, header, row, problem) => {
    const file = readCardFile(`${header}\n${row}\n`, { allowDefaultKeys: false });
    expect(file.cards).toEqual([]);
    expect(file.problems).toEqual([{ line: 2, serial: 'S1', problem: expect.stringContaining(problem) }]);
  });

  it.each([PUK_HEADER, DERIVED_HEADER, HEADER])('has a problem that is a whole sentence (%s)', (header) => {
    const cells = header.split(',').map((_, at) => ['S1', 'L', 'gids', 'nobody'][at] ?? 'zz');
    const { problems } = readCardFile(`${header}\n${cells.join(',')}\n`, { allowDefaultKeys: false });
    expect(problems).toHaveLength(1);
    for (const { problem } of problems) expect(problem).toMatch(/^[A-Z].*\.$/);
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
    [`${HEADER},check value\n`, ['Column 8 is none of serial, label, profile, holder, key, kcv, puk, master_key, diversifier, tags, sponsor.']],
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
