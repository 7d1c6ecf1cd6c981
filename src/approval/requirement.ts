// Which rule a request falls under, and what of it the request keeps from its opening on.
import { z } from 'zod';
import { nameKey } from './name-key.js';
import { differentSources, groupMeant, HELPDESK_GROUP, type Policy, type Rule, rotaOf, type Stage, type Times } from './policy.js';
import { stageSchema, timesSchema } from './policy-shape.js';
import { onCallAt } from './rota.js';
import { mismatch, type RuleFacts } from './rule-facts.js';

/** What a request keeps of the policy of its opening, as plain JSON: a later file changes nothing for it. */
export interface Requirement {
  /** The rule's name. */
  readonly rule: string;
  readonly stages: readonly Stage[];
  readonly times: Times;
  /** Ids of those whom the named rotas had on call at the opening: a change of shift changes nothing for the request. */
  readonly onCall?: OnCall;
}

/** People by the name of their rota (as `nameKey` has it). */
export type OnCall = Readonly<Record<string, readonly string[]>>;

/** Reads a stored requirement back. A time that was not known when it was stored gets its default. */
export const requirementSchema: z.ZodType<Requirement> = z.strictObject({
  rule: z.string(),
  stages: z.array(stageSchema),
  times: timesSchema,
  onCall: z.record(z.string(), z.array(z.string())).exactOptional(),
});

/** The first rule that matches, or null: then the request is refused when it is opened. */
export function findRule(policy: Policy, facts: RuleFacts): Rule | null {
  return policy.rules.find((rule) => mismatch(rule.when, facts) === null) ?? null;
}

/** What a request opened under `rule` keeps; `onCall` as of now, for the rotas that it names. */
export function requirementOf(policy: Policy, rule: Rule, onCall: OnCall = {}): Requirement {
  const kept = { rule: rule.name, stages: rule.approvals, times: policy.times };
  return Object.keys(onCall).length === 0 ? kept : { ...kept, onCall };
}

/** Who is on call at this instant (ms since 1970), by each rota that these rules name: as the policy names people. */
export function onCallNames(policy: Policy, rules: readonly Rule[], at: number): OnCall {
  const named = rules.flatMap(({ approvals }) => approvals.flatMap(({ from }) => from.flatMap((source) => rotaOf(source) ?? [])));
  return Object.fromEntries(named.map((name) => [nameKey(name), onCallAt(policy, name, at)]));
}

/**
 * The same, and somebody at the helpdesk must be among those who agree: one place that they could fill with others
 * becomes theirs alone, or else one more is added.
 */
export function withHelpdesk(requirement: Requirement): Requirement {
  if (asksHelpdesk(requirement)) return requirement;
  const shared = requirement.stages.findIndex(({ from }) => from.includes('helpdesk'));
  const stages = requirement.stages.flatMap((stage, at) => {
    if (at !== shared) return [stage];
    return stage.count > 1 ? [withoutOnePlace(stage)] : [];
  });
  return { ...requirement, stages: [...stages, { from: ['helpdesk'], count: 1 }] };
}

/** Whether there is a place that only the helpdesk can fill. */
export function asksHelpdesk({ stages }: Pick<Requirement, 'stages'>): boolean {
  return stages.some(({ from, count, distinctGroups }) => {
    if (from.every((source) => source === 'helpdesk')) return true;
    return distinctGroups === true && from.includes('helpdesk') && count === differentSources(from).length;
  });
}

/** Where each stands for another group, the helpdesk has its place already. */
function withoutOnePlace(stage: Stage): Stage {
  const from = stage.distinctGroups === true ? stage.from.filter((source) => groupMeant(source) !== HELPDESK_GROUP) : stage.from;
  return { ...stage, from, count: stage.count - 1 };
}
