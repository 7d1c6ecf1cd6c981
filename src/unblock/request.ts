// The request to unblock one card: a union by state, where each state has just the fields it can have.
import { z } from 'zod';
import { lastWordSchema } from '../approval/last-word.js';
import { requirementSchema } from '../approval/requirement.js';

/** Milliseconds since 1970, as in Date.getTime(): compares and survives JSON as it is. */
const instant = z.int();

const voteSchema = z.object({ approverId: z.string(), at: instant });

const numberMatchSchema = z.object({
  approverId: z.string(),
  /** 10 to 99: for the requester's eyes alone. */
  number: z.string(),
  misses: z.int(),
  /** What was typed the last time, which is never the number now; null before the first try. */
  missed: z.string().nullable(),
});
export type NumberMatch = z.infer<typeof numberMatchSchema>;

const base = {
  id: z.string(),
  formId: z.string(),
  cardId: z.string(),
  requesterId: z.string(),
  /** Who asks for them: an agent at the helpdesk, on the telephone with the requester. */
  agentId: z.string().optional(),
  openedAt: instant,
  version: z.int(),
  reason: z.string(),
  /** SHA-256 of the policy text whose rule decided what this request needs. */
  policyHash: z.string(),
  /** What it needs, as the policy said when it was opened: a later policy changes nothing here. */
  requirement: requirementSchema,
  approvals: z.array(voteSchema),
};

const live = {
  ...base,
  /** Upper-case hex; null where the card asks for its PUK instead. Gone once the request is closed. */
  challenge: z.string().nullable(),
  expiresAt: instant,
  /** It was opened while the requester's site was closed. */
  outsideHours: z.literal(true).exactOptional(),
  /** Managers who said that the requester is not their report: they have no part in it any more. */
  declined: z.array(z.string()).exactOptional(),
};

const proved = { ...live, provedAt: instant };

/** Whether a code of the requester was ever right; what ended before this was kept does not say. */
const closed = { ...base, closedAt: instant, proved: z.boolean().optional() };

const rounds = {
  ...proved,
  /** 0 for the first answer; a refused response may be followed by two more rounds. */
  round: z.int(),
  firstRevealedAt: instant.nullable(),
};

const requestSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('opened'), ...live }),
  z.object({
    state: z.literal('awaiting-approval'),
    ...proved,
    remindedAt: instant.nullable(),
    /** When the first were asked; absent in what is older than this: `provedAt`. */
    askedAt: instant.exactOptional(),
    /** How many reminders there were; absent in what is older than this. */
    reminders: z.int().exactOptional(),
    /** When the requester was told that time is running out. */
    warnedAt: instant.exactOptional(),
    /** Of those who opened the dialog to approve, where the rule asks for a number. */
    numbers: z.array(numberMatchSchema).exactOptional(),
  }),
  z.object({ state: z.literal('approved'), ...rounds }),
  z.object({
    state: z.literal('answered'),
    ...rounds,
    firstRevealedAt: instant,
    revealedAt: instant,
    shownUntil: instant,
    timesShown: z.int(),
    /** When the requester said that the card refused it: it is not shown again, only a new challenge helps. */
    refusedAt: instant.nullable(),
  }),
  z.object({ state: z.literal('done'), ...closed, outcome: z.enum(['worked', 'unconfirmed']) }),
  z.object({
    state: z.literal('denied'),
    ...closed,
    /** The person who said no; null where the directory did (an approver is no longer entitled). */
    by: z.string().nullable(),
    why: z.string(),
  }),
  z.object({
    state: z.literal('cancelled'),
    ...closed,
    by: z.string().nullable(),
    why: z.enum(['requester', 'frozen']),
  }),
  z.object({ state: z.literal('expired'), ...closed, lastWord: lastWordSchema.exactOptional() }),
  z.object({ state: z.literal('failed'), ...closed, why: z.enum(['wrong-codes', 'response-refused']) }),
]);

export type UnblockRequest = z.infer<typeof requestSchema>;
export type RequestState = UnblockRequest['state'];
export type RequestIn<S extends RequestState> = Extract<UnblockRequest, { state: S }>;

export const OPEN_STATES = ['opened', 'awaiting-approval', 'approved', 'answered'] as const;
export type OpenState = (typeof OPEN_STATES)[number];
export type OpenRequest = RequestIn<OpenState>;

export function isOpen(request: UnblockRequest): request is OpenRequest {
  return OPEN_STATES.some((state) => state === request.state);
}

/** A request as it was stored. Throws a ZodError on anything else. */
export function parseRequest(stored: unknown): UnblockRequest {
  return requestSchema.parse(stored);
}
