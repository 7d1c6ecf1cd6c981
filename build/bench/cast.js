// The people of the bench: pairs of an employee with a blocked card and a manager, each with an authenticator.
import { randomBytes } from 'node:crypto';
import { readCardFile } from '../src/card/card-file.js';
import { readPeopleFile } from '../src/directory/people-file.js';
import { toHex } from '../src/lib/bytes.js';
import { newId } from '../src/lib/ids.js';
import { newSeed, TOTP_ALGORITHM } from '../src/stepup/totp.js';
const HELPDESK_AGENTS = 5;
const KEY_BYTES = 24; // 3DES with three keys
/** Fills an empty database with so many pairs and a helpdesk. */
export async function fillCast(open, pairs) {
    await importPeople(open, pairs);
    await importCards(open, pairs);
    return Promise.all(Array.from({ length: pairs }, (_, place) => pairAt(open, place)));
}
async function importPeople({ people }, pairs) {
    const rows = Array.from({ length: pairs }, (_, at) => [
        `employee-${at},Employee ${at},${emailOf(at)},manager-${at}@example.com,`,
        `manager-${at},Manager ${at},manager-${at}@example.com,,`,
    ]).flat();
    const agents = Array.from({ length: HELPDESK_AGENTS }, (_, at) => `agent-${at},Agent ${at},agent-${at}@example.com,,helpdesk`);
    const file = readPeopleFile(['id,name,e-mail,manager,groups', ...rows, ...agents].join('\n'));
    const imported = await people.import(file.people, null);
    if ('problems' in imported)
        throw new Error('the people of the bench do not fit');
}
async function importCards({ cards }, pairs) {
    const rows = Array.from({ length: pairs }, (_, at) => `CARD-${at},Card ${at},gids,${emailOf(at)},${toHex(randomBytes(KEY_BYTES))}`);
    const file = readCardFile(['serial,label,profile,holder,key', ...rows].join('\n'), { allowDefaultKeys: false });
    const problems = await cards.import(file.cards);
    if (problems.length + file.problems.length > 0)
        throw new Error('the cards of the bench do not fit');
}
async function pairAt(open, place) {
    const employee = await enrol(open, `employee-${place}`);
    const manager = await enrol(open, `manager-${place}`);
    const [card] = await open.desk.cardsOf(employee.id);
    if (card === undefined)
        throw new Error(`${employee.id} has no card`);
    return { employee, manager, cardId: card.id };
}
async function enrol({ vault, authenticators, clock }, personId) {
    const seed = newSeed();
    const authenticatorId = newId();
    const sealed = await vault.sealSeed({ authenticatorId, personId, algorithm: TOTP_ALGORITHM }, seed);
    const at = clock.now();
    await authenticators.addSample({ id: authenticatorId, personId, algorithm: TOTP_ALGORITHM, sealed, createdAt: at }, at);
    return { id: personId, seed, authenticatorId };
}
function emailOf(place) {
    return `employee-${place}@example.com`;
}
