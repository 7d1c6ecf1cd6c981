// Seals card keys and authenticator seeds, and lends them out one use at a time.
import { type AuthenticatorFacts, authenticatorBinding, cardBinding, type CardFacts } from './binding.js';
import type { Keks } from './kek.js';
import { type Sealed, sealSecret, withOpened } from './seal.js';

export interface SealedCard extends CardFacts {
  readonly sealed: Sealed;
}

export interface SealedAuthenticator extends AuthenticatorFacts {
  readonly sealed: Sealed;
}

type Use<T> = (secret: Uint8Array) => T | Promise<T>;

/**
 * What is sealed opens only with the very facts it was sealed with. `with…` lends the secret to `use` and wipes it
 * afterwards, also when `use` throws; both throw VaultError `kek-unknown` or `sealed-damaged`.
 */
export class KeyVault {
  readonly #keks: Keks;

  constructor(keks: Keks) {
    this.#keks = keks;
  }

  sealCardKey(card: CardFacts, key: Uint8Array): Promise<Sealed> {
    return sealSecret(key, cardBinding(card), this.#keks.current);
  }

  withCardKey<T>(card: SealedCard, use: Use<T>): Promise<T> {
    return withOpened(card.sealed, cardBinding(card), this.#keks, use);
  }

  sealSeed(authenticator: AuthenticatorFacts, seed: Uint8Array): Promise<Sealed> {
    return sealSecret(seed, authenticatorBinding(authenticator), this.#keks.current);
  }

  withSeed<T>(authenticator: SealedAuthenticator, use: Use<T>): Promise<T> {
    return withOpened(authenticator.sealed, authenticatorBinding(authenticator), this.#keks, use);
  }
}
