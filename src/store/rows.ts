// Rows to values and back. A row whose HMAC does not fit its content is a fault: nothing is decided on it.
import { UNLOCK_METHODS } from '../card/profile.js';
import type { Person } from '../directory/person.js';
import { toHex } from '../lib/bytes.js';
import { canonicalJson, type Json } from '../lib/canonical-json.js';
import { nextDeadline } from '../unblock/advance.js';
import type { CardProfiles } from '../card/profiles.js';
import { CARD_STATES, type CardFacts } from '../unblock/request-store.js';
import { parseRequest, type UnblockRequest } from '../unblock/request.js';
import type { DerivedCard, SealedCard, SealedMasterKey } from '../vault/key-vault.js';
import type { RowMac } from '../vault/row-mac.js';
import { toColumn } from './database.js';

export type PersonRow = Person & { readonly mac: Uint8Array };

export interface CardRow {
  readonly id: string;
  readonly serial: string;
  readonly label: string;
  readonly profile: string;
  readonly unlock: string;
  readonly holderId: string | null;
  readonly state: string;
  readonly refusedResponses: number;
  readonly keyVersion: number;
  readonly kcv: string;
  readonly keyDigest: Uint8Array | null;
  readonly kekId: string | null;
  readonly wrappedKey: Uint8Array | null;
  readonly sealedKey: Uint8Array | null;
  readonly masterKeyId: string | null;
  readonly diversifier: Uint8Array | null;
  readonly importId: string | null;
  readonly tags: readonly string[];
  readonly sponsorId: string | null;
  readonly mac: Uint8Array;
}

export interface MasterKeyRow {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly scheme: string;
  readonly kcv: string;
  readonly kekId: string;
  readonly wrappedKey: Uint8Array;
  readonly sealedKey: Uint8Array;
  readonly createdAt: Date;
  readonly mac: Uint8Array;
}

/** What reading a row needs: the key of its HMAC, and the profiles that cards name. */
export interface RowReading {
  readonly rowMac: RowMac;
  readonly profiles: CardProfiles;
}

export interface RequestRow {
  readonly id: string;
  readonly formId: string;
  readonly cardId: string;
  readonly requesterId: string;
  readonly state: string;
  readonly version: number;
  readonly openedAt: Date;
  readonly deadlineAt: Date | null;
  readonly body: unknown;
  readonly mac: Uint8Array;
}

/** Throws VaultError `row-tampered`. */
export function toPerson(row: PersonRow, rowMac: RowMac): Person {
  const { mac, ...person } = row;
  rowMac.check('Person', row.id, personFacts(person), mac);
  return person;
}

export function personMac(person: Person, rowMac: RowMac): Uint8Array<ArrayBuffer> {
  return toColumn(rowMac.tag('Person', person.id, personFacts(person)));
}

function personFacts({ name, email, managerId, groups, site, locale, active }: Person) {
  return [name, email, managerId, groups, site, locale, active];
}

export type CardContent = Omit<CardRow, 'mac' | 'kekId' | 'wrappedKey' | 'sealedKey'>;

/** Throws VaultError `row-tampered`. */
export function toCard(row: CardRow, { rowMac, profiles }: RowReading): CardFacts {
  rowMac.check('Card', row.id, cardFacts(row), row.mac);
  const { id, serial, label, holderId, kcv, keyVersion, refusedResponses, tags, sponsorId } = row;
  const state = CARD_STATES.find((one) => one === row.state);
  const unlock = UNLOCK_METHODS.find((one) => one === row.unlock);
  if (state === undefined || unlock === undefined) throw new Error(`card ${id} is ${row.state}, ${row.unlock}: that is not known here`);
  const profile = profiles.find(row.profile);
  return { id, serial, label, profileId: row.profile, profile, unlock, kcv, keyVersion, holderId, sponsorId, tags, state, refusedResponses };
}

export function cardMac(card: CardContent, rowMac: RowMac): Uint8Array<ArrayBuffer> {
  return toColumn(rowMac.tag('Card', card.id, cardFacts(card)));
}

function cardFacts(card: CardContent) {
  const { serial, label, profile, unlock, holderId, state, refusedResponses, keyVersion, kcv } = card;
  const { keyDigest, masterKeyId, diversifier, importId, tags, sponsorId } = card;
  const facts = [serial, label, profile, unlock, holderId, state, refusedResponses, keyVersion, kcv, hexOf(keyDigest)];
  // Rows from before there were such columns keep the HMAC that they have.
  const later = [masterKeyId, hexOf(diversifier), importId];
  if (sponsorId !== null || tags.length > 0) return [...facts, ...later, sponsorId, tags];
  return later.every((fact) => fact === null) ? facts : [...facts, ...later];
}

function hexOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : toHex(bytes);
}

/** Null where the card has no secret of its own. */
export function toSealedCard(row: CardRow): SealedCard | null {
  const { kekId, wrappedKey, sealedKey } = row;
  if (kekId === null || wrappedKey === null || sealedKey === null) return null;
  return { ...sealedFacts(row), sealed: { kekId, wrappedKey, sealed: sealedKey } };
}

/** Null where the card's key is not derived. Throws VaultError `row-tampered`. */
export function toDerivedCard(row: CardRow, master: MasterKeyRow, rowMac: RowMac): DerivedCard | null {
  if (row.diversifier === null || row.masterKeyId !== master.id) return null;
  return { ...sealedFacts(row), master: toMasterKey(master, rowMac), diversifier: row.diversifier };
}

function sealedFacts({ id, serial, profile, unlock, keyVersion }: CardRow) {
  return { cardId: id, serial, profile, unlock, keyVersion };
}

/** Throws VaultError `row-tampered`. */
export function toMasterKey(row: MasterKeyRow, rowMac: RowMac): SealedMasterKey {
  rowMac.check('MasterKey', row.id, masterKeyFacts(row), row.mac);
  const { id, name, version, scheme, kekId, wrappedKey, sealedKey } = row;
  return { masterKeyId: id, name, version, scheme, sealed: { kekId, wrappedKey, sealed: sealedKey } };
}

type MasterKeyContent = Omit<MasterKeyRow, 'mac' | 'kekId' | 'wrappedKey' | 'sealedKey'>;

export function masterKeyMac(row: MasterKeyContent, rowMac: RowMac): Uint8Array<ArrayBuffer> {
  return toColumn(rowMac.tag('MasterKey', row.id, masterKeyFacts(row)));
}

function masterKeyFacts({ name, version, scheme, kcv, createdAt }: MasterKeyContent) {
  return [name, version, scheme, kcv, createdAt];
}

/** Throws VaultError `row-tampered`. */
export function toRequest(row: RequestRow, rowMac: RowMac): UnblockRequest {
  rowMac.check('Request', row.id, requestFacts(row), row.mac);
  return parseRequest(row.body);
}

/** The columns of a request: those that are searched, and the whole of it as JSON. */
export function requestColumns(request: UnblockRequest, rowMac: RowMac) {
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
    body: JSON.parse(JSON.stringify(request)) as Json & object,
  };
  return { ...row, mac: toColumn(rowMac.tag('Request', row.id, requestFacts(row))) };
}

function requestFacts(row: Omit<RequestRow, 'mac'>) {
  const { formId, cardId, requesterId, state, version, openedAt, deadlineAt } = row;
  return [formId, cardId, requesterId, state, version, openedAt, deadlineAt, canonicalJson(row.body as Json)];
}

export interface IdentityRow {
  readonly id: string;
  readonly platform: string;
  readonly tenant: string;
  readonly userId: string;
  readonly personId: string;
}

export function identityMac(row: IdentityRow, rowMac: RowMac): Uint8Array<ArrayBuffer> {
  return toColumn(rowMac.tag('ChatIdentity', row.id, identityFacts(row)));
}

/** Throws VaultError `row-tampered`. */
export function checkIdentity(row: IdentityRow & { readonly mac: Uint8Array }, rowMac: RowMac): void {
  rowMac.check('ChatIdentity', row.id, identityFacts(row), row.mac);
}

function identityFacts({ platform, tenant, userId, personId }: IdentityRow) {
  return [platform, tenant, userId, personId];
}

export interface AuthenticatorContent {
  readonly id: string;
  readonly personId: string;
  readonly algorithm: string;
  readonly state: string;
  readonly createdAt: Date;
  readonly activatedAt: Date | null;
  /** When a recovery code took its place; null: none did. */
  readonly recoveredAt: Date | null;
}

export function authenticatorMac(row: AuthenticatorContent, rowMac: RowMac): Uint8Array<ArrayBuffer> {
  return toColumn(rowMac.tag('Authenticator', row.id, authenticatorFacts(row)));
}

/** Throws VaultError `row-tampered`. */
export function checkAuthenticator(row: AuthenticatorContent & { readonly mac: Uint8Array }, rowMac: RowMac): void {
  rowMac.check('Authenticator', row.id, authenticatorFacts(row), row.mac);
}

function authenticatorFacts({ personId, algorithm, state, createdAt, activatedAt, recoveredAt }: AuthenticatorContent) {
  const facts = [personId, algorithm, state, createdAt, activatedAt];
  // Rows from before there was such a column keep the HMAC that they have.
  return recoveredAt === null ? facts : [...facts, recoveredAt];
}
