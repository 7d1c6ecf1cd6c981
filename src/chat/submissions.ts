// What a dialog that was sent does.
import { isRefused, refuse } from '../lib/refusal.js';
import type { Step, ToConfirm } from '../unblock/desk.js';
import type { ChatEvent, Reply } from './event.js';
import { newChallengeForm, type Prefill, proveForm, recoveryForm, showForm, unblockForm } from './forms.js';
import type { FormName } from './message.js';
import { notice, refused } from './replies.js';
import { replyWithResponse } from './reveal.js';
import type { Turn } from './turn.js';

type Submitted = Extract<ChatEvent, { kind: 'submitted' }>;
type OnForm = (turn: Turn, sent: Submitted) => Promise<Reply> | Reply;

const ON_FORM: { readonly [K in FormName]: OnForm } = {
  unblock,
  'show-response': showResponse,
  'new-challenge': newChallenge,
  approve,
  deny,
  'not-me': freeze,
  enroll,
  'enroll-prove': prove,
  // Nothing to send in these two; closing them is all.
  response: () => ({ kind: 'done' }),
  notice: () => ({ kind: 'done' }),
};

// A form id comes back from the platform and becomes a key in the database: nothing but what was given out.
const FORM_ID = /^[A-Za-z0-9_-]{22}$/;

export function onSubmit(turn: Turn, sent: Submitted): Promise<Reply> | Reply {
  if (!FORM_ID.test(sent.formId)) return refused(refuse('not-now'), turn.speech);
  return ON_FORM[sent.form](turn, sent);
}

async function unblock(turn: Turn, sent: Submitted): Promise<Reply> {
  const { desk, person, speech } = turn;
  const cards = await desk.cardsOf(person.id);
  const { challenge = '', code = '', reason = '' } = sent.inputs;
  const cardId = sent.inputs.card ?? cards[0]?.id ?? '';
  const opened = await desk.open({ actorId: person.id, formId: sent.formId, cardId, challenge, code, reason });
  if ('confirm' in opened) {
    const prefill = { formId: sent.formId, cardId, reason, ...reading(turn, opened) };
    return { kind: 'form', form: unblockForm(cards, prefill, speech) };
  }
  if (isRefused(opened)) return refused(opened, speech);
  const { accepted, approvedNow } = speech.words.say;
  return { kind: 'done', say: opened.request.state === 'approved' ? approvedNow : accepted };
}

async function showResponse(turn: Turn, sent: Submitted): Promise<Reply> {
  const { desk, person, speech } = turn;
  const typed = (sent.inputs.challenge ?? '').trim();
  const code = (sent.inputs.code ?? '').trim();
  const shown = await desk.reveal(stepOf(turn, sent), { text: typed === '' ? null : typed, code: code === '' ? null : code });
  const picture = await desk.picture(sent.target, person.id);
  if (picture === null) return refused(refuse('no-such-request'), speech);
  if ('confirm' in shown) {
    if (picture.request.state !== 'approved') return refused(refuse('not-now'), speech);
    const prefill = { formId: sent.formId, ...reading(turn, shown) };
    return { kind: 'form', form: showForm(picture, picture.request, speech, prefill) };
  }
  return replyWithResponse(shown, picture, speech);
}

async function newChallenge(turn: Turn, sent: Submitted): Promise<Reply> {
  const { desk, person, speech } = turn;
  const { challenge = '', code = '' } = sent.inputs;
  const taken = await desk.newChallenge(stepOf(turn, sent), challenge, code);
  if ('confirm' in taken) {
    const picture = await desk.picture(sent.target, person.id);
    if (picture === null) return refused(refuse('no-such-request'), speech);
    return { kind: 'form', form: newChallengeForm(picture.request, { formId: sent.formId, ...reading(turn, taken) }, speech) };
  }
  if (isRefused(taken)) return refused(taken, speech);
  const { challengeTaken, challengeWaits } = speech.words.say;
  return { kind: 'done', say: taken.request.state === 'approved' ? challengeTaken : challengeWaits };
}

async function approve(turn: Turn, sent: Submitted): Promise<Reply> {
  const voted = await turn.desk.approve(stepOf(turn, sent), sent.inputs.code ?? '');
  return isRefused(voted) ? refused(voted, turn.speech) : { kind: 'done', say: turn.speech.words.say.voted };
}

async function deny(turn: Turn, sent: Submitted): Promise<Reply> {
  const denied = await turn.desk.deny(stepOf(turn, sent), sent.inputs.reason ?? '');
  return isRefused(denied) ? refused(denied, turn.speech) : { kind: 'done', say: turn.speech.words.say.deniedNow };
}

async function freeze(turn: Turn, sent: Submitted): Promise<Reply> {
  const frozen = await turn.desk.freeze(stepOf(turn, sent));
  return isRefused(frozen) ? refused(frozen, turn.speech) : notice(turn.speech.words.say.frozenNow, turn.speech);
}

async function enroll(turn: Turn, sent: Submitted): Promise<Reply> {
  const { enrolment, person, speech, clock } = turn;
  const pending = await enrolment.begin({ invitation: sent.inputs.invitation ?? '', personId: person.id, at: clock() });
  return isRefused(pending) ? refused(pending, speech) : { kind: 'form', form: proveForm(pending, speech) };
}

async function prove(turn: Turn, sent: Submitted): Promise<Reply> {
  const { enrolment, person, speech, clock } = turn;
  const { newCode = '', code } = sent.inputs;
  const proved = await enrolment.prove({
    authenticatorId: sent.target,
    personId: person.id,
    newCode,
    ...(code === undefined ? {} : { oldCode: code }),
    attempt: { formId: sent.formId, actorId: person.id },
    at: clock(),
  });
  if (!isRefused(proved)) return { kind: 'form', form: recoveryForm(proved.recoveryCodes, speech) };
  if (proved.refused === 'enrolment-expired') return refused(proved, speech);
  return { kind: 'field-errors', errors: { newCode: speech.words.refusal['code-not-accepted']({}) } };
}

/** A repaired challenge, back in its field, with what was read differently beside it. */
function reading({ speech }: Turn, { confirm }: ToConfirm): Prefill {
  const { say } = speech.words;
  const changes = confirm.repaired.map(({ typed, read, position }) => say.repair(typed, read, position)).join(', ');
  return { challenge: confirm.groups, note: say.reading(confirm.groups, changes) };
}

function stepOf({ person }: Turn, sent: Submitted): Step {
  return { actorId: person.id, formId: sent.formId, requestId: sent.target };
}

