// What another policy would have asked of a request of the past.
import { holidayAt, openAt } from '../approval/hours.js';
import type { Policy, Stage } from '../approval/policy.js';
import { findRule, requirementOf, withHelpdesk } from '../approval/requirement.js';
import type { RuleFacts } from '../approval/rule-facts.js';
import { canonicalJson } from '../lib/canonical-json.js';

/** A request of the past: what rules looked at, but for the clock, and what came of it. */
export interface Replayed {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly looked: Omit<RuleFacts, 'open' | 'holiday'>;
  readonly rule: string;
  readonly stages: readonly Stage[];
}

export interface ReplayVerdict {
  /** Null: no rule matches, and the request would have been refused. */
  readonly rule: string | null;
  readonly stages: readonly Stage[];
  readonly change: 'none' | 'rule' | 'approvers' | 'refused';
}

/** `rule`: another rule, which asks for the same; `approvers`: whatever the rule is called, others are asked. */
export function replay(policy: Policy, past: Replayed): ReplayVerdict {
  const { at, looked } = past;
  const facts = { ...looked, open: openAt(policy, looked.site, at), holiday: holidayAt(policy, looked.site, at) };
  const rule = findRule(policy, facts);
  if (rule === null) return { rule: null, stages: [], change: 'refused' };
  const requirement = requirementOf(policy, rule);
  // Near a card's limit the helpdesk was added, as it would be again.
  const asSame = [requirement, withHelpdesk(requirement)].find(({ stages }) => isSame(stages, past.stages));
  if (asSame === undefined) return { rule: rule.name, stages: rule.approvals, change: 'approvers' };
  return { rule: rule.name, stages: past.stages, change: rule.name === past.rule ? 'none' : 'rule' };
}

function isSame(some: readonly Stage[], others: readonly Stage[]): boolean {
  const text = (stages: readonly Stage[]): string => canonicalJson(stages.map(({ from, count, distinctGroups = false, escalateTo = [], escalateMinutes = null }) => ({ from, count, distinctGroups, escalateTo, escalateMinutes })));
  return text(some) === text(others);
}
