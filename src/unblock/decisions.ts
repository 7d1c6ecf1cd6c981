// What each step decides, as pure functions from the request and the facts to a change or a refusal.
import { candidates, sourcesFor, unsatisfiable } from '../approval/decide.js';
import { ADMINISTRATORS_GROUP, type Policy } from '../approval/policy.js';
import { hasName } from '../approval/name-key.js';
import { asksHelpdesk, findRule, type Requirement, withHelpdesk } from '../approval/requirement.js';
import { MINUTE_MS } from '../lib/clock.js';
import { isRefused, refuse, type Refused } from '../lib/refusal.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import { advance, mayTryAgain, type RequestEvent } from './advance.js';
import { challengeHash, requestEntry } from './entries.js';
import { personAndManager, type RecipientName } from './recipients.js';
import type { CardFacts, Change, Decision, EventNotice, Facts, RequestDraft } from './request-store.js';
import { isOpen, type UnblockRequest } from './request.js';
import { openingFacts, requirementNow, ruleFactsOf } from './rules-now.js';
import { approversIn, countedAsUnknown, isAgent, isNearLimit, proofIsStale, requesterAmong, requesterOf, roleOf, unfit, type Unfit, verdictOn } from './standing.js';

export type DeskRefusal =
  | Unfit
  | 'audit-unavailable'
  | 'breaker-open'
  | 'card-limit'
  | 'card-near-limit'
  | 'challenge-answered'
  | 'code-needed'
  | 'no-approver'
  | 'no-rule'
  | 'not-an-agent'
  | 'not-now'
  | 'not-your-decision'
  | 'not-your-request'
  | 'already-approved'
  | 'request-closed'
  | 'request-expired'
  | 'too-many-requests';

/** The policy in force and the hash of its text. */
export interface LoadedPolicy {
  readonly policy: Policy;
  readonly hash: string;
}

export interface Opening {
  readonly draft: RequestDraft;
  readonly formId: string;
  readonly reason: string;
  readonly loaded: LoadedPolicy;
  /** The chat that it is opened in, where that is known. */
  readonly platform?: string;
}

/** Opens a request, or says why nobody should be bothered with it. */
export function decideOpening(facts: Facts, { draft, formId, reason, loaded, platform }: Opening): Decision<DeskRefusal> {
  const { policy, hash } = loaded;
  const person = facts.people.get(draft.requesterId);
  const no = notAnAgent(draft, facts) ?? unfit(facts.card, person) ?? overLimit(facts, policy);
  if (no !== null) return no;
  const matched = ruleFactsOf(facts, { policy, person, platform: platform ?? null });
  const rule = findRule(policy, matched);
  if (rule === null) return refuse('no-rule');
  const asked = requirementNow(policy, rule, facts);
  const requirement = isNearLimit(facts.card) ? withHelpdesk(asked) : asked;
  const missing = missingRole(requirement, draft, facts);
  if (missing !== null) return missing;
  const request: UnblockRequest = {
    state: 'opened',
    id: draft.id,
    formId,
    cardId: draft.cardId,
    requesterId: draft.requesterId,
    ...(draft.agentId === undefined ? {} : { agentId: draft.agentId }),
    openedAt: facts.at,
    expiresAt: facts.at + policy.times.expireMinutes * MINUTE_MS,
    version: 1,
    reason,
    policyHash: hash,
    requirement,
    approvals: [],
    challenge: draft.challenge,
  };
  const entry = requestEntry('request-opened', request, draft.requesterId, {
    rule: requirement.rule,
    reason,
    ...hashed(draft.cardId, draft.challenge),
    ...openingFacts(matched, requirement),
  });
  return { request, entries: [entry] };
}

/** The same for a requester whose code was right already: opened and proved in one step. */
export function decideOpeningProved(facts: Facts, opening: Opening, spend: SpentCode): Decision<DeskRefusal> {
  const opened = decideOpening(facts, opening);
  if (isRefused(opened)) return opened;
  const proved = decideProof(opened.request, facts, { spend, challenge: null, reason: opening.reason });
  return isRefused(proved) ? proved : { ...proved, entries: [...opened.entries, ...proved.entries] };
}

function overLimit(facts: Facts, policy: Policy): Refused<DeskRefusal> | null {
  if (facts.auditTrouble !== null) return refuse('audit-unavailable');
  if (facts.challengeAnswered) return refuse(alreadyAnswered(facts.card));
  if (facts.counts.personRequestsToday >= policy.limits.requestsPerPersonPerDay) return refuse('too-many-requests');
  if (facts.counts.cardResponsesToday >= policy.limits.challengesPerCardPerDay) return refuse('card-limit');
  if (facts.counts.responsesLastHour >= policy.limits.unblocksPerHour) return refuse('breaker-open');
  return null;
}

