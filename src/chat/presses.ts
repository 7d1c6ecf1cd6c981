// What a button does: most open a dialog; the few that act at once fail safe and need no code.
import { isRefused, refuse } from '../lib/refusal.js';
import { mayTryAgain } from '../unblock/advance.js';
import type { Step } from '../unblock/desk.js';
import { hasNumberTriesLeft, numberMatchOf } from '../unblock/number-match.js';
import { unfitToAsk } from '../unblock/typed-challenge.js';
import type { RequestPicture } from '../unblock/request-store.js';
import { isOpen } from '../unblock/request.js';
import { actsFor, mayFreeze, roleOf } from '../unblock/standing.js';
import { startAssisting } from './assisting.js';
import { endDelegation, startDelegating } from './delegating.js';
import type { ChatEvent, Reply } from './event.js';
import { approveForm, denyForm, enrollForm, newChallengeForm, notMeForm, numberForm, renewForm, showForm, unblockForm } from './forms.js';
import type { ActionName } from './message.js';
import { causesOf, refusalsWithThis } from './refusal-causes.js';
import { notice, refused } from './replies.js';
import { replyWithResponse } from './reveal.js';
import { startAcknowledging, startSealed } from './sealed.js';
import type { Turn } from './turn.js';
import { othersName, refusedForGood, welcomeMessage } from './views.js';
import { startVouching } from './vouching.js';

type Press = Extract<ChatEvent, { kind: 'pressed' }>;
type OnRequest = (turn: Turn, picture: RequestPicture) => Reply | Promise<Reply>;

const ON_REQUEST: { readonly [K in ActionName]?: OnRequest } = {
  'show-response': showResponse,
  'give-new-challenge': giveNewChallenge,
  cancel,
  approve: askForVote,
  deny: askWhy,
  revoke: askWhy,
  'show-number': ({ person, speech }, { request, people }) =>
    request.requesterId === person.id
      ? { kind: 'form', form: numberForm(request, people, speech) }
      : refused(refuse('not-your-request'), speech),
  'not-my-report': stepDown,
  'it-worked': (turn, picture) => outcome(turn, picture, true),
  'it-was-refused': (turn, picture) => outcome(turn, picture, false),
  'not-me': ({ person, speech }, picture) =>
    mayFreeze(picture.request, picture.people, person.id)
      ? { kind: 'form', form: notMeForm(picture.request.id, speech, othersName(picture, person.id)) }
      : refused(refuse('not-your-request'), speech),
};

export async function onPress(turn: Turn, press: Press): Promise<Reply> {
  const { speech, desk, person } = turn;
  const act = ON_REQUEST[press.action];
  if (act !== undefined) {
    const picture = await desk.picture(press.target, person.id);
    return picture === null ? refused(refuse('no-such-request'), speech) : act(turn, picture);
  }
  if (press.action === 'start-unblock') return startUnblock(turn, press.target);
  if (press.action === 'help-caller') return startAssisting(turn);
  if (press.action === 'vouch') return startVouching(turn);
  if (press.action === 'sealed-codes') return startSealed(turn);
  if (press.action === 'acknowledge') return startAcknowledging(turn, press);
  if (press.action === 'delegate') return startDelegating(turn);
  if (press.action === 'end-delegation') return endDelegation(turn);
  // Slack's dialogs hold no picture that nobody else can fetch.
  if (press.action === 'my-authenticator') return { kind: 'form', form: enrollForm(speech, press.from.platform === 'slack' ? turn.enrolmentPage : null) };
  if (press.action === 'my-recovery-codes') return showRecoveryCodes(turn);
  return { kind: 'message', message: welcomeMessage(speech) };
}

/** The dialog that begins everything, with what was given as challenge in its field. */
export async function startUnblock({ desk, person, speech }: Turn, challenge: string): Promise<Reply> {
  const cards = await desk.cardsOf(person.id);
  const no = unfitToAsk(cards);
  if (no !== null) return refused(no, speech);
  return { kind: 'form', form: unblockForm(cards, { challenge }, speech) };
}

/** How many there are; the codes themselves are kept nowhere. */
async function showRecoveryCodes({ enrolment, person, speech }: Turn): Promise<Reply> {
  const left = await enrolment.recoveryCodesLeft(person.id);
  return left === null ? refused(refuse('no-authenticator'), speech) : { kind: 'form', form: renewForm(left, speech) };
}

