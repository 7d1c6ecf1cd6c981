// People out of a CSV file, as an administrator exports them from elsewhere.
import { readCsvTable, type CsvColumns, type CsvRow, type FileProblem } from '../lib/csv-table.js';
import { hasUnsafeCharacters, inertText } from '../lib/inert-text.js';
import { managerLoops } from './manager-loops.js';
import { MAX_EMAIL_LENGTH, MAX_ID_LENGTH, MAX_NAME_LENGTH, normaliseEmail, type PersonDraft } from './person.js';

type Column = 'id' | 'name' | 'e-mail' | 'manager' | 'groups' | 'site' | 'locale' | 'slack';

const COLUMNS: CsvColumns<Column> = {
  id: { headings: ['id'], required: true },
  name: { headings: ['name'], required: true },
  'e-mail': { headings: ['email'], required: true },
  manager: { headings: ['manager', 'managersemail', 'manageremail'], required: false },
  groups: { headings: ['groups', 'group'], required: false },
  site: { headings: ['site'], required: false },
  locale: { headings: ['locale'], required: false },
  slack: { headings: ['slack', 'slackid', 'slackaccount', 'slackuserid'], required: false },
};

// Blanks and what stands around an address in a mail program are in no address that is kept here.
const EMAIL = /^[^\s@,;<>()"]+@[^\s@,;<>()"]+$/u;
const VISIBLE_ASCII = new RegExp(`^[!-~]{1,${MAX_ID_LENGTH}}$`);
// The organisation (E…) or the workspace (T…), and the user (U…, or W… in Enterprise Grid): docs.slack.dev, "User object".
const SLACK_ACCOUNT = /^([ET][A-Z0-9]{2,63})\/([UW][A-Z0-9]{2,63})$/;
const REPLACEMENT_CHARACTER = '\uFFFD';

/**
 * Reads people, and tells every problem with its line. `people` are those whose lines are good; a caller that
 * finds a problem takes none of them. Managers are not looked up here: an address may be of somebody known before.
 */
export function readPeopleFile(text: string): { people: PersonDraft[]; problems: FileProblem[] } {
  const table = readCsvTable(text, COLUMNS);
  const drafts = table.rows.map(toDraft);
  const problems = [
    ...table.problems,
    ...table.rows.flatMap((row) => complaintsAbout(row).map((problem) => ({ line: row.line, problem }))),
    ...repeated(drafts, ({ id }) => id, 'id'),
    ...repeated(drafts, ({ email }) => email, 'e-mail address'),
    ...repeated(drafts, slackOf, 'Slack account'),
    ...loops(drafts),
  ].sort((a, b) => a.line - b.line);
  const bad = new Set(problems.map(({ line }) => line));
  return { people: drafts.filter(({ line }) => !bad.has(line)), problems };
}

function toDraft(row: CsvRow<Column>): PersonDraft {
  return {
    id: row.cell('id'),
    name: toName(row.cell('name')),
    email: normaliseEmail(row.cell('e-mail')),
    managerEmail: normaliseEmail(row.cell('manager')) || null,
    groups: [...new Set(groupCells(row).map(toName))],
    site: toName(row.cell('site')) || null,
    locale: canonicalLocale(row.cell('locale')),
    ...accountsIn(row),
    line: row.line,
  };
}

function accountsIn(row: CsvRow<Column>): Pick<PersonDraft, 'accounts'> {
  const [, tenant, userId] = SLACK_ACCOUNT.exec(row.cell('slack')) ?? [];
  return tenant === undefined || userId === undefined ? {} : { accounts: [{ platform: 'slack', tenant, userId }] };
}

/** '' for none. */
function slackOf({ accounts = [] }: PersonDraft): string {
  return accounts.map(({ tenant, userId }) => `${tenant}/${userId}`).join(' ');
}

