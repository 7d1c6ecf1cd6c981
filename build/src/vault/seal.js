// Envelope encryption: each secret under a data key of its own, which a KEK wraps.
import { randomFillSync } from 'node:crypto';
import { wipe } from '../lib/bytes.js';
import { associatedBytes } from './binding.js';
import { BOX_KEY_BYTES, openBox, sealBox } from './box.js';
import { findKek } from './kek.js';
import { VaultError } from './vault-error.js';
/** Seals a secret under a new random data key. The caller still owns `secret`, and wipes it. */
export async function sealSecret(secret, binding, kek) {
    const boundTo = associatedBytes(binding);
    const dataKey = randomFillSync(new Uint8Array(BOX_KEY_BYTES));
    try {
        const wrappedKey = await kek.wrap(dataKey, boundTo);
        return { kekId: kek.id, wrappedKey, sealed: sealBox(dataKey, secret, boundTo) };
    }
    finally {
        wipe(dataKey);
    }
}
/**
 * Lends the secret to `use`, and wipes it when `use` is done or has thrown: nothing of it may be kept.
 * Throws VaultError `kek-unknown`, or `sealed-damaged` when anything of the row was changed.
 */
export async function withOpened(sealed, binding, keks, use) {
    const secret = await openSecret(sealed, binding, keks);
    try {
        return await use(secret);
    }
    finally {
        wipe(secret);
    }
}
async function openSecret({ kekId, wrappedKey, sealed }, binding, keks) {
    const boundTo = associatedBytes(binding);
    let dataKey = new Uint8Array();
    try {
        dataKey = await findKek(keks, kekId).unwrap(wrappedKey, boundTo);
        return openBox(dataKey, sealed, boundTo);
    }
    catch (fault) {
        throw atRow(fault, binding);
    }
    finally {
        wipe(dataKey);
    }
}
/** Says which row; a fault that is not the vault's (a key service that does not answer) stays as it is. */
function atRow(fault, { table, column, rowId }) {
    if (!(fault instanceof VaultError))
        return fault;
    return new VaultError(fault.code, `${table} ${rowId}, ${column}: ${fault.message}`, fault);
}
