// A card's admin key from the site's master key: worked out when it is used, and never stored.
import { refuse } from '../../lib/refusal.js';
import type { Refused } from '../../lib/refusal.js';
import { CardError } from '../card-error.js';
import { deriveAn10922 } from './an10922.js';
import { deriveCounterMode } from './counter-mode.js';
import { diversifierBounds } from './diversifier.js';
import { deriveGlobalPlatformDes, deriveKdf3 } from './global-platform.js';
import { masterKeyBytes } from './master-key.js';
import type { DerivationScheme } from './scheme.js';
import { encryptTripleDesEcb } from './triple-des-ecb.js';

/**
 * The card's key, in new bytes; the caller wipes it and the master.
 * Throws a CardError: 'key-length' for a master of a wrong size, 'diversifier-length' for a diversifier that is not the
 * scheme's. Both were checked at import, so that they mean a damaged row.
 */
export function deriveKey(scheme: DerivationScheme, master: Uint8Array, diversifier: Uint8Array): Uint8Array {
  if (!masterKeyBytes(scheme).includes(master.length)) {
    throw new CardError('key-length', `a master key of ${master.length} bytes for ${scheme.method}`);
  }
  const { least, most } = diversifierBounds(scheme);
  if (diversifier.length < least || diversifier.length > most) {
    throw new CardError('diversifier-length', `a diversifier of ${diversifier.length} bytes for ${scheme.method}`);
  }
  return derive(scheme, master, diversifier);
}

function derive(scheme: DerivationScheme, master: Uint8Array, diversifier: Uint8Array): Uint8Array {
  switch (scheme.method) {
    case 'an10922':
      return deriveAn10922(scheme.variant, master, diversifier);
    case 'sp800-108-counter':
      return deriveCounterMode(scheme, master, diversifier);
    case 'kdf3':
      return deriveKdf3(scheme.selector, master, diversifier);
    case '3des-ecb-template':
      return encryptTripleDesEcb(master, diversifier);
    default:
      return deriveGlobalPlatformDes(scheme, master, diversifier);
  }
}

/** Refuses a derived key that the card's profile does not take, with `digits` and `expected` as `parseKeyHex` does. */
export function refuseOtherLength(key: Uint8Array, profile: { readonly keyBytes: readonly number[] }): Refused<'key-length'> | null {
  if (profile.keyBytes.includes(key.length)) return null;
  const expected = profile.keyBytes.map((bytes) => bytes * 2).join(' or ');
  return refuse('key-length', { digits: String(key.length * 2), expected });
}
