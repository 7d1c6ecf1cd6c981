// What is unusual about a request, one line each: for whoever decides, and for the agent who asks for a caller.
import { hasName } from '../approval/name-key.js';
import { PRIVILEGED_TAG } from '../approval/policy.js';
import { DAY_MS } from '../lib/clock.js';
import { inertText } from '../lib/inert-text.js';
import type { RequestPicture } from '../unblock/request-store.js';
import { isNearLimit, triesLeft } from '../unblock/standing.js';
import type { Block } from './message.js';
import type { Speech } from './speech.js';

const NEW_AUTHENTICATOR_MS = 7 * DAY_MS;
/** From this many requests in 30 days on, an approver is told that it is unusual. */
const OFTEN = 3;
const TAGS_LENGTH = 80;

/** For an approver. */
export function unusualLines(picture: RequestPicture, speech: Speech): readonly Block[] {
  const { request, card, counts } = picture;
  const { say, voting } = speech.words;
  const lines = [...newAuthenticator(picture, speech), ...refusedCodes(picture, speech)];
  if ('outsideHours' in request) lines.push(voting.outsideHours);
  const tags = card.tags.filter((tag) => tag !== PRIVILEGED_TAG);
  if (tags.length > 0) lines.push(voting.tagged(inertText(tags.join(', '), TAGS_LENGTH)));
  if (counts.personRequestsThisMonth >= OFTEN) lines.push(say.often(counts.personRequestsThisMonth));
  lines.push(...pastRequests(picture, speech), ...privileged(picture, speech));
  if (card.refusedResponses > 0) lines.push(say.refusedBefore(card.refusedResponses));
  if (isNearLimit(card)) lines.push(say.nearLimit(triesLeft(card)));
  if (card.unlock !== 'cryptogram') lines.push(say.pukAsk);
  return lines.map(warning);
}

/** For the agent: what speaks against the voice on the telephone. */
export function callerWarnings(picture: RequestPicture, speech: Speech): readonly Block[] {
  const lines = [newAuthenticator, refusedCodes, pastRequests, privileged].flatMap((lookAt) => lookAt(picture, speech));
  return lines.map(warning);
}

function newAuthenticator({ authenticatorSince }: RequestPicture, { words, time, now }: Speech): string[] {
  const since = authenticatorSince?.getTime() ?? 0;
  return now() - since < NEW_AUTHENTICATOR_MS ? [words.say.newAuthenticator(time(since))] : [];
}

function refusedCodes({ refusedCodes: lately }: RequestPicture, { words, time }: Speech): string[] {
  return lately === null ? [] : [words.assisting.refusedCodes(lately.count, time(lately.since.getTime()))];
}

/** Of assisted requests alone: who asks in person is looked at by how often, not by when. */
function pastRequests({ request, past }: RequestPicture, { words, time }: Speech): string[] {
  if (request.agentId === undefined) return [];
  const ones = past.map(({ openedAt, state }) => `${time(openedAt)} ${words.pastState[state]}`);
  return [ones.length === 0 ? words.assisting.firstRequest : words.assisting.pastRequests(ones.join('; '))];
}

function privileged({ card }: RequestPicture, { words }: Speech): string[] {
  return hasName(card.tags, PRIVILEGED_TAG) ? [words.say.privileged] : [];
}

function warning(text: string): Block {
  return { kind: 'text', text, style: 'warning' };
}