/** What a row's cells have against them, each by itself. */
function complaintsAbout(row: CsvRow<Column>): string[] {
  const [email, manager, site, locale, slack] = [row.cell('e-mail'), row.cell('manager'), row.cell('site'), row.cell('locale'), row.cell('slack')];
  return [
    VISIBLE_ASCII.test(row.cell('id')) ? null : `The id must be 1 to ${MAX_ID_LENGTH} letters, digits and signs without blanks.`,
    nameComplaint('The name', row.cell('name')),
    isEmail(email) ? null : `The e-mail address ${quoted(email)} cannot be one.`,
    manager === '' || isEmail(manager) ? null : `The manager's e-mail address ${quoted(manager)} cannot be one.`,
    ...groupCells(row).map(groupComplaint),
    site === '' ? null : nameComplaint('The site', site),
    locale === '' || canonicalLocale(locale) !== null ? null : 'The locale is no language tag such as en or de-CH.',
    slack === '' || SLACK_ACCOUNT.test(slack) ? null : `The Slack account ${quoted(slack)} is no organisation or workspace and user, such as T0123ABCD/U0456EFGH.`,
  ].filter((complaint) => complaint !== null);
}

function nameComplaint(what: string, text: string): string | null {
  if (text.includes(REPLACEMENT_CHARACTER)) return `${what} has broken characters: save the file as UTF-8.`;
  if (hasUnsafeCharacters(text)) return `${what} has control characters or characters that turn the text around.`;
  const name = toName(text);
  if (name === '') return `${what} is empty.`;
  return Array.from(name).length > MAX_NAME_LENGTH ? `${what} is longer than ${MAX_NAME_LENGTH} characters.` : null;
}

function groupComplaint(group: string): string | null {
  if (group.includes(',')) return `The group ${quoted(group)} has a comma: write ; or | between groups.`;
  return nameComplaint('A group', group);
}

function groupCells(row: CsvRow<Column>): string[] {
  return row.cell('groups').split(/[;|]/).map((group) => group.trim()).filter((group) => group !== '');
}

function isEmail(typed: string): boolean {
  const email = normaliseEmail(typed);
  return email.length <= MAX_EMAIL_LENGTH && EMAIL.test(email) && inertText(email, MAX_EMAIL_LENGTH) === email;
}

/** The tag in the form of BCP 47 (`de_ch` is de-CH), or null if it is none. */
function canonicalLocale(typed: string): string | null {
  try {
    return Intl.getCanonicalLocales(typed.replaceAll('_', '-'))[0] ?? null;
  } catch {
    // A RangeError is how Intl says that a tag is malformed, the empty one too.
    return null;
  }
}

function repeated(drafts: readonly PersonDraft[], keyOf: (draft: PersonDraft) => string, name: string): FileProblem[] {
  const first = new Map<string, number>();
  return drafts.flatMap((draft) => {
    const key = keyOf(draft);
    const before = first.get(key);
    if (key === '') return [];
    if (before !== undefined) return [{ line: draft.line, problem: `The ${name} ${quoted(key)} stands in line ${before} already.` }];
    first.set(key, draft.line);
    return [];
  });
}

function loops(drafts: readonly PersonDraft[]): FileProblem[] {
  const byEmail = new Map(drafts.map((draft) => [draft.email, draft]));
  const managerOf = new Map(drafts.flatMap(({ email, managerEmail }) => (managerEmail === null ? [] : [[email, managerEmail]])));
  return managerLoops(managerOf).map((loop) => {
    const [line = 1, ...others] = loop.map((email) => byEmail.get(email)?.line ?? 1).sort((a, b) => a - b);
    if (others.length === 0) return { line, problem: 'This person is their own manager.' };
    return { line, problem: `This person manages themselves through others: see line ${others.join(', ')}.` };
  });
}

function toName(text: string): string {
  return inertText(text, Infinity);
}

/** A cell as a message may show it. */
function quoted(cell: string): string {
  return `"${inertText(cell, 80)}"`;
}
