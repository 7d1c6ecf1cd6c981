// What a dialog that was sent does.
import { isRefused, refuse } from '../lib/refusal.js';
import type { Step } from '../unblock/desk.js';
import type { ToConfirm } from '../unblock/typed-challenge.js';
import type { UnblockRequest } from '../unblock/request.js';
import type { ChatEvent, Reply } from './event.js';
import { assistForm, newChallengeForm, type Prefill, proveForm, recoveryForm, showForm, unblockForm } from './forms.js';
import { isAgent } from '../unblock/standing.js';
import { onCaller } from './assisting.js';
import { onDelegate } from './delegating.js';
import type { FormName } from './message.js';
import { causesOf } from './refusal-causes.js';
import { notice, refused } from './replies.js';
import { replyWithResponse } from './reveal.js';
import { onAcknowledge, onSealed } from './sealed.js';
import type { Turn } from './turn.js';
import type { Speech } from './speech.js';
import { onVouch } from './vouching.js';

type Submitted = Extract<ChatEvent, { kind: 'submitted' }>;
type OnForm = (turn: Turn, sent: Submitted) => Promise<Reply> | Reply;

const ON_FORM: { readonly [K in FormName]: OnForm } = {
  unblock: (turn, sent) => unblock(turn, sent, unblockForm),
  caller: onCaller,
  assist,
  vouch: onVouch,
  'sealed-codes': onSealed,
  acknowledge: onAcknowledge,
  delegate: onDelegate,
  'show-response': showResponse,
  'new-challenge': newChallenge,
  approve,
  deny,
  'not-me': freeze,
  enroll,
  'enroll-prove': prove,
  'recovery-codes': renewCodes,
  // Whoever is known has no account to link.
  link: ({ speech }) => notice(speech.words.say.linked, speech),
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

/** The same for a caller, whose id is the dialog's target. Before the desk looks: nobody else learns who there is and what cards they hold. */
async function assist(turn: Turn, sent: Submitted): Promise<Reply> {
  if (!isAgent(turn.person)) return refused(refuse('not-an-agent'), turn.speech);
  const caller = (await turn.desk.people([sent.target])).get(sent.target);
  if (caller === undefined) return refused(refuse('no-such-person'), turn.speech);
  return unblock(turn, sent, (cards, prefill, speech) => assistForm(caller, cards, prefill, speech), caller.id);
}

async function unblock(turn: Turn, sent: Submitted, draw: typeof unblockForm, callerId?: string): Promise<Reply> {
  const { desk, person, speech } = turn;
  const cards = await desk.cardsOf(callerId ?? person.id);
  const forId = callerId === undefined ? {} : { forId: callerId };
  const { challenge = '', code = '', reason = '' } = sent.inputs;
  const cardId = sent.inputs.card ?? cards[0]?.id ?? '';
  const opened = await desk.open({ actorId: person.id, ...forId, formId: sent.formId, cardId, challenge, code, reason, platform: sent.from.platform });
  if ('confirm' in opened) {
    const prefill = { formId: sent.formId, cardId, reason, ...reading(turn, opened) };
    return { kind: 'form', form: draw(cards, prefill, speech) };
  }
  if (isRefused(opened)) return refused(opened, speech);
  return { kind: 'done', say: acceptedWords(opened.request, speech) };
}

function acceptedWords(request: UnblockRequest, { words: { say } }: Speech): string {
  if (request.state !== 'approved') return say.accepted;
  return request.challenge === null ? say.puk.approvedNow : say.approvedNow;
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
    return { kind: 'form', form: showForm(picture.request, speech, prefill) };
  }
  return replyWithResponse(shown, picture, speech);
}

