// What an opening would come to, without opening anything: which rule, why not the ones before it, and who is asked.
import { candidates, sourcesFor, unsatisfiable } from '../approval/decide.js';
import type { ApproverSource, Rule } from '../approval/policy.js';
import { findRule, type Requirement, withHelpdesk } from '../approval/requirement.js';
import { type Condition, mismatch, type RuleFacts } from '../approval/rule-facts.js';
import { MINUTE_MS } from '../lib/clock.js';
import type { Facts } from './request-store.js';
import { type Asking, requirementNow, ruleFactsOf } from './rules-now.js';
import { approversIn, isNearLimit, requesterAmong } from './standing.js';

export interface Explanation {
  readonly looked: RuleFacts;
  /** The rules before the one that decides, each with the first of its conditions that does not hold. */
  readonly passedOver: readonly { readonly rule: string; readonly because: Condition }[];
  /** Null: no rule matches, and the request is refused. */
  readonly decides: RuleExplained | null;
}

export interface RuleExplained {
  readonly requirement: Requirement;
  /** The card is so near its limit that the helpdesk has to agree, whatever the rule says. */
  readonly nearLimit: boolean;
  readonly asked: readonly { readonly id: string; readonly as: readonly ApproverSource[] }[];
  /** Where somebody is missing, so that the request is refused when it is opened. */
  readonly missing: readonly ApproverSource[];
  /** Milliseconds since 1970, for a request whose requester proves themselves at once. */
  readonly remindsAt: number | null;
  readonly expiresAt: number;
}

export function explainOpening(facts: Facts, asking: Asking & { readonly requesterId: string }): Explanation {
  const looked = ruleFactsOf(facts, asking);
  const rule = findRule(asking.policy, looked);
  const passedOver = asking.policy.rules.slice(0, rule === null ? undefined : asking.policy.rules.indexOf(rule)).flatMap(({ name, when }) => {
    const because = mismatch(when, looked);
    return because === null ? [] : [{ rule: name, because }];
  });
  return { looked, passedOver, decides: rule === null ? null : explainRule(rule, facts, asking) };
}

function explainRule(rule: Rule, facts: Facts, { policy, requesterId }: Asking & { readonly requesterId: string }): RuleExplained {
  const nearLimit = isNearLimit(facts.card);
  const asked = requirementNow(policy, rule, facts);
  const requirement = nearLimit ? withHelpdesk(asked) : asked;
  const requester = requesterAmong(facts.people, { requesterId });
  const { expireMinutes, remindMinutes } = requirement.times;
  return {
    requirement,
    nearLimit,
    asked: candidates(requirement, requester, approversIn(facts.people)).map((id) => {
      const person = facts.people.get(id);
      return { id, as: person === undefined ? [] : [...new Set(sourcesFor(requirement, requester, person))] };
    }),
    missing: unsatisfiable(requirement, requester, approversIn(facts.people))?.missing ?? [],
    remindsAt: remindMinutes === null ? null : facts.at + remindMinutes * MINUTE_MS,
    expiresAt: facts.at + expireMinutes * MINUTE_MS,
  };
}
