// An entry's text holds all of its row, so that its hash changes with any part of it.
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auditBody, type AuditDraft, canonicalEntry, entryLeaf } from '../../src/audit/entry.js';
import { canonicalJson, type Json } from '../../src/lib/canonical-json.js';
import { hex } from './vectors.js';

const draft: AuditDraft = {
  kind: 'vote',
  actor: 'dana',
  requestId: 'r1',
  cardId: 'c1',
  personId: 'erin',
  policyHash: null,
  facts: { verdict: 'approve', round: 1, groups: ['desk'] },
};
const entry = { id: 7n, at: new Date('2026-03-04T05:06:07.089Z'), body: auditBody(draft) };

describe('the canonical entry', () => {
  it('is the JSON of all its columns with sorted keys', () => {
    expect(canonicalEntry(entry)).toBe(
      '{"at":"2026-03-04T05:06:07.089Z","body":{"actor":"dana","cardId":"c1","facts":{"groups":["desk"],"round":1,' +
        '"verdict":"approve"},"kind":"vote","personId":"erin","policyHash":null,"requestId":"r1"},"id":"7","v":1}',
    );
  });

  it('is canonical JSON whatever the facts are', () => {
    const facts = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean()));
    fc.assert(
      fc.property(facts, fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), (any, id) => {
        const text = canonicalEntry({ ...entry, id, body: auditBody({ ...draft, facts: any }) });
        expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
      }),
    );
  });

  it('is hashed as a leaf of RFC 6962', () => {
    const expected = createHash('sha256').update(`\u0000${canonicalEntry(entry)}`).digest('hex');
    expect(hex(entryLeaf(entry))).toBe(expected);
  });

  it('has another leaf with any column changed', () => {
    const others = [
      { ...entry, id: 8n },
      { ...entry, at: new Date(entry.at.getTime() + 1) },
      { ...entry, at: new Date(Number.NaN) },
      { ...entry, body: auditBody({ ...draft, actor: 'erin' }) },
      { ...entry, body: `${entry.body} ` },
    ];
    const leaves = [entry, ...others].map((one) => hex(entryLeaf(one)));
    expect(new Set(leaves).size).toBe(leaves.length);
  });

  it('is not made of a fact that JSON cannot hold', () => {
    expect(() => auditBody({ ...draft, facts: { round: Number.NaN } })).toThrow(TypeError);
  });
});
