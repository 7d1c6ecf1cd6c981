// People out of a CSV file.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readPeopleFile } from '../../src/directory/people-file.js';

const HEADER = 'id,name,e-mail,manager,groups,site,locale';

function problems(...lines: readonly string[]): string[] {
  return readPeopleFile([HEADER, ...lines].join('\n')).problems.map(({ line, problem }) => `${line}: ${problem}`);
}

describe('readPeopleFile', () => {
  it('reads every column', () => {
    const { people, problems: none } = readPeopleFile(
      'ID;Name;E-Mail;Manager’s e-mail;Groups;Site;Locale\r\n E1 ; Zoe\u0308  Łukasz ;ZOE@Example.org; Dana@Example.org ;it | helpdesk|it;Bern;de_ch\r\n',
    );
    expect(none).toEqual([]);
    expect(people).toEqual([
      {
        id: 'E1',
        name: 'Zoë Łukasz',
        email: 'zoe@example.org',
        managerEmail: 'dana@example.org',
        groups: ['it', 'helpdesk'],
        site: 'Bern',
        locale: 'de-CH',
        line: 2,
      },
    ]);
  });

  it('needs no more than id, name and e-mail', () => {
    expect(readPeopleFile('id,name,email\n1,Dana,d@x.org\n').people).toEqual([
      { id: '1', name: 'Dana', email: 'd@x.org', managerEmail: null, groups: [], site: null, locale: null, line: 2 },
    ]);
  });

  it.each(["manager's e-mail", 'manager_email', 'Manager E-Mail', 'manager'])('knows the column "%s"', (heading) => {
    expect(readPeopleFile(`id,name,email,${heading}\n1,Dana,d@x.org,b@x.org\n`).people[0]?.managerEmail).toBe('b@x.org');
  });

  it('separates groups with semicolons too', () => {
    expect(readPeopleFile(`${HEADER}\n1,Dana,d@x.org,,it; helpdesk ;,,\n`).people[0]?.groups).toEqual(['it', 'helpdesk']);
  });

  it.each(["=cmd|'/c calc'!A1", '+1', '-2', '@SUM(A1)', "O'Brien-Łukasiewicz", '王小明', 'می\u200cخواهم'])('takes the name %s', (name) => {
    expect(problems(`1,"${name}",d@x.org,,,,`)).toEqual([]);
  });

  it.each([
    ['an empty id', ',Dana,d@x.org,,,,', 'The id must be 1 to 64 letters, digits and signs without blanks.'],
    ['a blank in an id', '1 2,Dana,d@x.org,,,,', 'The id must be 1 to 64 letters, digits and signs without blanks.'],
    ['a look-alike letter in an id', 'Е1,Dana,d@x.org,,,,', 'The id must be 1 to 64 letters, digits and signs without blanks.'],
    ['an id that is too long', `${'1'.repeat(65)},Dana,d@x.org,,,,`, 'The id must be 1 to 64 letters, digits and signs without blanks.'],
    ['an empty name', '1, ,d@x.org,,,,', 'The name is empty.'],
    ['a name of invisible characters', '1,\u200b\u200b,d@x.org,,,,', 'The name is empty.'],
    ['a name that is turned around', '1,Dana \u202eevE,d@x.org,,,,', 'The name has control characters or characters that turn the text around.'],
    ['a name of two lines', '1,"Dana\nEve",d@x.org,,,,', 'The name has control characters or characters that turn the text around.'],
    ['a name in another encoding', '1,Z\uFFFDrich,d@x.org,,,,', 'The name has broken characters: save the file as UTF-8.'],
    ['a name that is too long', `1,${'é'.repeat(101)},d@x.org,,,,`, 'The name is longer than 100 characters.'],
    ['an empty e-mail address', '1,Dana,,,,,', 'The e-mail address "" cannot be one.'],
    ['half an e-mail address', '1,Dana,dana,,,,', 'The e-mail address "dana" cannot be one.'],
    ['two e-mail addresses', '1,Dana,a@x.org b@x.org,,,,', 'The e-mail address "a@x.org b@x.org" cannot be one.'],
    ['an invisible character in an e-mail address', '1,Dana,a\u200b@x.org,,,,', 'The e-mail address "a@x.org" cannot be one.'],
    ['half an address of a manager', '1,Dana,d@x.org,boss,,,', 'The manager\'s e-mail address "boss" cannot be one.'],
    ['groups that commas separate', '1,Dana,d@x.org,,"it,hr",,', 'The group "it,hr" has a comma: write ; or | between groups.'],
    ['a group that is turned around', '1,Dana,d@x.org,,it|h\u202er,,', 'A group has control characters or characters that turn the text around.'],
    ['a site that is too long', `1,Dana,d@x.org,,,${'x'.repeat(101)},`, 'The site is longer than 100 characters.'],
    ['a locale that is none', '1,Dana,d@x.org,,,,german!', 'The locale is no language tag such as en or de-CH.'],
    ['a person who is their own manager', '1,Dana,d@x.org,D@x.org,,,', 'This person is their own manager.'],
  ])('refuses %s', (_what, line, problem) => {
    expect(problems(line)).toEqual([`2: ${problem}`]);
    expect(readPeopleFile(`${HEADER}\n${line}`).people).toEqual([]);
  });

  it('takes texts that are just as long as they may be', () => {
    const email = `${'d'.repeat(254 - '@x.org'.length)}@x.org`;
    expect(problems(`${'1'.repeat(64)},${'é'.repeat(100)},${email},,,,`)).toEqual([]);
    expect(problems(`1,Dana,d${email},,,,`)).toHaveLength(1);
  });

  it('tells all that a line has against it', () => {
    expect(problems(',,,,,,')).toEqual([]);
    expect(problems(',,nobody,,,,?')).toHaveLength(4);
  });

  it('names both lines of an id or an address that stands twice', () => {
    expect(problems('1,Dana,d@x.org,,,,', '2,Eve,D@X.org,,,,', '1,Finn,f@x.org,,,,')).toEqual([
      '3: The e-mail address "d@x.org" stands in line 2 already.',
      '4: The id "1" stands in line 2 already.',
    ]);
  });

  it('names all lines of people who manage one another in a circle', () => {
    expect(problems('1,Dana,d@x.org,f@x.org,,,', '2,Eve,e@x.org,D@x.org,,,', '3,Finn,f@x.org,e@x.org,,,', '4,Gus,g@x.org,f@x.org,,,')).toEqual([
      '2: This person manages themselves through others: see line 3, 4.',
    ]);
  });

  it('leaves a manager who is not in the file to the caller', () => {
    const { people, problems: none } = readPeopleFile(`${HEADER}\n1,Dana,d@x.org,boss@x.org,,,\n`);
    expect(none).toEqual([]);
    expect(people[0]?.managerEmail).toBe('boss@x.org');
  });

  it('tells what the file itself has against it', () => {
    expect(readPeopleFile('id,name\n1,Dana\n')).toEqual({ people: [], problems: [{ line: 1, problem: 'The column "e-mail" is missing.' }] });
  });

  it('gives only people whose texts are safe to keep, whatever the cells hold', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'Z', '1', '@', '.', ' ', ';', '\u202e', '\u200b', '\n', 'é', '=', '-'), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 7, maxLength: 7 }), { maxLength: 4 }), (lines) => {
        const text = [HEADER, ...lines.map((cells) => cells.map((one) => `"${one}"`).join(','))].join('\n');
        for (const person of readPeopleFile(text).people) {
          expect(person.id).toMatch(/^[!-~]+$/);
          expect(person.name).not.toBe('');
          expect(person.email).toMatch(/^\S+@\S+$/);
          expect(JSON.stringify(person)).not.toMatch(/[\u202e\u200b]|\\n/u);
        }
      }),
    );
  });
});

