// How a request looks to the person who asked, to those who decide, and in every state.
import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../src/chat/message.js';
import { approverMessage, cardName, eventMessage, requesterMessage, type Speech, welcomeMessage } from '../../src/chat/views.js';
import { ENGLISH } from '../../src/chat/wording.js';
import { timeWords } from '../../src/chat/clock-words.js';
import { DAY_MS } from '../../src/lib/clock.js';
import { EVENT_NOTICE_KINDS, type RequestPicture } from '../../src/unblock/request-store.js';
import type { UnblockRequest } from '../../src/unblock/request.js';
import { textOf } from '../flows/steps.js';
import { answered, approved, byId, CARD, CHALLENGE, CLOSED, minute, NO_COUNTS, ONE_OF_EITHER, opened, PEOPLE, person, TWO_AT_THE_DESK, waiting } from '../unblock/support.js';

const now = () => minute(5);
const speech: Speech = { words: ENGLISH, now, time: timeWords('UTC', 'en-GB', now) };

const NAMED = byId(PEOPLE.map((one) => ({ ...one, name: one.id.charAt(0).toUpperCase() + one.id.slice(1) })));

function picture(request: UnblockRequest, more: Partial<RequestPicture> = {}): RequestPicture {
  return { request, card: CARD, people: NAMED, counts: NO_COUNTS, authenticatorSince: new Date(minute(5) - 90 * DAY_MS), ...more };
}

function mine(request: UnblockRequest, more: Partial<RequestPicture> = {}): Message {
  return requesterMessage(picture(request, more), speech);
}

function asked(request: UnblockRequest, personId: string | null = 'dana', more: Partial<RequestPicture> = {}): Message {
  return approverMessage(picture(request, more), personId, speech);
}

const actions = (message: Message) => message.buttons.map(({ action }) => action);

const refusedOnce = answered({ refusedAt: minute(4) });
const nextRound = approved({ round: 1, firstRevealedAt: minute(3) });
const [worked, denied, cancelled, expired, failed] = CLOSED;
const unconfirmed: UnblockRequest = { ...closed('done'), outcome: 'unconfirmed' };
const frozen: UnblockRequest = { ...closed('cancelled'), why: 'frozen', by: null };
const byDirectory: UnblockRequest = { ...closed('denied'), by: null, why: 'person-inactive' };

function closed<S extends UnblockRequest['state']>(state: S): Extract<UnblockRequest, { state: S }> {
  const found = CLOSED.find((request): request is Extract<UnblockRequest, { state: S }> => request.state === state);
  if (found === undefined) throw new Error(state);
  return found;
}

type Row = readonly [string, UnblockRequest | undefined, Message['tone'], readonly string[], string];

