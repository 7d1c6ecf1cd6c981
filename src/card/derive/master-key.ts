// The master keys of derivation schemes: their sizes and their check values.
import { createHash } from 'node:crypto';
import { toHex } from '../../lib/bytes.js';
import { KEY_BYTES } from '../cipher.js';
import type { Cipher } from '../cipher.js';
import { kcvs, keyCheckValue } from '../kcv.js';
import type { DerivationScheme } from './scheme.js';

/** Usual sizes of HMAC keys, in bytes; shorter ones are weaker than the keys that come of them. */
const HMAC_KEY_BYTES = [32, 16, 24, 48, 64] as const;
const AES_KEY_BYTES = [16, 24, 32] as const;
const TRIPLE_DES_MASTER_BYTES = [16, 24] as const;
const KCV_HEX_DIGITS = 6;

/** Sizes in bytes that a scheme's master key may have, the usual one first. */
export function masterKeyBytes(scheme: DerivationScheme): readonly number[] {
  switch (scheme.method) {
    case 'an10922':
      return AN10922_MASTER_BYTES[scheme.variant];
    case 'sp800-108-counter':
      return scheme.prf === 'hmac-sha-256' ? HMAC_KEY_BYTES : KEY_BYTES[PRF_CIPHERS[scheme.prf]];
    case 'kdf3':
      return AES_KEY_BYTES;
    default:
      return TRIPLE_DES_MASTER_BYTES;
  }
}

const AN10922_MASTER_BYTES = { 'aes-128': [16], 'aes-192': [24], 'aes-256': [32], '2tdea': [16], '3tdea': [24] } as const;
const PRF_CIPHERS = { 'cmac-aes-128': 'aes-128', 'cmac-aes-192': 'aes-192', 'cmac-aes-256': 'aes-256' } as const;

/**
 * The check values of a master key, hex of 3 bytes: those of its cipher (see `kcvs`), and for an HMAC key the start of
 * its SHA-1, as PKCS#11 2.40 has it for generic secrets. Throws a CardError ('key-length') on a wrong size.
 */
export function masterKeyCheckValues(scheme: DerivationScheme, master: Uint8Array): readonly string[] {
  const cipher = masterCipher(scheme, master.length);
  return cipher === null ? [hmacKeyCheckValue(master)] : kcvs(cipher, master);
}

/** The one check value that we store and list. Throws as `masterKeyCheckValues` does. */
export function masterKeyCheckValue(scheme: DerivationScheme, master: Uint8Array): string {
  const cipher = masterCipher(scheme, master.length);
  return cipher === null ? hmacKeyCheckValue(master) : keyCheckValue(cipher, master);
}

function hmacKeyCheckValue(master: Uint8Array): string {
  return toHex(createHash('sha1').update(master).digest()).slice(0, KCV_HEX_DIGITS);
}

function masterCipher(scheme: DerivationScheme, bytes: number): Cipher | null {
  if (scheme.method === 'sp800-108-counter') return scheme.prf === 'hmac-sha-256' ? null : PRF_CIPHERS[scheme.prf];
  return schemeCipher(scheme, bytes);
}

/** The cipher that the derived key is for. KDF3 keys are as long as their master, so its size is asked for. */
export function derivedCipher(scheme: DerivationScheme, masterBytes: number): Cipher {
  return scheme.method === 'sp800-108-counter' ? scheme.cipher : schemeCipher(scheme, masterBytes);
}

type OneCipherScheme = Exclude<DerivationScheme, { method: 'sp800-108-counter' }>;

/** All but SP 800-108 derive a key for the cipher that they derive with. */
function schemeCipher(scheme: OneCipherScheme, masterBytes: number): Cipher {
  if (scheme.method === 'kdf3') return aesOf(masterBytes);
  if (scheme.method !== 'an10922') return '3des';
  return scheme.variant === '2tdea' || scheme.variant === '3tdea' ? '3des' : scheme.variant;
}

function aesOf(bytes: number): Cipher {
  if (bytes === 16) return 'aes-128';
  return bytes === 24 ? 'aes-192' : 'aes-256';
}