/** A PUK that was shown once is as spent as a challenge that was answered. */
function alreadyAnswered({ unlock }: CardFacts): 'challenge-answered' | 'puk-shown' {
  return unlock === 'cryptogram' ? 'challenge-answered' : 'puk-shown';
}

function hashed(cardId: string, challenge: string | null): { readonly challenge?: string } {
  return challenge === null ? {} : { challenge: challengeHash(cardId, challenge) };
}

/** Nobody asks for themselves as for a caller, and only the helpdesk asks for callers. */
function notAnAgent({ requesterId, agentId }: RequestDraft, { people }: Facts): Refused<'not-an-agent'> | null {
  if (agentId === undefined) return null;
  return agentId !== requesterId && isAgent(people.get(agentId)) ? null : refuse('not-an-agent');
}

function missingRole(requirement: Requirement, draft: RequestDraft, facts: Facts): Refused<'no-approver'> | null {
  const lacking = unsatisfiable(requirement, requesterAmong(facts.people, draft), approversIn(facts.people));
  return lacking === null ? null : refuse('no-approver', { missing: lacking.missing.join(', ') });
}

export interface Proving {
  readonly spend: SpentCode;
  /** Where the dialog came back with another challenge than the request was opened with. */
  readonly challenge: string | null;
  readonly reason: string;
}

/** The requester's code was right: those who may agree are told. */
export function decideProof(request: UnblockRequest, facts: Facts, { spend, challenge, reason }: Proving): Decision<DeskRefusal> {
  if (spend.personId !== request.requesterId) return refuse('not-your-request');
  const stopped = stop(request, facts);
  if (stopped !== null) return stopped;
  const asked = challenge === null ? request : withChallenge(request, facts, challenge);
  if (isRefused(asked)) return asked;
  const approved = request.requirement.stages.length === 0;
  // What counts is what the person who proved themselves wrote, not what stood in the dialog before.
  const next = advance({ ...asked, reason }, { kind: 'proved', at: facts.at, approved });
  if (isRefused(next)) return next;
  const entry = requestEntry('identity-proved', next, request.requesterId, {
    factor: spend.kind,
    ...hashed(request.cardId, challenge),
    ...(reason === request.reason ? {} : { reason }),
  });
  const recipients = approved ? asking(request) : audience(request, facts);
  const paid = paidWith(spend, facts, request.requesterId);
  return { request: next, entries: [entry], recipients, ...paid, events: [...(paid.events ?? []), ...toldOfAgent(request, facts)] };
}

/** The third wrong code: the request ends. */
export function decideCodesSpent(request: UnblockRequest, facts: Facts): Decision<DeskRefusal> {
  const next = advance(request, { kind: 'codes-spent', at: facts.at });
  if (isRefused(next)) return next;
  return { request: next, entries: [requestEntry('failed', next, request.requesterId, { why: 'wrong-codes' })], recipients: [mine(request)] };
}

export function decideApprove(request: UnblockRequest, facts: Facts, by: string, spend: SpentCode): Decision<DeskRefusal> {
  const stopped = stop(request, facts);
  if (stopped !== null) return stopped;
  const role = roleOf(request, facts.people, by);
  if (role === null || spend.personId !== by) return refuse('not-your-decision');
  if (request.approvals.some(({ approverId }) => approverId === by)) return refuse('already-approved');
  const verdict = verdictOn(request, facts.people, [{ approverId: by, verdict: 'approve', at: new Date(facts.at) }]);
  const next = advance(request, { kind: 'approve', at: facts.at, by, complete: verdict.kind === 'granted' });
  if (isRefused(next)) return next;
  const vote = requestEntry('vote', next, by, { verdict: 'approve', as: role, factor: spend.kind });
  const complete = requestEntry('approval-complete', next, by, { by: next.approvals.map(({ approverId }) => approverId) });
  return { request: next, entries: verdict.kind === 'granted' ? [vote, complete] : [vote], ...paidWith(spend, facts, by) };
}

