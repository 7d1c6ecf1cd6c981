// How a request begins: opened, and proved by its requester's code. Pure functions from the facts to a change or a refusal.
import { unsatisfiable } from '../approval/decide.js';
import { escalate } from '../approval/escalation.js';
import type { Policy } from '../approval/policy.js';
import { findRule, type Requirement } from '../approval/requirement.js';
import { HOUR_MS, MINUTE_MS } from '../lib/clock.js';
import { isRefused, refuse, type Refused } from '../lib/refusal.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import { advance } from './advance.js';
import { asking, audience } from './audience.js';
import { limitReached, stoppedByBreaker } from './breaker.js';
import { alreadyAnswered, type DeskRefusal, hashed, type LoadedPolicy, mine, paidWith, stop, toldAbout, withChallenge } from './decision.js';
import { requestEntry } from './entries.js';
import { coolsOffUntil, guarded, guardsOf } from './guards.js';
import type { Decision, EventNotice, Facts, RequestDraft } from './request-store.js';
import type { UnblockRequest } from './request.js';
import { openingFacts, refusesFederalPiv, requirementNow, ruleFactsOf } from './rules-now.js';
import { approversIn, isAgent, isNearLimit, requesterAmong, requesterUnder, unfit } from './standing.js';
import { reach } from './widening.js';

export interface Opening {
  readonly draft: RequestDraft;
  readonly formId: string;
  readonly reason: string;
  readonly loaded: LoadedPolicy;
  /** The chat that it is opened in, where that is known. */
  readonly platform?: string;
  /** Sealed codes stand for whoever is asked, so it does not matter who is there. */
  readonly sealed?: true;
}

/** Opens a request, or says why nobody should be bothered with it. */
export function decideOpening(facts: Facts, opening: Opening): Decision<DeskRefusal> {
  const { draft, formId, reason, loaded, platform } = opening;
  const { policy, hash } = loaded;
  const person = facts.people.get(draft.requesterId);
  const no = notInForce(facts, loaded) ?? notAnAgent(draft, facts) ?? unfit(facts.card, person) ?? dueAuthenticator(facts) ?? (refusesFederalPiv(policy, facts.card) ? refuse('fips201') : null) ?? overLimit(facts, policy);
  if (no !== null) return no;
  const matched = ruleFactsOf(facts, { policy, person, platform: platform ?? null });
  const rule = findRule(policy, matched);
  if (rule === null) return refuse('no-rule');
  const asked = requirementNow(policy, rule, facts);
  const guards = guardsOf(policy, facts);
  const requirement = guarded(asked, guards, facts);
  const missing = tooNew({ asked, requirement }, opening, facts) ?? missingRole(requirement, draft, facts) ?? numberOutOfReach(requirement, draft, facts);
  if (missing !== null && opening.sealed !== true) return missing;
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
    ...(matched.open || policy.sites.length === 0 ? {} : { outsideHours: true }),
  };
  const entry = requestEntry('request-opened', request, askerOf(request), {
    rule: requirement.rule,
    reason,
    ...hashed(draft.cardId, draft.challenge),
    ...openingFacts(matched, requirement),
    ...('outsideHours' in request ? { outsideHours: true } : {}),
    ...(guards.length === 0 ? {} : { guards }),
  });
  return { request, entries: [entry] };
}

/**
 * Rows that wrong codes may make for one person in 24 hours. Far more than slips need, and no more than a flood may have:
 * beyond it a wrong code is refused as ever and leaves nothing behind.
 */
export const UNPROVED_PER_DAY = 20;

/** The same where the code was wrong: the request waits for the next one. A right code opens one however many these are. */
export function decideOpeningUnproved(facts: Facts, opening: Opening): Decision<DeskRefusal | 'code-not-accepted'> {
  const opened = decideOpening(facts, opening);
  // Who did not prove themselves opens no breaker.
  if (isRefused(opened) && limitReached(opened) !== null) return refuse('breaker-open');
  return !isRefused(opened) && facts.counts.personUnprovedToday >= UNPROVED_PER_DAY ? refuse('code-not-accepted') : opened;
}

