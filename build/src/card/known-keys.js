// Admin keys that vendors ship and everybody knows: a card that still has one is open to anyone.
import { equalBytes, wipe } from '../lib/bytes.js';
import { KEY_BYTES } from './cipher.js';
import { comparableKey } from './key.js';
const COUNTING = [1, 2, 3, 4, 5, 6, 7, 8];
/**
 * Zeros: Thales/Gemalto, SafeNet, PIVKey and HID minidriver cards (24 bytes; 16 for HID's AES cards).
 * 0102030405060708 three times: YubiKey (3DES to firmware 5.6, AES-192 from 5.7), CanoKey, PivApplet, Windows TPM
 * virtual smart cards; its first 16 bytes: PivApplet built without 3DES.
 */
const DEFAULT_KEYS = [
    new Uint8Array(16),
    new Uint8Array(24),
    new Uint8Array(32),
    Uint8Array.from([...COUNTING, ...COUNTING]),
    Uint8Array.from([...COUNTING, ...COUNTING, ...COUNTING]),
];
/** Whether the key is a vendor's default for that cipher. 3DES keys match whatever their parity bits say. */
export function isDefaultKey(cipher, key) {
    if (!KEY_BYTES[cipher].includes(key.length))
        return false;
    if (cipher !== '3des')
        return DEFAULT_KEYS.some((known) => equalBytes(known, key));
    const ours = comparableKey(key);
    const found = DEFAULT_KEYS.some((known) => equalBytes(comparableKey(known), ours));
    wipe(ours);
    return found;
}
