// The dialogs, as plain data.
import type { Response } from '../card/response.js';
import { inGroups } from '../lib/bytes.js';
import { MINUTE_MS } from '../lib/clock.js';
import { MAX_EMAIL_LENGTH, type Person } from '../directory/person.js';
import { newToken } from '../lib/ids.js';
import { inertText } from '../lib/inert-text.js';
import { PENDING_MS, type PendingEnrolment } from '../stepup/enrolment.js';
import { REASON_MAX_LENGTH } from '../unblock/desk.js';
import type { CardFacts, RequestPicture } from '../unblock/request-store.js';
import type { RequestIn, UnblockRequest } from '../unblock/request.js';
import { hasNumberTriesLeft } from '../unblock/number-match.js';
import { proofIsStale } from '../unblock/standing.js';
import type { Block, Field, Form } from './message.js';
import type { Speech } from './speech.js';
import { cardName, NAME_LENGTH, nameOf } from './views.js';
import type { Wording } from './wording.js';

const CHALLENGE_MAX_LENGTH = 500;
export const CODE_MAX_LENGTH = 40;
const ID_MAX_LENGTH = 40;
const NUMBER_MAX_LENGTH = 10;
/** Long enough to write ten codes down. */
const RECOVERY_SHOWN_MS = 10 * MINUTE_MS;

/** What stands in the fields when the dialog comes back. Never a code. */
export interface Prefill {
  readonly formId?: string;
  readonly cardId?: string;
  readonly challenge?: string;
  readonly reason?: string;
  /** Each a warning above the fields. */
  readonly notes?: readonly string[];
}

export function unblockForm(cards: readonly CardFacts[], prefill: Prefill, { words }: Speech): Form {
  const card: Field = {
    ...fieldWords(words, 'card'),
    kind: 'choice',
    maxLength: ID_MAX_LENGTH,
    choices: cards.map((one) => ({ value: one.id, label: cardName(one) })),
    value: prefill.cardId ?? cards[0]?.id ?? '',
  };
  const screens = new Set(cards.flatMap(({ profile }) => (profile === null ? [] : [profile.challengeOnScreen])));
  return {
    name: 'unblock',
    formId: prefill.formId ?? newToken(),
    target: '',
    title: words.say.unblockTitle,
    blocks: [text(words.say.unblockIntro), ...[...screens].map((screen) => text(words.cardText(screen), 'subtle')), ...noted(prefill)],
    fields: [
      ...(cards.length > 1 ? [card] : []),
      ...challengeOf(cards, words, prefill.challenge),
      codeField(words, 'code'),
      reasonField(words, 'reason', prefill.reason),
    ],
    submit: words.submit.send,
    buttons: [],
    frame: words.frame,
  };
}

export function approveForm(picture: RequestPicture, { words }: Speech): Form {
  const { request, card, people } = picture;
  const asksNumber = request.requirement.numberMatch === true;
  const requester = nameOf(request.requesterId, people);
  return {
    name: 'approve',
    formId: newToken(),
    target: request.id,
    title: words.say.approveTitle,
    blocks: [
      text(words.say.approveIntro(requester), 'strong'),
      {
        kind: 'facts',
        rows: [
          { label: words.label.who, value: requester },
          { label: words.label.card, value: cardName(card) },
          { label: words.label.reason, value: request.reason },
        ],
      },
      ...(asksNumber ? [text(words.voting.askNumber(requester), 'warning')] : []),
    ],
    fields: [...(asksNumber ? [numberField(words)] : []), codeField(words, 'code')],
    submit: words.submit.approve,
    buttons: [],
    frame: words.frame,
  };
}

/** The numbers for those who are about to approve, for the requester alone. As facts, so that no platform makes a message of it. */
export function numberForm(request: UnblockRequest, people: RequestPicture['people'], { words }: Speech): Form {
  const { voting } = words;
  const open = request.state === 'awaiting-approval' ? (request.numbers ?? []).filter(hasNumberTriesLeft) : [];
  const rows = open.map(({ approverId, number }) => ({ label: nameOf(approverId, people), value: number }));
  return {
    name: 'notice',
    formId: newToken(),
    target: request.id,
    title: voting.numberTitle,
    blocks: rows.length === 0 ? [text(voting.noNumber)] : [{ kind: 'facts', rows }, text(voting.numberIntro)],
    fields: [],
    submit: null,
    buttons: [],
    frame: words.frame,
  };
}

