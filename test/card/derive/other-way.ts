// The same derivations worked out in another way: CMAC from CBC, HMAC from its hash, numbers as BigInt, all by node:crypto.
import { createCipheriv, createHash } from 'node:crypto';

const ZEROS = Buffer.alloc(16);

/** NIST SP 800-38B, over at least `blocks` blocks. */
export function cmacByCbc(cbc: string, key: Buffer, message: Buffer, blocks = 1): Buffer {
  const size = cbc.startsWith('aes') ? 16 : 8;
  const count = Math.max(blocks, Math.ceil(message.length / size));
  const whole = message.length === count * size;
  const padded = whole ? message : Buffer.concat([message, Buffer.from([0x80]), ZEROS, ZEROS]).subarray(0, count * size);
  const base = toNumber(cbcOf(cbc, key, Buffer.alloc(size)));
  const subkey = whole ? doubled(base, size) : doubled(doubled(base, size), size);
  return cbcOf(cbc, key, toBytes(toNumber(padded) ^ subkey, padded.length)).subarray(-size);
}

export function hmacByHash(key: Buffer, message: Buffer): Buffer {
  const filled = Buffer.concat([key, Buffer.alloc(64)]).subarray(0, 64);
  const inner = createHash('sha256').update(filled.map((byte) => byte ^ 0x36)).update(message).digest();
  return createHash('sha256').update(filled.map((byte) => byte ^ 0x5c)).update(inner).digest();
}

/** Counter mode with the fixed input written out as hex text first. */
export function counterModeByText(prf: (message: Buffer) => Buffer, counterBits: number, fixedInput: string, bytes: number): Buffer {
  const counters = [1, 2].map((counter) => counter.toString(16).padStart(counterBits / 4, '0'));
  return Buffer.concat(counters.map((counter) => prf(Buffer.from(counter + fixedInput, 'hex')))).subarray(0, bytes);
}

/** 3DES-ECB as single DES three times over, which OpenSSL calls EDE3 with three keys. */
export function tripleDesEcb(key: Buffer, blocks: Buffer): Buffer {
  const three = Buffer.concat([key, key]).subarray(0, 24);
  const chunks = Array.from({ length: blocks.length / 8 }, (_, at) => blocks.subarray(at * 8, at * 8 + 8));
  // CBC with a zero IV over one block is ECB.
  return Buffer.concat(chunks.map((chunk) => cbcOf('des-ede3-cbc', three, chunk)));
}

function cbcOf(cbc: string, key: Buffer, message: Buffer): Buffer {
  const used = cbc === 'des-ede3-cbc' ? Buffer.concat([key, key]).subarray(0, 24) : key;
  const cipher = createCipheriv(cbc, used, Buffer.alloc(cbc.startsWith('aes') ? 16 : 8)).setAutoPadding(false);
  return Buffer.concat([cipher.update(message), cipher.final()]);
}

/** Twice the element in GF(2^64) or GF(2^128). */
function doubled(element: bigint, size: number): bigint {
  const bits = BigInt(size * 8);
  const reduction = size === 8 ? 0x1bn : 0x87n;
  const twice = element << 1n;
  return twice >> bits === 0n ? twice : (twice ^ (1n << bits)) ^ reduction;
}

function toNumber(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function toBytes(number: bigint, size: number): Buffer {
  return Buffer.from(number.toString(16).padStart(size * 2, '0'), 'hex');
}
