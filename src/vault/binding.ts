// What a sealed secret is tied to. A secret that was moved to another row, or whose row was changed, does not open.
import { lengthPrefixed } from '../lib/bytes.js';

const FORMAT = 'countersign-seal-v1';
const FIRST_VERSION = 1;

/** Where a secret stands, the version of its key, and the facts of its row that never change. */
export interface Binding {
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
  readonly keyVersion: number;
  readonly facts: readonly string[];
}

/** The bytes that are authenticated with the secret, and with its wrapped data key. */
export function associatedBytes({ table, column, rowId, keyVersion, facts }: Binding): Uint8Array {
  return lengthPrefixed([FORMAT, table, column, rowId, String(keyVersion), ...facts]);
}

export interface CardFacts {
  readonly cardId: string;
  readonly serial: string;
  /** The card profile's id. */
  readonly profile: string;
  /** The unlock method, as the profile names it. */
  readonly unlock: string;
  readonly keyVersion: number;
}

export function cardBinding({ cardId, serial, profile, unlock, keyVersion }: CardFacts): Binding {
  return { table: 'Card', column: 'sealedKey', rowId: cardId, keyVersion, facts: [serial, profile, unlock] };
}

export interface MasterKeyFacts {
  readonly masterKeyId: string;
  readonly name: string;
  readonly version: number;
  /** How keys are derived from it, as JSON: a key must not be used under another scheme. */
  readonly scheme: string;
}

export function masterKeyBinding({ masterKeyId, name, version, scheme }: MasterKeyFacts): Binding {
  return { table: 'MasterKey', column: 'sealedKey', rowId: masterKeyId, keyVersion: version, facts: [name, scheme] };
}

export interface AuthenticatorFacts {
  readonly authenticatorId: string;
  readonly personId: string;
  readonly algorithm: string;
}

export function authenticatorBinding({ authenticatorId, personId, algorithm }: AuthenticatorFacts): Binding {
  return {
    table: 'Authenticator',
    column: 'sealedSeed',
    rowId: authenticatorId,
    keyVersion: FIRST_VERSION,
    facts: [personId, algorithm],
  };
}

export interface SlackInstallationFacts {
  readonly installationId: string;
  /** The workspace or organisation that the tokens speak for. */
  readonly tenant: string;
}

export function slackTokensBinding({ installationId, tenant }: SlackInstallationFacts): Binding {
  return { table: 'SlackInstallation', column: 'sealedTokens', rowId: installationId, keyVersion: FIRST_VERSION, facts: [tenant] };
}

/** For keys of the vault itself. */
export function vaultKeyBinding(name: string): Binding {
  return { table: 'VaultKey', column: 'sealed', rowId: name, keyVersion: FIRST_VERSION, facts: [] };
}
