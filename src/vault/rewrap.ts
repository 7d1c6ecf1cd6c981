// Moves a data key from the KEK that wrapped it to the current one. The secret under the data key stays as it is.
import { equalBytes, wipe } from '../lib/bytes.js';
import { associatedBytes, type Binding } from './binding.js';
import { findKek, type Keks } from './kek.js';
import type { Sealed } from './seal.js';
import { VaultError } from './vault-error.js';

/**
 * The data key under the current KEK, tried once: what it replaces is gone afterwards.
 * Throws VaultError `kek-unknown`, `sealed-damaged` or `kek-unavailable`.
 */
export async function rewrapKey({ kekId, wrappedKey }: Omit<Sealed, 'sealed'>, binding: Binding, keks: Keks): Promise<Uint8Array> {
  const boundTo = associatedBytes(binding);
  const dataKey = await findKek(keks, kekId).unwrap(wrappedKey, boundTo);
  try {
    const rewrapped = await keks.current.wrap(dataKey, boundTo);
    const opened = await keks.current.unwrap(rewrapped, boundTo);
    const same = equalBytes(opened, dataKey);
    wipe(opened);
    if (same) return rewrapped;
    throw new VaultError('kek-unavailable', `the key ${keks.current.id} does not give back what it wrapped`);
  } finally {
    wipe(dataKey);
  }
}
