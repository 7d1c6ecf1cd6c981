// All that a person may ever be shown: every request in every state for everyone who sees it, and every dialog.
import { BUILT_IN_PROFILES } from '../../src/card/profiles.js';
import { Response } from '../../src/card/response.js';
import * as forms from '../../src/chat/forms.js';
import type { Form, Message } from '../../src/chat/message.js';
import * as views from '../../src/chat/views.js';
import type { Speech } from '../../src/chat/views.js';
import { utf8 } from '../../src/lib/bytes.js';
import { DAY_MS } from '../../src/lib/clock.js';
import { EVENT_NOTICE_KINDS, type CardFacts, type RequestPicture } from '../../src/unblock/request-store.js';
import type { RequestState, UnblockRequest } from '../../src/unblock/request.js';
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
const SAM = person('sam', { name: 'Sam Ortiz', groups: ['helpdesk'] });
const PEOPLE = byId([EMMA, person('dana', { name: 'Dana Weber' }), SAM, person('priya', { name: 'Priya Raman', groups: ['helpdesk'] })]);
const GIDS_CARD: CardFacts = { ...CARD, label: 'Laptop card' };
const PUK_CARD: CardFacts = { ...CARD, id: 'card-3', label: 'Badge', profileId: 'piv-puk', profile: BUILT_IN_PROFILES.find('piv-puk'), unlock: 'puk', kcv: '' };
const OTHER_CARD: CardFacts = { ...GIDS_CARD, id: 'card-2', serial: 'CARD-2207', label: 'Office card' };

function closed<S extends UnblockRequest['state']>(state: S): Extract<UnblockRequest, { state: S }> {
  const found = CLOSED.find((request): request is Extract<UnblockRequest, { state: S }> => request.state === state);
  if (found === undefined) throw new Error(state);
  return found;
}

interface Situation {
  readonly id: string;
  readonly about: string;
  readonly request: UnblockRequest;
  readonly more?: Partial<RequestPicture>;
}

