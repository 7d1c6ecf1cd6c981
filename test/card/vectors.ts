// Reads the vector files of test/vectors, each of which names its sources.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { fromHex } from '../../src/lib/bytes.js';

const cipher = z.enum(['3des', 'aes-128', 'aes-192', 'aes-256']);

const acceptedFile = z.object({
  accepted: z.array(
    z.object({ card: z.string(), standard: z.string(), cipher, key: z.string(), challenge: z.string(), response: z.string() }),
  ),
});

const publishedFile = z.object({
  responses: z.array(z.object({ id: z.string(), cipher, key: z.string(), challenge: z.string(), response: z.string() })),
  neverTheResponse: z.array(
    z.object({ id: z.string(), cipher, key: z.string(), challenge: z.string(), decryption: z.string() }),
  ),
  severalBlocks: z.array(
    z.object({ id: z.string(), cipher, key: z.string(), challenge: z.string(), response: z.string(), blockByBlock: z.string() }),
  ),
  twoKey: z.array(z.object({ id: z.string(), key: z.string(), sameAs: z.string(), challenge: z.string(), response: z.string() })),
  puksAsHex: z.array(z.object({ id: z.string(), puk: z.string(), typed: z.string() })),
  sameKeyOtherParity: z.array(z.object({ key: z.string(), sameAs: z.string() })),
});

const kcvFile = z.object({
  values: z.array(z.object({ cipher, key: z.string(), kcvs: z.array(z.string().nullable()) })),
});

export const accepted = acceptedFile.parse(readVectors('card-responses')).accepted;
export const published = publishedFile.parse(readVectors('published-responses'));
export const checkValues = kcvFile.parse(readVectors('key-check-values')).values;

/** Bytes of hex that the test itself wrote. */
export function hex(digits: string): Uint8Array {
  const bytes = fromHex(digits);
  if (bytes === null) throw new Error('the test has a vector that is not hex');
  return bytes;
}

function readVectors(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));
}
