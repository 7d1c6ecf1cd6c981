// What the settings of a policy file say together: each is good by itself, and some do not go with one another.
import { z } from 'zod';
import type { Path } from '../lib/yaml-file.js';
import { differentSources, type Stage } from './policy.js';
import { type Contradiction, contradictionsInPlaces, repeatedNames } from './policy-sense-places.js';
import { NIGHT_BEGINS, NIGHT_ENDS, stageSchema, timesSchema } from './policy-shape.js';

// Each check reads no more than it looks at, so that another problem in the file does not hide what it finds.
const policyParts = z.object({
  times: z.record(z.string(), z.unknown()).catch({}),
  limits: z.record(z.string(), z.unknown()).catch({}),
  night: z.unknown().optional(),
  rules: z.array(z.unknown()).catch([]),
});
const remindPart = z.object({ remindMinutes: z.number(), expireMinutes: z.number() });
const shownPart = z.object({ responseShownMinutes: z.number(), unconfirmedMinutes: z.number() });
const consentPart = z.object({ approvals: z.array(z.unknown()), iAcceptNoApproval: z.boolean().default(false) });
const expirePart = z.object({ expireMinutes: z.number() });
const escalationPart = z.object({ approvals: z.array(z.looseObject({ escalateTo: z.unknown().optional(), escalateMinutes: z.unknown().optional() }).catch({})) });
const numberPart = z.object({ numberMatch: z.literal(true), approvals: z.array(z.unknown()).length(0) });
const stagesPart = z.object({ approvals: z.array(stageSchema) });

const nightPart = z.object({ from: z.string().default(NIGHT_BEGINS), to: z.string().default(NIGHT_ENDS) });

const DEFAULT_TIMES = timesSchema.parse({});

/** Every contradiction in the value of a policy file, well formed or not. */
export function contradictionsIn(value: unknown): Contradiction[] {
  const read = policyParts.safeParse(value);
  if (!read.success) return [];
  const { times, limits, night, rules } = read.data;
  return [
    ...inNight(limits, night),
    ...inTimes({ ...DEFAULT_TIMES, ...times }),
    ...rules.flatMap((rule, index) => [...inRule(rule, ['rules', index]), ...inEscalation(rule, ['rules', index], times)]),
    ...repeatedNames(rules, 'rules'),
    ...contradictionsInPlaces(value),
  ];
}

function inNight({ unblocksPerNight }: Readonly<Record<string, unknown>>, night: unknown): Contradiction[] {
  if (typeof unblocksPerNight === 'number' && night === undefined) {
    return [{ path: ['limits', 'unblocksPerNight'], complaint: 'needs `night`: say in which timeZone the night is, and from when to when' }];
  }
  const span = nightPart.safeParse(night);
  return span.success && span.data.from === span.data.to ? [{ path: ['night', 'to'], complaint: 'must differ from `from`' }] : [];
}

function inTimes(times: unknown): Contradiction[] {
  const found: Contradiction[] = [];
  const remind = remindPart.safeParse(times);
  if (remind.success && remind.data.remindMinutes >= remind.data.expireMinutes) {
    found.push({ path: ['times', 'remindMinutes'], complaint: 'must be less than expireMinutes' });
  }
  const shown = shownPart.safeParse(times);
  if (shown.success && shown.data.unconfirmedMinutes < shown.data.responseShownMinutes) {
    found.push({ path: ['times', 'unconfirmedMinutes'], complaint: 'must not be less than responseShownMinutes' });
  }
  return found;
}

function inRule(rule: unknown, at: Path): Contradiction[] {
  const approvals = [...at, 'approvals'];
  const stages = stagesPart.safeParse(rule);
  const tooFew = stages.success ? stages.data.approvals.findIndex(wantsMoreGroups) : -1;
  if (tooFew >= 0) return [{ path: [...approvals, tooFew, 'count'], complaint: 'must not be more than there are different groups in `from`' }];
  const alone = stages.success ? onePersonTwice(stages.data.approvals) : undefined;
  if (alone !== undefined) return [{ path: approvals, complaint: ALONE_TWICE[alone] }];
  const consent = consentPart.safeParse(rule);
  if (!consent.success) return [];
  const asksNobody = consent.data.approvals.length === 0;
  if (asksNobody === consent.data.iAcceptNoApproval) return [];
  return asksNobody
    ? [{ path: approvals, complaint: 'asks nobody: name an approver, or accept that with `iAcceptNoApproval: true`' }]
    : [{ path: [...at, 'iAcceptNoApproval'], complaint: 'goes only with `approvals: []`; take one of the two away' }];
}

/** A wider circle and its minutes go together, and it comes before the end; a number needs somebody who types it. */
function inEscalation(rule: unknown, at: Path, times: unknown): Contradiction[] {
  const { expireMinutes } = expirePart.safeParse({ ...DEFAULT_TIMES, ...recordIn(times) }).data ?? { expireMinutes: Infinity };
  const stages = escalationPart.safeParse(rule).data?.approvals ?? [];
  const numberless = numberPart.safeParse(rule).success ? [{ path: [...at, 'numberMatch'], complaint: 'needs somebody who approves, and `approvals` is empty' }] : [];
  return stages.flatMap((stage, index): Contradiction[] => {
    const path = [...at, 'approvals', index];
    const [hasCircle, minutes] = [stage.escalateTo !== undefined, stage.escalateMinutes];
    if (hasCircle && minutes === undefined) return [{ path: [...path, 'escalateTo'], complaint: 'needs escalateMinutes beside it' }];
    if (!hasCircle && minutes !== undefined) return [{ path: [...path, 'escalateMinutes'], complaint: 'needs escalateTo beside it' }];
    const isLate = typeof minutes === 'number' && minutes >= expireMinutes;
    return isLate ? [{ path: [...path, 'escalateMinutes'], complaint: 'must be less than expireMinutes' }] : [];
  }).concat(numberless);
}

function recordIn(times: unknown): object {
  return typeof times === 'object' && times !== null ? times : {};
}

const ALONE_TWICE = {
  manager: 'can never be complete: a person has one manager, and two places are for the manager alone',
  'manager-of-manager': "can never be complete: a manager has one manager, and two places are for the manager's manager alone",
  'card-sponsor': 'can never be complete: a card has one sponsor, and two places are for the sponsor alone',
} as const;

function wantsMoreGroups({ from, count, distinctGroups }: Stage): boolean {
  return distinctGroups === true && count > differentSources(from).length;
}

/** Of those who are one person, the one for whom alone there is more than one place. */
function onePersonTwice(stages: readonly Stage[]): keyof typeof ALONE_TWICE | undefined {
  return (['manager', 'manager-of-manager', 'card-sponsor'] as const).find((one) => {
    const alone = stages.filter(({ from }) => from.every((source) => source === one));
    return alone.reduce((sum, { count }) => sum + count, 0) > 1;
  });
}
