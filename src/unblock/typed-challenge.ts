// What a card's holder typed as its challenge, and whether there is any point in asking.
import { type ChallengeRefusal, parseChallenge, type ParsedChallenge } from '../card/challenge.js';
import { BLOCK_BYTES } from '../card/cipher.js';
import { looksRandom } from '../card/looks-random.js';
import { toHex } from '../lib/bytes.js';
import { isRefused, refuse, type Refused } from '../lib/refusal.js';
import type { CardFacts } from './request-store.js';
import { cannotBeUnblocked } from './standing.js';

/** A challenge with misread characters repaired: the person must confirm it before anything is done with it. */
export interface ToConfirm {
  readonly confirm: ParsedChallenge;
}

/** Why nothing can be done here for any of a person's cards, said before a code is asked for and counted; else null. */
export function unfitToAsk(cards: readonly CardFacts[]): Refused<'no-card' | 'not-recoverable' | 'no-challenge-response'> | null {
  const [first] = cards;
  if (first === undefined) return refuse('no-card');
  if (cards.some(({ profile, unlock }) => profile !== null && unlock !== 'not-recoverable')) return null;
  return first.unlock === 'not-recoverable' ? cannotBeUnblocked(first) : refuse('no-challenge-response');
}

/** `hex` is null for a card that asks for its PUK: whatever was typed there means nothing to it. */
export function readChallenge(
  text: string,
  { profile, unlock }: CardFacts,
): { readonly hex: string | null } | ToConfirm | Refused<ChallengeRefusal | 'challenge-not-random' | 'no-challenge-response'> {
  if (unlock === 'puk' || unlock === 'puk-as-hex') return { hex: null };
  if (profile === null || profile.cipher === null) return refuse('no-challenge-response');
  const read = parseChallenge(text, profile.challengeBytes);
  if (isRefused(read)) return read;
  if (!looksRandom(read.bytes, BLOCK_BYTES[profile.cipher])) return refuse('challenge-not-random');
  return read.repaired.length > 0 ? { confirm: read } : { hex: toHex(read.bytes) };
}
