// The life of a request as one table: what each event does in each state. No clock, no storage, no await.
import { escalate } from '../approval/escalation.js';
import type { LastWord } from '../approval/last-word.js';
import { withBreakGlass } from '../approval/requirement.js';
import type { EscalatedWhy } from '../approval/stages.js';
import { MINUTE_MS } from '../lib/clock.js';
import { refuse, type Refused } from '../lib/refusal.js';
import { isOpen, type OpenRequest, type OpenState, type RequestIn, type UnblockRequest } from './request.js';
import { askedSince, nextWhileWaiting, remindersAfter } from './waiting.js';

/** A refused response may be followed by this many more answers. */
export const MORE_ROUNDS = 2;

export type RequestEvent =
  /** The requester's code was right; `approved` where the policy asks nobody. */
  | { readonly kind: 'proved'; readonly at: number; readonly approved: boolean }
  /** The requester's third wrong code. Fewer change nothing here: they are counted where codes are checked. */
  | { readonly kind: 'codes-spent'; readonly at: number }
  | { readonly kind: 'approve'; readonly at: number; readonly by: string; readonly complete: boolean }
  /** Sealed codes of these people were right, and stand for everybody who was asked. */
  | { readonly kind: 'break-glass'; readonly at: number; readonly by: readonly string[] }
  /** An approver opened the dialog to approve, and the rule asks for a number. */
  | { readonly kind: 'number-drawn'; readonly at: number; readonly by: string; readonly number: string }
  /** Their number or their code was wrong: `number` is the next one. */
  | { readonly kind: 'number-missed'; readonly at: number; readonly by: string; readonly typed: string; readonly number: string }
  /** A manager says that the requester is not their report. */
  | { readonly kind: 'step-down'; readonly at: number; readonly by: string }
  /** Somebody's say moved to a stand-in, or came back. */
  | { readonly kind: 'ask-anew'; readonly at: number }
  | { readonly kind: 'deny'; readonly at: number; readonly by: string | null; readonly why: string }
  | { readonly kind: 'revoke'; readonly at: number; readonly by: string; readonly why: string }
  /** A new challenge before the response was shown. `provedAt` moves with the fresh code that came with it. */
  | { readonly kind: 'replace-challenge'; readonly at: number; readonly challenge: string; readonly fresh: boolean }
  | { readonly kind: 'release'; readonly at: number; readonly fresh: boolean }
  | { readonly kind: 'show-again'; readonly at: number }
  | { readonly kind: 'worked'; readonly at: number }
  /** The card refused the response; `final` where no further round is allowed. */
  | { readonly kind: 'response-refused'; readonly at: number; readonly final: boolean }
  | { readonly kind: 'next-round'; readonly at: number; readonly challenge: string }
  | { readonly kind: 'cancel'; readonly at: number; readonly by: string | null; readonly why: 'requester' | 'frozen' }
  | { readonly kind: 'remind'; readonly at: number }
  /** The requester hears that time is running out. */
  | { readonly kind: 'warn'; readonly at: number }
  /** More people are asked, as the requirement says. */
  | { readonly kind: 'escalate'; readonly at: number; readonly why: EscalatedWhy }
  | { readonly kind: 'expire'; readonly at: number; readonly lastWord?: LastWord };

export type EventKind = RequestEvent['kind'];
export type NotNow = Refused<'request-closed' | 'request-expired' | 'not-now'>;

type Step<S extends OpenState, K extends EventKind> = (
  request: RequestIn<S>,
  event: Extract<RequestEvent, { kind: K }>,
) => UnblockRequest | NotNow;
type Row<S extends OpenState> = { readonly [K in EventKind]?: Step<S, K> };
type Table = { readonly [S in OpenState]: Row<S> };

