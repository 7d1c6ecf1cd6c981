// Key-encryption keys (KEKs): what wraps the data keys, wherever it is kept.
import { lengthPrefixed } from '../lib/bytes.js';
import { VaultError } from './vault-error.js';

/**
 * One KEK. It is asked to wrap and unwrap, never for its key, and answers asynchronously:
 * so the key may stay in a token (PKCS#11) or behind a key service.
 */
export interface KekProvider {
  /** Names the kind and the very key, for example `file:0123456789abcdef`. Stored beside all that it wrapped. */
  readonly id: string;
  /** Encrypts a data key (32 bytes) so that it opens only with the same `boundTo` under this same KEK. */
  wrap(dataKey: Uint8Array, boundTo: Uint8Array): Promise<Uint8Array>;
  /** The data key. Throws VaultError `sealed-damaged` when `wrapped` or `boundTo` is not what it was, `kek-unavailable` when the key's keeper does not serve us. */
  unwrap(wrapped: Uint8Array, boundTo: Uint8Array): Promise<Uint8Array>;
}

/** What every provider authenticates with a data key: the KEK itself, and what the data key is bound to. */
export function wrapAssociated(kekId: string, boundTo: Uint8Array): Uint8Array {
  return lengthPrefixed(['countersign-wrap-v1', kekId, boundTo]);
}

/** The KEKs of an installation: `current` seals what is new, older ones still open what they sealed. */
export interface Keks {
  readonly current: KekProvider;
  /** All of them, the current one first. */
  readonly all: readonly KekProvider[];
  /** The KEK of this id, or null when it is not one of ours. */
  find(id: string): KekProvider | null;
}

export function holdKeks(current: KekProvider, ...older: readonly KekProvider[]): Keks {
  const byId = new Map([...older, current].map((kek) => [kek.id, kek]));
  const others = [...byId.values()].filter((kek) => kek !== current);
  return { current, all: [current, ...others], find: (id) => byId.get(id) ?? null };
}

/** The KEK of this id. Throws VaultError `kek-unknown` when it is not one of ours. */
export function findKek(keks: Keks, id: string): KekProvider {
  const kek = keks.find(id);
  if (kek === null) throw new VaultError('kek-unknown', `sealed under the key ${id}, which is not configured here`);
  return kek;
}
