// Which settings a policy file has, what each may be, and what its absence means.
import { z } from 'zod';
import { hasUnsafeCharacters } from '../lib/inert-text.js';
import { settings } from '../lib/yaml-problems.js';
import type { Site } from './hours.js';
import { dayOf, isTimeZone, WEEKDAYS } from './local-time.js';
import {
  BREAK_GLASS,
  type BreakGlassSettings,
  COUNTED_DAYS,
  GROUP_PREFIX,
  ON_CALL_PREFIX,
  type ApproverSource,
  type Limits,
  type Night,
  type PolicyFile,
  type Rule,
  type Stage,
  type StepUpSettings,
  type Times,
  type When,
} from './policy.js';
import type { Rota } from './rota.js';
import type { KeptStage } from './stages.js';

const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;
const MAX_EXPIRE_MINUTES = 7 * DAY_MINUTES;
const MAX_NAME_LENGTH = 100;
const MAX_ENTRIES = 1_000;
const MAX_RULES = 200;
const MAX_STAGES = 5;
const MAX_COUNT = 10;
const MAX_LIMIT = 10_000;
const MAX_SITES = 200;
const MAX_AUTHENTICATOR_DAYS = 365;
const MAX_COOLING_OFF_HOURS = 30 * 24;
const MAX_PERSON_LENGTH = 254;
/** Where a request can be opened. */
export const PLATFORMS = ['slack', 'teams', 'playground'] as const;

const name = z
  .string()
  .min(1)
  .max(MAX_NAME_LENGTH)
  .refine((text) => text === text.trim(), { error: 'must not begin or end with a blank' })
  .refine((text) => !hasUnsafeCharacters(text), { error: 'must not hold control characters' });
const names = z.array(name).min(1).max(MAX_ENTRIES).exactOptional();

const source = z
  .custom<ApproverSource>(isApproverSource, { error: 'must be manager, manager-of-manager, card-sponsor, helpdesk, group:NAME or on-call:NAME' })
  .meta({ type: 'string', pattern: '^(manager|manager-of-manager|card-sponsor|helpdesk|(group|on-call):.+)$' });

const minutes = z.int().min(1);

const stage = {
  from: z.array(source).min(1).max(MAX_ENTRIES),
  count: z.int().min(1).max(MAX_COUNT).default(1),
  distinctGroups: z.boolean().exactOptional().describe('each of them stands for another entry of `from`'),
  escalateTo: z.array(source).min(1).max(MAX_ENTRIES).exactOptional().describe('asked as well when nobody decided for `escalateMinutes`, or at once where there is nobody in `from`'),
  escalateMinutes: minutes.max(MAX_EXPIRE_MINUTES).exactOptional(),
};

export const stageSchema: z.ZodType<Stage> = settings(stage);

/** As a request keeps it: its places are none where sealed codes stand for them. */
export const keptStageSchema: z.ZodType<KeptStage> = settings({
  ...stage,
  from: z.array(z.union([source, z.literal(BREAK_GLASS)])).min(1).max(MAX_ENTRIES),
  count: z.int().min(0).max(MAX_COUNT),
  escalated: settings({ to: z.array(source), minutes: z.int(), at: z.int(), why: z.enum(['late', 'nobody']) }).exactOptional(),
});

const when: z.ZodType<When> = settings({
  profiles: names.describe('profiles of the card'),
  groups: names.describe('the person whose card it is is a member of one of them'),
  sites: names.describe('of the person whose card it is'),
  cardSerials: names,
  cardTags: names.describe('the card has one of these tags'),
  platforms: z.array(z.enum(PLATFORMS)).min(1).max(MAX_ENTRIES).exactOptional().describe('where the request is opened'),
  hours: z.enum(['open', 'closed']).exactOptional().describe("at the person's site, when the request is opened"),
  holiday: z.boolean().exactOptional().describe("at the person's site, on the day when the request is opened"),
  unblocksInDays: settings({ days: z.literal(COUNTED_DAYS), atLeast: z.int().min(1).max(MAX_LIMIT) })
    .exactOptional()
    .describe('the person opened so many requests in the last days, this one not counted'),
  newAuthenticator: settings({ days: z.int().min(1).max(MAX_AUTHENTICATOR_DAYS) })
    .exactOptional()
    .describe("the person's authenticator is younger than this, or they have none"),
});

const rule: z.ZodType<Rule> = settings({
  name,
  when: when.prefault({}),
  approvals: z.array(stageSchema).max(MAX_STAGES),
  iAcceptNoApproval: z.boolean().exactOptional(),
  numberMatch: z.boolean().exactOptional().describe("each approver also types a number of two digits that only the requester's screen shows"),
  stepUp: z.enum(['code', 'code-and-recovery-code']).exactOptional().describe('what the requester gives; with `code-and-recovery-code` both at once'),
});

export const timesSchema: z.ZodType<Times> = settings({
  expireMinutes: minutes.max(MAX_EXPIRE_MINUTES).default(60),
  remindMinutes: minutes.max(MAX_EXPIRE_MINUTES).nullable().default(null),
  responseShownMinutes: minutes.max(HOUR_MINUTES).default(5),
  unconfirmedMinutes: minutes.max(DAY_MINUTES).default(15),
  proofFreshMinutes: minutes.max(HOUR_MINUTES).default(10),
  retryMinutes: minutes.max(HOUR_MINUTES).default(10),
});

const limit = z.int().min(1).max(MAX_LIMIT);

