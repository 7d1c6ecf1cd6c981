// docs/derivation.md: every scheme on the page can be used, and every method has one.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseDerivationScheme } from '../../../src/card/derive/scheme-file.js';
import { DERIVATION_METHODS, derivationSchemeSchema } from '../../../src/card/derive/scheme.js';

const page = readFileSync('docs/derivation.md', 'utf8');
const examples = [...page.matchAll(/```yaml\n([^`]*)```/g)].map(([, text]) => text ?? '');
const schemes = examples.flatMap((text) => {
  const read = parseDerivationScheme(text);
  return 'scheme' in read ? [read.scheme] : [];
});

describe('the page about derived keys', () => {
  it('has examples that are all schemes', () => {
    expect(examples.length).toBeGreaterThan(6);
    expect(examples.flatMap((text) => ('problems' in parseDerivationScheme(text) ? [text] : []))).toEqual([]);
  });

  it('shows or names every method', () => {
    expect(DERIVATION_METHODS.filter((method) => !page.includes(`\`${method}\``) && !page.includes(`method: ${method}`))).toEqual([]);
    expect(new Set(schemes.map(({ method }) => method)).size).toBe(derivationSchemeSchema.options.length);
  });
});
