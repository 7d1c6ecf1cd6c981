// What the desk asks of storage: one way to change a request, in one transaction, under locks in one order.
import type { Policy } from '../approval/policy.js';
import type { AuditDraft } from '../audit/entry.js';
import type { CardProfile, UnlockMethod } from '../card/profile.js';
import type { Response } from '../card/response.js';
import type { Person } from '../directory/person.js';
import type { Refused } from '../lib/refusal.js';
import type { SpentCode } from '../stepup/authenticator-store.js';
import type { SpentSealed } from '../stepup/sealed-codes.js';
import type { DerivedCard, SealedCard } from '../vault/key-vault.js';
import type { OpenBreaker } from './breaker.js';
import type { RecipientName } from './recipients.js';
import type { UnblockRequest } from './request.js';

/**
 * `puk-shown`: its PUK was shown, so it waits for another one; `waiting`: it came with an import that a second
 * administrator has to commit.
 */
export const CARD_STATES = ['active', 'frozen', 'puk-shown', 'waiting'] as const;
export type CardState = (typeof CARD_STATES)[number];

/** The smart card of a request, as it stands now. No key in it. */
export interface CardFacts {
  readonly id: string;
  readonly serial: string;
  readonly label: string;
  readonly profileId: string;
  /** Null where this process does not know the profile (a file of own profiles that is missing here). */
  readonly profile: CardProfile | null;
  /** As it was sealed with the card's secret: what counts, whatever its profile says by now. */
  readonly unlock: UnlockMethod;
  /** Key check value of its admin key, upper-case hex; '' where it has none. */
  readonly kcv: string;
  /** Counts the secrets that the card has had: 1 for the first. */
  readonly keyVersion: number;
  readonly holderId: string | null;
  /** Who answers for the card beside its holder; null: nobody. */
  readonly sponsorId: string | null;
  /** What the policy may ask about, such as `privileged`. */
  readonly tags: readonly string[];
  readonly state: CardState;
  readonly refusedResponses: number;
}

/** How often something happened lately. */
export interface Counts {
  /** Responses released for this card in the last 24 hours. */
  readonly cardResponsesToday: number;
  /** Requests of this person in the last 24 hours that a right code of theirs stands behind. */
  readonly personRequestsToday: number;
  /** Requests opened for this person in the last 24 hours with wrong codes alone. */
  readonly personUnprovedToday: number;
  /** The same in the last 7 days. */
  readonly personRequestsThisWeek: number;
  /** The same in the last 30 days, for the approver to see. */
  readonly personRequestsThisMonth: number;
  /** Responses released in the whole organisation in the last hour, since the breaker was released. */
  readonly responsesLastHour: number;
  /** The same since the night began; 0 by day, and where the policy defines no night. */
  readonly responsesTonight: number;
}

/** Everything a decision may depend on, read under the locks of its transaction. */
export interface Facts {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly card: CardFacts;
  /** Requester, actor, their managers, and whoever is or may be asked, as they stand now; a person who left is absent. */
  readonly people: ReadonlyMap<string, Person>;
  readonly counts: Counts;
  /** When the requester's authenticator began to work (ms since 1970), read for an opening and for its first code; null: none does. */
  readonly authenticatorSince: number | null;
  /** Ids of those who vouched for it. Read for an opening, and for its first code. */
  readonly vouchedBy?: readonly string[];
  /** Whether the requester has a chat account, read for an opening alone. */
  readonly requesterInChat: boolean;
  /** Whether the challenge in question (or this very PUK) was ever answered for this card. */
  readonly challengeAnswered: boolean;
  /** Why nothing may be decided because the audit cannot be kept, or null. */
  readonly auditTrouble: string | null;
  /** Null while responses may be given. */
  readonly breaker: OpenBreaker | null;
  /** The hash of the policy that the installation goes by; null before there was one. */
  readonly policyInForce: string | null;
  /** This very form had its effect before: it was delivered twice. */
  readonly repeated?: true;
  /** A recovery code took the place of the requester's authenticator, which has to be replaced. Read for an opening, and for its first code. */
  readonly needsNewAuthenticator?: true;
}

