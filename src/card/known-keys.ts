// Admin keys that vendors ship and everybody knows: a card that still has one is open to anyone.
import { equalBytes, fromHex, wipe } from '../lib/bytes.js';
import { KEY_BYTES } from './cipher.js';
import type { Cipher } from './cipher.js';
import { comparableKey } from './key.js';

/** Thales/Gemalto, SafeNet, PIVKey and HID minidriver cards with a 3DES key. */
export const ZEROS_24 = '00'.repeat(24);
/** HID's cards with an AES-128 key. */
export const ZEROS_16 = '00'.repeat(16);
/** YubiKey (3DES to firmware 5.6, AES-192 from 5.7), CanoKey, PivApplet, Windows TPM virtual smart cards. */
export const COUNTING_24 = '0102030405060708'.repeat(3);
/** PivApplet built without 3DES. */
export const COUNTING_16 = '0102030405060708'.repeat(2);

// No vendor is known to ship an AES-256 key of zeros, but it is the one that anybody tries first.
const DEFAULT_KEYS: readonly string[] = [ZEROS_16, ZEROS_24, '00'.repeat(32), COUNTING_16, COUNTING_24];

/**
 * Whether the key is a vendor's default for that cipher, or one of `more` (hex), the defaults that a profile names.
 * 3DES keys match whatever their parity bits say.
 */
export function isDefaultKey(cipher: Cipher, key: Uint8Array, more: readonly string[] = []): boolean {
  if (!KEY_BYTES[cipher].includes(key.length)) return false;
  const known = [...DEFAULT_KEYS, ...more].flatMap((digits) => fromHex(digits) ?? []);
  if (cipher !== '3des') return known.some((one) => equalBytes(one, key));
  const ours = comparableKey(key);
  const found = known.some((one) => equalBytes(comparableKey(one), ours));
  wipe(ours);
  return found;
}
