// The request to unblock one card: a union by state, where each state has just the fields it can have.
import { z } from 'zod';
import { requirementSchema } from '../approval/requirement.js';

/** Milliseconds since 1970, as in Date.getTime(): compares and survives JSON as it is. */
const instant = z.int();

const voteSchema = z.object({ approverId: z.string(), at: instant });

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
};

const proved = { ...live, provedAt: instant };

const rounds = {
  ...proved,
  /** 0 for the first answer; a refused response may be followed by two more rounds. */
  round: z.int(),
  firstRevealedAt: instant.nullable(),
};

const requestSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('opened'), ...live }),
  z.object({ state: z.literal('awaiting-approval'), ...proved, remindedAt: instant.nullable() }),
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
  z.object({ state: z.literal('done'), ...base, closedAt: instant, outcome: z.enum(['worked', 'unconfirmed']) }),
  z.object({
    state: z.literal('denied'),
    ...base,
    closedAt: instant,
    /** The person who said no; null where the directory did (an approver is no longer entitled). */
    by: z.string().nullable(),
    why: z.string(),
  }),
  z.object({
    state: z.literal('cancelled'),
    ...base,
    closedAt: instant,
    by: z.string().nullable(),
    why: z.enum(['requester', 'frozen']),
  }),
  z.object({ state: z.literal('expired'), ...base, closedAt: instant }),
  z.object({ state: z.literal('failed'), ...base, closedAt: instant, why: z.enum(['wrong-codes', 'response-refused']) }),
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
