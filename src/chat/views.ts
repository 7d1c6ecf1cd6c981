// A request as each person sees it: pure functions from the committed state to a Message.
import { type ApproverSource, BREAK_GLASS, groupMeant, rotaOf } from '../approval/policy.js';
import type { Person } from '../directory/person.js';
import { inertText } from '../lib/inert-text.js';
import { retryUntil } from '../unblock/advance.js';
import type { CardFacts, EventNoticeKind, RequestPicture } from '../unblock/request-store.js';
import { hasNumberTriesLeft } from '../unblock/number-match.js';
import { isAskedAsManager } from '../unblock/stepping-down.js';
import { askedSince, remindersOf } from '../unblock/waiting.js';
import { isOpen, type NumberMatch, type OpenRequest, type RequestIn, type UnblockRequest } from '../unblock/request.js';
import { isAgent, requesterOf, standingOf, verdictOn } from '../unblock/standing.js';
import { lastMinute } from './clock-words.js';
import type { Block, Button, Message, Tone } from './message.js';
import type { Speech } from './speech.js';
import { callerWarnings, unusualLines } from './unusual.js';
import type { EventWords, Wording } from './wording.js';

export const NAME_LENGTH = 80;
const LABEL_LENGTH = 60;

/** The requester's own live status. */
export function requesterMessage(picture: RequestPicture, speech: Speech): Message {
  const { request, card } = picture;
  const { tone, text } = requesterStatus(picture, speech);
  const blocks: Block[] = text.map((line) => ({ kind: 'text', text: line }));
  return { title: speech.words.say.requestTitle(cardName(card)), tone, blocks, buttons: requesterButtons(request, speech) };
}

function requesterStatus(picture: RequestPicture, speech: Speech): { readonly tone: Tone; readonly text: readonly string[] } {
  const { request, people } = picture;
  const { say } = speech.words;
  const shown = 'challenge' in request && request.challenge === null ? say.puk : say;
  switch (request.state) {
    case 'opened':
      return { tone: 'neutral', text: [say.unblockIntro] };
    case 'awaiting-approval':
      return { tone: request.warnedAt === undefined ? 'waiting' : 'warning', text: waitingLines(request, picture, speech) };
    case 'approved': {
      const names = approverNames(request, people, speech.words);
      const approved = request.approvals.length === 0 ? shown.approvedByRule : shown.approved(names);
      return { tone: 'good', text: request.round > 0 ? [say.nextRound, approved] : [approved] };
    }
    case 'answered':
      if (request.refusedAt !== null) return { tone: 'warning', text: [say.refusedOnce(speech.time(retryUntil(request)))] };
      return { tone: 'good', text: [shown.answered(speech.time(request.shownUntil))] };
    case 'done':
      return { tone: request.outcome === 'worked' ? 'good' : 'neutral', text: [doneText(picture.card, request, speech.words)] };
    case 'denied':
      return { tone: 'bad', text: [deniedText(request, people, speech.words)] };
    case 'cancelled':
      return { tone: 'neutral', text: [say.cancelled[request.why]] };
    case 'expired':
      return { tone: 'bad', text: [say.expired, ...lastWords(request, speech)] };
    case 'failed':
      return { tone: 'bad', text: [request.why === 'response-refused' ? refusedForGood(picture.card, speech.words) : say.failed[request.why]] };
  }
}

function doneText({ unlock }: CardFacts, { outcome }: RequestIn<'done'>, { say }: Wording): string {
  return outcome === 'unconfirmed' && unlock !== 'cryptogram' ? say.puk.unconfirmed : say.done[outcome];
}

/** After a refusal that no further challenge can follow. */
export function refusedForGood({ unlock }: CardFacts, { say }: Wording): string {
  return unlock === 'cryptogram' ? say.failed['response-refused'] : say.puk.refused;
}

function waitingLines(request: RequestIn<'awaiting-approval'>, picture: RequestPicture, speech: Speech): readonly string[] {
  const { words, time } = speech;
  const verdict = verdictOn(request, picture.people);
  const places = verdict.kind === 'waiting' ? verdict.stages : [];
  const whom = places.map(({ needs, from }) => words.say.anyOf(from.flatMap((source) => sourceNames(source, picture, words)), needs));
  const lines = [words.say.waiting(words.say.allOf(whom), time(askedSince(request)))];
  if (request.approvals.length > 0) lines.push(words.say.partly(approverNames(request, picture.people, words)));
  const typing = typingNames(request, picture.people);
  if (typing.length > 0) lines.push(words.voting.numberWaits(words.say.allOf(typing)));
  lines.push(...escalatedLines(picture, speech));
  if (request.remindedAt !== null) lines.push(words.say.reminded);
  if (request.warnedAt !== undefined) lines.push(words.voting.warned(time(request.expiresAt)));
  return lines;
}

