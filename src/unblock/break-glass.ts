// Break-glass: sealed codes of two named people stand for everybody who was asked. Pure functions from the facts to a change or a refusal.
import { hasName } from '../approval/name-key.js';
import { ADMINISTRATORS_GROUP, BREAK_GLASS, type BreakGlassSettings, HELPDESK_LEADS_GROUP, type Policy } from '../approval/policy.js';
import { isPersonNamed } from '../approval/rota.js';
import type { Person } from '../directory/person.js';
import { isRefused, refuse } from '../lib/refusal.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import { advance } from './advance.js';
import { administrators, audience } from './audience.js';
import { type DeskRefusal, stop, toldAbout } from './decision.js';
import { requestEntry } from './entries.js';
import { decideOpeningProved, notInForce, type Opening } from './opening.js';
import type { RecipientName } from './recipients.js';
import type { Change, Decision, EventNotice, Facts, GlassUse } from './request-store.js';
import { isOpen, type UnblockRequest } from './request.js';
import { isNearLimit, verdictOn } from './standing.js';

/** Who types codes that come from no chat, and where. */
export const AT_THE_SERVER = 'cli';

const DEFAULTS: BreakGlassSettings = { people: 2 };

export function breakGlassOf({ breakGlass = DEFAULTS }: Pick<Policy, 'breakGlass'>): BreakGlassSettings {
  return breakGlass;
}

export interface Breaking extends GlassUse {
  /** Who typed the codes: `AT_THE_SERVER`, or a person in their chat, whose own code is one of them. */
  readonly by: string;
  /** Ids of those who have sealed codes: all of them are told, whosever were used. */
  readonly named: readonly string[];
  /** Of how many of them a code is needed, and the hash of the policy that says so. */
  readonly people: number;
  readonly policyHash: string;
}

/**
 * Right sealed codes: nobody else has to agree any more. Everything else stays as it is for any request: the gate before the
 * response, its rounds and limits, Deny, and a frozen card. Nobody's code counts for a request of their own.
 */
export function decideBreakGlass(request: UnblockRequest, facts: Facts, breaking: Breaking): Decision<DeskRefusal> {
  const stopped = stop(request, facts);
  if (stopped !== null) return stopped;
  const elsewhere = notInForce(facts, { hash: breaking.policyHash });
  if (elsewhere !== null) return elsewhere;
  if (request.state !== 'awaiting-approval' && request.state !== 'approved') return refuse(isOpen(request) ? 'not-now' : 'request-closed');
  if (request.requirement.breakGlass !== undefined) return refuse('already-approved');
  const owners = ownersOf(breaking);
  if (breaking.by !== AT_THE_SERVER && !owners.includes(breaking.by)) return refuse('sealed-not-entitled');
  if (owners.includes(request.requesterId)) return refuse('sealed-own-request');
  if (owners.length < breaking.people) return refuse('sealed-one-person');
  if (isNearLimit(facts.card)) return refuse('card-near-limit');
  const next = advance(request, { kind: 'break-glass', at: facts.at, by: owners });
  if (isRefused(next)) return next;
  if (verdictOn(next, facts.people).kind !== 'granted') return refuse('sealed-not-entitled');
  const { by, reason, place, spend } = breaking;
  const votes = owners.map((owner) => requestEntry('vote', next, owner, { verdict: 'approve', as: BREAK_GLASS, factor: 'sealed-code' }));
  const complete = requestEntry('approval-complete', next, by, { by: owners });
  const used = requestEntry('break-glass-used', next, by, { by: owners, reason, place });
  return { request: next, entries: [...votes, complete, used], recipients: audience(next, facts), events: alarm(next, facts, breaking), glass: { spend, reason, place } };
}

/** The same for a request that is not there yet, and its requester's own code: opened, proved and approved in one step. */
export function decideSealedOpening(facts: Facts, opening: Opening, { spend, breaking }: { readonly spend: SpentCode; readonly breaking: Breaking }): Decision<DeskRefusal> {
  const proved = decideOpeningProved(facts, { ...opening, sealed: true }, spend);
  if (isRefused(proved)) return proved;
  const broken = decideBreakGlass(proved.request, facts, breaking);
  if (isRefused(broken)) return broken;
  const both = <T>(one: readonly T[] = [], other: readonly T[] = []): readonly T[] => [...one, ...other];
  const merged: Change = { ...proved, ...broken, entries: both(proved.entries, broken.entries), events: both(proved.events, broken.events) };
  return merged;
}

/** Everybody who could know that it is wrong hears of it at once. */
function alarm(request: UnblockRequest, facts: Facts, breaking: Breaking): readonly EventNotice[] {
  const { requesterId: person, cardId: card } = request;
  const named = breaking.named.map((id): RecipientName => `person:${id}`);
  const told = new Set<RecipientName>(['channel:security', ...administrators(facts), ...named, ...toldAbout(person, facts)]);
  const params = { person, card, others: JSON.stringify(ownersOf(breaking)), reason: breaking.reason };
  return [...told].map((recipient) => ({ kind: 'break-glass-used', recipient, params }));
}

function ownersOf({ spend }: Pick<GlassUse, 'spend'>): readonly string[] {
  return [...new Set(spend.codes.map(({ personId }) => personId))];
}

/** A use that was made, as the report tells it. */
export interface GlassUsed {
  readonly id: string;
  readonly requestId: string;
  readonly cardId: string;
  readonly requesterId: string;
  /** Whose codes. */
  readonly by: readonly string[];
  readonly reason: string;
  readonly place: string;
  readonly at: Date;
  /** How often it was reported, and when the last time. */
  readonly reports: number;
  readonly reportedAt: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
}

/** Whoever had a part in a use: whose card and codes, the agent who asked for the caller, and those who agreed before. */
export function partakersOf({ requesterId, by }: Pick<GlassUsed, 'requesterId' | 'by'>, request: Pick<UnblockRequest, 'agentId' | 'approvals'> | null): readonly string[] {
  const approvers = request?.approvals.map(({ approverId }) => approverId) ?? [];
  return [requesterId, ...by, ...approvers, ...(request?.agentId === undefined ? [] : [request.agentId])];
}

/**
 * Who reads the report of a use and acknowledges it: the lead of the policy, else the leads of the helpdesk, else the
 * administrators; each time those of them who had no part in it. Only where every administrator had one do they themselves.
 */
export function readersOf(partakers: readonly string[], people: readonly Person[], { lead }: BreakGlassSettings): readonly Person[] {
  const active = people.filter((person) => person.active);
  const apart = ({ id }: Person): boolean => !partakers.includes(id);
  const membersOf = (group: string): readonly Person[] => active.filter(({ groups }) => hasName(groups, group));
  const named = active.filter((person) => lead !== undefined && isPersonNamed(lead, person));
  const admins = membersOf(ADMINISTRATORS_GROUP);
  const circles = [named, membersOf(HELPDESK_LEADS_GROUP), admins].map((circle) => circle.filter(apart));
  return circles.find(({ length }) => length > 0) ?? admins;
}

/** A use, and who reads its report. */
export interface GlassReading {
  readonly used: GlassUsed;
  readonly readers: readonly Person[];
}
