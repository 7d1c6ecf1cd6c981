// Which rule a request falls under, and what of it the request keeps from its opening on.
import { z } from 'zod';
import { stageSchema, timesSchema } from './policy-shape.js';
/** Reads a stored requirement back. A time that was not known when it was stored gets its default. */
export const requirementSchema = z.strictObject({
    rule: z.string(),
    stages: z.array(stageSchema),
    times: timesSchema,
});
/** The first rule that matches, or null: then the request is refused when it is opened. */
export function findRule(policy, facts) {
    return policy.rules.find((rule) => matches(rule.when, facts)) ?? null;
}
/** What a request opened under `rule` keeps. */
export function requirementOf(policy, rule) {
    return { rule: rule.name, stages: rule.approvals, times: policy.times };
}
/** Whether `names` has `name`, whatever its case: a spelling must not put a person under a weaker rule. */
export function hasName(names, name) {
    const wanted = nameKey(name);
    return names.some((one) => nameKey(one) === wanted);
}
function matches(when, facts) {
    const { profiles, groups, sites, cardSerials } = when;
    if (profiles !== undefined && !hasName(profiles, facts.profile))
        return false;
    if (cardSerials !== undefined && !hasName(cardSerials, facts.cardSerial))
        return false;
    if (sites !== undefined && (facts.site === null || !hasName(sites, facts.site)))
        return false;
    return groups === undefined || facts.groups.some((group) => hasName(groups, group));
}
function nameKey(name) {
    return name.normalize('NFC').toLowerCase();
}
