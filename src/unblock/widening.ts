// A waiting request that somebody must be able to decide: its wider circle comes in early where the first one is empty.
import { unsatisfiable } from '../approval/decide.js';
import type { EscalatedWhy } from '../approval/stages.js';
import type { AuditDraft } from '../audit/entry.js';
import { isRefused } from '../lib/refusal.js';
import { advance } from './advance.js';
import { administrators } from './audience.js';
import { requestEntry } from './entries.js';
import type { EventNotice, Facts } from './request-store.js';
import type { UnblockRequest } from './request.js';
import { approversIn, requesterOf } from './standing.js';

/** A request after a look at who is there to ask. */
export interface Reached {
  readonly request: UnblockRequest;
  readonly entries: readonly AuditDraft[];
  readonly events: readonly EventNotice[];
}

/** With its wider circle where it needs it. Administrators hear of it, and of a manager who has left. */
export function reach(request: UnblockRequest, facts: Facts): Reached {
  const missing: readonly EventNotice[] = administrators(facts).map((recipient) => ({ kind: 'approver-missing', recipient, params: { person: request.requesterId } }));
  if (canBeDecided(request, facts)) return { request, entries: [], events: managerHasLeft(request, facts) ? missing : [] };
  const wider = advance(request, { kind: 'escalate', at: facts.at, why: 'nobody' });
  if (isRefused(wider)) return { request, entries: [], events: missing };
  return { request: wider, entries: [escalatedEntry(wider, 'nobody')], events: missing };
}

/** Whether enough of those whom it asks by now are there. */
export function canBeDecided(request: UnblockRequest, { people }: Facts): boolean {
  return unsatisfiable(request.requirement, requesterOf(request, people), approversIn(people)) === null;
}

export function escalatedEntry(request: UnblockRequest, why: EscalatedWhy): AuditDraft {
  const to = request.requirement.stages.flatMap(({ escalated }) => escalated?.to ?? []);
  return requestEntry('escalated', request, 'system', { why, to: [...new Set(to)] });
}

function managerHasLeft(request: UnblockRequest, { people }: Facts): boolean {
  const { managerId } = requesterOf(request, people);
  const isAsked = request.requirement.stages.some(({ from }) => from.includes('manager'));
  return isAsked && managerId !== null && people.get(managerId)?.active !== true;
}