/** The same for a requester whose code was right already: opened and proved in one step. */
export function decideOpeningProved(facts: Facts, opening: Opening, spend: SpentCode): Decision<DeskRefusal> {
  const opened = decideOpening(facts, opening);
  if (isRefused(opened)) return opened;
  const proving = { by: askerOf(opened.request), policy: opening.loaded.policy, spend, challenge: null, reason: opening.reason };
  const proved = decideProof(opened.request, facts, proving);
  return isRefused(proved) ? proved : { ...proved, entries: [...opened.entries, ...proved.entries] };
}

export interface Proving {
  /** Who typed the code: the requester, or the agent who asks for them. */
  readonly by: string;
  readonly policy: Policy;
  readonly spend: SpentCode;
  /** Where the dialog came back with another challenge than the request was opened with. */
  readonly challenge: string | null;
  readonly reason: string;
}

/** The requester's code was right: those who may agree are told. */
export function decideProof(request: UnblockRequest, facts: Facts, { by, policy, spend, challenge, reason }: Proving): Decision<DeskRefusal> {
  if (spend.personId !== request.requesterId) return refuse('not-your-request');
  if (request.requirement.recoveryCode === true && spend.kind !== 'code-and-recovery-code') return refuse('recovery-code-needed');
  const stopped = stop(request, facts) ?? dueAuthenticator(facts) ?? tooOften(facts, policy);
  if (stopped !== null) return stopped;
  const cooling = withNewAuthenticator(request, facts, policy);
  if (isRefused(cooling)) return cooling;
  const asked = challenge === null ? cooling : withChallenge(cooling, facts, challenge);
  if (isRefused(asked)) return asked;
  const approved = cooling.requirement.stages.length === 0;
  // What counts is what the person who proved themselves wrote, not what stood in the dialog before.
  const next = advance({ ...asked, reason }, { kind: 'proved', at: facts.at, approved });
  if (isRefused(next)) return next;
  const entry = requestEntry('identity-proved', next, by, {
    factor: spend.kind,
    ...hashed(request.cardId, challenge),
    ...(reason === request.reason ? {} : { reason }),
    ...(cooling === request ? {} : { guards: ['new-authenticator'] }),
  });
  const reached = approved ? { request: next, entries: [], events: [] } : reach(next, facts);
  const recipients = approved ? asking(request) : audience(reached.request, facts);
  const paid = paidWith(spend, facts, request.requesterId);
  const events = [...(paid.events ?? []), ...toldOfAgent(request, facts), ...reached.events];
  return { request: reached.request, entries: [entry, ...reached.entries], recipients, ...paid, events };
}

/** The third wrong code, typed by this person: the request ends. */
export function decideCodesSpent(request: UnblockRequest, facts: Facts, by: string): Decision<DeskRefusal> {
  const next = advance(request, { kind: 'codes-spent', at: facts.at });
  if (isRefused(next)) return next;
  return { request: next, entries: [requestEntry('failed', next, by, { why: 'wrong-codes' })], recipients: [mine(request)] };
}

/** Another policy was applied, and this process does not know it (yet): what it would ask for is out of date. */
export function notInForce({ policyInForce }: Pick<Facts, 'policyInForce'>, { hash }: Pick<LoadedPolicy, 'hash'>): Refused<'policy-not-in-force'> | null {
  return policyInForce === null || policyInForce === hash ? null : refuse('policy-not-in-force');
}

function overLimit(facts: Facts, policy: Policy): Refused<DeskRefusal> | null {
  if (facts.auditTrouble !== null) return refuse('audit-unavailable');
  if (facts.challengeAnswered) return refuse(alreadyAnswered(facts.card));
  const often = tooOften(facts, policy);
  if (often !== null) return often;
  if (facts.counts.cardResponsesToday >= policy.limits.challengesPerCardPerDay) return refuse('card-limit');
  return stoppedByBreaker(facts, policy);
}