async function newChallenge(turn: Turn, sent: Submitted): Promise<Reply> {
  const { desk, person, speech } = turn;
  const { challenge = '', code = '' } = sent.inputs;
  const before = await desk.picture(sent.target, person.id);
  if (before === null) return refused(refuse('no-such-request'), speech);
  const taken = await desk.newChallenge(stepOf(turn, sent), challenge, code);
  if ('confirm' in taken) {
    return { kind: 'form', form: newChallengeForm(before.request, { formId: sent.formId, ...reading(turn, taken) }, speech) };
  }
  if (isRefused(taken)) return refused(taken, speech);
  const { challengeTaken, challengeWaits } = speech.words.say;
  const [fromScreen = ''] = causesOf(before, { onScreen: challenge, refusals: before.card.refusedResponses }, speech);
  return { kind: 'done', say: `${taken.request.state === 'approved' ? challengeTaken : challengeWaits} ${fromScreen}`.trimEnd() };
}

async function approve(turn: Turn, sent: Submitted): Promise<Reply> {
  const voted = await turn.desk.approve(stepOf(turn, sent), sent.inputs.code ?? '', sent.inputs.number);
  return isRefused(voted) ? refused(voted, turn.speech) : { kind: 'done', say: turn.speech.words.say.voted };
}

async function deny(turn: Turn, sent: Submitted): Promise<Reply> {
  const denied = await turn.desk.deny(stepOf(turn, sent), sent.inputs.reason ?? '');
  return isRefused(denied) ? refused(denied, turn.speech) : { kind: 'done', say: turn.speech.words.say.deniedNow };
}

async function freeze(turn: Turn, sent: Submitted): Promise<Reply> {
  const { desk, person, speech } = turn;
  const frozen = await desk.freeze(stepOf(turn, sent));
  if (isRefused(frozen)) return refused(frozen, speech);
  const { say, assisting } = speech.words;
  return notice(frozen.request.requesterId === person.id ? say.frozenNow : assisting.frozen, speech);
}

async function enroll(turn: Turn, sent: Submitted): Promise<Reply> {
  const { enrolment, person, speech, clock } = turn;
  const pending = await enrolment.begin({ invitation: sent.inputs.invitation ?? '', personId: person.id, at: clock() });
  return isRefused(pending) ? refused(pending, speech) : { kind: 'form', form: proveForm(pending, speech) };
}

async function prove(turn: Turn, sent: Submitted): Promise<Reply> {
  const { enrolment, person, speech, clock } = turn;
  const { newCode = '', code } = sent.inputs;
  const { say } = speech.words;
  const proved = await enrolment.prove({
    authenticatorId: sent.target,
    personId: person.id,
    newCode,
    ...(code === undefined ? {} : { oldCode: code }),
    attempt: { formId: sent.formId, actorId: person.id },
    at: clock(),
  });
  if (!isRefused(proved)) return { kind: 'form', form: recoveryForm(proved.recoveryCodes, { title: say.enrolTitle, intro: say.recoveryIntro }, speech) };
  if (proved.refused !== 'code-not-accepted') return refused(refuse(proved.refused), speech);
  return { kind: 'field-errors', errors: { newCode: speech.words.refusal['code-not-accepted']({}) } };
}

async function renewCodes({ enrolment, person, speech, clock }: Turn, { formId, inputs }: Submitted): Promise<Reply> {
  const made = await enrolment.renewRecoveryCodes({ personId: person.id, code: inputs.code ?? '', attempt: { formId, actorId: person.id }, at: clock() });
  if (isRefused(made)) return refused(made, speech);
  const { recoveryTitle: title, recoveryRenewed: intro } = speech.words.say;
  return { kind: 'form', form: recoveryForm(made.recoveryCodes, { title, intro }, speech) };
}

/** A repaired challenge, back in its field, with what was read differently beside it. */
function reading({ speech }: Turn, { confirm }: ToConfirm): Prefill {
  const { say } = speech.words;
  const changes = confirm.repaired.map(({ typed, read, position }) => say.repair(typed, read, position)).join(', ');
  return { challenge: confirm.groups, notes: [say.reading(confirm.groups, changes)] };
}

function stepOf({ person }: Turn, sent: Submitted): Step {
  return { actorId: person.id, formId: sent.formId, requestId: sent.target };
}