/** One thing that someone must be told, once; not a copy of a request. */
export interface EventNotice {
  readonly kind: EventNoticeKind;
  readonly recipient: RecipientName;
  readonly params: Readonly<Record<string, string>>;
}

export const EVENT_NOTICE_KINDS = ['card-frozen', 'enrolled', 'vouched', 'authenticator-locked', 'recovery-code-used', 'recovery-codes-renewed', 'puk-shown', 'account-linked', 'assisted', 'breaker-opened', 'breaker-released', 'many-wrong-codes', 'approver-missing', 'not-my-report', 'delegated', 'delegation-ended', 'card-frozen-by-administrator', 'card-released', 'card-returned', 'card-assigned', 'monthly-numbers', 'break-glass-issued', 'break-glass-used', 'break-glass-report'] as const;
export type EventNoticeKind = (typeof EVENT_NOTICE_KINDS)[number];

/** What one step makes; all of it is saved, or nothing. */
export interface Change {
  readonly request: UnblockRequest;
  readonly card?: { readonly state?: CardState; readonly refusedResponses?: number };
  /** The challenge (hex, null for the PUK) that this step answers: it is never answered again. */
  readonly answered?: string | null;
  readonly entries: readonly AuditDraft[];
  /** Who sees the request from now on; whoever saw it before sees each later state without being named again. */
  readonly recipients?: readonly RecipientName[];
  readonly events?: readonly EventNotice[];
  readonly spend?: SpentCode;
  /** Sealed codes stood for everybody who was asked: they are spent with it, and it is reported the next morning. */
  readonly glass?: GlassUse;
  /** The step found that the request may not go on, and ended it instead of doing what was asked. */
  readonly ended?: true;
  /** What was typed was wrong. The step saves that, takes no effect as a form, and is answered with this. */
  readonly refuses?: 'number-not-accepted' | 'vote-ended';
  /** "This was not me": the person's authenticator stops working. */
  readonly disableAuthenticatorOf?: string;
}

/** A use of sealed codes, as it is kept for the report. */
export interface GlassUse {
  readonly spend: SpentSealed;
  readonly reason: string;
  /** Where the codes were typed: at the command line, or in which chat. */
  readonly place: string;
}

export type Decision<R extends string> = Change | Refused<R>;

/** Who does what, through which form. The same form sent twice by the same person takes effect once. */
export interface Attempted {
  readonly actorId: string;
  readonly formId: string;
  readonly action: string;
  /** Ids of others who have a part in it: they are read with the rest. */
  readonly besides?: readonly string[];
}

/** The action of sealed codes: for it, the administrators are read, who are told. */
export const BREAK_GLASS_STEP = 'break-glass';

/** The action of a manager who takes themselves off a request: for it, all who could be asked instead are read. */
export const STEP_DOWN = 'step-down';

export interface RequestDraft {
  readonly id: string;
  readonly cardId: string;
  readonly requesterId: string;
  /** Absent where the requester asks in person. */
  readonly agentId?: string;
  /** Upper-case hex; null where the card asks for its PUK instead. */
  readonly challenge: string | null;
}

/** `repeated`: this form had taken effect before; nothing was done now. */
export interface Saved {
  readonly request: UnblockRequest;
  readonly repeated: boolean;
}

export type Decide<R extends string> = (current: UnblockRequest, facts: Facts) => Decision<R>;
/** The way to a response: the decision, and what computes it from the card's secret. */
export interface Gate<R extends string> {
  readonly decide: Decide<R>;
  readonly compute: (secret: SealedCard | DerivedCard, card: CardFacts, request: UnblockRequest) => Promise<Response>;
  /** As in `update`. */
  readonly challenge: string | null;
  /** Says what counts as night. */
  readonly policy: Policy;
}

/** `request-ended`: the step found that the request may not go on, and ended it. */
export type StoreRefusal = 'no-such-request' | 'card-busy' | 'code-not-accepted' | 'request-ended' | NonNullable<Change['refuses']>;

/**
 * Locks are taken in one order: the organisation, the card, the request. `decide` may run again after a conflict, so
 * it is pure. A code that another step spent first is a refusal ('code-not-accepted'), never a second run.
 */
