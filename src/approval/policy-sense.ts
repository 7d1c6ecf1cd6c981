// What the settings of a policy file say together: each is good by itself, and some do not go with one another.
import { z } from 'zod';
import type { Path } from '../lib/yaml-file.js';
import { differentSources, type Stage } from './policy.js';
import { type Contradiction, contradictionsInPlaces, repeatedNames } from './policy-sense-places.js';
import { stageSchema, timesSchema } from './policy-shape.js';

// Each check reads no more than it looks at, so that another problem in the file does not hide what it finds.
const policyParts = z.object({
  times: z.record(z.string(), z.unknown()).catch({}),
  rules: z.array(z.unknown()).catch([]),
});
const remindPart = z.object({ remindMinutes: z.number(), expireMinutes: z.number() });
const shownPart = z.object({ responseShownMinutes: z.number(), unconfirmedMinutes: z.number() });
const consentPart = z.object({ approvals: z.array(z.unknown()), iAcceptNoApproval: z.boolean().default(false) });
const stagesPart = z.object({ approvals: z.array(stageSchema) });

const DEFAULT_TIMES = timesSchema.parse({});

/** Every contradiction in the value of a policy file, well formed or not. */
export function contradictionsIn(value: unknown): Contradiction[] {
  const read = policyParts.safeParse(value);
  if (!read.success) return [];
  const { times, rules } = read.data;
  return [
    ...inTimes({ ...DEFAULT_TIMES, ...times }),
    ...rules.flatMap((rule, index) => inRule(rule, ['rules', index])),
    ...repeatedNames(rules, 'rules'),
    ...contradictionsInPlaces(value),
  ];
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

const ALONE_TWICE = {
  manager: 'can never be complete: a person has one manager, and two places are for the manager alone',
  'manager-of-manager': "can never be complete: a manager has one manager, and two places are for the manager's manager alone",
} as const;

function wantsMoreGroups({ from, count, distinctGroups }: Stage): boolean {
  return distinctGroups === true && count > differentSources(from).length;
}

/** Of those who are one person, the one for whom alone there is more than one place. */
function onePersonTwice(stages: readonly Stage[]): keyof typeof ALONE_TWICE | undefined {
  return (['manager', 'manager-of-manager'] as const).find((one) => {
    const alone = stages.filter(({ from }) => from.every((source) => source === one));
    return alone.reduce((sum, { count }) => sum + count, 0) > 1;
  });
}
