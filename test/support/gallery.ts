// All that a person may ever be shown: every request in every state for everyone who sees it, and every dialog.
import { BUILT_IN_PROFILES } from '../../src/card/profiles.js';
import { Response } from '../../src/card/response.js';
import * as forms from '../../src/chat/forms.js';
import type { Form, Message } from '../../src/chat/message.js';
import { delegateForm, delegationLines, delegationMessage, type DelegationsShown } from '../../src/chat/delegation-views.js';
import { homeMessage } from '../../src/chat/home.js';
import { acknowledgeForm, sealedForm } from '../../src/chat/sealed-forms.js';
import * as views from '../../src/chat/views.js';
import type { Speech } from '../../src/chat/speech.js';
import { utf8 } from '../../src/lib/bytes.js';
import { DAY_MS, MINUTE_MS } from '../../src/lib/clock.js';
import { EVENT_NOTICE_KINDS, type CardFacts, type EventNoticeKind, type RequestPicture } from '../../src/unblock/request-store.js';
import type { GlassUsed } from '../../src/unblock/break-glass.js';
import type { RequestState, UnblockRequest } from '../../src/unblock/request.js';
import { RULE_SITUATIONS, type Situation } from './gallery-rules.js';
import type { Requirement } from '../../src/approval/requirement.js';
import { answered, approved, byId, CARD, CLOSED, minute, NO_COUNTS, ONE_OF_EITHER, opened, OTHER_CHALLENGE, person, TWO_AT_THE_DESK, waiting } from '../unblock/support.js';

export const VIEWERS = ['requester', 'agent', 'approver', 'channel'] as const;
export type Viewer = (typeof VIEWERS)[number];

/** One thing that is shown. `id` names its picture, `about` says what it is. */
export interface Exhibit {
  readonly id: string;
  readonly about: string;
  readonly place: 'message' | 'dialog' | 'home';
  /** Of a request alone. */
  readonly request?: { readonly state: RequestState; readonly viewer: Viewer; readonly unlock: CardFacts['unlock'] };
  /** Whether the documentation shows it; the others differ from one of those in few words. */
  readonly pictured: boolean;
}

export interface MessageExhibit extends Exhibit {
  readonly place: 'message' | 'home';
  readonly draw: (speech: Speech) => Message;
}

export interface FormExhibit extends Exhibit {
  readonly place: 'dialog';
  readonly draw: (speech: Speech) => Form;
}

/** What the clock says while they are drawn. */
export const GALLERY_NOW = minute(5);

const EMMA = person('emma', { name: 'Emma Novak', managerId: 'dana' });
const DANA = person('dana', { name: 'Dana Weber' });
const SAM = person('sam', { name: 'Sam Ortiz', groups: ['helpdesk'] });
const PEOPLE = byId([EMMA, DANA, SAM, person('priya', { name: 'Priya Raman', groups: ['helpdesk'] })]);
const GIDS_CARD: CardFacts = { ...CARD, label: 'Laptop card' };
const PUK_CARD: CardFacts = { ...CARD, id: 'card-3', label: 'Badge', profileId: 'piv-puk', profile: BUILT_IN_PROFILES.find('piv-puk'), unlock: 'puk', kcv: '' };
const OTHER_CARD: CardFacts = { ...GIDS_CARD, id: 'card-2', serial: 'CARD-2207', label: 'Office card' };

function closed<S extends UnblockRequest['state']>(state: S): Extract<UnblockRequest, { state: S }> {
  const found = CLOSED.find((request): request is Extract<UnblockRequest, { state: S }> => request.state === state);
  if (found === undefined) throw new Error(state);
  return found;
}

const UNUSUAL: Partial<RequestPicture> = {
  counts: { ...NO_COUNTS, personRequestsThisMonth: 4 },
  authenticatorSince: new Date(GALLERY_NOW - 2 * DAY_MS),
  card: { ...GIDS_CARD, refusedResponses: 3 },
  unreached: ['priya'],
  refusedCodes: { count: 2, since: new Date(minute(-90)) },
  past: [{ openedAt: minute(-40_000), state: 'done' }, { openedAt: minute(-90_000), state: 'denied' }],
};
const MATCHED: Requirement = { ...ONE_OF_EITHER, numberMatch: true };
const NUMBERED = waiting({ requirement: MATCHED, numbers: [{ approverId: 'dana', number: '47', misses: 0, missed: null }] });
const HALF = waiting({ requirement: TWO_AT_THE_DESK, approvals: [{ approverId: 'sam', at: minute(2) }] });

