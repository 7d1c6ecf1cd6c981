// What a secret is bound to: every fact counts, and no two lists of facts give the same bytes.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toHex } from '../../src/lib/bytes.js';
import { associatedBytes, authenticatorBinding, cardBinding, vaultKeyBinding } from '../../src/vault/binding.js';

const text = fc.string({ maxLength: 8 });
const someBinding = fc.record({
  table: text,
  column: text,
  rowId: text,
  keyVersion: fc.nat(20),
  facts: fc.array(text, { maxLength: 3 }),
});

describe('associatedBytes', () => {
  it('differ for different bindings and agree for equal ones', () => {
    fc.assert(
      fc.property(someBinding, someBinding, (one, other) => {
        const sameBytes = toHex(associatedBytes(one)) === toHex(associatedBytes(other));
        expect(sameBytes).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  it('tell facts apart that only run together', () => {
    const binding = vaultKeyBinding('a');
    expect(associatedBytes({ ...binding, facts: ['ab', 'c'] })).not.toEqual(associatedBytes({ ...binding, facts: ['a', 'bc'] }));
  });
});

describe('a binding', () => {
  const card = { cardId: 'c1', serial: 's1', profile: 'gids', unlock: 'cryptogram', keyVersion: 1 };
  const authenticator = { authenticatorId: 'a1', personId: 'p1', algorithm: 'totp-sha1-6-30' };

  it.each([
    { cardId: 'c2' },
    { serial: 's2' },
    { profile: 'piv-3des' },
    { unlock: 'puk' },
    { keyVersion: 2 },
  ])('of a card changes with %j', (change) => {
    expect(associatedBytes(cardBinding({ ...card, ...change }))).not.toEqual(associatedBytes(cardBinding(card)));
  });

  it.each([{ authenticatorId: 'a2' }, { personId: 'p2' }, { algorithm: 'totp-sha256-8-30' }])(
    'of an authenticator changes with %j',
    (change) => {
      expect(associatedBytes(authenticatorBinding({ ...authenticator, ...change }))).not.toEqual(
        associatedBytes(authenticatorBinding(authenticator)),
      );
    },
  );
});
