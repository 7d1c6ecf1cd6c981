// Key-encryption keys (KEKs): what wraps the data keys, wherever it is kept.
import { VaultError } from './vault-error.js';
export function holdKeks(current, ...older) {
    const byId = new Map([...older, current].map((kek) => [kek.id, kek]));
    return { current, find: (id) => byId.get(id) ?? null };
}
/** The KEK of this id. Throws VaultError `kek-unknown` when it is not one of ours. */
export function findKek(keks, id) {
    const kek = keks.find(id);
    if (kek === null)
        throw new VaultError('kek-unknown', `sealed under the key ${id}, which is not configured here`);
    return kek;
}
