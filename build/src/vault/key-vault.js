// Seals card keys and authenticator seeds, and lends them out one use at a time.
import { authenticatorBinding, cardBinding } from './binding.js';
import { sealSecret, withOpened } from './seal.js';
/**
 * What is sealed opens only with the very facts it was sealed with. `with…` lends the secret to `use` and wipes it
 * afterwards, also when `use` throws; both throw VaultError `kek-unknown` or `sealed-damaged`.
 */
export class KeyVault {
    #keks;
    constructor(keks) {
        this.#keks = keks;
    }
    sealCardKey(card, key) {
        return sealSecret(key, cardBinding(card), this.#keks.current);
    }
    withCardKey(card, use) {
        return withOpened(card.sealed, cardBinding(card), this.#keks, use);
    }
    sealSeed(authenticator, seed) {
        return sealSecret(seed, authenticatorBinding(authenticator), this.#keks.current);
    }
    withSeed(authenticator, use) {
        return withOpened(authenticator.sealed, authenticatorBinding(authenticator), this.#keks, use);
    }
}
