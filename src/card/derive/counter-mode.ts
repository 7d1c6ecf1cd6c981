// NIST SP 800-108 key derivation in counter mode, the counter before the fixed input.
import { createHmac } from 'node:crypto';
import { cmac } from '@noble/ciphers/aes.js';
import { concat, utf8, wipe } from '../../lib/bytes.js';
import type { CounterModeScheme } from './scheme.js';

export interface CounterMode {
  readonly prf: 'cmac' | 'hmac-sha-256';
  /** r: 8, 16, 24 or 32. */
  readonly counterBits: number;
  /** Of the derived key. */
  readonly bytes: number;
}

const SEPARATOR = new Uint8Array(1);
const LENGTH_BYTES = 4;

/** A scheme's derived key. The context is the card's diversifier, or all of the fixed input where the scheme says raw. */
export function deriveCounterMode(scheme: CounterModeScheme, master: Uint8Array, context: Uint8Array): Uint8Array {
  const { counterBits, keyBits } = scheme;
  const prf = scheme.prf === 'hmac-sha-256' ? 'hmac-sha-256' : 'cmac';
  const fixedInput = scheme.fixedInput === 'raw' ? context : concat(labelOf(scheme), SEPARATOR, context, bigEndian(keyBits, LENGTH_BYTES));
  return counterMode({ prf, counterBits, bytes: keyBits / 8 }, master, fixedInput);
}

/** K(i) = PRF(master, [i]_r ‖ fixedInput), i from 1, joined and cut to size (SP 800-108r1, section 4.1). */
export function counterMode({ prf, counterBits, bytes }: CounterMode, master: Uint8Array, fixedInput: Uint8Array): Uint8Array {
  const key = new Uint8Array(bytes);
  for (let at = 0, counter = 1; at < bytes; counter += 1) {
    const input = concat(bigEndian(counter, counterBits / 8), fixedInput);
    const mac = prf === 'cmac' ? cmac(input, master) : createHmac('sha256', master).update(input).digest();
    key.set(mac.subarray(0, bytes - at), at);
    at += mac.length;
    wipe(mac);
  }
  return key;
}

function labelOf({ label, labelHex }: CounterModeScheme): Uint8Array {
  return labelHex === '' ? utf8(label) : Buffer.from(labelHex, 'hex');
}

function bigEndian(number: number, size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(number, 0, size);
  return bytes;
}
