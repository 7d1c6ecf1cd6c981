// People out of a CSV file, as an administrator exports them from elsewhere.
import { readCsvTable } from '../lib/csv-table.js';
import { hasUnsafeCharacters, inertText } from '../lib/inert-text.js';
import { managerLoops } from './manager-loops.js';
import { MAX_EMAIL_LENGTH, MAX_ID_LENGTH, MAX_NAME_LENGTH, normaliseEmail } from './person.js';
const COLUMNS = {
    id: { headings: ['id'], required: true },
    name: { headings: ['name'], required: true },
    'e-mail': { headings: ['email'], required: true },
    manager: { headings: ['manager', 'managersemail', 'manageremail'], required: false },
    groups: { headings: ['groups', 'group'], required: false },
    site: { headings: ['site'], required: false },
    locale: { headings: ['locale'], required: false },
};
// Blanks and what stands around an address in a mail program are in no address that is kept here.
const EMAIL = /^[^\s@,;<>()"]+@[^\s@,;<>()"]+$/u;
const VISIBLE_ASCII = new RegExp(`^[!-~]{1,${MAX_ID_LENGTH}}$`);
const REPLACEMENT_CHARACTER = '\uFFFD';
/**
 * Reads people, and tells every problem with its line. `people` are those whose lines are good; a caller that
 * finds a problem takes none of them. Managers are not looked up here: an address may be of somebody known before.
 */
export function readPeopleFile(text) {
    const table = readCsvTable(text, COLUMNS);
    const drafts = table.rows.map(toDraft);
    const problems = [
        ...table.problems,
        ...table.rows.flatMap((row) => complaintsAbout(row).map((problem) => ({ line: row.line, problem }))),
        ...repeated(drafts, 'id', 'id'),
        ...repeated(drafts, 'email', 'e-mail address'),
        ...loops(drafts),
    ].sort((a, b) => a.line - b.line);
    const bad = new Set(problems.map(({ line }) => line));
    return { people: drafts.filter(({ line }) => !bad.has(line)), problems };
}
function toDraft(row) {
    return {
        id: row.cell('id'),
        name: toName(row.cell('name')),
        email: normaliseEmail(row.cell('e-mail')),
        managerEmail: normaliseEmail(row.cell('manager')) || null,
        groups: [...new Set(groupCells(row).map(toName))],
        site: toName(row.cell('site')) || null,
        locale: canonicalLocale(row.cell('locale')),
        line: row.line,
    };
}
/** What a row's cells have against them, each by itself. */
function complaintsAbout(row) {
    const [email, manager, site, locale] = [row.cell('e-mail'), row.cell('manager'), row.cell('site'), row.cell('locale')];
    return [
        VISIBLE_ASCII.test(row.cell('id')) ? null : `The id must be 1 to ${MAX_ID_LENGTH} letters, digits and signs without blanks.`,
        nameComplaint('The name', row.cell('name')),
        isEmail(email) ? null : `The e-mail address ${quoted(email)} cannot be one.`,
        manager === '' || isEmail(manager) ? null : `The manager's e-mail address ${quoted(manager)} cannot be one.`,
        ...groupCells(row).map(groupComplaint),
        site === '' ? null : nameComplaint('The site', site),
        locale === '' || canonicalLocale(locale) !== null ? null : 'The locale is no language tag such as en or de-CH.',
    ].filter((complaint) => complaint !== null);
}
function nameComplaint(what, text) {
    if (text.includes(REPLACEMENT_CHARACTER))
        return `${what} has broken characters: save the file as UTF-8.`;
    if (hasUnsafeCharacters(text))
        return `${what} has control characters or characters that turn the text around.`;
    const name = toName(text);
    if (name === '')
        return `${what} is empty.`;
    return Array.from(name).length > MAX_NAME_LENGTH ? `${what} is longer than ${MAX_NAME_LENGTH} characters.` : null;
}
function groupComplaint(group) {
    if (group.includes(','))
        return `The group ${quoted(group)} has a comma: write ; or | between groups.`;
    return nameComplaint('A group', group);
}
function groupCells(row) {
    return row.cell('groups').split(/[;|]/).map((group) => group.trim()).filter((group) => group !== '');
}
function isEmail(typed) {
    const email = normaliseEmail(typed);
    return email.length <= MAX_EMAIL_LENGTH && EMAIL.test(email) && inertText(email, MAX_EMAIL_LENGTH) === email;
}
/** The tag in the form of BCP 47 (`de_ch` is de-CH), or null if it is none. */
function canonicalLocale(typed) {
    try {
        return Intl.getCanonicalLocales(typed.replaceAll('_', '-'))[0] ?? null;
    }
    catch {
        // A RangeError is how Intl says that a tag is malformed, the empty one too.
        return null;
    }
}
function repeated(drafts, field, name) {
    const first = new Map();
    return drafts.flatMap((draft) => {
        const before = first.get(draft[field]);
        if (draft[field] === '')
            return [];
        if (before !== undefined) {
            return [{ line: draft.line, problem: `The ${name} ${quoted(draft[field])} stands in line ${before} already.` }];
        }
        first.set(draft[field], draft.line);
        return [];
    });
}
function loops(drafts) {
    const byEmail = new Map(drafts.map((draft) => [draft.email, draft]));
    const managerOf = new Map(drafts.flatMap(({ email, managerEmail }) => (managerEmail === null ? [] : [[email, managerEmail]])));
    return managerLoops(managerOf).map((loop) => {
        const [line = 1, ...others] = loop.map((email) => byEmail.get(email)?.line ?? 1).sort((a, b) => a - b);
        if (others.length === 0)
            return { line, problem: 'This person is their own manager.' };
        return { line, problem: `This person manages themselves through others: see line ${others.join(', ')}.` };
    });
}
function toName(text) {
    return inertText(text, Infinity);
}
/** A cell as a message may show it. */
function quoted(cell) {
    return `"${inertText(cell, 80)}"`;
}