/** A no needs no code: it fails safe. Whoever approved may take it back in the same way until the response was shown. */
export function decideDeny(request: UnblockRequest, facts: Facts, by: string, why: string): Decision<DeskRefusal> {
  if (facts.auditTrouble !== null) return refuse('audit-unavailable');
  const role = roleOf(request, facts.people, by);
  if (role === null) return refuse('not-your-decision');
  const revoked = request.approvals.some(({ approverId }) => approverId === by);
  const next = advance(request, { kind: revoked && request.state === 'approved' ? 'revoke' : 'deny', at: facts.at, by, why });
  if (isRefused(next)) return next;
  return { request: next, entries: [requestEntry('denied', next, by, { as: role, why, revoked })] };
}

export function decideNewChallenge(
  request: UnblockRequest,
  facts: Facts,
  challenge: string,
  spend: SpentCode,
): Decision<DeskRefusal> {
  const stopped = stop(request, facts);
  if (stopped !== null) return stopped;
  if (spend.personId !== request.requesterId) return refuse('not-your-request');
  const no = unfit(facts.card, facts.people.get(request.requesterId));
  if (no !== null) return no;
  const next = request.state === 'answered' ? nextRound(request, facts, challenge) : withChallenge(request, facts, challenge);
  if (isRefused(next)) return next;
  const entry = requestEntry('challenge-replaced', next, request.requesterId, {
    challenge: challengeHash(request.cardId, challenge),
    factor: spend.kind,
    nextRound: request.state === 'answered',
  });
  return { request: next, entries: [entry], ...paidWith(spend, facts, request.requesterId) };
}

function withChallenge(request: UnblockRequest, facts: Facts, challenge: string) {
  if (facts.challengeAnswered) return refuse('challenge-answered');
  return advance(request, { kind: 'replace-challenge', at: facts.at, challenge, fresh: true });
}

function nextRound(request: UnblockRequest, facts: Facts, challenge: string) {
  if (facts.challengeAnswered) return refuse('challenge-answered');
  if (isNearLimit(facts.card)) return refuse('card-near-limit');
  return advance(request, { kind: 'next-round', at: facts.at, challenge });
}

export interface Releasing {
  readonly loaded: LoadedPolicy;
  /** Who looks: the requester, or the agent who asks for them. */
  readonly by: string;
  /** The fresh code that a proof older than the policy's minutes needs. */
  readonly spend: SpentCode | null;
  /** A new challenge that came with it. */
  readonly challenge: string | null;
}

/**
 * The gate before a response: everything is looked at again under the locks. Shown again when it was released already.
 */
export function decideRelease(
  request: UnblockRequest,
  facts: Facts,
  { loaded, by, spend, challenge }: Releasing,
): Decision<DeskRefusal> {
  const stopped = stop(request, facts);
  if (stopped !== null) return stopped;
  if (request.state === 'answered') {
    // The response that was released belongs to the old challenge: for a new one this dialog came too late.
    return challenge === null || challenge === request.challenge ? showAgain(request, facts, by) : refuse('not-now');
  }
  if (request.state !== 'approved') return refuse(isOpen(request) ? 'not-now' : 'request-closed');
  const current = challenge === null || challenge === request.challenge ? request : withChallenge(request, facts, challenge);
  if (isRefused(current)) return current;
  if (spend !== null && spend.personId !== request.requesterId) return refuse('not-your-request');
  if (spend === null && (proofIsStale(request, facts.at) || current !== request)) return refuse('code-needed');
  if (facts.challengeAnswered) return refuse(alreadyAnswered(facts.card));
  if (needsHelpdesk(request, facts.card)) return refuse('card-near-limit');
  if (facts.counts.cardResponsesToday >= loaded.policy.limits.challengesPerCardPerDay) return refuse('card-limit');
  if (facts.counts.responsesLastHour >= loaded.policy.limits.unblocksPerHour) return refuse('breaker-open');
  const next = advance(current, { kind: 'release', at: facts.at, fresh: spend !== null });
  if (isRefused(next) || next.state !== 'answered') return isRefused(next) ? next : refuse('not-now');
  const entry = requestEntry('released', next, by, {
    ...hashed(next.cardId, next.challenge),
    method: facts.card.unlock,
    round: next.round,
    approvals: next.approvals.map(({ approverId }) => approverId),
    ...(spend === null ? {} : { factor: spend.kind }),
  });
  const paid = spend === null ? {} : paidWith(spend, facts, request.requesterId);
  const released = { request: next, answered: next.challenge, entries: [entry], ...paid };
  if (next.challenge !== null) return released;
  return { ...released, card: { state: 'puk-shown' }, events: [...(released.events ?? []), ...pukShown(request, facts, by)] };
}