export function denyForm(picture: RequestPicture, { words }: Speech): Form {
  const { request, people } = picture;
  return {
    name: 'deny',
    formId: newToken(),
    target: request.id,
    title: words.say.denyTitle,
    blocks: [text(words.say.askTitle(nameOf(request.requesterId, people)))],
    fields: [reasonField(words, 'why')],
    submit: words.submit.deny,
    buttons: [],
    frame: words.frame,
  };
}

/** "Does your PC still show …?" A fresh code is asked for where the proof is old, or with a new challenge. */
export function showForm(request: RequestIn<'approved'>, { words, now }: Speech, prefill: Prefill = {}): Form {
  const { say } = words;
  const { challenge } = request;
  const stale = proofIsStale(request, now());
  const freshCode: Field = stale ? codeField(words, 'code') : { ...codeField(words, 'freshCode'), optional: true };
  return {
    name: 'show-response',
    formId: prefill.formId ?? newToken(),
    target: request.id,
    title: challenge === null ? say.puk.showTitle : say.showTitle,
    blocks: [
      text(challenge === null ? say.puk.showIntro : say.stillShows(inGroups(challenge)), 'strong'),
      ...(stale ? [text(say.staleProof)] : []),
      ...noted(prefill),
    ],
    fields:
      challenge === null
        ? [...(stale ? [freshCode] : [])]
        : [{ ...challengeField(words, prefill.challenge), ...words.field.changedChallenge, optional: true }, freshCode],
    submit: challenge === null ? words.button.showPuk : words.submit.show,
    buttons: [],
    frame: words.frame,
  };
}

/** The one place where a response or a PUK is shown. The platform empties it when its time is over. */
export function responseForm(request: RequestIn<'answered'>, card: CardFacts, response: Response, { words, time }: Speech): Form {
  const { say, label } = words;
  const { groups, plain, spelled } = response.reveal(words.spoken);
  const { challenge } = request;
  const until = time(request.shownUntil);
  return {
    name: 'response',
    formId: newToken(),
    target: request.id,
    title: challenge === null ? say.puk.title : say.responseTitle,
    blocks: [
      ...answeredChallenge(challenge, words),
      { kind: 'code', label: card.unlock === 'puk' ? label.puk : label.response, groups, copyLabel: label.withoutBlanks, copy: plain },
      text(say.spelled(spelled), 'subtle'),
      { kind: 'steps', items: (card.profile?.afterResponse ?? []).map(words.cardText) },
      text(challenge === null ? say.puk.shownUntil(until) : say.shownUntil(until), 'subtle'),
    ],
    fields: [],
    submit: null,
    buttons: [
      { action: 'it-worked', label: words.button.worked, target: request.id, style: 'primary' },
      { action: 'it-was-refused', label: words.button.refused, target: request.id },
    ],
    frame: words.frame,
    emptyAt: new Date(request.shownUntil).toISOString(),
  };
}

export function newChallengeForm(request: UnblockRequest, prefill: Prefill, { words }: Speech): Form {
  const { say } = words;
  const retry = request.state === 'answered';
  const intro = request.state === 'approved' ? say.newChallengeApproved : say.newChallengeIntro;
  return {
    name: 'new-challenge',
    formId: prefill.formId ?? newToken(),
    target: request.id,
    title: retry ? say.retryTitle : say.newChallengeTitle,
    blocks: [text(retry ? say.retryIntro : intro), ...noted(prefill)],
    fields: [challengeField(words, prefill.challenge), codeField(words, 'code')],
    submit: words.submit.next,
    buttons: [],
    frame: words.frame,
  };
}

