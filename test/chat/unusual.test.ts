// What the agent who asks for a caller is warned of, and which of it an approver reads too.
import { describe, expect, it } from '@jest/globals';
import { PRIVILEGED_TAG } from '../../src/approval/policy.js';
import { timeWords } from '../../src/chat/clock-words.js';
import { ENGLISH } from '../../src/chat/english.js';
import type { Speech } from '../../src/chat/speech.js';
import { callerWarnings, unusualLines } from '../../src/chat/unusual.js';
import { agentMessage } from '../../src/chat/views.js';
import { DAY_MS } from '../../src/lib/clock.js';
import type { RequestPicture } from '../../src/unblock/request-store.js';
import { textOf } from '../flows/steps.js';
import { answered, byId, CARD, CLOSED, minute, NO_COUNTS, PEOPLE, waiting } from '../unblock/support.js';

const { say, assisting, pastState } = ENGLISH;
const now = () => minute(5);
const speech: Speech = { words: ENGLISH, now, time: timeWords('UTC', 'en-GB', now) };
const PAST = [{ openedAt: minute(-1440), state: 'denied' as const }, { openedAt: minute(-2880), state: 'done' as const }];

const wellKnown: RequestPicture = {
  request: waiting({ agentId: 'sam' }),
  card: CARD,
  people: byId(PEOPLE),
  counts: NO_COUNTS,
  authenticatorSince: new Date(minute(5) - 90 * DAY_MS),
  unreached: [],
  refusedCodes: null,
  past: PAST,
};
const lines = (of: typeof unusualLines, more: Partial<RequestPicture>) => of({ ...wellKnown, ...more }, speech).map((block) => (block.kind === 'text' ? block.text : ''));
const LAST = assisting.pastRequests(`31 May, 09:00 UTC ${pastState.denied}; 30 May, 09:00 UTC ${pastState.done}`);

describe('the agent', () => {
  it.each<[string, Partial<RequestPicture>, string]>([
    ['a new authenticator, and since when', { authenticatorSince: new Date(minute(5) - 2 * DAY_MS) }, say.newAuthenticator('30 May, 09:05 UTC')],
    ['codes that were refused, and since when', { refusedCodes: { count: 2, since: new Date(minute(-90)) } }, assisting.refusedCodes(2, '07:30 UTC')],
    ['a privileged card', { card: { ...CARD, tags: [PRIVILEGED_TAG] } }, say.privileged],
  ])('is warned of %s, and so is the approver', (_, more, sentence) => {
    expect(lines(callerWarnings, {})).not.toContain(sentence);
    expect(lines(callerWarnings, more)).toContain(sentence);
    expect(lines(unusualLines, more)).toContain(sentence);
  });

  it('reads the requests before in one line, with their outcomes', () => {
    expect(lines(callerWarnings, {})).toEqual([LAST]);
    expect(lines(unusualLines, {})).toEqual([LAST]);
    expect(lines(callerWarnings, { past: [] })).toEqual([assisting.firstRequest]);
  });

  it('is warned no more once the request is closed', () => {
    expect(textOf(agentMessage(wellKnown, speech))).toContain(LAST);
    for (const request of CLOSED) expect(textOf(agentMessage({ ...wellKnown, request: { ...request, agentId: 'sam' } }, speech))).not.toContain(LAST);
  });

  it('has no button to see a response again', () => {
    const message = agentMessage({ ...wellKnown, request: answered({ agentId: 'sam' }) }, speech);
    expect(message.buttons.map(({ action }) => action)).toEqual(['it-worked', 'it-was-refused']);
    expect(textOf(message)).toContain(assisting.shown);
    expect(textOf(agentMessage({ ...wellKnown, request: answered({ agentId: 'sam', challenge: null }) }, speech))).toContain(assisting.pukShown);
  });
});

describe('the approver of somebody who asks in person', () => {
  it('reads nothing of their requests before', () => {
    expect(lines(unusualLines, { request: waiting() })).toEqual([]);
  });
});