const UNUSUAL: Partial<RequestPicture> = {
  counts: { ...NO_COUNTS, personRequestsThisMonth: 4 },
  authenticatorSince: new Date(GALLERY_NOW - 2 * DAY_MS),
  card: { ...GIDS_CARD, refusedResponses: 3 },
  unreached: ['priya'],
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

const VIEWER_WORDS: Readonly<Record<Viewer, string>> = {
  requester: 'Who asks',
  agent: 'The agent who asks for a caller',
  approver: 'Who is asked to approve',
  channel: "The helpdesk's channel",
};
/** What an agent or a channel sees that differs from the others in more than a name. */
const PICTURED_ELSEWHERE = ['agent-awaiting-approval', 'channel-awaiting-approval', 'channel-approved', 'channel-denied'];

function requestExhibits(unlock: 'cryptogram' | 'puk'): readonly MessageExhibit[] {
  const exhibits = SITUATIONS.flatMap((situation) => VIEWERS.map((viewer) => exhibitOf(situation, viewer, unlock)));
  // A PUK is shown once: no challenge follows a refusal, and no round the first.
  return unlock === 'cryptogram' ? exhibits : exhibits.filter(({ id }) => !/(next-round|answered-refused)-puk$/.test(id));
}

function exhibitOf({ id, about, request, more = {} }: Situation, viewer: Viewer, unlock: 'cryptogram' | 'puk'): MessageExhibit {
  const name = `${viewer}-${id}`;
  const picture: RequestPicture = {
    request: seenBy(viewer, unlock === 'puk' ? withoutChallenge(request) : request),
    card: unlock === 'puk' ? PUK_CARD : GIDS_CARD,
    people: PEOPLE,
    counts: NO_COUNTS,
    authenticatorSince: new Date(GALLERY_NOW - 90 * DAY_MS),
    unreached: [],
    ...more,
  };
  return {
    id: unlock === 'puk' ? `${name}-puk` : name,
    about: `${VIEWER_WORDS[viewer]}: ${about}`,
    place: 'message',
    request: { state: request.state, viewer, unlock },
    pictured: unlock === 'cryptogram' && (viewer === 'requester' || viewer === 'approver' || PICTURED_ELSEWHERE.includes(name)),
    draw: (speech) => messageFor(viewer, picture, speech),
  };
}

function messageFor(viewer: Viewer, picture: RequestPicture, speech: Speech): Message {
  switch (viewer) {
    case 'requester':
      return views.requesterMessage(picture, speech);
    case 'agent':
      return views.agentMessage(picture, speech);
    case 'approver':
      return views.approverMessage(picture, 'dana', speech);
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

const PICTURE: RequestPicture = { request: waiting(), card: GIDS_CARD, people: PEOPLE, counts: NO_COUNTS, authenticatorSince: null, unreached: [] };
const PENDING = { authenticatorId: 'a1', personId: 'emma', needsOldCode: true, seedBase32: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', seedGroups: 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP', provisioningUri: 'otpauth://totp/Countersign:emma@example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Countersign' };
const CODES = ['7KQ2 M9TD 0HW8 3PNC', 'A4VX 8RJE 5ZBN QY61', 'C3FM 0TKW 9XHD R7PS', 'E8NB V2QJ 6YMA 4ZTC', 'G1XR 5DWK 8CVF P0HN', 'J9TS 3MQB 7EYZ X4KA', 'M6HD C8RN 1VPW 0JFT', 'P2ZK 4XAY G9SB 5QEM', 'R7CW N3JT 6FHV D8XP', 'T0YE 9BKQ 2SMR A5GZ'];
const shown = (): Response => new Response(Uint8Array.of(0x4e, 0xa8, 0xae, 0x3f, 0x7d, 0x6d, 0xa4, 0x49));
const readAs = (speech: Speech) => ({ challenge: '1603 EBDF 1C8A 2E72', notes: [speech.words.say.reading('1603 EBDF 1C8A 2E72', speech.words.say.repair('O', '0', 3))] });

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
  form('not-me', '"This was not me" freezes card and authenticator', (speech) => forms.notMeForm('request-1', speech)),
  form('link', 'A stranger links their account, where that is allowed', (speech) => forms.linkForm(EMMA, speech)),
  form('enroll', 'Setting up an authenticator begins with an invitation', (speech) => forms.enrollForm(speech, null)),
  form('enroll-prove', 'A code of the new authenticator, and one of the old', (speech) => forms.proveForm(PENDING, speech)),
  form('recovery-codes', 'How many recovery codes are left, and the way to new ones', (speech) => forms.renewForm(7, speech)),
  form('recovery-codes-made', 'New recovery codes, shown once and for minutes only', (speech) => forms.recoveryForm(CODES, { title: speech.words.say.recoveryTitle, intro: speech.words.say.recoveryRenewed }, speech)),
  form('vouch', 'A manager or an agent vouches for somebody without a phone', (speech) => forms.vouchForm(speech)),
  form('voucher', 'What they read out to that person', (speech) => forms.voucherForm('7KQ2 M9TD', { name: EMMA.name, until: new Date(minute(15)) }, speech)),
  form('notice', 'A refusal says what to do next', (speech) => forms.noticeForm(speech.words.refusal['card-frozen']({}), speech.words)),
];

const PAST = [
  { request: closed('done'), card: GIDS_CARD },
  { request: closed('denied'), card: OTHER_CARD },
];

const OTHERS: readonly MessageExhibit[] = [
  message('home', 'The Home tab of an employee', (speech) => views.homeMessage(EMMA, { past: PAST, recoveryCodesLeft: 7, hasReports: false }, speech), 'home'),
  message('home-agent', 'The Home tab of an agent of the helpdesk', (speech) => views.homeMessage(SAM, { past: [], recoveryCodesLeft: null, hasReports: false }, speech), 'home'),
  message('welcome', 'The answer to a message to the bot', (speech) => views.welcomeFor(EMMA, { hasReports: false }, speech)),
  message('newcomer', 'Whom the bot does not know yet', (speech) => views.newcomerMessage(speech)),
  ...EVENT_NOTICE_KINDS.flatMap((kind) => [
    message(`told-${kind}`, `Told to the person: ${kind.replaceAll('-', ' ')}`, (speech) => views.eventMessage(kind, { person: EMMA.name, card: 'Laptop card (…EMMA)', mine: true }, speech)),
    message(`told-others-${kind}`, `Told to others: ${kind.replaceAll('-', ' ')}`, (speech) => views.eventMessage(kind, { person: EMMA.name, card: 'Laptop card (…EMMA)', mine: false }, speech)),
  ].map((exhibit) => ({ ...exhibit, pictured: kind === 'card-frozen' }))),
];

export const MESSAGES: readonly MessageExhibit[] = [...requestExhibits('cryptogram'), ...requestExhibits('puk'), ...OTHERS];
export const DIALOGS: readonly FormExhibit[] = FORMS;