/** A PUK does for one unblocking: whoever looks after the cards has to bring in another one. */
function pukShown({ cardId }: UnblockRequest, { people }: Facts, by: string): readonly EventNotice[] {
  const administrators = [...people.values()].filter(({ active, groups }) => active && hasName(groups, ADMINISTRATORS_GROUP));
  const told: RecipientName[] = ['channel:helpdesk', ...administrators.map(({ id }): RecipientName => `person:${id}`)];
  return told.map((recipient) => ({ kind: 'puk-shown', recipient, params: { person: by, card: cardId } }));
}

/** A card near its limit is answered only where somebody at the helpdesk had to agree. */
function needsHelpdesk({ requirement }: UnblockRequest, card: CardFacts): boolean {
  return isNearLimit(card) && !asksHelpdesk(requirement);
}

function showAgain(request: UnblockRequest, facts: Facts, by: string): Decision<DeskRefusal> {
  const next = advance(request, { kind: 'show-again', at: facts.at });
  if (isRefused(next)) return next;
  return { request: next, entries: [requestEntry('shown-again', next, by)] };
}

export function decideOutcome(request: UnblockRequest, facts: Facts, worked: boolean, by = request.requesterId): Decision<DeskRefusal> {
  if (facts.auditTrouble !== null) return refuse('audit-unavailable');
  if (request.state !== 'answered') return refuse(isOpen(request) ? 'not-now' : 'request-closed');
  // "It worked" after "it was refused" closes the request, and takes back nothing that the card counted.
  const recovered = worked && request.refusedAt === null;
  const refusedResponses = recovered ? 0 : facts.card.refusedResponses + (worked ? 0 : 1);
  const card = { ...facts.card, refusedResponses };
  // Near the limit each try is a request of its own: what the helpdesk agreed to was said about the count of then.
  const again = mayTryAgain(request, facts.at) && !isNearLimit(card);
  const event: RequestEvent = worked
    ? { kind: 'worked', at: facts.at }
    : { kind: 'response-refused', at: facts.at, final: !again };
  const next = advance(request, event);
  if (isRefused(next)) return next;
  const entry = requestEntry('outcome', next, by, { worked, refusedResponses, round: request.round });
  return { request: next, entries: [entry], card: { refusedResponses } };
}

/** `by`: the requester, or the agent who asks for them. */
export function decideCancel(request: UnblockRequest, facts: Facts, by = request.requesterId): Decision<DeskRefusal> {
  const next = advance(request, { kind: 'cancel', at: facts.at, by, why: 'requester' });
  if (isRefused(next)) return next;
  return { request: next, entries: [requestEntry('cancelled', next, by)] };
}

/** For a request that nobody proved themselves for and that somebody else stands in for now: the holder, or the helpdesk. */
export function decideGivenUp(request: UnblockRequest, facts: Facts, by: string): Decision<DeskRefusal> {
  if (request.state !== 'opened') return refuse('not-now');
  const next = advance(request, { kind: 'cancel', at: facts.at, by, why: 'requester' });
  if (isRefused(next)) return next;
  return { request: next, entries: [requestEntry('cancelled', next, by, { why: 'never-proved' })] };
}

/** "This was not me": the card and the person's authenticator stop, whatever state the request is in. */
export function decideFreeze(request: UnblockRequest, facts: Facts): Decision<DeskRefusal> {
  if (facts.card.state === 'frozen') return refuse('card-frozen');
  if (facts.card.holderId !== request.requesterId) return refuse('not-your-card');
  const by = request.requesterId;
  const closed = advance(request, { kind: 'cancel', at: facts.at, by, why: 'frozen' });
  const next = isRefused(closed) ? request : closed;
  const params = { person: by, card: facts.card.id };
  const told: RecipientName[] = ['channel:security', ...toldAbout(by, facts)];
  return {
    request: next,
    card: { state: 'frozen' },
    entries: [requestEntry('frozen', next, by)],
    events: told.map((recipient) => ({ kind: 'card-frozen', recipient, params })),
    disableAuthenticatorOf: by,
  };
}

/** What a deadline brings: a reminder, or the end. */
export function decideDeadline(request: UnblockRequest, facts: Facts): Decision<DeskRefusal> {
  const ended = advance(request, { kind: 'expire', at: facts.at });
  const next = isRefused(ended) ? advance(request, { kind: 'remind', at: facts.at }) : ended;
  if (isRefused(next)) return next;
  const kind = next.state === 'awaiting-approval' ? 'reminded' : next.state === 'expired' ? 'expired' : 'outcome';
  const change: Change = { request: next, entries: [requestEntry(kind, next, 'system')] };
  return next.state === 'done' ? { ...change, card: { refusedResponses: countedAsUnknown(facts.card) } } : change;
}

