// Reads test/vectors/derivation.json, and makes schemes for the tests.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { derivationSchemeSchema } from '../../../src/card/derive/scheme.js';
import type { DerivationScheme } from '../../../src/card/derive/scheme.js';

const an10922Vector = z.object({ id: z.string(), variant: z.string(), master: z.string(), m: z.string(), key: z.string(), source: z.string() });
const counterVector = z.object({
  id: z.string(),
  prf: z.string(),
  counterBits: z.number(),
  keyBits: z.number(),
  master: z.string(),
  fixedInput: z.string(),
  key: z.string(),
});
const kddVector = z.object({
  method: z.string(),
  selector: z.number(),
  master: z.string(),
  kdd: z.string(),
  key: z.string(),
  kcv: z.string(),
});

const file = z.object({
  an10922: z.array(an10922Vector),
  an10922Notes: z.object({
    d4OtherParity: z.object({ key: z.string() }),
    beforeKeyVersion: z.object({ d4: z.string(), d5: z.string() }),
    d6PlainCmac: z.object({ key: z.string() }),
  }),
  sp800108: z.object({ vectors: z.array(counterVector) }),
  globalPlatform: z.object({ vectors: z.array(kddVector) }),
  kdf3: z.object({ selector: z.number(), master: z.string(), kdd: z.string(), key: z.string() }),
  notPublished: z.object({
    visa: z.array(kddVector),
    template: z.object({
      serial: z.string(),
      diversifier: z.string(),
      master: z.string(),
      key: z.string(),
      challenge: z.string(),
      response: z.string(),
    }),
  }),
});

export const derivationVectors = file.parse(
  JSON.parse(readFileSync(new URL('../../vectors/derivation.json', import.meta.url), 'utf8')),
);

/** A scheme that the test itself wrote; the serial is hex unless the test says otherwise. */
export function schemeOf(settings: Readonly<Record<string, unknown>>): DerivationScheme {
  return derivationSchemeSchema.parse({ serial: { encoding: 'hex' }, ...settings });
}