const limits: z.ZodType<Limits> = settings({
  challengesPerCardPerDay: limit.default(5),
  requestsPerPersonPerDay: limit.default(5),
  unblocksPerHour: limit.default(20).describe('in the whole organisation; the next one opens the breaker, until two administrators release it'),
  unblocksPerNight: limit.nullable().default(null).describe('the same in a night, see `night`'),
  wrongCodesPerHour: limit.default(50).describe('in the whole organisation; at so many security is told'),
});

const TIME = '([01][0-9]|2[0-3]):[0-5][0-9]';
const timeZone = z.string().refine(isTimeZone, { error: 'must be the name of a time zone, such as Europe/Berlin' });
const clockTime = z.string().regex(new RegExp(`^${TIME}$`), { error: 'must be a time such as 08:30' });
const endTime = z.string().regex(new RegExp(`^(${TIME}|24:00)$`), { error: 'must be a time such as 17:30, or 24:00' });
const date = z.string().refine((text) => dayOf(text) !== null, { error: 'must be a date such as 2026-12-25' });
const dateAndTime = z
  .string()
  .regex(new RegExp(`^[0-9-]{10}T${TIME}$`), { error: 'must be a date and a time such as 2026-12-25T18:00' })
  .refine((text) => dayOf(text.slice(0, 10)) !== null, { error: 'must hold a date that there is' });
const days = z.array(z.enum(WEEKDAYS)).min(1).max(WEEKDAYS.length);
/** A name and no path: it lies beside the policy. */
export const calendarFile = z.string().regex(/^[\w][\w -]*(\.[\w -]+)*\.ics$/, { error: 'must be the name of a file beside this one that ends in .ics' });
const person = z
  .string()
  .min(1)
  .max(MAX_PERSON_LENGTH)
  .refine((text) => !hasUnsafeCharacters(text), { error: 'must not hold control characters' })
  .describe('an id of the directory, or an e-mail address in it');

const weekly = { days, from: clockTime, to: endTime.describe('on the next day where it is earlier than `from`') };

const site: z.ZodType<Site> = settings({
  name,
  timeZone,
  open: z.array(settings(weekly)).max(MAX_ENTRIES).default([]),
  holidays: z.array(date).max(MAX_ENTRIES).default([]),
  holidayFile: calendarFile.exactOptional().describe('iCalendar: each all-day event is a holiday'),
  forEveryoneElse: z.boolean().exactOptional().describe('for people without a site, or with one that is not named here'),
  desk: name.exactOptional().describe('where people find help when nobody answers, such as "room 12, extension 4711"'),
});

/** It becomes a part of an address. */
const scheduleId = z.string().regex(/^[\w-]{1,100}$/, { error: 'must be the id of a schedule, of letters, digits and dashes' });

const rota: z.ZodType<Rota> = settings({
  name,
  timeZone,
  shifts: z.array(settings({ person, from: dateAndTime, to: dateAndTime })).max(MAX_ENTRIES).default([]),
  weekly: z.array(settings({ person, ...weekly })).max(MAX_ENTRIES).default([]),
  calendarFile: calendarFile.exactOptional().describe('iCalendar: who is invited to an event is on call while it lasts'),
  pagerDuty: scheduleId.exactOptional().describe('the id of a schedule at PagerDuty, such as PI7DH85'),
  opsgenie: scheduleId.exactOptional().describe('the id of a schedule at Opsgenie'),
  titles: z.array(settings({ title: name, person })).max(MAX_ENTRIES).default([]),
});

export const NIGHT_BEGINS = '20:00';
export const NIGHT_ENDS = '06:00';
const night: z.ZodType<Night> = settings({ timeZone, from: clockTime.default(NIGHT_BEGINS), to: clockTime.default(NIGHT_ENDS) });

const stepUp: z.ZodType<StepUpSettings> = settings({
  coolingOffHours: z.int().min(0).max(MAX_COOLING_OFF_HOURS).default(24).describe('so long after it was set up, an authenticator opens nothing without the helpdesk; 0: it does at once'),
});

const breakGlass: z.ZodType<BreakGlassSettings> = settings({
  people: z.literal([1, 2]).default(2).describe('of how many of the two named people a sealed code is needed'),
  lead: person.exactOptional().describe('who acknowledges each use: an id of the directory, or an e-mail address in it; without it a lead of the helpdesk does, else an administrator'),
});

export const policySchema: z.ZodType<PolicyFile> = settings({
  version: z.literal(1),
  times: timesSchema.prefault({}),
  limits: limits.prefault({}),
  stepUp: stepUp.prefault({}),
  fips201: z.literal('refuse').exactOptional().describe('no request for a federal PIV card (US CAC, generic PIV) is opened'),
  night: night.exactOptional().describe('what counts as night for `unblocksPerNight`'),
  breakGlass: breakGlass.exactOptional().describe('the sealed codes of two named people'),
  sites: z.array(site).max(MAX_SITES).default([]),
  rotas: z.array(rota).max(MAX_SITES).default([]),
  rules: z.array(rule).min(1).max(MAX_RULES),
});

const NAMED_SOURCES = ['manager', 'manager-of-manager', 'card-sponsor', 'helpdesk'];

function isApproverSource(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (NAMED_SOURCES.includes(value)) return true;
  const prefix = [GROUP_PREFIX, ON_CALL_PREFIX].find((one) => value.startsWith(one));
  return prefix !== undefined && name.safeParse(value.slice(prefix.length)).success;
}