/** `whose`: the name of the person for whom their manager says so; null: they do so themselves. */
export function notMeForm(requestId: string, { words: { say, assisting, button, submit, frame } }: Speech, whose: string | null = null): Form {
  return {
    name: 'not-me',
    formId: newToken(),
    target: requestId,
    title: whose === null ? say.freezeTitle : button.notThem,
    blocks: [text(whose === null ? say.freezeIntro : assisting.freezeIntro(whose), 'warning')],
    fields: [],
    submit: whose === null ? submit.freeze : assisting.freeze,
    buttons: [],
    frame,
  };
}

/** `page`: where the invitation becomes a QR code, for a chat that shows none. */
export function enrollForm({ words }: Speech, page: string | null): Form {
  return {
    name: 'enroll',
    formId: newToken(),
    target: '',
    title: words.say.enrolTitle,
    blocks: [text(words.say.enrolIntro), ...(page === null ? [] : [text(words.vouching.qrPage(page))])],
    fields: [{ ...fieldWords(words, 'invitation'), kind: 'line', maxLength: CODE_MAX_LENGTH }],
    submit: words.submit.next,
    buttons: [],
    frame: words.frame,
  };
}

export function proveForm(pending: PendingEnrolment, { words, now }: Speech): Form {
  return {
    name: 'enroll-prove',
    formId: newToken(),
    target: pending.authenticatorId,
    title: words.say.enrolTitle,
    blocks: [
      text(words.say.scan),
      { kind: 'qr', alt: words.say.qrAlt, instead: words.say.noQr, text: pending.provisioningUri },
      { kind: 'code', label: words.label.seed, groups: pending.seedGroups, copyLabel: words.label.withoutBlanks, copy: pending.seedBase32 },
    ],
    fields: [codeField(words, 'newCode', 'newCode'), ...(pending.needsOldCode ? [codeField(words, 'oldCode')] : [])],
    submit: words.submit.finish,
    buttons: [],
    frame: words.frame,
    emptyAt: new Date(now() + PENDING_MS).toISOString(),
  };
}

/** Whom the agent helps. */
export function callerForm({ words }: Speech): Form {
  return {
    name: 'caller',
    formId: newToken(),
    target: '',
    title: words.say.callerTitle,
    blocks: [text(words.say.callerIntro)],
    fields: [{ ...fieldWords(words, 'person'), kind: 'person', maxLength: MAX_EMAIL_LENGTH }],
    submit: words.submit.next,
    buttons: [],
    frame: words.frame,
  };
}

/** The caller's card, challenge and code, typed by the agent. */
export function assistForm(caller: Person, cards: readonly CardFacts[], prefill: Prefill, speech: Speech): Form {
  const { words } = speech;
  const { blocks, fields, ...form } = unblockForm(cards, prefill, speech);
  const theirs = fields.map((field) => (field.id === 'code' ? { ...field, ...words.field.callerCode } : field));
  const intro = text(words.say.assistIntro(inertText(caller.name, NAME_LENGTH)), 'strong');
  return { ...form, name: 'assist', target: caller.id, title: words.say.callerTitle, blocks: [intro, ...blocks.slice(1)], fields: theirs };
}

/** For whom somebody vouches. */
export function vouchForm({ words }: Speech): Form {
  const { vouching } = words;
  return {
    name: 'vouch',
    formId: newToken(),
    target: '',
    title: vouching.title,
    blocks: [text(vouching.intro)],
    fields: [{ id: 'person', ...vouching.person, kind: 'person', maxLength: MAX_EMAIL_LENGTH }, codeField(words, 'appCode')],
    submit: vouching.submit,
    buttons: [],
    frame: words.frame,
  };
}

/** The one place where a voucher is shown, for as long as it is good. */
export function voucherForm(voucher: string, { name, until }: { readonly name: string; readonly until: Date }, { words, time }: Speech): Form {
  const { vouching } = words;
  return {
    name: 'notice',
    formId: newToken(),
    target: '',
    title: vouching.title,
    blocks: [
      text(vouching.given(inertText(name, NAME_LENGTH)), 'strong'),
      { kind: 'code', label: vouching.voucher, groups: voucher, copyLabel: words.label.withoutBlanks, copy: voucher.replaceAll(' ', '') },
      text(vouching.until(time(until.getTime())), 'subtle'),
    ],
    fields: [],
    submit: null,
    buttons: [],
    frame: words.frame,
    emptyAt: until.toISOString(),
  };
}