/** Each row of the state table, and what can be different within one. */
const SITUATIONS: readonly Situation[] = [
  { id: 'opened', about: 'begun, and the code is not right yet', request: opened() },
  { id: 'awaiting-approval', about: 'waiting for somebody to decide', request: waiting() },
  { id: 'awaiting-reminded', about: 'waiting, after a reminder', request: waiting({ remindedAt: minute(4) }) },
  { id: 'awaiting-half', about: 'waiting for the second of two', request: HALF },
  { id: 'awaiting-number', about: 'an approver is about to type the number that only the requester is shown', request: NUMBERED },
  { id: 'awaiting-unusual', about: 'waiting, with warnings', request: waiting(), more: UNUSUAL },
  { id: 'approved', about: 'approved, and not shown yet', request: approved() },
  { id: 'approved-by-rule', about: 'approved by a rule that asks nobody', request: approved({ approvals: [] }) },
  { id: 'approved-next-round', about: 'approved, for a second challenge', request: approved({ round: 1, firstRevealedAt: minute(3) }) },
  { id: 'answered', about: 'the response can be looked at', request: answered() },
  { id: 'answered-over', about: 'the time to look at it is over', request: answered({ shownUntil: minute(5) }) },
  { id: 'answered-refused', about: 'the card refused the response', request: answered({ refusedAt: minute(4) }) },
  { id: 'done', about: 'the card works again', request: closed('done') },
  { id: 'done-unconfirmed', about: 'nobody said whether it worked', request: { ...closed('done'), outcome: 'unconfirmed' } },
  { id: 'denied', about: 'denied, with the reason', request: closed('denied') },
  { id: 'denied-by-directory', about: 'ended, because the directory changed', request: { ...closed('denied'), by: null, why: 'person-inactive' } },
  { id: 'cancelled', about: 'cancelled by who asked', request: closed('cancelled') },
  { id: 'cancelled-frozen', about: 'ended by "This was not me"', request: { ...closed('cancelled'), why: 'frozen', by: null } },
  { id: 'expired', about: 'nobody decided in time', request: closed('expired') },
  { id: 'failed', about: 'ended by three wrong codes', request: closed('failed') },
  { id: 'failed-refused', about: 'the card refused for good', request: { ...closed('failed'), why: 'response-refused' } },
];

export const VIEWER_WORDS: Readonly<Record<Viewer, string>> = {
  requester: 'Who asks',
  agent: 'The agent who asks for a caller',
  approver: 'Who is asked to approve',
  channel: "The helpdesk's channel",
};
/** What an agent or a channel sees that differs from the others in more than a name. */
const PICTURED_ELSEWHERE = ['agent-awaiting-approval', 'channel-awaiting-approval', 'channel-approved', 'channel-denied'];

function requestExhibits(unlock: 'cryptogram' | 'puk'): readonly MessageExhibit[] {
  const situations = unlock === 'cryptogram' ? [...SITUATIONS, ...RULE_SITUATIONS] : SITUATIONS;
  const exhibits = situations.flatMap((situation) => VIEWERS.map((viewer) => exhibitOf(situation, viewer, unlock)));
  // A PUK is shown once: no challenge follows a refusal, and no round the first.
  return unlock === 'cryptogram' ? exhibits : exhibits.filter(({ id }) => !/(next-round|answered-refused)-puk$/.test(id));
}

function exhibitOf({ id, about, request, more = {}, asked = 'dana', inCases }: Situation, viewer: Viewer, unlock: 'cryptogram' | 'puk'): MessageExhibit {
  const name = `${viewer}-${id}`;
  const picture: RequestPicture = {
    request: seenBy(viewer, unlock === 'puk' ? withoutChallenge(request) : request),
    card: unlock === 'puk' ? PUK_CARD : GIDS_CARD,
    people: PEOPLE,
    counts: NO_COUNTS,
    authenticatorSince: new Date(GALLERY_NOW - 90 * DAY_MS),
    unreached: [],
    refusedCodes: null,
    past: [],
    ...more,
  };
  return {
    id: unlock === 'puk' ? `${name}-puk` : name,
    about: `${VIEWER_WORDS[viewer]}: ${about}`,
    place: 'message',
    request: { state: request.state, viewer, unlock },
    pictured: unlock === 'cryptogram' && inCases === undefined && (viewer === 'requester' || viewer === 'approver' || PICTURED_ELSEWHERE.includes(name)),
    draw: (speech) => messageFor(viewer === 'approver' ? { approver: asked } : viewer, picture, speech),
  };
}