describe('the column of Slack accounts', () => {
  const read = (...lines: readonly string[]) => readPeopleFile(['id,name,email,Slack ID', ...lines].join('\n'));

  it.each(['T0123ABCD/U0456EFGH', 'E0123ABCD/W0456EFGH'])('takes %s, the organisation or the workspace and the user', (account) => {
    const [tenant, userId] = account.split('/');
    expect(read(`1,Dana,d@x.org,${account}`).people[0]?.accounts).toEqual([{ platform: 'slack', tenant, userId }]);
  });

  it('may be empty', () => {
    expect(read('1,Dana,d@x.org,').people).toEqual([{ id: '1', name: 'Dana', email: 'd@x.org', managerEmail: null, groups: [], site: null, locale: null, line: 2 }]);
  });

  it.each(['U0456EFGH', 'T0123ABCD', 'U0456EFGH/T0123ABCD', 't0123abcd/u0456efgh', 'T0123ABCD/U0456EFGH/X', 'C0123ABCD/U0456EFGH', '@dana'])('refuses %s with its line', (account) => {
    const { people, problems: found } = read(`1,Dana,d@x.org,${account}`);
    expect([people, found]).toEqual([[], [{ line: 2, problem: `The Slack account "${account}" is no organisation or workspace and user, such as T0123ABCD/U0456EFGH.` }]]);
  });

  it('names each account once', () => {
    expect(read('1,Dana,d@x.org,T0123ABCD/U0456EFGH', '2,Sam,s@x.org,T0123ABCD/U0456EFGH').problems).toEqual([
      { line: 3, problem: 'The Slack account "T0123ABCD/U0456EFGH" stands in line 2 already.' },
    ]);
  });
});
