// What is allowed in a policy but is probably not what its author meant.
import type { Policy, Rule, When } from './policy.js';
import { hasName } from './requirement.js';

const CONDITIONS = ['profiles', 'groups', 'sites', 'cardSerials'] as const satisfies readonly (keyof When)[];

/** One sentence a finding: the policy works, and somebody should look at it. */
export function policyWarnings(policy: Policy): string[] {
  return [...unreachableRules(policy.rules), ...noFallback(policy.rules), ...noRuleForAll(policy.rules)];
}

function unreachableRules(rules: readonly Rule[]): string[] {
  return rules.flatMap((rule, index) => {
    const earlier = rules.slice(0, index).find((one) => covers(one.when, rule.when));
    if (earlier === undefined) return [];
    return [`Rule "${rule.name}" is never used: rule "${earlier.name}" before it matches all that it matches.`];
  });
}

function noFallback(rules: readonly Rule[]): string[] {
  return rules
    .filter(({ approvals }) => approvals.some(({ from }) => from.every((source) => source === 'manager')))
    .map(
      ({ name }) =>
        `Rule "${name}" waits for the manager alone: a request of somebody whose manager is away expires. Add helpdesk or a group.`,
    );
}

function noRuleForAll(rules: readonly Rule[]): string[] {
  if (rules.some((rule) => Object.keys(rule.when).length === 0)) return [];
  return ['No rule matches everything: a request that no rule matches is refused. End with a rule without `when`.'];
}

/** Whether all that `narrow` matches is matched by `wide` too. */
function covers(wide: When, narrow: When): boolean {
  return CONDITIONS.every((condition) => {
    const allowed = wide[condition];
    if (allowed === undefined) return true;
    return narrow[condition]?.every((name) => hasName(allowed, name)) ?? false;
  });
}
