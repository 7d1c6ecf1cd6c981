// Why a card may have refused a response, as sentences for its holder.
import { diagnoseRefusal } from '../card/diagnosis.js';
import { responseLimit } from '../card/profile.js';
import type { CardFacts, RequestPicture } from '../unblock/request-store.js';
import type { Speech } from './speech.js';

/**
 * The likeliest first; none where nothing stands out or the card was shown its PUK. `onScreen`: the challenge that the
 * person types now, '' before they did; `refusals`: of this card, the present one included.
 */
export function causesOf(
  { request, card: { profile } }: Pick<RequestPicture, 'request' | 'card'>,
  { onScreen, refusals }: { readonly onScreen: string; readonly refusals: number },
  { words }: Speech,
): readonly string[] {
  if (request.state !== 'answered' || request.challenge === null || profile === null) return [];
  const { challengeBytes, confirmed } = profile;
  const causes = diagnoseRefusal({
    challengeBytes,
    confirmed,
    answeredHex: request.challenge,
    onScreen,
    refusals,
    limit: responseLimit(profile),
  });
  return causes.map(({ cause, detail }) => words.say.cause[cause](detail));
}

/** How often the card refused once the present refusal is counted. */
export function refusalsWithThis({ refusedResponses }: CardFacts): number {
  return refusedResponses + 1;
}
