// Which settings a policy file has, what each may be, and what its absence means.
import { z } from 'zod';
import { hasUnsafeCharacters } from '../lib/inert-text.js';
import { settings } from '../lib/yaml-problems.js';
import {
  GROUP_PREFIX,
  type ApproverSource,
  type Limits,
  type Policy,
  type Rule,
  type Stage,
  type Times,
  type When,
} from './policy.js';

const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;
const MAX_EXPIRE_MINUTES = 7 * DAY_MINUTES;
const MAX_NAME_LENGTH = 100;
const MAX_ENTRIES = 1_000;
const MAX_RULES = 200;
const MAX_STAGES = 5;
const MAX_COUNT = 10;
const MAX_LIMIT = 10_000;

const name = z
  .string()
  .min(1)
  .max(MAX_NAME_LENGTH)
  .refine((text) => text === text.trim(), { error: 'must not begin or end with a blank' })
  .refine((text) => !hasUnsafeCharacters(text), { error: 'must not hold control characters' });
const names = z.array(name).min(1).max(MAX_ENTRIES).exactOptional();

const source = z.custom<ApproverSource>(isApproverSource, { error: 'must be manager, helpdesk or group:NAME' });

export const stageSchema: z.ZodType<Stage> = settings({
  from: z.array(source).min(1).max(MAX_ENTRIES),
  count: z.int().min(1).max(MAX_COUNT).default(1),
});

const when: z.ZodType<When> = settings({ profiles: names, groups: names, sites: names, cardSerials: names });

const rule: z.ZodType<Rule> = settings({
  name,
  when: when.prefault({}),
  approvals: z.array(stageSchema).max(MAX_STAGES),
  iAcceptNoApproval: z.boolean().exactOptional(),
});

const minutes = z.int().min(1);

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
  unblocksPerHour: limit.default(20),
});

export const policySchema: z.ZodType<Policy> = settings({
  version: z.literal(1),
  times: timesSchema.prefault({}),
  limits: limits.prefault({}),
  rules: z.array(rule).min(1).max(MAX_RULES),
});

function isApproverSource(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (value === 'manager' || value === 'helpdesk') return true;
  return value.startsWith(GROUP_PREFIX) && name.safeParse(value.slice(GROUP_PREFIX.length)).success;
}