function messageFor(viewer: Exclude<Viewer, 'approver'> | { readonly approver: string }, picture: RequestPicture, speech: Speech): Message {
  if (typeof viewer === 'object') return views.approverMessage(picture, viewer.approver, speech);
  switch (viewer) {
    case 'requester':
      return views.requesterMessage(picture, speech);
    case 'agent':
      return views.agentMessage(picture, speech);
    case 'channel':
      return views.approverMessage(picture, null, speech);
  }
}

function seenBy(viewer: Viewer, request: UnblockRequest): UnblockRequest {
  return viewer === 'agent' ? { ...request, agentId: 'sam' } : request;
}

function withoutChallenge(request: UnblockRequest): UnblockRequest {
  return 'challenge' in request ? { ...request, challenge: null } : request;
}

function form(id: string, about: string, draw: FormExhibit['draw'], pictured = true): FormExhibit {
  return { id: `dialog-${id}`, about, place: 'dialog', pictured, draw };
}

function message(id: string, about: string, draw: MessageExhibit['draw'], place: 'message' | 'home' = 'message'): MessageExhibit {
  return { id, about, place, pictured: true, draw };
}

const PICTURE: RequestPicture = { request: waiting(), card: GIDS_CARD, people: PEOPLE, counts: NO_COUNTS, authenticatorSince: null, unreached: [], refusedCodes: null, past: [] };
const PENDING = { authenticatorId: 'a1', personId: 'emma', needsOldCode: true, seedBase32: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', seedGroups: 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP', provisioningUri: 'otpauth://totp/Countersign:emma@example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Countersign' };
const CODES = ['7KQ2 M9TD 0HW8 3PNC', 'A4VX 8RJE 5ZBN QY61', 'C3FM 0TKW 9XHD R7PS', 'E8NB V2QJ 6YMA 4ZTC', 'G1XR 5DWK 8CVF P0HN', 'J9TS 3MQB 7EYZ X4KA', 'M6HD C8RN 1VPW 0JFT', 'P2ZK 4XAY G9SB 5QEM', 'R7CW N3JT 6FHV D8XP', 'T0YE 9BKQ 2SMR A5GZ'];
const shown = (): Response => new Response(Uint8Array.of(0x4e, 0xa8, 0xae, 0x3f, 0x7d, 0x6d, 0xa4, 0x49));
const readAs = (speech: Speech) => ({ challenge: '1603 EBDF 1C8A 2E72', notes: [speech.words.say.reading('1603 EBDF 1C8A 2E72', speech.words.say.repair('O', '0', 3))] });

/** More than one card would ever give at once. */
function causes({ words: { say: { cause } } }: Speech): readonly string[] {
  const misread = { answered: '1603 EBDF 1C8A 2E72', shown: '1603 E8DF 1C8A 2E72', positions: '6' };
  return [cause['challenge-misread'](misread), cause['same-challenge']({}), cause['challenge-changed'](misread), cause['wrong-card-or-key']({}), cause['kind-not-confirmed']({}), cause['near-limit']({ left: '2' }), cause['other-length']({ digits: '32', expected: '16' }), cause['screen-unreadable']({})];
}

const USED: GlassUsed = { id: 'use-1', requestId: 'request-1', cardId: 'card-1', requesterId: 'emma', by: ['sam', 'priya'], reason: 'Slack is down', place: 'cli', at: new Date(minute(-600)), reports: 1, reportedAt: null, acknowledgedAt: null, acknowledgedBy: null };

