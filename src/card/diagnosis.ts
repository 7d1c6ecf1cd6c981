// Why a card may have refused a response, from what its holder sees on the screen now.
import { fromHex, inGroups, toHex } from '../lib/bytes.js';
import { isRefused } from '../lib/refusal.js';
import type { LengthSuggestion } from './challenge-length.js';
import { parseChallenge } from './challenge.js';
import { GUARDED_RESPONSES } from './profile.js';

/** The facts about a refused response. No key and no response are among them. */
export interface RefusedResponse {
  /** As the card's profile has it. */
  readonly challengeBytes: number;
  /** Whether such a card was ever seen to take a response. */
  readonly confirmed: boolean;
  /** The challenge that was answered, in hex. */
  readonly answeredHex: string;
  /** What the person types off the screen now; blank where they did not say. */
  readonly onScreen: string;
  /** Refused responses of this card since the last success, this one included. */
  readonly refusals: number;
  /** Refused responses after which the card may block for good. */
  readonly limit: number;
}

/**
 * A possible cause, and what its sentence needs to name, all text:
 * - 'other-length': the screen shows the challenge of another kind of card; the details of `parseChallenge`'s
 *   'challenge-length', `suggests` ('aes' or '3des') among them;
 * - 'screen-unreadable': what was typed is no challenge; its `reason` and details;
 * - 'challenge-misread': the screen may have shown the same all along, and it was read wrongly; `answered` and `shown`
 *   in groups of four, and `positions`, digits counted from 1;
 * - 'same-challenge': the screen still shows the answered one: the response was mistyped or not accepted; `shown`;
 * - 'challenge-changed': the screen shows another one, for which the response was never good; `answered` and `shown`;
 * - 'wrong-card-or-key': refused again: another card than the registered one is in the reader, or its key is another;
 *   `refusals`;
 * - 'kind-not-confirmed': nobody has seen such a card take a response;
 * - 'near-limit': `left` more refusals may block the card for good.
 */
export interface RefusalCause {
  readonly cause:
    | 'other-length'
    | 'screen-unreadable'
    | 'challenge-misread'
    | 'same-challenge'
    | 'challenge-changed'
    | 'wrong-card-or-key'
    | 'kind-not-confirmed'
    | 'near-limit';
  readonly detail: Readonly<Record<string, string>>;
}

/** A second refusal in a row is hardly a typing mistake. */
const REFUSALS_OF_A_WRONG_KEY = 2;

/** Causes, the likeliest first. None is certain; an empty list means that nothing stands out. */
export function diagnoseRefusal(refused: RefusedResponse): readonly RefusalCause[] {
  const causes = fromScreen(refused);
  const { refusals, limit } = refused;
  if (refusals >= REFUSALS_OF_A_WRONG_KEY) {
    causes.push({ cause: 'wrong-card-or-key', detail: { refusals: String(refusals) } });
  }
  if (!refused.confirmed) causes.push({ cause: 'kind-not-confirmed', detail: {} });
  const left = Math.max(0, limit - refusals);
  if (left <= GUARDED_RESPONSES) causes.push({ cause: 'near-limit', detail: { left: String(left) } });
  return causes;
}

/** Suggestions of a length that a screen does show. Any other is a slip in typing, which the refusal itself explains. */
const OTHER_KINDS: readonly string[] = ['aes', '3des'] satisfies readonly LengthSuggestion[];

function fromScreen({ challengeBytes, answeredHex, onScreen }: RefusedResponse): RefusalCause[] {
  const seen = parseChallenge(onScreen, challengeBytes);
  if (!isRefused(seen)) return [compare(answeredHex, seen.bytes)];
  const detail = seen.detail ?? {};
  if (seen.refused === 'challenge-not-hex') return [{ cause: 'screen-unreadable', detail: { ...detail, reason: seen.refused } }];
  return OTHER_KINDS.includes(detail['suggests'] ?? '') ? [{ cause: 'other-length', detail }] : [];
}

function compare(answeredHex: string, bytes: Uint8Array): RefusalCause {
  const answered = toHex(fromHex(answeredHex) ?? new Uint8Array());
  const now = toHex(bytes);
  const shown = inGroups(now);
  if (now === answered) return { cause: 'same-challenge', detail: { shown } };
  const both = { answered: inGroups(answered), shown };
  const apart = Array.from(now).flatMap((digit, at) => (digit === answered[at] ? [] : [at]));
  const misread = apart.length <= MOST_MISREAD && apart.every((at) => areConfused(now[at] ?? '', answered[at] ?? ''));
  if (!misread) return { cause: 'challenge-changed', detail: both };
  return { cause: 'challenge-misread', detail: { ...both, positions: apart.map((at) => String(at + 1)).join(', ') } };
}

/** Two random challenges of 8 bytes agree in 13 of 16 digits less than once in 2^40. */
const MOST_MISREAD = 3;

/** Digits that are taken for each other on a screen or by ear, where no reading can tell which was meant. */
const CONFUSED: readonly string[] = [
  ...['8B', '0D', '6B', '56', '38', '17', '0C', 'EF', '49', '4A'],
  ...['BC', 'BD', 'BE', 'CD', 'CE', 'DE', '3B', '3C', '3D', '3E', '8A', '59'],
];

function areConfused(one: string, other: string): boolean {
  return CONFUSED.some((pair) => pair === one + other || pair === other + one);
}
