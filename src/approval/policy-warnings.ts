// What is allowed in a policy but is probably not what its author meant.
import { FEDERAL_PIV_PROFILES } from '../card/federal-piv.js';
import { hasName } from './name-key.js';
import type { ApproverSource, Policy, Rule, When } from './policy.js';
import { groupMeant, rotaOf } from './policy.js';
import { type Condition, CONDITIONS } from './rule-facts.js';
import { addsSomebody, allSources } from './stages.js';

/** One sentence a finding: the policy works, and somebody should look at it. */
export function policyWarnings(policy: Policy): string[] {
  const { rules } = policy;
  return [...unreachableRules(rules), ...federalAlone(policy), ...noFallback(rules), ...idleEscalations(rules), ...asksNobody(rules), ...amongThemselves(rules), ...noRuleForAll(rules)];
}

function unreachableRules(rules: readonly Rule[]): string[] {
  return rules.flatMap((rule, index) => {
    const earlier = rules.slice(0, index).find((one) => covers(one.when, rule.when));
    if (earlier === undefined) return [];
    return [`Rule "${rule.name}" is never used: rule "${earlier.name}" before it matches all that it matches.`];
  });
}

/** What `fips201: refuse` takes away from a rule before it is looked at. */
function federalAlone({ rules, fips201 }: Policy): string[] {
  if (fips201 !== 'refuse') return [];
  return rules
    .filter(({ when }) => when.profiles?.every((profile) => hasName(FEDERAL_PIV_PROFILES, profile)) === true)
    .map(({ name }) => `Rule "${name}" is never used: it is for federal PIV cards alone, and \`fips201: refuse\` refuses those.`);
}

function noFallback(rules: readonly Rule[]): string[] {
  return rules.flatMap(({ name, approvals }) => {
    const alone = approvals.map((stage) => loneSource(allSources(stage))).find((one) => one !== null) ?? null;
    if (alone === null) return [];
    const [waitsFor, because] = loneWords(alone);
    return [`Rule "${name}" waits for ${waitsFor} alone: a request ${because} expires. Add helpdesk or a group.`];
  });
}

/** The one source of a stage, where it means one person as a rule. */
function loneSource(from: readonly ApproverSource[]): ApproverSource | null {
  const [first] = from;
  if (first === undefined || from.some((source) => source !== first)) return null;
  return first.startsWith('manager') || first === 'card-sponsor' || rotaOf(first) !== null ? first : null;
}

function loneWords(source: ApproverSource): readonly [string, string] {
  if (source === 'manager') return ['the manager', 'of somebody whose manager is away'];
  if (source === 'manager-of-manager') return ["the manager's manager", 'of somebody whose manager has none, or whose is away,'];
  if (source === 'card-sponsor') return ['the sponsor of the card', 'for a card whose sponsor is away'];
  return [`whoever is on call (${rotaOf(source) ?? ''})`, 'that nobody on call answers'];
}

function idleEscalations(rules: readonly Rule[]): string[] {
  return rules.flatMap(({ name, approvals }) =>
    approvals
      .filter((stage) => stage.escalateTo !== undefined && !addsSomebody(stage))
      .map(({ escalateTo = [] }) => `Rule "${name}" escalates to ${escalateTo.join(', ')}, who were asked from the beginning: it adds nobody.`),
  );
}

function asksNobody(rules: readonly Rule[]): string[] {
  return rules
    .filter(({ approvals }) => approvals.length === 0)
    .map(({ name }) => `Rule "${name}" asks nobody: whoever it matches approves for themselves, with a one-time code alone.`);
}

/** Two of one team can take turns: whom the rule is for are those who approve it, one alone. */
function amongThemselves(rules: readonly Rule[]): string[] {
  return rules.flatMap(({ name, when, approvals }) => {
    const [only] = approvals;
    const groups = when.groups ?? [];
    if (only === undefined || approvals.length > 1 || only.count > 1) return [];
    const own = allSources(only).map(groupMeant).find((group) => group !== null && hasName(groups, group)) ?? null;
    if (own === null) return [];
    return [`Rule "${name}" is for members of ${own}, and one member of ${own} is enough: two of them can approve for each other at will.`];
  });
}

function noRuleForAll(rules: readonly Rule[]): string[] {
  if (rules.some((rule) => Object.keys(rule.when).length === 0)) return [];
  return ['No rule matches everything: a request that no rule matches is refused. End with a rule without `when`.'];
}

/** Whether all that `narrow` matches is matched by `wide` too. */
function covers(wide: When, narrow: When): boolean {
  return CONDITIONS.every((condition) => wide[condition] === undefined || coversIn(condition, wide, narrow));
}

function coversIn(condition: Condition, wide: When, narrow: When): boolean {
  switch (condition) {
    case 'hours':
    case 'holiday':
      return wide[condition] === narrow[condition];
    case 'unblocksInDays':
      return coversCount(wide.unblocksInDays, narrow.unblocksInDays);
    case 'newAuthenticator':
      return (wide.newAuthenticator?.days ?? 0) >= (narrow.newAuthenticator?.days ?? Infinity);
    default: {
      const allowed = wide[condition] ?? [];
      return narrow[condition]?.every((name) => hasName(allowed, name)) ?? false;
    }
  }
}

/** So many in fewer days are as many in more. */
function coversCount(wide: When['unblocksInDays'], narrow: When['unblocksInDays']): boolean {
  if (wide === undefined || narrow === undefined) return false;
  return wide.days >= narrow.days && wide.atLeast <= narrow.atLeast;
}