/** For a stranger whom the directory knows by the e-mail address that the platform vouches for. */
export function linkForm(person: Pick<Person, 'name' | 'email'>, { words }: Speech): Form {
  return {
    name: 'link',
    formId: newToken(),
    target: '',
    title: words.say.linkTitle,
    blocks: [text(words.say.linkIntro(inertText(person.name, NAME_LENGTH), person.email))],
    fields: [codeField(words, 'code')],
    submit: words.submit.link,
    buttons: [],
    frame: words.frame,
  };
}

/** How many recovery codes are left, and the way to new ones. */
export function renewForm(left: number, { words }: Speech): Form {
  return {
    name: 'recovery-codes',
    formId: newToken(),
    target: '',
    title: words.say.recoveryTitle,
    blocks: [text(words.say.recoveryLeft(left), 'strong'), text(words.say.renewIntro)],
    fields: [codeField(words, 'appCode')],
    submit: words.submit.renew,
    buttons: [],
    frame: words.frame,
  };
}

/** The one place where recovery codes are shown. The platform empties it when its time is over. */
export function recoveryForm(codes: readonly string[], { title, intro }: { readonly title: string; readonly intro: string }, { words, time, now }: Speech): Form {
  const until = now() + RECOVERY_SHOWN_MS;
  return {
    name: 'notice',
    formId: newToken(),
    target: '',
    title,
    blocks: [text(intro), { kind: 'keep', label: words.label.recovery, lines: codes }, text(words.say.recoveryShownUntil(time(until)), 'subtle')],
    fields: [],
    submit: null,
    buttons: [],
    frame: words.frame,
    emptyAt: new Date(until).toISOString(),
  };
}

export function noticeForm(sentence: string, { say, frame }: Wording): Form {
  return { name: 'notice', formId: newToken(), target: '', title: say.welcome.title, blocks: [text(sentence)], fields: [], submit: null, buttons: [], frame };
}

function text(words: string, style?: 'strong' | 'subtle' | 'warning'): Block {
  return style === undefined ? { kind: 'text', text: words } : { kind: 'text', text: words, style };
}

function noted({ notes = [] }: Prefill): readonly Block[] {
  return notes.map((note) => text(note, 'warning'));
}

function answeredChallenge(challenge: string | null, words: Wording): readonly Block[] {
  if (challenge === null) return [];
  return [{ kind: 'facts', rows: [{ label: words.field.challenge.label, value: inGroups(challenge) }] }];
}

/** No field where no card of the person shows a challenge; one that may stay empty where only some do. */
function challengeOf(cards: readonly CardFacts[], words: Wording, value?: string): readonly Field[] {
  const showing = cards.filter(({ unlock }) => unlock === 'cryptogram').length;
  if (showing === 0) return [];
  const field = challengeField(words, value);
  return [showing === cards.length ? field : { ...field, ...words.field.challengeIfAny, optional: true }];
}

function challengeField(words: Wording, value = ''): Field {
  return { ...fieldWords(words, 'challenge'), kind: 'line', maxLength: CHALLENGE_MAX_LENGTH, value };
}

function codeField(words: Wording, name: 'code' | 'freshCode' | 'oldCode' | 'newCode' | 'appCode', id: Field['id'] = 'code'): Field {
  return { id, kind: 'one-time-code', maxLength: CODE_MAX_LENGTH, ...words.field[name] };
}

function numberField(words: Wording): Field {
  return { ...fieldWords(words, 'number'), kind: 'line', maxLength: NUMBER_MAX_LENGTH };
}

function reasonField(words: Wording, name: 'reason' | 'why', value = ''): Field {
  return { id: 'reason', kind: 'lines', maxLength: REASON_MAX_LENGTH, ...words.field[name], value };
}

function fieldWords<Id extends Field['id'] & keyof Wording['field']>(words: Wording, id: Id) {
  return { id, ...words.field[id] };
}
