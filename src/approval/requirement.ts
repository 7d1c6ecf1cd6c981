// Which rule a request falls under, and what of it the request keeps from its opening on.
import { z } from 'zod';
import type { Policy, Rule, Stage, Times, When } from './policy.js';
import { stageSchema, timesSchema } from './policy-shape.js';

/** What rules are matched against. */
export interface RuleFacts {
  readonly profile: string;
  readonly cardSerial: string;
  /** The requester's. */
  readonly groups: readonly string[];
  /** The requester's. */
  readonly site: string | null;
}

/** What a request keeps of the policy of its opening, as plain JSON: a later file changes nothing for it. */
export interface Requirement {
  /** The rule's name. */
  readonly rule: string;
  readonly stages: readonly Stage[];
  readonly times: Times;
}

/** Reads a stored requirement back. A time that was not known when it was stored gets its default. */
export const requirementSchema: z.ZodType<Requirement> = z.strictObject({
  rule: z.string(),
  stages: z.array(stageSchema),
  times: timesSchema,
});

/** The first rule that matches, or null: then the request is refused when it is opened. */
export function findRule(policy: Policy, facts: RuleFacts): Rule | null {
  return policy.rules.find((rule) => matches(rule.when, facts)) ?? null;
}

/** What a request opened under `rule` keeps. */
export function requirementOf(policy: Policy, rule: Rule): Requirement {
  return { rule: rule.name, stages: rule.approvals, times: policy.times };
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
    return stage.count > 1 ? [{ ...stage, count: stage.count - 1 }] : [];
  });
  return { ...requirement, stages: [...stages, { from: ['helpdesk'], count: 1 }] };
}

/** Whether there is a place that only the helpdesk can fill. */
export function asksHelpdesk({ stages }: Pick<Requirement, 'stages'>): boolean {
  return stages.some(({ from }) => from.every((source) => source === 'helpdesk'));
}

/** Whether `names` has `name`, whatever its case: a spelling must not put a person under a weaker rule. */
export function hasName(names: readonly string[], name: string): boolean {
  const wanted = nameKey(name);
  return names.some((one) => nameKey(one) === wanted);
}

function matches(when: When, facts: RuleFacts): boolean {
  const { profiles, groups, sites, cardSerials } = when;
  if (profiles !== undefined && !hasName(profiles, facts.profile)) return false;
  if (cardSerials !== undefined && !hasName(cardSerials, facts.cardSerial)) return false;
  if (sites !== undefined && (facts.site === null || !hasName(sites, facts.site))) return false;
  return groups === undefined || facts.groups.some((group) => hasName(groups, group));
}

/** How names of groups, sites and profiles are compared, and groups are kept: whatever their case and accent form. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
