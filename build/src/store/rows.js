import { canonicalJson } from '../lib/canonical-json.js';
import { nextDeadline } from '../unblock/advance.js';
import { parseRequest } from '../unblock/request.js';
import { toColumn } from './database.js';
/** Throws VaultError `row-tampered`. */
export function toPerson(row, rowMac) {
    const { mac, ...person } = row;
    rowMac.check('Person', row.id, personFacts(person), mac);
    return person;
}
export function personMac(person, rowMac) {
    return toColumn(rowMac.tag('Person', person.id, personFacts(person)));
}
function personFacts({ name, email, managerId, groups, site, locale, active }) {
    return [name, email, managerId, groups, site, locale, active];
}
/** Throws VaultError `row-tampered`. */
export function toCard(row, rowMac) {
    rowMac.check('Card', row.id, cardFacts(row), row.mac);
    const { id, serial, label, profile, holderId, refusedResponses } = row;
    return { id, serial, label, profile, holderId, refusedResponses, state: row.state === 'active' ? 'active' : 'frozen' };
}
export function cardMac(card, rowMac) {
    return toColumn(rowMac.tag('Card', card.id, cardFacts(card)));
}
function cardFacts(card) {
    const { serial, label, profile, unlock, holderId, state, refusedResponses, keyVersion } = card;
    return [serial, label, profile, unlock, holderId, state, refusedResponses, keyVersion];
}
export function toSealedCard(row) {
    const { serial, profile, unlock, keyVersion, kekId, wrappedKey, sealedKey } = row;
    return { cardId: row.id, serial, profile, unlock, keyVersion, sealed: { kekId, wrappedKey, sealed: sealedKey } };
}
/** Throws VaultError `row-tampered`. */
export function toRequest(row, rowMac) {
    rowMac.check('Request', row.id, requestFacts(row), row.mac);
    return parseRequest(row.body);
}
/** The columns of a request: those that are searched, and the whole of it as JSON. */
export function requestColumns(request, rowMac) {
    const deadline = nextDeadline(request);
    const row = {
        id: request.id,
        formId: request.formId,
        cardId: request.cardId,
        requesterId: request.requesterId,
        state: request.state,
        version: request.version,
        openedAt: new Date(request.openedAt),
        deadlineAt: deadline === null ? null : new Date(deadline),
        body: JSON.parse(JSON.stringify(request)),
    };
    return { ...row, mac: toColumn(rowMac.tag('Request', row.id, requestFacts(row))) };
}
function requestFacts(row) {
    const { formId, cardId, requesterId, state, version, openedAt, deadlineAt } = row;
    return [formId, cardId, requesterId, state, version, openedAt, deadlineAt, canonicalJson(row.body)];
}
export function identityMac(row, rowMac) {
    return toColumn(rowMac.tag('ChatIdentity', row.id, identityFacts(row)));
}
/** Throws VaultError `row-tampered`. */
export function checkIdentity(row, rowMac) {
    rowMac.check('ChatIdentity', row.id, identityFacts(row), row.mac);
}
function identityFacts({ platform, tenant, userId, personId }) {
    return [platform, tenant, userId, personId];
}
export function authenticatorMac(row, rowMac) {
    return toColumn(rowMac.tag('Authenticator', row.id, authenticatorFacts(row)));
}
/** Throws VaultError `row-tampered`. */
export function checkAuthenticator(row, rowMac) {
    rowMac.check('Authenticator', row.id, authenticatorFacts(row), row.mac);
}
function authenticatorFacts({ personId, algorithm, state, createdAt, activatedAt }) {
    return [personId, algorithm, state, createdAt, activatedAt];
}