/** Who was asked as well, when and why: everybody sees it. */
function escalatedLines(picture: RequestPicture, { words, time }: Speech): readonly string[] {
  return picture.request.requirement.stages.flatMap(({ escalated }) => {
    const whom = escalated?.to.flatMap((source) => sourceNames(source, picture, words)) ?? [];
    return escalated === undefined || whom.length === 0 ? [] : [words.voting.escalated[escalated.why](words.say.anyOf(whom, 1), time(escalated.at))];
  });
}

/** When somebody will be there, and where there is help until then. */
function lastWords({ lastWord = {} }: RequestIn<'expired'>, { words: { voting }, time }: Speech): readonly string[] {
  const { onCallFrom, opensAt, desk } = lastWord;
  return [
    ...(onCallFrom === undefined ? [] : [voting.onCallFrom(time(onCallFrom))]),
    ...(opensAt === undefined ? [] : [voting.opensAt(time(opensAt))]),
    ...(desk === undefined ? [] : [voting.desk(inertText(desk, NAME_LENGTH))]),
  ];
}

/** None for a manager who is not there or has no part in it: the others of the stage decide. */
function sourceNames(source: ApproverSource, { request, people }: RequestPicture, words: Wording): readonly string[] {
  if (source === 'helpdesk') return [words.source.helpdesk];
  if (source === 'card-sponsor') return [words.source.cardSponsor];
  if (source === BREAK_GLASS) return [words.sealed.source];
  const { managerId, managersManagerId, excluded } = requesterOf(request, people);
  const isAsked = (id: string | null): id is string => id !== null && !excluded.includes(id);
  if (source === 'manager') return isAsked(managerId) ? [words.source.manager(whoDecides(managerId, people, words))] : [];
  if (source === 'manager-of-manager') return isAsked(managersManagerId) ? [words.source.managersManager(whoDecides(managersManagerId, people, words))] : [];
  const rota = rotaOf(source);
  return [rota === null ? words.source.group(groupMeant(source) ?? source) : words.source.onCall(rota)];
}

/** Their name, or that of whoever decides in their place now. */
function whoDecides(id: string, people: RequestPicture['people'], { voting }: Wording): string {
  return people.get(id)?.standIn?.now === true ? voting.throughStandIn(standInName(id, people), nameOf(id, people)) : nameOf(id, people);
}

function requesterButtons(request: UnblockRequest, { words, now }: Speech): readonly Button[] {
  const button = buttonsFor(request);
  const notMe = button('not-me', words.button.notMe, 'danger');
  const cancel = button('cancel', words.button.cancel);
  switch (request.state) {
    case 'opened':
      return [cancel, notMe];
    case 'awaiting-approval':
      return [...showNumber(request, words), ...newChallenge(request, words), cancel, notMe];
    case 'approved':
      return [button('show-response', showLabel(request, words), 'primary'), ...newChallenge(request, words), cancel, notMe];
    case 'answered':
      return answeredButtons(request, words, now());
    case 'cancelled':
      return request.why === 'frozen' ? [] : [notMe];
    default:
      return [notMe];
  }
}

function showNumber(request: RequestIn<'awaiting-approval'>, words: Wording): readonly Button[] {
  return numbersOpen(request).length === 0 ? [] : [buttonsFor(request)('show-number', words.button.showNumber, 'primary')];
}

function typingNames(request: RequestIn<'awaiting-approval'>, people: RequestPicture['people']): readonly string[] {
  return numbersOpen(request).map(({ approverId }) => nameOf(approverId, people));
}

/** Of approvers who are about to type. */
function numbersOpen({ numbers = [] }: RequestIn<'awaiting-approval'>): readonly NumberMatch[] {
  return numbers.filter(hasNumberTriesLeft);
}

function newChallenge(request: OpenRequest, words: Wording): readonly Button[] {
  return request.challenge === null ? [] : [buttonsFor(request)('give-new-challenge', words.button.newChallenge)];
}

function showLabel({ challenge }: OpenRequest, { button }: Wording): string {
  return challenge === null ? button.showPuk : button.show;
}

function answeredButtons(request: RequestIn<'answered'>, words: Wording, at: number): readonly Button[] {
  const button = buttonsFor(request);
  const notMe = button('not-me', words.button.notMe, 'danger');
  if (request.refusedAt !== null) return [button('give-new-challenge', words.button.newChallenge, 'primary'), notMe];
  const show = at < request.shownUntil ? [button('show-response', showLabel(request, words))] : [];
  return [...show, button('it-worked', words.button.worked, 'primary'), button('it-was-refused', words.button.refused), notMe];
}

