// What an opening would come to, without opening anything: which rule, why not the ones before it, and who is asked.
import { standings, unsatisfiable } from '../approval/decide.js';
import { escalate } from '../approval/escalation.js';
import type { ApproverSource, Rule } from '../approval/policy.js';
import { findRule, type Requirement } from '../approval/requirement.js';
import { type Condition, mismatch, type RuleFacts } from '../approval/rule-facts.js';
import { MINUTE_MS } from '../lib/clock.js';
import { type Guard, guarded, guardsOf } from './guards.js';
import type { Facts } from './request-store.js';
import { type Asking, refusesFederalPiv, requirementNow, ruleFactsOf } from './rules-now.js';
import { approversIn, requesterAmong, requesterUnder } from './standing.js';

export interface Explanation {
  readonly looked: RuleFacts;
  /** The rules before the one that decides, each with the first of its conditions that does not hold. */
  readonly passedOver: readonly { readonly rule: string; readonly because: Condition }[];
  /** The policy refuses requests for federal PIV cards, and this is one: no rule is asked. */
  readonly refusedAsFederalPiv: boolean;
  /** Null: no rule matches, and the request is refused. */
  readonly decides: RuleExplained | null;
}

export interface RuleExplained {
  readonly requirement: Requirement;
  /** Why the helpdesk has to agree, whatever the rule says. */
  readonly guards: readonly Guard[];
  /** `inPlaceOf`: ids of those for whom they stand in. */
  readonly asked: readonly { readonly id: string; readonly as: readonly ApproverSource[]; readonly inPlaceOf: readonly string[] }[];
  /** Where somebody is missing, so that the request is refused when it is opened. */
  readonly missing: readonly ApproverSource[];
  /** Milliseconds since 1970, for a request whose requester proves themselves at once. */
  readonly remindsAt: number | null;
  readonly expiresAt: number;
  /** When who would be asked as well, the first first. */
  readonly escalates: readonly { readonly at: number; readonly to: readonly ApproverSource[] }[];
}

export function explainOpening(facts: Facts, asking: Asking & { readonly requesterId: string }): Explanation {
  const looked = ruleFactsOf(facts, asking);
  const rule = findRule(asking.policy, looked);
  const passedOver = asking.policy.rules.slice(0, rule === null ? undefined : asking.policy.rules.indexOf(rule)).flatMap(({ name, when }) => {
    const because = mismatch(when, looked);
    return because === null ? [] : [{ rule: name, because }];
  });
  return { looked, passedOver, refusedAsFederalPiv: refusesFederalPiv(asking.policy, facts.card), decides: rule === null ? null : explainRule(rule, facts, asking) };
}

function explainRule(rule: Rule, facts: Facts, { policy, requesterId }: Asking & { readonly requesterId: string }): RuleExplained {
  const guards = guardsOf(policy, facts);
  const asked = requirementNow(policy, rule, facts);
  const requirement = guarded(asked, guards, facts);
  const requester = requesterUnder(requirement, requesterAmong(facts.people, { requesterId }));
  const { expireMinutes, remindMinutes } = requirement.times;
  return {
    requirement,
    guards,
    asked: [...standings(requirement, requester, approversIn(facts.people))].map(([id, own]) => ({ id, as: [...new Set(own.map(({ source }) => source))], inPlaceOf: [...new Set(own.flatMap(({ inPlaceOf }) => inPlaceOf ?? []))] })),
    missing: unsatisfiable(escalate(requirement, { since: facts.at, at: facts.at, why: 'nobody' }) ?? requirement, requester, approversIn(facts.people))?.missing ?? [],
    remindsAt: remindMinutes === null ? null : facts.at + remindMinutes * MINUTE_MS,
    expiresAt: facts.at + expireMinutes * MINUTE_MS,
    escalates: requirement.stages
      .flatMap(({ escalateTo, escalateMinutes }) => (escalateTo === undefined || escalateMinutes === undefined ? [] : [{ at: facts.at + escalateMinutes * MINUTE_MS, to: escalateTo }]))
      .sort((a, b) => a.at - b.at),
  };
}