const FORMS: readonly FormExhibit[] = [
  form('unblock', 'Challenge, code and reason in one dialog', (speech) => forms.unblockForm([GIDS_CARD], {}, speech)),
  form('unblock-cards', 'The same for who has several cards', (speech) => forms.unblockForm([GIDS_CARD, OTHER_CARD, PUK_CARD], {}, speech)),
  form('unblock-repaired', 'A misread challenge comes back to be compared', (speech) => forms.unblockForm([GIDS_CARD], readAs(speech), speech)),
  form('unblock-puk', 'For a card without a challenge', (speech) => forms.unblockForm([PUK_CARD], {}, speech), false),
  form('caller', 'The helpdesk: who calls', (speech) => forms.callerForm(speech)),
  form('assist', "The helpdesk: the caller's card, challenge and code", (speech) => forms.assistForm(EMMA, [GIDS_CARD, OTHER_CARD], {}, speech)),
  form('approve', 'Approving takes a code of the approver', (speech) => forms.approveForm(PICTURE, speech)),
  form('approve-number', 'The same where the rule wants the number too', (speech) => forms.approveForm({ ...PICTURE, request: NUMBERED }, speech)),
  form('number', 'The number, for the requester alone', (speech) => forms.numberForm(NUMBERED, PEOPLE, speech)),
  form('deny', 'Denying takes a reason', (speech) => forms.denyForm(PICTURE, speech)),
  form('show', 'Does the PC still show this challenge?', (speech) => forms.showForm(approved(), speech)),
  form('show-stale', 'The same, when the last code is a while ago', (speech) => forms.showForm(approved({ provedAt: minute(-20) }), speech), false),
  form('show-puk', 'For a card without a challenge', (speech) => forms.showForm(approved({ challenge: null, provedAt: minute(-20) }), speech), false),
  form('response', 'The response, which is shown here alone and for minutes only', (speech) => forms.responseForm(answered(), GIDS_CARD, shown(), speech)),
  form('response-puk', 'The PUK of a card that has no challenge', (speech) => forms.responseForm(answered({ challenge: null }), PUK_CARD, Response.ofPuk(utf8('86429753'), 'puk'), speech)),
  form('new-challenge', 'The PC shows another challenge by now', (speech) => forms.newChallengeForm(approved(), {}, speech)),
  form('new-challenge-waiting', 'The same before it is approved', (speech) => forms.newChallengeForm(waiting({ challenge: OTHER_CHALLENGE }), {}, speech), false),
  form('new-challenge-refused', 'The card refused the response', (speech) => forms.newChallengeForm(answered({ refusedAt: minute(4) }), readAs(speech), speech)),
  form('new-challenge-causes', 'The card refused the response, and this is why perhaps', (speech) => forms.newChallengeForm(answered({ refusedAt: minute(4) }), { notes: causes(speech) }, speech), false),
  form('not-me', '"This was not me" freezes card and authenticator', (speech) => forms.notMeForm('request-1', speech)),
  form('not-them', 'The same by the manager, where the helpdesk asked for a caller', (speech) => forms.notMeForm('request-1', speech, EMMA.name), false),
  form('link', 'A stranger links their account, where that is allowed', (speech) => forms.linkForm(EMMA, speech)),
  form('enroll', 'Setting up an authenticator begins with an invitation', (speech) => forms.enrollForm(speech, null)),
  form('enroll-page', 'The same where the QR code is on a page', (speech) => forms.enrollForm(speech, 'https://countersign.example.com/enroll'), false),
  form('enroll-prove-first', 'A code of the first authenticator', (speech) => forms.proveForm({ ...PENDING, needsOldCode: false }, speech), false),
  form('recovery-codes-first', 'The recovery codes that come with an authenticator', (speech) => forms.recoveryForm(CODES, { title: speech.words.say.enrolTitle, intro: speech.words.say.recoveryIntro }, speech), false),
  form('enroll-prove', 'A code of the new authenticator, and one of the old', (speech) => forms.proveForm(PENDING, speech)),
  form('recovery-codes', 'How many recovery codes are left, and the way to new ones', (speech) => forms.renewForm(7, speech)),
  form('recovery-codes-made', 'New recovery codes, shown once and for minutes only', (speech) => forms.recoveryForm(CODES, { title: speech.words.say.recoveryTitle, intro: speech.words.say.recoveryRenewed }, speech)),
  form('vouch', 'A manager or an agent vouches for somebody without a phone', (speech) => forms.vouchForm(speech)),
  form('voucher', 'What they read out to that person', (speech) => forms.voucherForm('7KQ2 M9TD', { name: EMMA.name, until: new Date(minute(15)) }, speech)),
  form('sealed-codes', 'Two named people approve with sealed codes, in an emergency', (speech) => sealedForm([PICTURE], PEOPLE, speech, 2)),
  form('sealed-code', 'The same where the policy asks for one of the two', (speech) => sealedForm([PICTURE], PEOPLE, speech, 1), false),
  form('acknowledge', 'The lead acknowledges the report of it', (speech) => acknowledgeForm(USED, PEOPLE, speech)),
  form('delegate', 'A manager is away, and a colleague decides in their place', (speech) => delegateForm({ own: null, standsInFor: [] }, 'Europe/Zurich', speech), false),
  form('delegate-again', 'The same while somebody stands in already', (speech) => delegateForm(AWAY, 'Europe/Zurich', speech), false),
  form('notice', 'A refusal says what to do next', (speech) => forms.noticeForm(speech.words.refusal['card-frozen']({}), speech.words)),
];

