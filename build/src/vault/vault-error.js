// What can go wrong between a secret and its lock.
/** A fault of the vault. The message names rows, files and key ids, never a secret. */
export class VaultError extends Error {
    name = 'VaultError';
    code;
    constructor(code, message, cause) {
        super(message, cause === undefined ? undefined : { cause });
        this.code = code;
    }
}
