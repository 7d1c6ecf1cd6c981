// Seals card keys, PUKs, master keys and authenticator seeds, and lends them out one use at a time.
import {
  type AuthenticatorFacts,
  authenticatorBinding,
  cardBinding,
  type CardFacts,
  masterKeyBinding,
  type MasterKeyFacts,
  type SlackInstallationFacts,
  slackTokensBinding,
} from './binding.js';
import type { Keks } from './kek.js';
import { type Sealed, sealSecret, withOpened } from './seal.js';

/** A card with a secret of its own: its admin key or its PUK. */
export interface SealedCard extends CardFacts {
  readonly sealed: Sealed;
}

export interface SealedMasterKey extends MasterKeyFacts {
  readonly sealed: Sealed;
}

/** A card whose key is derived each time it is needed. */
export interface DerivedCard extends CardFacts {
  readonly master: SealedMasterKey;
  readonly diversifier: Uint8Array;
}

export interface SealedAuthenticator extends AuthenticatorFacts {
  readonly sealed: Sealed;
}

export interface SealedSlackTokens extends SlackInstallationFacts {
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

  /** `secret`: the admin key or the PUK. */
  sealCardKey(card: CardFacts, secret: Uint8Array): Promise<Sealed> {
    return sealSecret(secret, cardBinding(card), this.#keks.current);
  }

  withCardKey<T>(card: SealedCard, use: Use<T>): Promise<T> {
    return withOpened(card.sealed, cardBinding(card), this.#keks, use);
  }

  sealMasterKey(master: MasterKeyFacts, key: Uint8Array): Promise<Sealed> {
    return sealSecret(key, masterKeyBinding(master), this.#keks.current);
  }

  withMasterKey<T>(master: SealedMasterKey, use: Use<T>): Promise<T> {
    return withOpened(master.sealed, masterKeyBinding(master), this.#keks, use);
  }

  sealSeed(authenticator: AuthenticatorFacts, seed: Uint8Array): Promise<Sealed> {
    return sealSecret(seed, authenticatorBinding(authenticator), this.#keks.current);
  }

  withSeed<T>(authenticator: SealedAuthenticator, use: Use<T>): Promise<T> {
    return withOpened(authenticator.sealed, authenticatorBinding(authenticator), this.#keks, use);
  }

  sealSlackTokens(installation: SlackInstallationFacts, tokens: Uint8Array): Promise<Sealed> {
    return sealSecret(tokens, slackTokensBinding(installation), this.#keks.current);
  }

  withSlackTokens<T>(installation: SealedSlackTokens, use: Use<T>): Promise<T> {
    return withOpened(installation.sealed, slackTokensBinding(installation), this.#keks, use);
  }
}
