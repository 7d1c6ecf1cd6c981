// The only place where a card's secret is opened: its PUK to be shown, or its key to meet a challenge.
import { deriveKey } from '../card/derive/derive-key.js';
import { parseDerivationScheme } from '../card/derive/scheme-file.js';
import { keyCheckValue } from '../card/kcv.js';
import { computeResponse, Response } from '../card/response.js';
import { fromHex, wipe } from '../lib/bytes.js';
import type { DerivedCard, KeyVault, SealedCard } from '../vault/key-vault.js';
import type { CardFacts } from './request-store.js';
import type { UnblockRequest } from './request.js';

export type CardVault = Pick<KeyVault, 'withCardKey' | 'withMasterKey'>;

/** Throws where the request, the card and its secret do not belong together: decisions let none of that come so far. */
export function computeAnswer(
  vault: CardVault,
  secret: SealedCard | DerivedCard,
  { card, request }: { readonly card: CardFacts; readonly request: UnblockRequest },
): Promise<Response> {
  if (request.state !== 'answered') throw new Error('a response is computed for an answered request only');
  const { profile, unlock } = card;
  if (unlock === 'puk' || unlock === 'puk-as-hex') {
    if ('master' in secret || request.challenge !== null) throw new Error(`request ${request.id} is not about a PUK`);
    return vault.withCardKey(secret, (puk) => Response.ofPuk(puk, unlock));
  }
  const challenge = request.challenge === null ? null : fromHex(request.challenge);
  if (challenge === null || profile === null) throw new Error(`request ${request.id} cannot be computed`);
  const answer = (key: Uint8Array): Response => {
    // A key that is not the imported one (another derivation, a damaged row) would cost the card one of its tries.
    const fits = profile.cipher !== null && keyCheckValue(profile.cipher, key) === card.kcv;
    if (!fits) throw new Error(`the key of card ${card.id} does not fit its check value`);
    return computeResponse(profile, key, challenge);
  };
  return 'master' in secret ? withDerivedKey(vault, secret, answer) : vault.withCardKey(secret, answer);
}

function withDerivedKey<T>(vault: CardVault, { master, diversifier }: DerivedCard, use: (key: Uint8Array) => T): Promise<T> {
  const read = parseDerivationScheme(master.scheme);
  if ('problems' in read) throw new Error(`the scheme of master key ${master.name} cannot be read`);
  return vault.withMasterKey(master, (masterKey) => {
    const key = deriveKey(read.scheme, masterKey, diversifier);
    try {
      return use(key);
    } finally {
      wipe(key);
    }
  });
}