/** For the agent who asks for a caller: the same, but for what only the caller can say, and may see again. */
export function agentMessage(picture: RequestPicture, speech: Speech): Message {
  const { request, people } = picture;
  const { say, voting, assisting } = speech.words;
  const name = nameOf(request.requesterId, people);
  const isWaiting = request.state === 'awaiting-approval';
  const message = requesterMessage(isWaiting ? { ...picture, request: { ...request, numbers: [] } } : picture, speech);
  const typing = isWaiting ? typingNames(request, people) : [];
  const hint: readonly Block[] = typing.length === 0 ? [] : [{ kind: 'text', text: voting.numberAtCaller(say.allOf(typing), name) }];
  const isShown = request.state === 'answered' && request.refusedAt === null;
  const blocks: readonly Block[] = isShown ? [{ kind: 'text', text: 'challenge' in request && request.challenge === null ? assisting.pukShown : assisting.shown }] : message.blocks;
  const buttons = message.buttons.filter(({ action }) => action !== 'not-me' && !(isShown && action === 'show-response'));
  const warnings = isOpen(request) ? callerWarnings(picture, speech) : [];
  return { ...message, title: say.forTitle(name, message.title), blocks: [...blocks, ...hint, ...warnings], buttons };
}

/** For whoever was asked in person; `personId` null: the helpdesk's channel. */
export function approverMessage(picture: RequestPicture, personId: string | null, speech: Speech): Message {
  const { request, people } = picture;
  const { words } = speech;
  const requester = nameOf(request.requesterId, people);
  const status: Block = { kind: 'text', text: approverStatus(picture, words), style: 'strong' };
  const why = personId === null ? words.say.channelAsk : whyYou(picture, personId, words);
  const unusual = isOpen(request) ? unusualLines(picture, speech) : [];
  return {
    title: words.say.askTitle(requester),
    tone: approverTone(request),
    blocks: [status, ...waitingBlocks(picture, speech), ...unreachedLine(picture, words), { kind: 'facts', rows: askFacts(picture, speech) }, ...unusual, ...(isOpen(request) && why !== null ? [subtle(why)] : [])],
    buttons: approverButtons(picture, personId, words),
  };
}

/** Reminders stand in the same message, with who was asked as well by now. */
function waitingBlocks(picture: RequestPicture, speech: Speech): readonly Block[] {
  const { request } = picture;
  if (request.state !== 'awaiting-approval') return [];
  const { remindedAt } = request;
  const reminder = remindedAt === null ? [] : [speech.words.voting.reminder(remindersOf(request), speech.time(remindedAt))];
  return [...reminder, ...escalatedLines(picture, speech)].map((text) => ({ kind: 'text', text, style: 'warning' }));
}

/** Their names alone: a mention would reach them no better. */
function unreachedLine({ unreached, people }: RequestPicture, { say }: Wording): readonly Block[] {
  if (unreached.length === 0) return [];
  return [{ kind: 'text', style: 'warning', text: say.unreached(unreached.map((id) => nameOf(id, people)).join(', ')) }];
}

function askFacts({ request, card, people, counts }: RequestPicture, { words, time }: Speech) {
  const requester = people.get(request.requesterId);
  const rows = [
    { label: words.label.who, value: `${nameOf(request.requesterId, people)}, ${requester?.email ?? request.requesterId}` },
    { label: words.label.card, value: `${cardName(card)}, ${card.profile === null ? card.profileId : words.cardText(card.profile.name)}` },
    { label: words.label.reason, value: request.reason },
    { label: words.label.thisMonth, value: String(counts.personRequestsThisMonth) },
  ];
  if ('provedAt' in request) rows.push({ label: words.label.verified, value: words.say.verifiedAt(time(request.provedAt)) });
  if (request.agentId !== undefined) rows.push({ label: words.label.askedBy, value: words.say.askedByAgent(nameOf(request.agentId, people)) });
  if (request.approvals.length > 0) {
    rows.push({ label: words.label.approvedBy, value: request.approvals.map(({ approverId, at }) => `${voterName(request, people, { approverId, words })} (${time(at)})`).join(', ') });
  }
  if ('closedAt' in request) rows.push({ label: words.label.endedAt, value: time(request.closedAt) });
  return rows;
}

