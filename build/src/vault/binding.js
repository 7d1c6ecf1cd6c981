// What a sealed secret is tied to. A secret that was moved to another row, or whose row was changed, does not open.
import { lengthPrefixed } from '../lib/bytes.js';
const FORMAT = 'countersign-seal-v1';
const FIRST_VERSION = 1;
/** The bytes that are authenticated with the secret, and with its wrapped data key. */
export function associatedBytes({ table, column, rowId, keyVersion, facts }) {
    return lengthPrefixed([FORMAT, table, column, rowId, String(keyVersion), ...facts]);
}
export function cardBinding({ cardId, serial, profile, unlock, keyVersion }) {
    return { table: 'Card', column: 'sealedKey', rowId: cardId, keyVersion, facts: [serial, profile, unlock] };
}
export function authenticatorBinding({ authenticatorId, personId, algorithm }) {
    return {
        table: 'Authenticator',
        column: 'sealedSeed',
        rowId: authenticatorId,
        keyVersion: FIRST_VERSION,
        facts: [personId, algorithm],
    };
}
/** For keys of the vault itself. */
export function vaultKeyBinding(name) {
    return { table: 'VaultKey', column: 'sealed', rowId: name, keyVersion: FIRST_VERSION, facts: [] };
}