/** Who opened it: the requester, or an agent for them. */
function askerOf({ agentId, requesterId }: UnblockRequest): string {
  return agentId ?? requesterId;
}

/** Requests that nobody proved themselves for count for nothing here: anyone could use up somebody's day with them. */
function tooOften({ counts }: Facts, { limits }: Policy): Refused<'too-many-requests'> | null {
  return counts.personRequestsToday >= limits.requestsPerPersonPerDay ? refuse('too-many-requests') : null;
}

/** Whoever took a recovery code in the place of their authenticator sets up another one before they ask again. */
function dueAuthenticator({ needsNewAuthenticator }: Facts): Refused<'authenticator-due'> | null {
  return needsNewAuthenticator === true ? refuse('authenticator-due') : null;
}

/** Nobody asks for themselves as for a caller, and only the helpdesk asks for callers. */
function notAnAgent({ requesterId, agentId }: RequestDraft, { people }: Facts): Refused<'not-an-agent'> | null {
  if (agentId === undefined) return null;
  return agentId !== requesterId && isAgent(people.get(agentId)) ? null : refuse('not-an-agent');
}

/** The number is shown in the requester's own chat: never to the agent, who could tell it to anybody. */
function numberOutOfReach({ numberMatch }: Requirement, { agentId }: RequestDraft, { requesterInChat }: Facts): Refused<'number-needs-chat'> | null {
  return numberMatch === true && agentId !== undefined && !requesterInChat ? refuse('number-needs-chat') : null;
}

/** An authenticator that works since the opening is as new to the request as to one that is opened now. */
function withNewAuthenticator(request: UnblockRequest, facts: Facts, policy: Policy): UnblockRequest | Refused<DeskRefusal> {
  const { authenticatorSince } = facts;
  const until = coolsOffUntil(policy, facts);
  if (until === null || authenticatorSince === null || authenticatorSince <= request.openedAt) return request;
  const requirement = guarded(request.requirement, ['new-authenticator'], facts);
  return missingRole(requirement, request, facts) === null ? { ...request, requirement } : coolsOffFirst(until, facts);
}

/** Where the rule alone could be satisfied, and the helpdesk that a new authenticator needs is not to be had. */
function tooNew(
  { asked, requirement }: { readonly asked: Requirement; readonly requirement: Requirement },
  { draft, loaded: { policy } }: Opening,
  facts: Facts,
): Refused<'authenticator-too-new'> | null {
  const until = coolsOffUntil(policy, facts);
  if (until === null || isNearLimit(facts.card)) return null;
  if (missingRole(asked, draft, facts) !== null || missingRole(requirement, draft, facts) === null) return null;
  return coolsOffFirst(until, facts);
}

function coolsOffFirst(until: number, { at }: Facts): Refused<'authenticator-too-new'> {
  return refuse('authenticator-too-new', { hours: String(Math.ceil((until - at) / HOUR_MS)) });
}

/** Also of the circle that would be asked later: it comes in at once where the first one is empty. */
function missingRole(requirement: Requirement, draft: Pick<UnblockRequest, 'requesterId' | 'agentId'>, facts: Facts): Refused<'no-approver'> | null {
  const widest = escalate(requirement, { since: facts.at, at: facts.at, why: 'nobody' }) ?? requirement;
  const lacking = unsatisfiable(widest, requesterUnder(requirement, requesterAmong(facts.people, draft)), approversIn(facts.people));
  return lacking === null ? null : refuse('no-approver', { missing: lacking.missing.join(', ') });
}

/** Whoever is asked for hears of it, and so does their manager, whoever approves. */
function toldOfAgent({ id, agentId, requesterId, cardId }: UnblockRequest, facts: Facts): readonly EventNotice[] {
  if (agentId === undefined) return [];
  const params = { person: requesterId, card: cardId, request: id };
  return toldAbout(requesterId, facts).map((recipient) => ({ kind: 'assisted', recipient, params }));
}
