// What can go wrong between a secret and its lock.

export type VaultErrorCode =
  /** A row names a key-encryption key that is not among those given. */
  | 'kek-unknown'
  | 'kek-missing'
  | 'kek-exists'
  | 'kek-unreadable'
  | 'kek-malformed'
  /** The KEK file may be read or written by others than its owner. */
  | 'kek-permissions'
  /** Sealed bytes, or the row that they are bound to, were changed; or it is another KEK of the same name. */
  | 'sealed-damaged'
  /** A row does not carry the HMAC of its own facts. */
  | 'row-tampered';

/** A fault of the vault. The message names rows, files and key ids, never a secret. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultErrorCode;

  constructor(code: VaultErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
