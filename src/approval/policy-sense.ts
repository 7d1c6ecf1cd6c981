// What the settings of a policy file say together: each is good by itself, and some do not go with one another.
import { z } from 'zod';
import type { Path } from '../lib/yaml-file.js';
import type { Stage } from './policy.js';
import { stageSchema, timesSchema } from './policy-shape.js';

export interface Contradiction {
  readonly path: Path;
  /** What follows the path in a sentence. */
  readonly complaint: string;
}

// Each check reads no more than it looks at, so that another problem in the file does not hide what it finds.
const policyParts = z.object({
  times: z.record(z.string(), z.unknown()).catch({}),
  rules: z.array(z.unknown()).catch([]),
});
const remindPart = z.object({ remindMinutes: z.number(), expireMinutes: z.number() });
const shownPart = z.object({ responseShownMinutes: z.number(), unconfirmedMinutes: z.number() });
const consentPart = z.object({ approvals: z.array(z.unknown()), iAcceptNoApproval: z.boolean().default(false) });
const stagesPart = z.object({ approvals: z.array(stageSchema) });
const namePart = z.object({ name: z.string() });

const DEFAULT_TIMES = timesSchema.parse({});

/** Every contradiction in the value of a policy file, well formed or not. */
export function contradictionsIn(value: unknown): Contradiction[] {
  const read = policyParts.safeParse(value);
  if (!read.success) return [];
  const { times, rules } = read.data;
  return [
    ...inTimes({ ...DEFAULT_TIMES, ...times }),
    ...rules.flatMap((rule, index) => inRule(rule, ['rules', index])),
    ...repeatedNames(rules),
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
  if (stages.success && placesForManagerAlone(stages.data.approvals) > 1) {
    const complaint = 'can never be complete: a person has one manager, and two places are for the manager alone';
    return [{ path: approvals, complaint }];
  }
  const consent = consentPart.safeParse(rule);
  if (!consent.success) return [];
  const asksNobody = consent.data.approvals.length === 0;
  if (asksNobody === consent.data.iAcceptNoApproval) return [];
  return asksNobody
    ? [{ path: approvals, complaint: 'asks nobody: name an approver, or accept that with `iAcceptNoApproval: true`' }]
    : [{ path: [...at, 'iAcceptNoApproval'], complaint: 'goes only with `approvals: []`; take one of the two away' }];
}

/** The places that nobody but the manager can fill. */
function placesForManagerAlone(stages: readonly Stage[]): number {
  const alone = stages.filter((stage) => stage.from.every((source) => source === 'manager'));
  return alone.reduce((sum, stage) => sum + stage.count, 0);
}

function repeatedNames(rules: readonly unknown[]): Contradiction[] {
  const first = new Map<string, number>();
  return rules.flatMap((rule, index) => {
    const read = namePart.safeParse(rule);
    if (!read.success) return [];
    const before = first.get(read.data.name);
    if (before !== undefined) return [{ path: ['rules', index, 'name'], complaint: `is the name of rules[${before}] already` }];
    first.set(read.data.name, index);
    return [];
  });
}