const TABLE: Table = {
  opened: {
    proved: (request, { at, approved }) =>
      approved
        ? { ...request, state: 'approved', provedAt: at, round: 0, firstRevealedAt: null }
        : { ...request, state: 'awaiting-approval', provedAt: at, askedAt: at, remindedAt: null, reminders: 0 },
    'codes-spent': codesSpent,
    'replace-challenge': (request, { challenge }) => (request.challenge === null ? refuse('not-now') : { ...request, challenge }),
    deny: deniedByDirectory,
    cancel: cancelled,
    expire: expired,
  },
  'awaiting-approval': {
    'codes-spent': codesSpent,
    approve: (request, { at, by, complete }) => {
      const approvals = [...request.approvals, { approverId: by, at }];
      if (!complete) return { ...request, approvals, ...(request.numbers === undefined ? {} : { numbers: request.numbers.filter(({ approverId }) => approverId !== by) }) };
      return { ...approvable(request), state: 'approved', approvals, round: 0, firstRevealedAt: null };
    },
    'break-glass': (request, event) => ({ ...approvable(request), ...glassBroken(request, event), state: 'approved', round: 0, firstRevealedAt: null }),
    'number-drawn': (request, { by, number }) => {
      const numbers = request.numbers ?? [];
      if (numbers.some(({ approverId }) => approverId === by)) return refuse('not-now');
      return { ...request, numbers: [...numbers, { approverId: by, number, misses: 0, missed: null }] };
    },
    'number-missed': (request, { by, typed, number }) => {
      const numbers = request.numbers ?? [];
      if (!numbers.some(({ approverId }) => approverId === by)) return refuse('not-now');
      return { ...request, numbers: numbers.map((one) => (one.approverId === by ? { ...one, number, missed: typed, misses: one.misses + 1 } : one)) };
    },
    deny: denied,
    'replace-challenge': replaced,
    remind: (request, { at }) => {
      const reminders = remindersAfter(request, at);
      return reminders === null ? refuse('not-now') : { ...request, remindedAt: at, reminders };
    },
    'step-down': (request, { by }) => {
      const numbers = request.numbers?.filter(({ approverId }) => approverId !== by);
      return { ...request, declined: [...(request.declined ?? []), by], ...(numbers === undefined ? {} : { numbers }) };
    },
    'ask-anew': (request) => request,
    warn: (request, { at }) => (request.warnedAt === undefined ? { ...request, warnedAt: at } : refuse('not-now')),
    escalate: (request, { at, why }) => {
      const requirement = escalate(request.requirement, { since: askedSince(request), at, why });
      return requirement === null ? refuse('not-now') : { ...request, requirement };
    },
    cancel: cancelled,
    expire: expired,
  },
  approved: {
    'codes-spent': codesSpent,
    'break-glass': (request, event) => ({ ...request, ...glassBroken(request, event) }),
    deny: denied,
    revoke: denied,
    'replace-challenge': replaced,
    release: (request, { at, fresh }) => ({
      ...request,
      state: 'answered',
      provedAt: fresh ? at : request.provedAt,
      firstRevealedAt: request.firstRevealedAt ?? at,
      revealedAt: at,
      shownUntil: at + request.requirement.times.responseShownMinutes * MINUTE_MS,
      timesShown: 1,
      refusedAt: null,
    }),
    cancel: cancelled,
    expire: expired,
  },
  answered: {
    'codes-spent': codesSpent,
    'show-again': (request, { at }) =>
      request.refusedAt === null && at < request.shownUntil
        ? { ...request, timesShown: request.timesShown + 1 }
        : refuse('not-now'),
    worked: (request, { at }) => ({ ...closing(request), state: 'done', closedAt: at, outcome: 'worked' }),
    'response-refused': (request, { at, final }) => {
      if (request.refusedAt !== null) return refuse('not-now');
      if (final) return { ...closing(request), state: 'failed', closedAt: at, why: 'response-refused' };
      return { ...request, refusedAt: at };
    },
    'next-round': (request, { at, challenge }) => {
      if (request.refusedAt === null || !mayTryAgain(request, at)) return refuse('not-now');
      const { revealedAt, shownUntil, timesShown, refusedAt, ...rest } = request;
      const expiresAt = retryUntil(request);
      return { ...rest, state: 'approved', challenge, provedAt: at, round: request.round + 1, expiresAt };
    },
    deny: deniedByDirectory,
    // A freeze closes an answered request too; its response is no longer shown.
    cancel: (request, event) => (event.why === 'frozen' ? cancelled(request, event) : refuse('not-now')),
    expire: (request, { at }) =>
      request.refusedAt === null
        ? { ...closing(request), state: 'done', closedAt: at, outcome: 'unconfirmed' }
        : { ...closing(request), state: 'failed', closedAt: at, why: 'response-refused' },
  },
};

/**
 * The request after the event, one version on; or why it cannot happen now. A closed request stays as it is, and
 * past its deadline nothing happens to a request but expiry (and a freeze): a late timer gives nobody more time.
 */
export function advance(request: UnblockRequest, event: RequestEvent): UnblockRequest | NotNow {
  if (!isOpen(request)) return refuse(request.state === 'expired' ? 'request-expired' : 'request-closed');
  if (event.kind === 'expire' && event.at < closesAt(request)) return refuse('not-now');
  if (!mayComeLate(event) && event.at >= closesAt(request)) return refuse('request-expired');
  const step = stepFor(request, event);
  if (step === undefined) return refuse('not-now');
  const next = step(request, event);
  return 'refused' in next ? next : { ...next, version: request.version + 1 };
}

