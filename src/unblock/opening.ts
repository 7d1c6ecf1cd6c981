// How a request begins: opened, and proved by its requester's code. Pure functions from the facts to a change or a refusal.
import { candidates, sourcesFor, unsatisfiable } from '../approval/decide.js';
import type { Policy } from '../approval/policy.js';
import { findRule, type Requirement, withHelpdesk } from '../approval/requirement.js';
import { MINUTE_MS } from '../lib/clock.js';
import { isRefused, refuse, type Refused } from '../lib/refusal.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import { advance } from './advance.js';
import { alreadyAnswered, type DeskRefusal, hashed, type LoadedPolicy, mine, paidWith, stop, toldAbout, withChallenge } from './decision.js';
import { requestEntry } from './entries.js';
import type { RecipientName } from './recipients.js';
import type { Decision, EventNotice, Facts, RequestDraft } from './request-store.js';
import type { UnblockRequest } from './request.js';
import { openingFacts, requirementNow, ruleFactsOf } from './rules-now.js';
import { approversIn, isAgent, isNearLimit, requesterAmong, requesterOf, unfit } from './standing.js';

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

function overLimit(facts: Facts, policy: Policy): Refused<DeskRefusal> | null {
  if (facts.auditTrouble !== null) return refuse('audit-unavailable');
  if (facts.challengeAnswered) return refuse(alreadyAnswered(facts.card));
  if (facts.counts.personRequestsToday >= policy.limits.requestsPerPersonPerDay) return refuse('too-many-requests');
  if (facts.counts.cardResponsesToday >= policy.limits.challengesPerCardPerDay) return refuse('card-limit');
  if (facts.counts.responsesLastHour >= policy.limits.unblocksPerHour) return refuse('breaker-open');
  return null;
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
