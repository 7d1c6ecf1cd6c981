import { newRowMacKey, openRowMac, ROW_MAC_KEY_NAME } from '../vault/row-mac.js';
import { toColumn } from './database.js';
/** Whether anything was sealed for this database: then the KEK must be the one that sealed it. */
export async function hasVaultKey(database) {
    return (await database.vaultKey.count()) > 0;
}
/** The key of the row HMACs; made at the first start. Throws VaultError `kek-unknown` or `sealed-damaged`. */
export async function openStoredRowMac(database, keks) {
    if (!(await hasVaultKey(database))) {
        const { kekId, wrappedKey, sealed } = await newRowMacKey(keks.current);
        const data = { name: ROW_MAC_KEY_NAME, kekId, wrappedKey: toColumn(wrappedKey), sealed: toColumn(sealed) };
        // Two first starts at once: one row wins, and both read it.
        await database.vaultKey.createMany({ data: [data], skipDuplicates: true });
    }
    const row = await database.vaultKey.findUniqueOrThrow({ where: { name: ROW_MAC_KEY_NAME } });
    return openRowMac(row, keks);
}
