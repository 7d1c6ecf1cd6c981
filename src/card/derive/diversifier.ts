// What makes one card's key differ from another's: the bytes that go into the derivation, fixed when a card is imported.
import { isRefused, refuse } from '../../lib/refusal.js';
import type { Refused } from '../../lib/refusal.js';
import { LONGEST_DIVERSIFIER_BYTES, totalBytes } from './scheme.js';
import type { DerivationScheme } from './scheme.js';
import { encodeSerial } from './serial.js';
import type { SerialRefusal } from './serial.js';
import { repeatsBlock, templateBlocks } from './template.js';
import type { TemplateRefusal } from './template.js';

export type DiversifierRefusal = SerialRefusal | TemplateRefusal;

/**
 * The diversifier of a card: M of AN10922, the context of SP 800-108 (or its whole fixed input), the ten bytes of
 * GlobalPlatform's key diversification data, the filled blocks of a template. Not secret.
 * A serial that does not fit is refused with `bytes` and `most` or `least`; it is never cut or filled silently.
 */
export function diversifier(scheme: DerivationScheme, serialText: string): Uint8Array | Refused<DiversifierRefusal> {
  const serial = encodeSerial(scheme.serial, serialText);
  if (isRefused(serial)) return serial;
  if (scheme.method === '3des-ecb-template') return templateBlocks(scheme.blocks, serial);
  const { least, most } = diversifierBounds(scheme);
  const bytes = String(serial.length);
  if (serial.length < least) return refuse('serial-too-short', { bytes, least: String(least) });
  return serial.length > most ? refuse('serial-too-long', { bytes, most: String(most) }) : serial;
}

/** GlobalPlatform's key diversification data has ten bytes (the answer to INITIALIZE UPDATE begins with it). */
const KDD_BYTES = 10;
/** AN10922: constant and M fill at most two blocks. */
const AN10922_MOST = { aes: 31, des: 15 };

/** The sizes that a scheme takes, in bytes. */
export function diversifierBounds(scheme: DerivationScheme): { readonly least: number; readonly most: number } {
  switch (scheme.method) {
    case 'an10922':
      return { least: 1, most: scheme.variant.startsWith('aes') ? AN10922_MOST.aes : AN10922_MOST.des };
    case 'sp800-108-counter':
      return { least: 1, most: LONGEST_DIVERSIFIER_BYTES };
    case '3des-ecb-template':
      return exactly(totalBytes(scheme.blocks));
    default:
      return exactly(KDD_BYTES);
  }
}

function exactly(bytes: number): { readonly least: number; readonly most: number } {
  return { least: bytes, most: bytes };
}

/** `blocks-repeat`: the derived 3DES key is as weak as single DES, because the template repeats a block. */
export type DerivationWarning = 'blocks-repeat';

/** What a person should know about the key that this diversifier gives. */
export function derivationWarnings(scheme: DerivationScheme, bytes: Uint8Array): readonly DerivationWarning[] {
  return scheme.method === '3des-ecb-template' && repeatsBlock(bytes) ? ['blocks-repeat'] : [];
}