async function showResponse(turn: Turn, picture: RequestPicture): Promise<Reply> {
  const { desk, person, speech } = turn;
  const { request } = picture;
  if (!actsFor(request, picture.people, person.id)) return refused(refuse('not-your-request'), speech);
  if (request.state === 'approved') return { kind: 'form', form: showForm(request, speech) };
  if (request.state !== 'answered') return refused(refuse('not-now'), speech);
  if (speech.now() >= request.shownUntil || request.refusedAt !== null) {
    return request.challenge === null ? notice(speech.words.say.puk.over, speech) : refused(refuse('reveal-over'), speech);
  }
  const shown = await desk.reveal(pressStep(turn, picture, `show:${request.round}:${request.timesShown}`), { text: null, code: null });
  return 'confirm' in shown ? refused(refuse('not-now'), speech) : replyWithResponse(shown, picture, speech);
}

function giveNewChallenge({ person, speech }: Turn, { request, people }: RequestPicture): Reply {
  if (!actsFor(request, people, person.id)) return refused(refuse('not-your-request'), speech);
  if (!isOpen(request) || request.challenge === null) return refused(refuse('not-now'), speech);
  const tooLate = request.state === 'answered' && (request.refusedAt === null || !mayTryAgain(request, speech.now()));
  return tooLate ? refused(refuse('not-now'), speech) : { kind: 'form', form: newChallengeForm(request, {}, speech) };
}

async function cancel(turn: Turn, picture: RequestPicture): Promise<Reply> {
  const done = await turn.desk.cancel(pressStep(turn, picture, 'cancel'));
  return isRefused(done) ? refused(done, turn.speech) : { kind: 'done', say: turn.speech.words.say.cancelledNow };
}

async function askForVote(turn: Turn, picture: RequestPicture): Promise<Reply> {
  const { speech, desk, person } = turn;
  if (!mayDecide(turn, picture)) return refused(refuse('not-your-decision'), speech);
  if (picture.request.state !== 'awaiting-approval') return refused(refuse('not-now'), speech);
  if (picture.request.requirement.numberMatch === true) {
    const match = numberMatchOf(picture.request, person.id);
    if (match !== null && !hasNumberTriesLeft(match)) return refused(refuse('vote-ended'), speech);
    const begun = match === null ? await desk.beginVote(pressStep(turn, picture, 'number')) : null;
    if (begun !== null && isRefused(begun)) return refused(begun, speech);
  }
  return { kind: 'form', form: approveForm(picture, speech) };
}

/** At once, as it gives nobody anything. */
async function stepDown(turn: Turn, picture: RequestPicture): Promise<Reply> {
  const { desk, speech } = turn;
  const saved = await desk.stepDown(pressStep(turn, picture, 'not-mine'));
  return isRefused(saved) ? refused(saved, speech) : { kind: 'done', say: speech.words.voting.steppedDownNow };
}

function askWhy(turn: Turn, picture: RequestPicture): Reply {
  const { speech } = turn;
  if (!mayDecide(turn, picture)) return refused(refuse('not-your-decision'), speech);
  const { state } = picture.request;
  if (state !== 'awaiting-approval' && state !== 'approved') return refused(refuse('not-now'), speech);
  return { kind: 'form', form: denyForm(picture, speech) };
}

/** Nobody is led through a dialog that must fail; what counts is checked again under the locks. */
function mayDecide({ person }: Turn, { request, people }: RequestPicture): boolean {
  return roleOf(request, people, person.id) !== null;
}

async function outcome(turn: Turn, picture: RequestPicture, worked: boolean): Promise<Reply> {
  const { desk, speech } = turn;
  const saved = await desk.outcome(pressStep(turn, picture, worked ? 'worked' : `refused:${roundOf(picture)}`), worked);
  if (isRefused(saved)) return refused(saved, speech);
  const refusals = saved.repeated ? picture.card.refusedResponses : refusalsWithThis(picture.card);
  const causes = worked ? [] : causesOf(picture, { onScreen: '', refusals }, speech);
  if (saved.request.state === 'answered') return { kind: 'form', form: newChallengeForm(saved.request, { notes: causes }, speech) };
  if (saved.request.state === 'failed') return notice([refusedForGood(picture.card, speech.words), ...causes].join(' '), speech);
  return { kind: 'done', say: speech.words.say.glad };
}

/** A button that acts at once has no dialog and so no form: the same press is the same submission. */
function pressStep({ person }: Turn, { request }: RequestPicture, what: string): Step {
  return { actorId: person.id, requestId: request.id, formId: `press:${request.id}:${what}` };
}

/** Told apart in presses that come once a round. A closed request has none left, and there the first one stands for all. */
function roundOf({ request }: RequestPicture): number {
  return 'round' in request ? request.round : 0;
}