/** Null for somebody who was asked and may not decide any more. */
function whyYou(picture: RequestPicture, personId: string, words: Wording): string | null {
  const { request, people } = picture;
  if ('declined' in request && request.declined.includes(personId)) return words.voting.steppedDown;
  const standing = standingOf(request, people, personId);
  if (standing === null) return isAway(picture, personId) ? words.voting.decidesForYou(standInName(personId, people)) : null;
  const { source: role, inPlaceOf } = standing;
  if (inPlaceOf !== null) return words.voting.inPlaceOf(nameOf(inPlaceOf, people));
  const wider = request.requirement.stages.some(({ from, escalated }) => escalated?.to.includes(role) === true && from.indexOf(role) >= from.length - escalated.to.length);
  return wider ? `${roleWords(role, picture, words)} ${words.voting.asWiderCircle}` : roleWords(role, picture, words);
}

function roleWords(role: ApproverSource, { request, people }: RequestPicture, words: Wording): string {
  if (role === 'manager') return words.role.manager(nameOf(request.requesterId, people));
  if (role === 'manager-of-manager') return words.role.managersManager(nameOf(request.requesterId, people));
  if (role === 'helpdesk') return words.role.helpdesk;
  if (role === 'card-sponsor') return words.role.cardSponsor;
  if (role === BREAK_GLASS) return words.sealed.role;
  const rota = rotaOf(role);
  return rota === null ? words.role.group(groupMeant(role) ?? role) : words.role.onCall(rota);
}

function approverStatus({ request, people }: RequestPicture, words: Wording): string {
  const { state: status } = words.say;
  switch (request.state) {
    case 'opened':
    case 'awaiting-approval':
      return status.awaiting;
    case 'approved':
      return request.round > 0 ? status.nextRound : status.approved;
    case 'answered':
      return request.refusedAt === null ? status.answered : status.refused;
    case 'done':
      return status[request.outcome];
    case 'denied':
      return deniedText(request, people, words);
    case 'cancelled':
      return request.why === 'frozen' ? status.frozen : status.cancelled;
    case 'expired':
      return status.expired;
    case 'failed':
      return status.failed;
  }
}

function approverTone(request: UnblockRequest): Tone {
  if (request.state === 'awaiting-approval') return 'waiting';
  if (request.state === 'denied' || request.state === 'failed') return 'bad';
  return request.state === 'approved' || request.state === 'answered' || request.state === 'done' ? 'good' : 'neutral';
}

/** Whether somebody else decides this in their place, so that a button of theirs would do nothing. */
function isAway({ request, people }: RequestPicture, personId: string): boolean {
  return people.get(personId)?.standIn?.now === true && standingOf(request, people, personId) === null;
}

function standInName(personId: string, people: RequestPicture['people']): string {
  return nameOf(people.get(personId)?.standIn?.personId ?? '', people);
}

function approverButtons(picture: RequestPicture, personId: string | null, words: Wording): readonly Button[] {
  const { request, people } = picture;
  if (personId !== null && isAway(picture, personId)) return [];
  const button = buttonsFor(request);
  const approve = button('approve', words.button.approve, 'primary');
  const deny = button('deny', words.button.deny, 'danger');
  const revoke = button('revoke', words.button.revoke, 'danger');
  const hasApproved = request.approvals.some(({ approverId }) => approverId === personId);
  if ('declined' in request && request.declined.some((id) => id === personId)) return [];
  if (request.state === 'awaiting-approval') {
    const notMine = personId !== null && isAskedAsManager(request, { people }, personId) ? [button('not-my-report', words.button.notMyReport)] : [];
    return hasApproved ? [deny] : [approve, deny, ...notMine];
  }
  if (request.state === 'approved') return personId === null || hasApproved ? [revoke] : [deny];
  return [];
}

/** Whom and what an event is about, by name; `from` and `until` of what holds for a while, in ms since 1970. */
export interface EventNames extends Omit<EventWords, 'mine' | 'from' | 'until'> {
  readonly from?: number;
  readonly until?: number;
}

/** Something that someone must be told, once. `mine`: the person themselves. */
export function eventMessage(kind: EventNoticeKind, { from, until, ...about }: EventNames & Pick<EventWords, 'mine'>, { words, time }: Speech): Message {
  const times = { ...(from === undefined ? {} : { from: time(from) }), ...(until === undefined ? {} : { until: time(lastMinute(until)) }) };
  const { title, text } = words.event[kind]({ ...about, ...times });
  return { title, tone: kind === 'monthly-numbers' ? 'neutral' : 'warning', blocks: text.split('\n').map((line) => ({ kind: 'text', text: line })), buttons: eventButtons(kind, about, words), footer: words.say.mailFooter };
}