const AWAY: DelegationsShown = {
  own: { name: 'Liam Okafor', from: minute(-60), until: minute(5_000) },
  standsInFor: [{ name: 'Priya Raman', from: minute(2_000), until: minute(3_000) }],
};

const PAST = [
  { request: closed('done'), card: GIDS_CARD },
  { request: closed('denied'), card: OTHER_CARD },
];

const OCTOBER = { month: '2026-10', requests: 214, answered: 201, firstTime: 189, medianMs: 4 * MINUTE_MS, p95Ms: 31 * MINUTE_MS, refused: 12, retries: 9, denied: 4, expired: 6, cancelled: 2, failed: 1, afterHours: 25, assisted: 38 };

function about(kind: EventNoticeKind): views.EventNames {
  const card = kind === 'puk-shown' ? 'Badge (…EMMA)' : 'Laptop card (…EMMA)';
  if (kind === 'assisted') return { person: EMMA.name, card, requestId: 'request-1' };
  if (kind.startsWith('break-glass')) return { person: EMMA.name, card, other: 'Eve Stranger, Liam Okafor', from: minute(-600), details: { reason: 'Slack is down', use: 'use-1' } };
  if (kind === 'monthly-numbers') return { person: '', card: '', details: { numbers: JSON.stringify(OCTOBER) } };
  return kind === 'delegated' || kind === 'delegation-ended' ? { person: DANA.name, other: 'Liam Okafor', card, from: minute(-60), until: minute(5_000) } : { person: EMMA.name, card };
}

const OTHERS: readonly MessageExhibit[] = [
  message('home', 'The Home tab of an employee', (speech) => homeMessage(EMMA, { past: PAST, recoveryCodesLeft: 7, hasReports: false, standIns: [] }, speech), 'home'),
  message('home-agent', 'The Home tab of an agent of the helpdesk', (speech) => homeMessage(SAM, { past: [], recoveryCodesLeft: null, hasReports: false, standIns: [] }, speech), 'home'),
  { ...message('home-away', 'The Home tab of a manager who is away', (speech) => homeMessage(DANA, { past: [], recoveryCodesLeft: 10, hasReports: true, standIns: delegationLines(AWAY, speech) }, speech), 'home'), pictured: false },
  { ...message('delegation', 'In Teams: who decides in whose place', (speech) => delegationMessage(AWAY, speech)), pictured: false },
  message('welcome', 'The answer to a message to the bot', (speech) => views.welcomeFor(EMMA, { hasReports: false }, speech)),
  { ...message('welcome-sealed', 'The same to whoever has sealed codes', (speech) => views.welcomeFor(EMMA, { hasReports: false, hasSealedCodes: true }, speech)), pictured: false },
  message('newcomer', 'Whom the bot does not know yet', (speech) => views.newcomerMessage(speech)),
  ...[true, false].map((mine) => ({
    ...message(`told${mine ? '' : '-others'}-card-frozen-for-them`, 'Told where the manager said that it was somebody else', (speech) => views.eventMessage('card-frozen', { ...about('card-frozen'), other: DANA.name, mine }, speech)),
    pictured: false,
  })),
  ...EVENT_NOTICE_KINDS.flatMap((kind) => [
    message(`told-${kind}`, `Told to the person: ${kind.replaceAll('-', ' ')}`, (speech) => views.eventMessage(kind, { ...about(kind), mine: true }, speech)),
    message(`told-others-${kind}`, `Told to others: ${kind.replaceAll('-', ' ')}`, (speech) => views.eventMessage(kind, { ...about(kind), mine: false }, speech)),
  ].map((exhibit) => ({ ...exhibit, pictured: kind === 'card-frozen' }))),
];

export const MESSAGES: readonly MessageExhibit[] = [...requestExhibits('cryptogram'), ...requestExhibits('puk'), ...OTHERS];
export const DIALOGS: readonly FormExhibit[] = FORMS;
