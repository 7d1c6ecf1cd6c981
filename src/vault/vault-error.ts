// What can go wrong between a secret and its lock.

export type VaultErrorCode =
  /** Something was sealed under a key-encryption key that is not configured here. */
  | 'kek-unknown'
  /** The KEK's file is not there, is there already, cannot be read, or is no KEK file. */
  | 'kek-missing'
  | 'kek-exists'
  | 'kek-unreadable'
  | 'kek-malformed'
  /** The KEK file may be read or written by others than its owner. */
  | 'kek-permissions'
  /** The token or key service that keeps the KEK does not answer, or does not let us in. */
  | 'kek-unavailable'
  /** Sealed bytes, or the facts that they are bound to, are not what they were when sealed. */
  | 'sealed-damaged'
  /** A row does not carry the HMAC of its own facts. */
  | 'row-tampered'
  /** A backup of the keys does not open with this passphrase, or is none. */
  | 'backup-locked'
  | 'backup-malformed';

/** A fault of the vault. The message names rows, files and key ids, never a secret. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultErrorCode;

  constructor(code: VaultErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
