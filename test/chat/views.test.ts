// How a request looks to the person who asked, to those who decide, and in every state.
import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../src/chat/message.js';
import type { Speech } from '../../src/chat/speech.js';
import { approverMessage, cardName, eventMessage, requesterMessage, welcomeMessage } from '../../src/chat/views.js';
import { ENGLISH } from '../../src/chat/english.js';
import { timeWords } from '../../src/chat/clock-words.js';
import { DAY_MS } from '../../src/lib/clock.js';
import { EVENT_NOTICE_KINDS, type RequestPicture } from '../../src/unblock/request-store.js';
import type { UnblockRequest } from '../../src/unblock/request.js';
import { textOf } from '../flows/steps.js';
import { answered, approved, byId, CARD, CHALLENGE, CLOSED, minute, NO_COUNTS, ONE_OF_EITHER, opened, PEOPLE, person, TWO_AT_THE_DESK, waiting } from '../unblock/support.js';

const { say } = ENGLISH;
const now = () => minute(5);
const speech: Speech = { words: ENGLISH, now, time: timeWords('UTC', 'en-GB', now) };

const NAMED = byId(PEOPLE.map((one) => ({ ...one, name: one.id.charAt(0).toUpperCase() + one.id.slice(1) })));

function picture(request: UnblockRequest, more: Partial<RequestPicture> = {}): RequestPicture {
  return { request, card: CARD, people: NAMED, counts: NO_COUNTS, authenticatorSince: new Date(minute(5) - 90 * DAY_MS), unreached: [], refusedCodes: null, past: [], ...more };
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
const worked = closed('done');
const denied = closed('denied');
const unconfirmed: UnblockRequest = { ...closed('done'), outcome: 'unconfirmed' };
const frozen: UnblockRequest = { ...closed('cancelled'), why: 'frozen', by: null };
const byDirectory: UnblockRequest = { ...closed('denied'), by: null, why: 'person-inactive' };

function closed<S extends UnblockRequest['state']>(state: S): Extract<UnblockRequest, { state: S }> {
  const found = CLOSED.find((request): request is Extract<UnblockRequest, { state: S }> => request.state === state);
  if (found === undefined) throw new Error(state);
  return found;
}

interface Row {
  readonly state: string;
  readonly request: UnblockRequest;
  readonly tone: Message['tone'];
  readonly buttons: readonly string[];
  readonly text: string;
}

describe('the person who asked', () => {
  it.each<Row>([
    { state: 'opened', request: opened(), tone: 'neutral', buttons: ['cancel', 'not-me'], text: say.unblockIntro },
    { state: 'waiting', request: waiting(), tone: 'waiting', buttons: ['give-new-challenge', 'cancel', 'not-me'], text: 'Dana (your manager)' },
    { state: 'reminded', request: waiting({ remindedAt: minute(4) }), tone: 'waiting', buttons: ['give-new-challenge', 'cancel', 'not-me'], text: say.reminded },
    { state: 'approved', request: approved(), tone: 'good', buttons: ['show-response', 'give-new-challenge', 'cancel', 'not-me'], text: say.approved('Dana') },
    { state: 'approved by a rule', request: approved({ approvals: [] }), tone: 'good', buttons: ['show-response', 'give-new-challenge', 'cancel', 'not-me'], text: say.approvedByRule },
    { state: 'in the next round', request: nextRound, tone: 'good', buttons: ['show-response', 'give-new-challenge', 'cancel', 'not-me'], text: say.nextRound },
    { state: 'answered', request: answered(), tone: 'good', buttons: ['show-response', 'it-worked', 'it-was-refused', 'not-me'], text: say.answered('09:08 UTC') },
    { state: 'answered a while ago', request: answered({ shownUntil: minute(5) }), tone: 'good', buttons: ['it-worked', 'it-was-refused', 'not-me'], text: say.answered('09:05 UTC') },
    { state: 'refused by the card', request: refusedOnce, tone: 'warning', buttons: ['give-new-challenge', 'not-me'], text: say.refusedOnce('09:13 UTC') },
    { state: 'done', request: worked, tone: 'good', buttons: ['not-me'], text: say.done.worked },
    { state: 'done, nobody knows how', request: unconfirmed, tone: 'neutral', buttons: ['not-me'], text: say.done.unconfirmed },
    { state: 'denied', request: denied, tone: 'bad', buttons: ['not-me'], text: say.denied('Dana', 'not now') },
    { state: 'ended by the directory', request: byDirectory, tone: 'bad', buttons: ['not-me'], text: say.deniedByDirectory },
    { state: 'cancelled', request: closed('cancelled'), tone: 'neutral', buttons: ['not-me'], text: say.cancelled.requester },
    { state: 'frozen', request: frozen, tone: 'neutral', buttons: [], text: say.cancelled.frozen },
    { state: 'expired', request: closed('expired'), tone: 'bad', buttons: ['not-me'], text: say.expired },
    { state: 'failed', request: closed('failed'), tone: 'bad', buttons: ['not-me'], text: say.failed['wrong-codes'] },
  ])('whose request is $state sees that, and what can be done', ({ request, tone, buttons, text }) => {
    const message = mine(request);
    expect(message.tone).toBe(tone);
    expect(actions(message)).toEqual(buttons);
    expect(textOf(message)).toContain(text);
  });

  it('sees who has agreed and who is still waited for', () => {
    const half = waiting({ requirement: TWO_AT_THE_DESK, approvals: [{ approverId: 'sam', at: minute(2) }] });
    expect(textOf(mine(half))).toContain(say.partly('Sam'));
  });

  it('without a manager is told of those who can decide', () => {
    const people = byId([person('emma'), person('sam', { groups: ['helpdesk'] })]);
    expect(textOf(mine(waiting(), { people }))).toContain('the helpdesk');
    expect(textOf(mine(waiting(), { people }))).not.toContain('manager');
  });
});

describe('an approver', () => {
  it.each<Row>([
    { state: 'waiting', request: waiting(), tone: 'waiting', buttons: ['approve', 'deny', 'not-my-report'], text: say.state.awaiting },
    { state: 'approved', request: approved(), tone: 'good', buttons: ['revoke'], text: say.state.approved },
    { state: 'in the next round', request: nextRound, tone: 'good', buttons: ['revoke'], text: say.state.nextRound },
    { state: 'answered', request: answered(), tone: 'good', buttons: [], text: say.state.answered },
    { state: 'refused by the card', request: refusedOnce, tone: 'good', buttons: [], text: say.state.refused },
    { state: 'done', request: worked, tone: 'good', buttons: [], text: say.state.worked },
    { state: 'done, nobody knows how', request: unconfirmed, tone: 'good', buttons: [], text: say.state.unconfirmed },
    { state: 'denied', request: denied, tone: 'bad', buttons: [], text: say.denied('Dana', 'not now') },
    { state: 'ended by the directory', request: byDirectory, tone: 'bad', buttons: [], text: say.deniedByDirectory },
    { state: 'cancelled', request: closed('cancelled'), tone: 'neutral', buttons: [], text: say.state.cancelled },
    { state: 'frozen', request: frozen, tone: 'neutral', buttons: [], text: say.state.frozen },
    { state: 'expired', request: closed('expired'), tone: 'neutral', buttons: [], text: say.state.expired },
    { state: 'failed', request: closed('failed'), tone: 'bad', buttons: [], text: say.state.failed },
  ])('of a request that is $state sees that, and what can be done', ({ request, tone, buttons, text }) => {
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
    expect(text).toContain(say.verifiedAt('09:01 UTC'));
    expect(text).toContain('Requests in 30 days: 2');
  });

  it('reads why it is them who is asked', () => {
    const bySecurity = { ...ONE_OF_EITHER, stages: [{ from: ['group:security' as const], count: 1 }] };
    expect(textOf(asked(waiting(), 'dana'))).toContain('You are the manager of Emma.');
    expect(textOf(asked(waiting(), 'sam'))).toContain('You are at the helpdesk.');
    expect(textOf(asked(waiting(), null))).toContain(say.channelAsk);
    const people = byId([person('emma'), person('eve', { groups: ['security'] })]);
    expect(textOf(asked(waiting({ requirement: bySecurity }), 'eve', { people }))).toContain('You are in the group security.');
    expect(textOf(asked(waiting(), 'eve'))).not.toContain('You are');
  });

  it.each<[string, Partial<RequestPicture>, string]>([
    ['a new authenticator', { authenticatorSince: new Date(minute(5) - 2 * DAY_MS) }, say.newAuthenticator('30 May, 09:05 UTC')],
    ['the third request in a month', { counts: { ...NO_COUNTS, personRequestsThisMonth: 3 } }, say.often(3)],
    ['a card that refused a response', { card: { ...CARD, refusedResponses: 1 } }, say.refusedBefore(1)],
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

// They are about nobody: the whole organisation stops, goes on, or is guessed at.
const OF_THE_ORGANISATION: readonly string[] = ['breaker-opened', 'breaker-released', 'many-wrong-codes', 'monthly-numbers', 'break-glass-issued'];

describe('an event', () => {
  it.each(EVENT_NOTICE_KINDS.filter((kind) => !OF_THE_ORGANISATION.includes(kind)))('%s is told to the person themselves and to others in words of their own', (kind) => {
    const about = { person: 'Emma', card: "Emma's card" };
    const message = eventMessage(kind, { ...about, mine: false }, speech);
    expect(textOf(message)).toContain('Emma');
    expect(message.buttons).toEqual([]);
    expect(eventMessage(kind, { ...about, mine: true }, speech).title).not.toBe('');
  });

  it.each(EVENT_NOTICE_KINDS.filter((kind) => OF_THE_ORGANISATION.includes(kind)))('%s names nobody', (kind) => {
    const message = eventMessage(kind, { person: 'Emma', card: '', mine: false }, speech);
    expect(message.title).not.toBe('');
    expect(textOf(message)).not.toContain('Emma');
  });
});

describe('the welcome', () => {
  it('carries a pasted challenge to the dialog', () => {
    expect(welcomeMessage(speech, '1603 EBDF').buttons[0]).toMatchObject({ action: 'start-unblock', target: '1603 EBDF' });
    expect(welcomeMessage(speech).buttons.map(({ action }) => action)).toEqual(['start-unblock', 'my-authenticator', 'my-recovery-codes']);
  });
});