/** What its reader can do about it. */
function eventButtons(kind: EventNoticeKind, { requestId, mine, details: { use } = {} }: Pick<EventWords, 'requestId' | 'mine' | 'details'>, { button }: Wording): readonly Button[] {
  if (kind === 'assisted' && requestId !== undefined) return [{ action: 'not-me', label: mine ? button.notMe : button.notThem, target: requestId, style: 'danger' }];
  if (kind === 'break-glass-report' && use !== undefined) return [{ action: 'acknowledge', label: button.acknowledge, target: use, style: 'primary' }];
  return [];
}

/** What words are answered with; an agent of the helpdesk is offered to help a caller too, and a manager to vouch for somebody and to pass their say on. */
export function welcomeFor(person: Person, { challenge = '', hasReports, hasSealedCodes = false }: { readonly challenge?: string; readonly hasReports: boolean; readonly hasSealedCodes?: boolean }, speech: Speech): Message {
  const welcome = welcomeMessage(speech, challenge);
  const { button } = speech.words;
  const help: readonly Button[] = isAgent(person) ? [{ action: 'help-caller', label: button.helpCaller, target: '' }] : [];
  const vouch: readonly Button[] = isAgent(person) || hasReports ? [{ action: 'vouch', label: button.vouch, target: '' }] : [];
  // Teams shows six buttons at most; where an agent is away, the others of the desk are asked anyhow.
  const delegate: readonly Button[] = hasReports && !isAgent(person) ? [{ action: 'delegate', label: button.delegate, target: '' }] : [];
  const sealed: readonly Button[] = hasSealedCodes ? [{ action: 'sealed-codes', label: button.sealedCodes, target: '' }] : [];
  return { ...welcome, buttons: [...welcome.buttons, ...help, ...vouch, ...delegate, ...sealed] };
}

export function welcomeMessage({ words }: Speech, challenge = ''): Message {
  return {
    title: words.say.welcome.title,
    tone: 'neutral',
    blocks: [{ kind: 'text', text: words.say.welcome.text }],
    buttons: [
      { action: 'start-unblock', label: words.button.start, target: challenge, style: 'primary' },
      { action: 'my-authenticator', label: words.button.authenticator, target: '' },
      { action: 'my-recovery-codes', label: words.button.recoveryCodes, target: '' },
    ],
  };
}

/** What a stranger is offered who may link their account. */
export function newcomerMessage({ words }: Speech): Message {
  return {
    title: words.say.linkTitle,
    tone: 'neutral',
    blocks: [{ kind: 'text', text: words.say.newcomer }],
    buttons: [{ action: 'link-account', label: words.button.link, target: '', style: 'primary' }],
  };
}

export function plainMessage(title: string, text: string, tone: Tone = 'warning'): Message {
  return { title, tone, blocks: [{ kind: 'text', text }], buttons: [] };
}

/** The label and the last four characters of the serial. */
export function cardName(card: CardFacts): string {
  return `${inertText(card.label, LABEL_LENGTH)} (…${card.serial.slice(-4)})`;
}

/** The requester's name for whoever is not the requester, else null. */
export function othersName({ request, people }: Pick<RequestPicture, 'request' | 'people'>, viewerId: string): string | null {
  return request.requesterId === viewerId ? null : nameOf(request.requesterId, people);
}

export function nameOf(personId: string, people: RequestPicture['people']): string {
  return inertText(people.get(personId)?.name ?? personId, NAME_LENGTH);
}

function approverNames(request: UnblockRequest, people: RequestPicture['people'], words: Wording): string {
  return request.approvals.map(({ approverId }) => voterName(request, people, { approverId, words })).join(', ');
}

/** With the name of whom they stood in for when they voted. */
function voterName(request: UnblockRequest, people: RequestPicture['people'], { approverId, words }: { readonly approverId: string; readonly words: Wording }): string {
  const inPlaceOf = standingOf(request, people, approverId)?.inPlaceOf ?? null;
  const name = nameOf(approverId, people);
  return inPlaceOf === null ? name : words.voting.throughStandIn(name, nameOf(inPlaceOf, people));
}

function subtle(text: string): Block {
  return { kind: 'text', text, style: 'subtle' };
}

function deniedText(request: RequestIn<'denied'>, people: RequestPicture['people'], words: Wording): string {
  if (request.by === null) return request.why === 'nobody-left' ? words.voting.nobodyLeft : words.say.deniedByDirectory;
  return words.say.denied(nameOf(request.by, people), request.why);
}

function buttonsFor(request: UnblockRequest) {
  return (action: Button['action'], label: string, style?: 'primary' | 'danger'): Button => ({
    action,
    label,
    target: request.id,
    ...(style === undefined ? {} : { style }),
  });
}
