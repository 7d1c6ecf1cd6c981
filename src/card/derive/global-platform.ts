// The derivations of GlobalPlatform cards, from the ten bytes of key diversification data (KDD).
import { concat, wipe } from '../../lib/bytes.js';
import { expandTripleDesKey } from '../cipher.js';
import { counterMode } from './counter-mode.js';
import type { GlobalPlatformScheme, KeySelector } from './scheme.js';
import { encryptTripleDesEcb } from './triple-des-ecb.js';

/** Which bytes of the KDD begin each half of the block. */
const KDD_POSITIONS: Readonly<Record<GlobalPlatformScheme['method'], readonly number[]>> = {
  'emv-cps-1.1': [4, 5, 6, 7, 8, 9],
  visa2: [0, 1, 4, 5, 6, 7],
  visa: [0, 1, 2, 3, 8, 9],
};

/**
 * EMV CPS 1.1, VISA2 and VISA: 3DES-ECB of six bytes of KDD ‖ F0 ‖ k and of the same six ‖ 0F ‖ k
 * (GlobalPlatformPro, PlaintextKeys.java). A two-key 3DES key, which 24 bytes hold as K1 ‖ K2 ‖ K1.
 */
export function deriveGlobalPlatformDes(scheme: GlobalPlatformScheme, master: Uint8Array, kdd: Uint8Array): Uint8Array {
  const chosen = Uint8Array.from(KDD_POSITIONS[scheme.method], (at) => kdd[at] ?? 0);
  const { selector, keyBytes } = scheme;
  const key = encryptTripleDesEcb(master, concat(chosen, Uint8Array.of(0xf0, selector), chosen, Uint8Array.of(0x0f, selector)));
  if (keyBytes === 16) return key;
  const expanded = expandTripleDesKey(key);
  wipe(key);
  return expanded;
}

/** KDF3 (SCP03): SP 800-108 with CMAC over [i]_8 ‖ 00 00 00 k ‖ 00 ‖ KDD, as long as the master (same source). */
export function deriveKdf3(selector: KeySelector, master: Uint8Array, kdd: Uint8Array): Uint8Array {
  const fixedInput = concat(Uint8Array.of(0, 0, 0, selector, 0), kdd);
  return counterMode({ prf: 'cmac', counterBits: 8, bytes: master.length }, master, fixedInput);
}
