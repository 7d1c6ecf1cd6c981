// The policy: who must agree before a card is unblocked, within which times and limits.
import { createHash } from 'node:crypto';
import type { Calendars } from './calendar.js';
import type { Site } from './hours.js';
import { nameKey } from './name-key.js';
import type { Rota } from './rota.js';
import type { Schedules } from './schedules.js';

/**
 * Who may agree: the requester's manager, that one's manager, the sponsor of the card, members of the group `helpdesk`,
 * members of a named group, or whoever a rota of the policy had on call when the request was opened.
 */
export type ApproverSource = 'manager' | 'manager-of-manager' | 'card-sponsor' | 'helpdesk' | `group:${string}` | `on-call:${string}` | typeof BREAK_GLASS;

/** The people whose sealed codes were used for a request: no policy file asks for them, a request alone has them. */
export const BREAK_GLASS = 'break-glass';

/** `count` different people out of any of the sources. No person fills two places of a request. */
export interface Stage {
  readonly from: readonly ApproverSource[];
  readonly count: number;
  /** Each of them stands for another of the sources: people of different teams. */
  readonly distinctGroups?: boolean;
  /** Asked as well once nobody decided for `escalateMinutes`; or at once where there is nobody in `from`. */
  readonly escalateTo?: readonly ApproverSource[];
  readonly escalateMinutes?: number;
}

/** Every condition that is named must hold; each holds when one of its entries does. None named: always. */
export interface When {
  readonly profiles?: readonly string[];
  /** The requester is a member of one of them. */
  readonly groups?: readonly string[];
  /** The requester's. */
  readonly sites?: readonly string[];
  readonly cardSerials?: readonly string[];
  /** The card has one of these tags. */
  readonly cardTags?: readonly string[];
  /** The chat that the request is opened in. */
  readonly platforms?: readonly string[];
  /** At the requester's site, when the request is opened. */
  readonly hours?: 'open' | 'closed';
  /** The same, of the whole day. */
  readonly holiday?: boolean;
  /** The requester opened so many requests in the last days, this one not counted. */
  readonly unblocksInDays?: { readonly days: CountedDays; readonly atLeast: number };
  /** The requester's authenticator is younger than this, or they have none. */
  readonly newAuthenticator?: { readonly days: number };
}

/** The spans over which requests are counted. */
export const COUNTED_DAYS = [1, 7, 30] as const;
export type CountedDays = (typeof COUNTED_DAYS)[number];

export interface Rule {
  readonly name: string;
  readonly when: When;
  /** Empty only where the file says `iAcceptNoApproval: true`. */
  readonly approvals: readonly Stage[];
  readonly iAcceptNoApproval?: boolean;
  /** Each approver also types a number of two digits that only the requester's screen shows. */
  readonly numberMatch?: boolean;
  /** What the requester proves themselves with; absent: a code, or a recovery code in its place. */
  readonly stepUp?: 'code' | 'code-and-recovery-code';
}

/** How far an authenticator is trusted. */
export interface StepUpSettings {
  /** So long after it was set up, a new authenticator opens nothing without the helpdesk; 0: it does at once. */
  readonly coolingOffHours: number;
}

export interface Times {
  readonly expireMinutes: number;
  /** null: nobody is reminded. */
  readonly remindMinutes: number | null;
  readonly responseShownMinutes: number;
  readonly unconfirmedMinutes: number;
  readonly proofFreshMinutes: number;
  /** From the first reveal: how long a refused response may be followed by another round. */
  readonly retryMinutes: number;
}

export interface Limits {
  readonly challengesPerCardPerDay: number;
  readonly requestsPerPersonPerDay: number;
  /** Over the whole organisation; the breaker opens at the next one. */
  readonly unblocksPerHour: number;
  /** The same from the beginning of a night to its end; null: nights have no limit of their own. */
  readonly unblocksPerNight: number | null;
  /** Over the whole organisation; security is told at so many. */
  readonly wrongCodesPerHour: number;
}

/** What counts as night, every day of the week, on the clocks of this zone. */
export interface Night {
  readonly timeZone: string;
  /** `HH:MM`; `to` is on the next day where it is earlier. */
  readonly from: string;
  readonly to: string;
}

/** The sealed codes of two named people, for when nobody else can agree. */
export interface BreakGlassSettings {
  /** Of how many of the two a code is needed. */
  readonly people: 1 | 2;
  /** Who acknowledges each use: a person's id or e-mail address; absent: a lead of the helpdesk, else an administrator. */
  readonly lead?: string;
}

/** What a policy file says by itself. */
export interface PolicyFile {
  readonly version: 1;
  readonly times: Times;
  readonly limits: Limits;
  readonly stepUp: StepUpSettings;
  /** `refuse`: no request for a federal PIV card is opened, since FIPS 201-3 does not allow this way. */
  readonly fips201?: 'refuse';
  readonly night?: Night;
  /** Absent: codes of both, without a lead of its own. */
  readonly breakGlass?: BreakGlassSettings;
  readonly sites: readonly Site[];
  readonly rotas: readonly Rota[];
  /** In order; the first that matches decides. */
  readonly rules: readonly Rule[];
}

/** The same with the calendars that it names. */
export interface Policy extends PolicyFile {
  readonly calendars: Calendars;
  /** Absent where nobody asked for schedules that are kept elsewhere. */
  readonly schedules?: Schedules;
}

/** The group whose members are the helpdesk. */
export const HELPDESK_GROUP = 'helpdesk';
/** The group whose members get the numbers of each month. */
export const HELPDESK_LEADS_GROUP = 'helpdesk-leads';
/** The group whose members look after the cards and this bot. */
export const ADMINISTRATORS_GROUP = 'administrators';

/** The tag of cards that open more than others: whoever is asked about one is told so. */
export const PRIVILEGED_TAG = 'privileged';

export const GROUP_PREFIX = 'group:';
export const ON_CALL_PREFIX = 'on-call:';

/** The group that a `group:NAME` source names. */
export function groupOf(source: `group:${string}`): string {
  return source.slice(GROUP_PREFIX.length);
}

/** The rota that an `on-call:NAME` source names, or null for another source. */
export function rotaOf(source: ApproverSource): string | null {
  return source.startsWith(ON_CALL_PREFIX) ? source.slice(ON_CALL_PREFIX.length) : null;
}

/** The sources that mean different people: `helpdesk` and `group:Helpdesk` are one. */
export function differentSources(sources: readonly ApproverSource[]): readonly ApproverSource[] {
  const keyOf = (source: ApproverSource): string => nameKey(groupMeant(source) ?? `${source} `);
  return sources.filter((source, at) => sources.findIndex((one) => keyOf(one) === keyOf(source)) === at);
}

/** The group whose members a source means, or null where it means people in another way. */
export function groupMeant(source: ApproverSource): string | null {
  if (source === 'helpdesk') return HELPDESK_GROUP;
  return source.startsWith(GROUP_PREFIX) ? source.slice(GROUP_PREFIX.length) : null;
}

/** SHA-256 of the UTF-8 text in lower-case hex: the name under which a policy is stored and audited. */
export function policyHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
