// The file of `cards import`: one card a row, every problem found before anything is stored.
import { createHash } from 'node:crypto';
import { wipe } from '../lib/bytes.js';
import { readCsvTable } from '../lib/csv-table.js';
import { isRefused } from '../lib/refusal.js';
import { kcvMatches, keyCheckValue } from './kcv.js';
import { comparableKey, parseKeyHex } from './key.js';
import { isDefaultKey } from './known-keys.js';
import { CARD_PROFILES, findProfile } from './profile.js';
const COLUMNS = {
    serial: { headings: ['serial', 'serialnumber'], required: true },
    label: { headings: ['label'], required: true },
    profile: { headings: ['profile'], required: true },
    holder: { headings: ['holder', 'holderemail', 'holdersemail', 'email'], required: true },
    key: { headings: ['key', 'adminkey'], required: false },
    puk: { headings: ['puk'], required: false },
    kcv: { headings: ['kcv'], required: false },
};
/**
 * Reads CSV (comma, semicolon or tab; with or without a byte order mark) with the columns serial, label, profile,
 * holder, key or puk, and, if there is one, kcv. `cards` are the rows without a problem; an import takes all or none.
 */
export function readCardFile(text, options) {
    const table = readCsvTable(text, COLUMNS);
    const seen = { serials: new Map(), keys: new Map() };
    const cards = [];
    const problems = table.problems.map((problem) => ({ ...problem, serial: null }));
    for (const row of table.rows) {
        const read = readRow(row, options, seen);
        if ('problem' in read)
            problems.push(read);
        else
            cards.push(read);
    }
    return { cards, problems: problems.sort((a, b) => a.line - b.line) };
}
function readRow({ line, cell }, options, seen) {
    const [serial, label, holder] = [cell('serial'), cell('label'), cell('holder')];
    const refuseRow = (problem) => ({ line, serial: serial === '' ? null : serial, problem });
    const wrongText = problemOfSerial(serial, line, seen) ?? problemOfTexts(label, holder);
    if (wrongText !== null)
        return refuseRow(wrongText);
    const profile = findProfile(cell('profile'));
    if (profile === null)
        return refuseRow(`the profile is none of ${CARD_PROFILES.map(({ id }) => id).join(', ')}`);
    const admitted = readKey(cell, profile, options);
    if ('problem' in admitted)
        return refuseRow(admitted.problem);
    const twin = serialWithSameKey(admitted.key, serial, seen);
    if (twin !== null) {
        wipe(admitted.key);
        return refuseRow(`card ${serial} has the same key as card ${twin}; each card needs its own`);
    }
    const holderEmail = holder === '' ? null : holder.toLowerCase();
    return { line, serial, label: label === '' ? serial : label, profile, holderEmail, ...admitted };
}
const MAX_SERIAL_CHARACTERS = 64;
const MAX_LABEL_CHARACTERS = 80;
const SPREADSHEET_NUMBER = /^\d+(?:[.,]\d+)?E\+\d+$/i;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/u;
function problemOfSerial(serial, line, seen) {
    if (serial === '')
        return 'the serial is empty';
    if (serial.length > MAX_SERIAL_CHARACTERS)
        return `the serial is longer than ${MAX_SERIAL_CHARACTERS} characters`;
    if (INVISIBLE.test(serial))
        return 'the serial holds a character that cannot be seen';
    if (SPREADSHEET_NUMBER.test(serial))
        return 'a spreadsheet has rounded the serial; format that column as text';
    const earlier = seen.serials.get(serial.toUpperCase());
    if (earlier !== undefined)
        return `the serial stands on line ${earlier} already`;
    seen.serials.set(serial.toUpperCase(), line);
    return null;
}
function problemOfTexts(label, holder) {
    if (label.length > MAX_LABEL_CHARACTERS)
        return `the label is longer than ${MAX_LABEL_CHARACTERS} characters`;
    if (INVISIBLE.test(label))
        return 'the label holds a character that cannot be seen';
    if (holder !== '' && !/^[^\s@]+@[^\s@]+$/.test(holder))
        return 'the holder is not an e-mail address';
    return null;
}
function readKey(cell, profile, options) {
    const { cipher } = profile;
    if (cell('key') !== '' && cell('puk') !== '')
        return { problem: 'the row has both a key and a PUK; leave one' };
    if (cell('puk') !== '' && profile.unlock === 'cryptogram') {
        return { problem: `cards of profile ${profile.id} are unblocked with their key, not with a PUK` };
    }
    if (cipher === null)
        return { problem: `cards of profile ${profile.id} have no key that answers a challenge` };
    if (cell('key') === '')
        return { problem: 'the key is empty' };
    const key = parseKeyHex(cell('key'), profile);
    if (isRefused(key))
        return { problem: sentenceOfKey(key) };
    const problem = problemOfKey(cipher, key, cell('kcv'), options);
    if (problem === null)
        return { key, kcv: keyCheckValue(cipher, key) };
    wipe(key);
    return { problem };
}
function problemOfKey(cipher, key, kcv, options) {
    if (kcv !== '' && !kcvMatches(cipher, key, kcv)) {
        return 'the key does not have the check value of column kcv; one of the two is wrong';
    }
    if (!options.allowDefaultKeys && isDefaultKey(cipher, key)) {
        return "the key is a vendor's default, which everybody knows; give the card a key of its own";
    }
    return null;
}
function sentenceOfKey({ refused, detail }) {
    if (refused === 'key-not-hex')
        return 'the key is not hex; if a spreadsheet wrote the file, format that column as text';
    const counted = `the key has ${detail?.digits ?? '?'} hex digits instead of ${detail?.expected ?? '?'}`;
    return detail?.lost === undefined ? counted : `${counted}; a leading 0 may be lost: format that column as text`;
}
/** The serial of an earlier row with this key, or null; then the key is remembered as this serial's. */
function serialWithSameKey(key, serial, seen) {
    const comparable = comparableKey(key);
    const digest = createHash('sha256').update(comparable).digest('base64');
    wipe(comparable);
    const twin = seen.keys.get(digest);
    if (twin !== undefined)
        return twin;
    seen.keys.set(digest, serial);
    return null;
}