describe('the person who asked', () => {
  it.each<Row>([
    ['opened', opened(), 'neutral', ['cancel', 'not-me'], 'Keep the unblock screen open'],
    ['waiting', waiting(), 'waiting', ['give-new-challenge', 'cancel', 'not-me'], 'Dana (your manager)'],
    ['reminded', waiting({ remindedAt: minute(4) }), 'waiting', ['give-new-challenge', 'cancel', 'not-me'], 'They were reminded.'],
    ['approved', approved(), 'good', ['show-response', 'give-new-challenge', 'cancel', 'not-me'], 'Approved by Dana.'],
    ['approved by a rule', approved({ approvals: [] }), 'good', ['show-response', 'give-new-challenge', 'cancel', 'not-me'], 'Your policy asks nobody else.'],
    ['in the next round', nextRound, 'good', ['show-response', 'give-new-challenge', 'cancel', 'not-me'], 'A new challenge was taken after the card refused a response.'],
    ['answered', answered(), 'good', ['show-response', 'it-worked', 'it-was-refused', 'not-me'], 'The response can be shown until 09:08 UTC.'],
    ['answered a while ago', answered({ shownUntil: minute(5) }), 'good', ['it-worked', 'it-was-refused', 'not-me'], 'Did it work?'],
    ['refused by the card', refusedOnce, 'warning', ['give-new-challenge', 'not-me'], 'give it before 09:13 UTC'],
    ['done', worked, 'good', ['not-me'], 'Your card works again.'],
    ['done, nobody knows how', unconfirmed, 'neutral', ['not-me'], 'you did not say whether it worked'],
    ['denied', denied, 'bad', ['not-me'], 'Denied by Dana: not now'],
    ['ended by the directory', byDirectory, 'bad', ['not-me'], 'Ended, because the card, its holder or an approver changed.'],
    ['cancelled', cancelled, 'neutral', ['not-me'], 'Cancelled by the person who asked.'],
    ['frozen', frozen, 'neutral', [], 'Ended, because the card was frozen.'],
    ['expired', expired, 'bad', ['not-me'], 'Expired: nobody decided in time'],
    ['failed', failed, 'bad', ['not-me'], 'Ended after three wrong codes.'],
  ])('whose request is %s sees that, and what can be done', (_, request = opened(), tone, buttons, text) => {
    const message = mine(request);
    expect(message.tone).toBe(tone);
    expect(actions(message)).toEqual(buttons);
    expect(textOf(message)).toContain(text);
  });

  it('sees who has agreed and who is still waited for', () => {
    const half = waiting({ requirement: TWO_AT_THE_DESK, approvals: [{ approverId: 'sam', at: minute(2) }] });
    expect(textOf(mine(half))).toContain('Approved so far by Sam.');
  });

  it('without a manager is told of those who can decide', () => {
    const people = byId([person('emma'), person('sam', { groups: ['helpdesk'] })]);
    expect(textOf(mine(waiting(), { people }))).toContain('the helpdesk');
    expect(textOf(mine(waiting(), { people }))).not.toContain('manager');
  });
});

describe('an approver', () => {
  it.each<Row>([
    ['waiting', waiting(), 'waiting', ['approve', 'deny'], 'Waiting for a decision.'],
    ['approved', approved(), 'good', ['revoke'], 'Approved. The response was not shown yet.'],
    ['in the next round', nextRound, 'good', ['revoke'], 'The card refused one response'],
    ['answered', answered(), 'good', [], 'Approved. The response was shown.'],
    ['refused by the card', refusedOnce, 'good', [], 'The card refused the response.'],
    ['done', worked, 'good', [], 'Closed: the card works again.'],
    ['done, nobody knows how', unconfirmed, 'good', [], 'the outcome is not known'],
    ['denied', denied, 'bad', [], 'Denied by Dana: not now'],
    ['ended by the directory', byDirectory, 'bad', [], 'Ended, because the card, its holder or an approver changed.'],
    ['cancelled', cancelled, 'neutral', [], 'Cancelled by the person who asked.'],
    ['frozen', frozen, 'neutral', [], 'Security was told.'],
    ['expired', expired, 'neutral', [], 'Expired. Nothing to do.'],
    ['failed', failed, 'bad', [], 'Ended without success.'],
  ])('of a request that is %s sees that, and what can be done', (_, request = opened(), tone, buttons, text) => {
    const message = asked(request);
    expect(message.tone).toBe(tone);
    expect(actions(message)).toEqual(buttons);
    expect(textOf(message)).toContain(text);
  });

  it('who has approved may only say no, and whoever has not may still say both', () => {
    const half = waiting({ requirement: TWO_AT_THE_DESK, approvals: [{ approverId: 'sam', at: minute(2) }] });
    expect(actions(asked(half, 'sam'))).toEqual(['deny']);
    expect(actions(asked(half, 'priya'))).toEqual(['approve', 'deny']);
    expect(actions(asked(approved(), 'sam'))).toEqual(['deny']);
    expect(actions(asked(approved(), null))).toEqual(['revoke']);
  });

  it('reads who asks, for which card, why, how verified and how often', () => {
    const text = textOf(asked(waiting(), 'dana', { counts: { ...NO_COUNTS, personRequestsThisMonth: 2 } }));
    expect(text).toContain('Emma, emma@example.com');
    expect(text).toContain("Emma's card (…EMMA), Windows minidriver card (GIDS)");
    expect(text).toContain('Reason: PIN forgotten');
    expect(text).toContain('Own one-time code at 09:01 UTC');
    expect(text).toContain('Requests in 30 days: 2');
  });

  it('reads why it is them who is asked', () => {
    const bySecurity = { ...ONE_OF_EITHER, stages: [{ from: ['group:security' as const], count: 1 }] };
    expect(textOf(asked(waiting(), 'dana'))).toContain('You are the manager of Emma.');
    expect(textOf(asked(waiting(), 'sam'))).toContain('You are at the helpdesk.');
    expect(textOf(asked(waiting(), null))).toContain('Anyone at the helpdesk may decide, but not on their own request.');
    const people = byId([person('emma'), person('eve', { groups: ['security'] })]);
    expect(textOf(asked(waiting({ requirement: bySecurity }), 'eve', { people }))).toContain('You are in the group security.');
    expect(textOf(asked(waiting(), 'eve'))).not.toContain('You are');
  });

  it.each<[string, Partial<RequestPicture>, string]>([
    ['a new authenticator', { authenticatorSince: new Date(minute(5) - 2 * DAY_MS) }, 'Unusual: the authenticator is new (30 May, 09:05 UTC).'],
    ['the third request in a month', { counts: { ...NO_COUNTS, personRequestsThisMonth: 3 } }, 'Unusual: request number 3 in 30 days.'],
    ['a card that refused a response', { card: { ...CARD, refusedResponses: 1 } }, 'Unusual: the card refused 1 response(s) lately.'],
  ])('is warned of %s, as long as something can be decided', (_, more, sentence) => {
    const message = asked(waiting(), 'dana', more);
    expect(message.blocks).toContainEqual({ kind: 'text', text: sentence, style: 'warning' });
    expect(textOf(asked(closed('expired'), 'dana', more))).not.toContain('Unusual');
    expect(textOf(asked(waiting()))).not.toContain('Unusual');
  });
});

