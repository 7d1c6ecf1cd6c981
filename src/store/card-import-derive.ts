// Keys that are derived from a master key: which one a row names, what its card's key is, and whether it fits the card.
import { problemOfKcv } from '../card/card-file-secret.js';
import type { CardSecret, MasterKeyName } from '../card/card-file-secret.js';
import { deriveKey, refuseOtherLength } from '../card/derive/derive-key.js';
import { diversifier } from '../card/derive/diversifier.js';
import { derivedCipher } from '../card/derive/master-key.js';
import type { DerivationScheme } from '../card/derive/scheme.js';
import { parseDerivationScheme } from '../card/derive/scheme-file.js';
import { serialSentence } from '../card/derive/serial-sentence.js';
import { keyCheckValue } from '../card/kcv.js';
import type { CardProfile } from '../card/profile.js';
import { wipe } from '../lib/bytes.js';
import { isRefused } from '../lib/refusal.js';
import type { KeyVault } from '../vault/key-vault.js';
import type { RowMac } from '../vault/row-mac.js';
import type { Queries } from './database.js';
import { toMasterKey } from './rows.js';

export type DerivedSecret = Extract<CardSecret, { kind: 'derived' }>;

/** The caller wipes the key. */
export interface DerivedKey {
  readonly masterKeyId: string;
  readonly diversifier: Uint8Array;
  readonly key: Uint8Array;
  readonly kcv: string;
}

interface OpenMasterKey {
  readonly id: string;
  /** name@version */
  readonly title: string;
  readonly scheme: DerivationScheme;
  readonly key: Uint8Array;
}

/** Master keys opened once for a whole file: with an HSM, opening one for each card would take the day. */
export class MasterKeyRing {
  readonly #parts: { readonly vault: KeyVault; readonly rowMac: RowMac };
  readonly #open = new Map<string, OpenMasterKey | null>();

  constructor(parts: { readonly vault: KeyVault; readonly rowMac: RowMac }) {
    this.#parts = parts;
  }

  /** The key of a card, or a sentence for whoever wrote the row. */
  async derive(tx: Queries, secret: DerivedSecret, profile: CardProfile): Promise<DerivedKey | { readonly problem: string }> {
    const master = await this.#find(tx, secret.masterKey);
    if (master === null) {
      return { problem: `There is no master key ${titleOf(secret.masterKey)}: \`countersign keys masters\` lists them, \`keys import-master\` adds one.` };
    }
    return deriveFrom(master, secret, profile);
  }

  wipe(): void {
    for (const master of this.#open.values()) if (master !== null) wipe(master.key);
    this.#open.clear();
  }

  async #find(tx: Queries, named: MasterKeyName): Promise<OpenMasterKey | null> {
    const title = titleOf(named);
    const known = this.#open.get(title);
    if (known !== undefined) return known;
    const opened = await this.#openKey(tx, named);
    this.#open.set(title, opened);
    return opened;
  }

  async #openKey(tx: Queries, { name, version }: MasterKeyName): Promise<OpenMasterKey | null> {
    const where = version === null ? { name } : { name, version };
    const row = await tx.masterKey.findFirst({ where, orderBy: { version: 'desc' } });
    if (row === null) return null;
    const read = parseDerivationScheme(row.scheme);
    if ('problems' in read) throw new Error(`the scheme of master key ${name} cannot be read`);
    const key = await this.#parts.vault.withMasterKey(toMasterKey(row, this.#parts.rowMac), (opened) => opened.slice());
    return { id: row.id, title: titleOf({ name, version: row.version }), scheme: read.scheme, key };
  }
}

function titleOf({ name, version }: MasterKeyName): string {
  return version === null ? name : `${name}@${version}`;
}

function deriveFrom(master: OpenMasterKey, secret: DerivedSecret, profile: CardProfile): DerivedKey | { readonly problem: string } {
  const { cipher } = profile;
  const gives = derivedCipher(master.scheme, master.key.length);
  if (cipher !== gives) return { problem: `Master key ${master.title} gives ${gives} keys, and cards of profile ${profile.id} use ${cipher ?? 'none'}: check both.` };
  const bytes = diversifier(master.scheme, secret.serial);
  if (isRefused(bytes)) return { problem: serialSentence(bytes) };
  const key = deriveKey(master.scheme, master.key, bytes);
  const wrongLength = refuseOtherLength(key, profile);
  const problem = wrongLength === null ? problemOfKcv(cipher, key, secret.kcv) : lengthSentence(master, wrongLength.detail ?? {});
  if (problem === null) return { masterKeyId: master.id, diversifier: bytes, key, kcv: keyCheckValue(cipher, key) };
  wipe(key);
  return { problem };
}

function lengthSentence({ title }: OpenMasterKey, { digits, expected }: Readonly<Record<string, string>>): string {
  return `Master key ${title} gives keys of ${digits ?? '?'} hex digits, and the card takes ${expected ?? '?'}: check the scheme and the profile.`;
}