/**
 * What stops every step: an audit that cannot be kept; and a holder, a card or an approver that lost its standing,
 * which ends the request (a change, so that it is recorded, and everyone who saw it is told).
 */
function stop(request: UnblockRequest, facts: Facts): Decision<DeskRefusal> | null {
  if (facts.auditTrouble !== null) return refuse('audit-unavailable');
  if (!isOpen(request)) return refuse(request.state === 'expired' ? 'request-expired' : 'request-closed');
  const why = lostStanding(request, facts);
  if (why === null) return null;
  const event: RequestEvent =
    why === 'card-frozen'
      ? { kind: 'cancel', at: facts.at, by: null, why: 'frozen' }
      : { kind: 'deny', at: facts.at, by: null, why };
  const next = advance(request, event);
  if (isRefused(next)) return next;
  const kind = next.state === 'cancelled' ? 'cancelled' : 'denied';
  return { request: next, entries: [requestEntry(kind, next, 'system', { why })], ended: true };
}

/** Another open request of somebody who pressed "this was not me" ends too, whichever card it is for. */
export function decideFrozenBeside(request: UnblockRequest, facts: Facts): Decision<DeskRefusal> {
  const next = advance(request, { kind: 'cancel', at: facts.at, by: request.requesterId, why: 'frozen' });
  if (isRefused(next)) return next;
  return { request: next, entries: [requestEntry('cancelled', next, request.requesterId, { why: 'frozen' })] };
}

function lostStanding(request: UnblockRequest, facts: Facts): string | null {
  const no = unfit(facts.card, facts.people.get(request.requesterId));
  // Such a card is not answered again, but what was shown may still be looked at and reported.
  const mayReport = request.state === 'answered' && (no?.refused === 'card-stopped' || no?.refused === 'puk-shown');
  if (no !== null && !mayReport) return no.refused;
  if (request.state !== 'approved' && request.state !== 'answered') return null;
  if (request.requirement.stages.length === 0) return null;
  return verdictOn(request, facts.people).kind === 'granted' ? null : 'approver-not-entitled';
}

/** The code that pays for a step. Whose recovery code was used hears of it, and so does their manager. */
function paidWith(spend: SpentCode, facts: Facts, personId: string): Pick<Change, 'spend' | 'events'> {
  if (spend.kind === 'totp') return { spend };
  const params = { person: personId };
  return { spend, events: toldAbout(personId, facts).map((recipient) => ({ kind: 'recovery-code-used', recipient, params })) };
}

function toldAbout(personId: string, facts: Facts): readonly RecipientName[] {
  return personAndManager({ id: personId, managerId: facts.people.get(personId)?.managerId ?? null });
}

/** Everyone who is asked or told from the moment the requester is known: the requester, managers and members, the desk. */
function audience(request: UnblockRequest, facts: Facts): readonly RecipientName[] {
  const requester = requesterOf(request, facts.people);
  const asked = candidates(request.requirement, requester, approversIn(facts.people));
  const sources = request.requirement.stages.flatMap(({ from }) => from);
  // The helpdesk is asked in its channel, not one by one.
  const inPerson = asked.filter((id) => {
    const person = facts.people.get(id);
    return person !== undefined && sourcesFor(request.requirement, requester, person).some((source) => source !== 'helpdesk');
  });
  const channel: RecipientName[] = sources.includes('helpdesk') ? ['channel:helpdesk'] : [];
  return [...asking(request), ...inPerson.map((id): RecipientName => `person:${id}`), ...channel];
}

/** The requester, and whoever asks for them. */
function asking(request: UnblockRequest): readonly RecipientName[] {
  return request.agentId === undefined ? [mine(request)] : [mine(request), `person:${request.agentId}`];
}

/** Whoever is asked for hears of it, and so does their manager, whoever approves. */
function toldOfAgent({ agentId, requesterId, cardId }: UnblockRequest, facts: Facts): readonly EventNotice[] {
  if (agentId === undefined) return [];
  const params = { person: requesterId, card: cardId };
  return toldAbout(requesterId, facts).map((recipient) => ({ kind: 'assisted', recipient, params }));
}

function mine(request: UnblockRequest): RecipientName {
  return `person:${request.requesterId}`;
}