export interface RequestStore {
  /** `by`: the form, which opens one request however often it comes. `policy` names the groups whose members may be asked. */
  open<R extends string>(
    draft: RequestDraft,
    by: Attempted,
    policy: Policy,
    decide: (facts: Facts) => Decision<R>,
  ): Promise<Saved | Refused<R | StoreRefusal>>;
  /**
   * `by` null: nobody's form, a deadline. `challenge` (hex) is the one that `facts.challengeAnswered` is about;
   * null: the request's own.
   */
  update<R extends string>(
    id: string,
    by: Attempted | null,
    decide: Decide<R>,
    challenge: string | null,
  ): Promise<Saved | Refused<R | StoreRefusal>>;
  /**
   * As `update`, and computes the response after the decision and before the commit, from the card's secret as it
   * is under the lock. A repeat decides again: it becomes "shown again".
   */
  release<R extends string>(
    id: string,
    by: Attempted,
    gate: Gate<R>,
  ): Promise<{ readonly request: UnblockRequest; readonly response: Response } | Refused<R | StoreRefusal>>;
  /** Writes down that a code was refused, and where; `requestId` null: no request was opened. */
  noteRefusedCode(requestId: string | null, actorId: string, scope: string): Promise<void>;
}

/** What the desk looks up before it decides; read without locks, so nothing is granted on it alone. */
export interface RequestReader {
  cardsOf(personId: string): Promise<readonly CardFacts[]>;
  /** A request, its card, its requester and `actorId`: a small part of its picture. */
  find(id: string, actorId: string): Promise<RequestWithPeople | null>;
  /** These, and the manager of each. */
  people(ids: readonly string[]): Promise<ReadonlyMap<string, Person>>;
  /** What a form is about that would open a request. Null: this person holds no such card. */
  beforeOpening(form: { readonly holderId: string; readonly formId: string; readonly cardId: string }): Promise<BeforeOpening | null>;
  /** The open request for a card, if any. */
  openFor(cardId: string): Promise<UnblockRequest | null>;
  /** Ids of the person's open requests. */
  openOf(personId: string): Promise<readonly string[]>;
  /** Whether this person's form had an effect. */
  tookEffect(formId: string, actorId: string): Promise<boolean>;
  /** `viewerId`: who will look at it; they are among its people. */
  picture(id: string, viewerId: string | null): Promise<RequestPicture | null>;
  /** Requests that wait for somebody to agree, the latest first. */
  latestWaiting(limit: number): Promise<readonly RequestFound[]>;
  /** The person's latest requests that have ended, the latest first. */
  past(personId: string, limit: number): Promise<readonly RequestFound[]>;
  /** Ids of requests that wait for those who were asked. */
  waiting(): Promise<readonly string[]>;
  /** Ids of requests whose deadline has passed, oldest first. */
  due(at: Date, limit: number): Promise<readonly string[]>;
}

export type RequestFound = Pick<RequestPicture, 'request' | 'card'>;
export type RequestWithPeople = Pick<RequestPicture, 'request' | 'card' | 'people'>;

export interface BeforeOpening {
  readonly card: CardFacts;
  /** The request that the form opened (its dialog may come back with a corrected code), or else the open one for the card. */
  readonly request: UnblockRequest | null;
}

/** A request and all that is shown with it, read without locks: for drawing, never for deciding. */
export interface RequestPicture {
  readonly request: UnblockRequest;
  readonly card: CardFacts;
  readonly people: ReadonlyMap<string, Person>;
  readonly counts: Counts;
  readonly authenticatorSince: Date | null;
  /** Who was asked and is reached in no chat. */
  readonly unreached: readonly string[];
  /** Codes that were refused for the requester lately; null where there were none, and once it is closed. */
  readonly refusedCodes: RefusedCodes | null;
  /** The requester's last requests before this one, the latest first, where an agent asks for them; else none. */
  readonly past: readonly PastRequest[];
}

export interface RefusedCodes {
  readonly count: number;
  /** When the first of them was. */
  readonly since: Date;
}

export type PastRequest = Pick<UnblockRequest, 'openedAt' | 'state'>;