describe('what is posted', () => {
  const requests = [opened(), waiting(), approved(), nextRound, answered(), refusedOnce, ...CLOSED, unconfirmed, frozen, byDirectory];
  const everything = requests.flatMap((request) => [mine(request), asked(request), asked(request, null)]);

  it('holds nothing to copy: no response and no challenge', () => {
    for (const message of everything) {
      expect(message.blocks.map(({ kind }) => kind).filter((kind) => kind !== 'text' && kind !== 'facts')).toEqual([]);
      expect(JSON.stringify(message).replace(/[\s-]/g, '')).not.toContain(CHALLENGE);
    }
  });

  it('has buttons that name the request and nothing else', () => {
    for (const { buttons } of everything) for (const { target } of buttons) expect(target).toBe('request-1');
  });

  it('has no approval for the person who asked', () => {
    for (const request of requests) expect(actions(mine(request))).not.toEqual(expect.arrayContaining(['approve']));
  });

  it('cannot be broken by a name or a label', () => {
    const evil = '\u202eEmma\n\n<!channel>\u0000'.repeat(30);
    const people = byId([person('emma', { name: evil, managerId: 'dana' }), person('dana', { name: evil })]);
    const message = asked(waiting(), 'dana', { people, card: { ...CARD, label: evil } });
    for (const text of [message.title, textOf(message).replaceAll('\n', '')]) expect(text).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(message.title.length).toBeLessThan(150);
    expect(cardName({ ...CARD, label: evil }).length).toBeLessThan(75);
  });

  it('names a person who left by their id', () => {
    expect(asked(waiting(), 'dana', { people: byId([]) }).title).toBe('emma asks to unblock a smart card');
  });
});

describe('an event', () => {
  it.each(EVENT_NOTICE_KINDS)('%s is told to the person themselves and to others in words of their own', (kind) => {
    const about = { person: 'Emma', card: "Emma's card" };
    const message = eventMessage(kind, { ...about, mine: false }, speech);
    expect(textOf(message)).toContain('Emma');
    expect(message.buttons).toEqual([]);
    expect(eventMessage(kind, { ...about, mine: true }, speech).title).not.toBe('');
  });
});

describe('the welcome', () => {
  it('carries a pasted challenge to the dialog', () => {
    expect(welcomeMessage(speech, '1603 EBDF').buttons[0]).toMatchObject({ action: 'start-unblock', target: '1603 EBDF' });
    expect(welcomeMessage(speech).buttons.map(({ action }) => action)).toEqual(['start-unblock', 'my-authenticator']);
  });
});