function mayComeLate(event: RequestEvent): boolean {
  return event.kind === 'expire' || (event.kind === 'cancel' && event.why === 'frozen');
}

/** Whether the table has a step for the event in this state, whatever the step then says. */
export function hasStep(state: OpenState, kind: EventKind): boolean {
  return TABLE[state][kind] !== undefined;
}

/** When a request ends by itself (ms since 1970). */
export function closesAt(request: OpenRequest): number {
  if (request.state !== 'answered') return request.expiresAt;
  if (request.refusedAt !== null) return Math.max(retryUntil(request), request.refusedAt);
  return request.revealedAt + request.requirement.times.unconfirmedMinutes * MINUTE_MS;
}

/** The next time something must happen by itself (ms since 1970), or null for a closed request. */
export function nextDeadline(request: UnblockRequest): number | null {
  if (!isOpen(request)) return null;
  const end = closesAt(request);
  return request.state === 'awaiting-approval' ? Math.min(end, nextWhileWaiting(request)) : end;
}

/**
 * A response was refused: is another round allowed, at this time? Only within minutes of the first reveal, and only
 * with another challenge: the same PUK would be refused again.
 */
export function mayTryAgain(request: RequestIn<'answered'>, at: number): boolean {
  return request.challenge !== null && request.round < MORE_ROUNDS && at < retryUntil(request);
}

export function retryUntil(request: RequestIn<'answered'>): number {
  return request.firstRevealedAt + request.requirement.times.retryMinutes * MINUTE_MS;
}

// The table is typed row by row; picking a row and a column by value loses that pairing, hence the one cast.
function stepFor(request: OpenRequest, event: RequestEvent): ((r: OpenRequest, e: RequestEvent) => UnblockRequest | NotNow) | undefined {
  return TABLE[request.state][event.kind] as ((r: OpenRequest, e: RequestEvent) => UnblockRequest | NotNow) | undefined;
}

/** Without what only matters while it waits. */
function approvable({ remindedAt, reminders, askedAt, warnedAt, numbers, ...rest }: RequestIn<'awaiting-approval'>) {
  return rest;
}

function glassBroken({ requirement, approvals }: OpenRequest, { at, by }: Extract<RequestEvent, { kind: 'break-glass' }>): Pick<OpenRequest, 'requirement' | 'approvals'> {
  const others = approvals.filter(({ approverId }) => !by.includes(approverId));
  return { requirement: withBreakGlass(requirement, by), approvals: [...others, ...by.map((approverId) => ({ approverId, at }))] };
}

function replaced(
  request: RequestIn<'awaiting-approval' | 'approved'>,
  { at, challenge, fresh }: Extract<RequestEvent, { kind: 'replace-challenge' }>,
): UnblockRequest | NotNow {
  return fresh && request.challenge !== null ? { ...request, challenge, provedAt: at } : refuse('not-now');
}

function cancelled(request: OpenRequest, event: Extract<RequestEvent, { kind: 'cancel' }>): UnblockRequest {
  return { ...closing(request), state: 'cancelled', closedAt: event.at, by: event.by, why: event.why };
}

function denied(request: OpenRequest, event: Extract<RequestEvent, { kind: 'deny' | 'revoke' }>): UnblockRequest {
  return { ...closing(request), state: 'denied', closedAt: event.at, by: event.by, why: event.why };
}

/** Before and after the vote only the directory can end a request: a holder or an approver lost their standing. */
function deniedByDirectory(request: OpenRequest, event: Extract<RequestEvent, { kind: 'deny' }>): UnblockRequest | NotNow {
  return event.by === null ? denied(request, event) : refuse('not-now');
}

function codesSpent(request: OpenRequest, event: { readonly at: number }): UnblockRequest {
  return { ...closing(request), state: 'failed', closedAt: event.at, why: 'wrong-codes' };
}

function expired(request: OpenRequest, { at, lastWord }: Extract<RequestEvent, { kind: 'expire' }>): UnblockRequest {
  return { ...closing(request), state: 'expired', closedAt: at, ...(lastWord === undefined ? {} : { lastWord }) };
}

/** What is kept of a request that ends: not its challenge. */
function closing(request: OpenRequest) {
  const { id, formId, cardId, requesterId, openedAt, version, reason, policyHash, requirement, approvals } = request;
  const agent = request.agentId === undefined ? {} : { agentId: request.agentId };
  return { id, formId, cardId, requesterId, ...agent, openedAt, version, reason, policyHash, requirement, approvals, proved: 'provedAt' in request };
}
