// The dialogs, as plain data.
import type { Response } from '../card/response.js';
import { inGroups } from '../lib/bytes.js';
import { MAX_EMAIL_LENGTH, type Person } from '../directory/person.js';
import { newToken } from '../lib/ids.js';
import { inertText } from '../lib/inert-text.js';
import type { PendingEnrolment } from '../stepup/enrolment.js';
import { REASON_MAX_LENGTH } from '../unblock/desk.js';
import type { CardFacts, RequestPicture } from '../unblock/request-store.js';
import type { RequestIn, UnblockRequest } from '../unblock/request.js';
import { proofIsStale } from '../unblock/standing.js';
import type { Block, Field, Form } from './message.js';
import { cardName, NAME_LENGTH, nameOf, type Speech } from './views.js';
import type { Wording } from './wording.js';

const CHALLENGE_MAX_LENGTH = 500;
const CODE_MAX_LENGTH = 40;
const ID_MAX_LENGTH = 40;

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
    blocks: [text(words.say.unblockIntro), ...[...screens].map((screen) => text(screen, 'subtle')), ...noted(prefill)],
    fields: [
      ...(cards.length > 1 ? [card] : []),
      ...challengeOf(cards, words, prefill.challenge),
      codeField(words, 'code'),
      reasonField(words, 'reason', prefill.reason),
    ],
    submit: words.submit.send,
    buttons: [],
  };
}

export function approveForm(picture: RequestPicture, { words }: Speech): Form {
  const { request, card, people } = picture;
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
    ],
    fields: [codeField(words, 'code')],
    submit: words.submit.approve,
    buttons: [],
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
  };
}

/** The one place where a response or a PUK is shown. The platform empties it when its time is over. */
export function responseForm(request: RequestIn<'answered'>, card: CardFacts, response: Response, { words, time }: Speech): Form {
  const { say, label } = words;
  const { groups, plain, spelled } = response.reveal();
  const { challenge } = request;
  const until = time(request.shownUntil);
  return {
    name: 'response',
    formId: newToken(),
    target: request.id,
    title: challenge === null ? say.puk.title : say.responseTitle,
    blocks: [
      ...answeredChallenge(challenge, words),
      { kind: 'code', label: card.unlock === 'puk' ? label.puk : label.response, groups, copy: plain },
      text(say.spelled(spelled), 'subtle'),
      { kind: 'steps', items: card.profile?.afterResponse ?? [] },
      text(challenge === null ? say.puk.shownUntil(until) : say.shownUntil(until), 'subtle'),
    ],
    fields: [],
    submit: null,
    buttons: [
      { action: 'it-worked', label: words.button.worked, target: request.id, style: 'primary' },
      { action: 'it-was-refused', label: words.button.refused, target: request.id },
    ],
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
  };
}

export function notMeForm(requestId: string, { words }: Speech): Form {
  return {
    name: 'not-me',
    formId: newToken(),
    target: requestId,
    title: words.say.freezeTitle,
    blocks: [text(words.say.freezeIntro, 'warning')],
    fields: [],
    submit: words.submit.freeze,
    buttons: [],
  };
}

export function enrollForm({ words }: Speech): Form {
  return {
    name: 'enroll',
    formId: newToken(),
    target: '',
    title: words.say.enrolTitle,
    blocks: [text(words.say.enrolIntro)],
    fields: [{ ...fieldWords(words, 'invitation'), kind: 'line', maxLength: CODE_MAX_LENGTH }],
    submit: words.submit.next,
    buttons: [],
  };
}

export function proveForm(pending: PendingEnrolment, { words }: Speech): Form {
  return {
    name: 'enroll-prove',
    formId: newToken(),
    target: pending.authenticatorId,
    title: words.say.enrolTitle,
    blocks: [
      text(words.say.scan),
      { kind: 'qr', alt: words.say.qrAlt, text: pending.provisioningUri },
      { kind: 'code', label: words.label.seed, groups: pending.seedGroups, copy: pending.seedBase32 },
    ],
    fields: [codeField(words, 'newCode', 'newCode'), ...(pending.needsOldCode ? [codeField(words, 'oldCode')] : [])],
    submit: words.submit.finish,
    buttons: [],
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
  };
}

export function recoveryForm(codes: readonly string[], { words }: Speech): Form {
  const blocks: Block[] = [text(words.say.recoveryIntro), { kind: 'keep', label: words.label.recovery, lines: codes }];
  return { name: 'notice', formId: newToken(), target: '', title: words.say.enrolTitle, blocks, fields: [], submit: null, buttons: [] };
}

export function noticeForm(title: string, sentence: string): Form {
  return { name: 'notice', formId: newToken(), target: '', title, blocks: [text(sentence)], fields: [], submit: null, buttons: [] };
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

function codeField(words: Wording, name: 'code' | 'freshCode' | 'oldCode' | 'newCode', id: Field['id'] = 'code'): Field {
  return { id, kind: 'one-time-code', maxLength: CODE_MAX_LENGTH, ...words.field[name] };
}

function reasonField(words: Wording, name: 'reason' | 'why', value = ''): Field {
  return { id: 'reason', kind: 'lines', maxLength: REASON_MAX_LENGTH, ...words.field[name], value };
}

function fieldWords<Id extends Field['id'] & keyof Wording['field']>(words: Wording, id: Id) {
  return { id, ...words.field[id] };
}
