// What time brings to a request by itself: reminders, a wider circle, a warning, the end. Never an approval.
import { lastWordFor } from '../approval/last-word.js';
import type { Policy } from '../approval/policy.js';
import { isRefused, refuse } from '../lib/refusal.js';
import { advance, closesAt, type RequestEvent } from './advance.js';
import { audience } from './audience.js';
import type { DeskRefusal } from './decision.js';
import { requestEntry } from './entries.js';
import type { Change, Decision, Facts } from './request-store.js';
import type { RequestIn, UnblockRequest } from './request.js';
import { countedAsUnknown } from './standing.js';
import { escalationAt, reminderAt, warningAt } from './waiting.js';
import { escalatedEntry } from './widening.js';

type Waiting = RequestIn<'awaiting-approval'>;
type ByItself = Extract<RequestEvent, { kind: 'escalate' | 'remind' | 'warn' }>;

/** `policy`: the one in force, for what is said at the end. What is asked is the request's own. */
export function decideDeadline(request: UnblockRequest, facts: Facts, policy: Policy): Decision<DeskRefusal> {
  const ended = advance(request, { kind: 'expire', at: facts.at, ...lastWord(request, facts, policy) });
  if (!isRefused(ended)) return endedBy(ended, facts);
  return request.state === 'awaiting-approval' ? whileWaiting(request, facts) : ended;
}

function endedBy(request: UnblockRequest, facts: Facts): Change {
  const change: Change = { request, entries: [requestEntry(request.state === 'expired' ? 'expired' : 'outcome', request, 'system')] };
  return request.state === 'done' ? { ...change, card: { refusedResponses: countedAsUnknown(facts.card) } } : change;
}

/** Only where people were waited for: who did not look at their response needs nobody. */
function lastWord(request: UnblockRequest, { at, people }: Facts, policy: Policy) {
  // Looking for the next shift takes a while, and most deadlines are no end.
  if (request.state !== 'awaiting-approval' || at < closesAt(request)) return {};
  const word = lastWordFor(policy, request.requirement, people.get(request.requesterId)?.site ?? null, at);
  return word === null ? {} : { lastWord: word };
}

/** All that is due at once, each with its entry. */
function whileWaiting(request: Waiting, facts: Facts): Decision<DeskRefusal> {
  let next: UnblockRequest = request;
  const entries: Change['entries'][number][] = [];
  for (const event of dueNow(request, facts.at)) {
    const after = advance(next, event);
    if (isRefused(after)) continue;
    next = after;
    entries.push(entryOf(event, next));
  }
  if (next === request) return refuse('not-now');
  const isWider = next.requirement !== request.requirement;
  return { request: next, entries, ...(isWider ? { recipients: audience(next, facts) } : {}) };
}

function dueNow(request: Waiting, at: number): readonly ByItself[] {
  const events: readonly (readonly [number | null, ByItself])[] = [
    [escalationAt(request), { kind: 'escalate', at, why: 'late' }],
    [reminderAt(request), { kind: 'remind', at }],
    [warningAt(request), { kind: 'warn', at }],
  ];
  return events.flatMap(([due, event]) => (due !== null && due <= at ? [event] : []));
}

function entryOf(event: ByItself, request: UnblockRequest) {
  if (event.kind === 'escalate') return escalatedEntry(request, event.why);
  return requestEntry(event.kind === 'remind' ? 'reminded' : 'warned', request, 'system');
}
