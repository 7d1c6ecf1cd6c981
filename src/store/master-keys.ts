// Master keys in PostgreSQL: sealed, each new one of a name beside the older ones. Never given out.
import { auditDraft } from '../audit/entry.js';
import { KEY_BYTES } from '../card/cipher.js';
import { masterKeyCheckValues } from '../card/derive/master-key.js';
import type { DerivationScheme } from '../card/derive/scheme.js';
import { parseDerivationScheme } from '../card/derive/scheme-file.js';
import { comparableKey } from '../card/key.js';
import { isDefaultKey } from '../card/known-keys.js';
import { equalBytes, wipe } from '../lib/bytes.js';
import type { Clock } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import { refuse, type Refused } from '../lib/refusal.js';
import type { KeyVault } from '../vault/key-vault.js';
import type { RowMac } from '../vault/row-mac.js';
import { type Database, holdOrganisation, inTransaction, type Queries, toColumn } from './database.js';
import { masterKeyMac, toMasterKey } from './rows.js';
import { writeEntries } from './tell.js';

export interface MasterKeyDraft {
  readonly name: string;
  readonly scheme: DerivationScheme;
  /** Of a size that the scheme takes. The caller wipes it. */
  readonly key: Uint8Array;
  /** Takes a vendor's default key, and one that is there already under another name or scheme. */
  readonly force: boolean;
}

export interface ImportedMasterKey {
  readonly name: string;
  readonly version: number;
  /** Hex of 3 bytes, see `masterKeyCheckValues`. */
  readonly kcv: string;
}

export interface ListedMasterKey extends ImportedMasterKey {
  readonly method: string;
  readonly cards: number;
  readonly kekId: string;
  readonly createdAt: Date;
}

/** `master-key-there` carries `as`: the name and version that it has already. */
export type MasterKeyRefusal = 'master-key-there' | 'master-key-default';

export class PrismaMasterKeys {
  readonly #parts: { readonly database: Database; readonly vault: KeyVault; readonly rowMac: RowMac; readonly clock: Clock };

  constructor(parts: { readonly database: Database; readonly vault: KeyVault; readonly rowMac: RowMac; readonly clock: Clock }) {
    this.#parts = parts;
  }

  /** By name and version. Throws VaultError `row-tampered`. */
  async all(): Promise<readonly ListedMasterKey[]> {
    const rows = await this.#parts.database.masterKey.findMany({
      orderBy: [{ name: 'asc' }, { version: 'asc' }],
      include: { _count: { select: { cards: true } } },
    });
    return rows.map(({ _count, ...row }) => {
      toMasterKey(row, this.#parts.rowMac);
      const { name, version, kcv, kekId, createdAt } = row;
      return { name, version, kcv, kekId, createdAt, method: methodOf(row.scheme), cards: _count.cards };
    });
  }

  /** Seals it as the next version of its name; older versions stay what their cards use. */
  import(draft: MasterKeyDraft): Promise<ImportedMasterKey | Refused<MasterKeyRefusal>> {
    if (!draft.force && isKnownEverywhere(draft.key)) return Promise.resolve(refuse('master-key-default'));
    return inTransaction(this.#parts.database, async (tx) => {
      await holdOrganisation(tx);
      const twin = draft.force ? null : await this.#twinOf(tx, draft.key);
      if (twin !== null) return refuse('master-key-there', { as: twin });
      const newest = await tx.masterKey.findFirst({ where: { name: draft.name }, orderBy: { version: 'desc' } });
      return await this.#insert(tx, draft, (newest?.version ?? 0) + 1);
    });
  }

  /** The sites have a handful of them: each is opened. */
  async #twinOf(tx: Queries, key: Uint8Array): Promise<string | null> {
    const ours = comparableKey(key);
    try {
      for (const row of await tx.masterKey.findMany({ orderBy: { createdAt: 'asc' } })) {
        const master = toMasterKey(row, this.#parts.rowMac);
        if (await this.#parts.vault.withMasterKey(master, (other) => isSame(ours, other))) return `${row.name}@${row.version}`;
      }
      return null;
    } finally {
      wipe(ours);
    }
  }

  async #insert(tx: Queries, { name, scheme, key }: MasterKeyDraft, version: number): Promise<ImportedMasterKey> {
    const { vault, rowMac, clock } = this.#parts;
    const [kcv = ''] = masterKeyCheckValues(scheme, key);
    const content = { id: newId(), name, version, scheme: JSON.stringify(scheme), kcv, createdAt: clock() };
    const sealed = await vault.sealMasterKey({ ...content, masterKeyId: content.id }, key);
    const sealedColumns = { kekId: sealed.kekId, wrappedKey: toColumn(sealed.wrappedKey), sealedKey: toColumn(sealed.sealed) };
    await tx.masterKey.create({ data: { ...content, ...sealedColumns, mac: masterKeyMac(content, rowMac) } });
    const facts = { name, version, method: scheme.method, kcv };
    await writeEntries(tx, [auditDraft('master-key-imported', 'cli', {}, facts)], { at: content.createdAt, rowMac });
    return { name, version, kcv };
  }
}

function isSame(ours: Uint8Array, other: Uint8Array): boolean {
  const theirs = comparableKey(other);
  const same = equalBytes(ours, theirs);
  wipe(theirs);
  return same;
}

function isKnownEverywhere(key: Uint8Array): boolean {
  return (Object.keys(KEY_BYTES) as (keyof typeof KEY_BYTES)[]).some((cipher) => isDefaultKey(cipher, key));
}

function methodOf(scheme: string): string {
  const read = parseDerivationScheme(scheme);
  return 'scheme' in read ? read.scheme.method : 'unknown';
}
