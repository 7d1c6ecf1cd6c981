// Which rule a request falls under, and what of it the request keeps from its opening on.
import { z } from 'zod';
import { MINUTE_MS } from '../lib/clock.js';
import { nameKey } from './name-key.js';
import { type ApproverSource, BREAK_GLASS, differentSources, groupMeant, HELPDESK_GROUP, type Policy, type Rule, rotaOf, type Stage, type Times } from './policy.js';
import { keptStageSchema, timesSchema } from './policy-shape.js';
import { onCallAt } from './rota.js';
import { mismatch, type RuleFacts } from './rule-facts.js';
import { allSources, type KeptStage } from './stages.js';

/** What a request keeps of the policy of its opening, as plain JSON: a later file changes nothing for it. */
export interface Requirement {
  /** The rule's name. */
  readonly rule: string;
  readonly stages: readonly KeptStage[];
  readonly times: Times;
  /** Ids of those whom the named rotas had on call at the opening: a change of shift changes nothing for the request. */
  readonly onCall?: OnCall;
  /** The same for the time of an escalation, for the rotas that it would ask. */
  readonly onCallLater?: OnCall;
  /** The id of the card's sponsor at the opening, where the rule asks for one. */
  readonly sponsor?: string;
  /** Each approver types the number that the requester's screen shows. */
  readonly numberMatch?: true;
  /** The requester gives a recovery code beside the code. */
  readonly recoveryCode?: true;
  /** Ids of those at the helpdesk who vouched for the requester's new authenticator: they have no say. */
  readonly notBy?: readonly string[];
  /** Ids of those whose sealed codes were used for the request. */
  readonly breakGlass?: readonly string[];
}

/** People by the name of their rota (as `nameKey` has it). */
export type OnCall = Readonly<Record<string, readonly string[]>>;

const storedSchema: z.ZodType<Requirement> = z.strictObject({
  rule: z.string(),
  stages: z.array(keptStageSchema),
  times: timesSchema,
  onCall: z.record(z.string(), z.array(z.string())).exactOptional(),
  onCallLater: z.record(z.string(), z.array(z.string())).exactOptional(),
  sponsor: z.string().exactOptional(),
  numberMatch: z.literal(true).exactOptional(),
  recoveryCode: z.literal(true).exactOptional(),
  notBy: z.array(z.string()).exactOptional(),
  breakGlass: z.array(z.string()).exactOptional(),
});

/** Reads a stored requirement back. A time that was not known when it was stored gets its default. */
export const requirementSchema: z.ZodType<Requirement> = storedSchema.refine(
  ({ stages, breakGlass }) => breakGlass !== undefined || stages.every(({ count, from }) => count > 0 && !from.includes(BREAK_GLASS)),
  { error: 'only sealed codes stand for the places of others' },
);

/** The first rule that matches, or null: then the request is refused when it is opened. */
export function findRule(policy: Policy, facts: RuleFacts): Rule | null {
  return policy.rules.find((rule) => mismatch(rule.when, facts) === null) ?? null;
}

/** What a request opened under `rule` keeps; `onCall` as of now, for the rotas that it names. */
export function requirementOf(policy: Policy, rule: Rule, onCall: OnCall = {}): Requirement {
  const numberMatch = rule.numberMatch === true ? ({ numberMatch: true } as const) : {};
  const recoveryCode = rule.stepUp === 'code-and-recovery-code' ? ({ recoveryCode: true } as const) : {};
  const kept = { rule: rule.name, stages: rule.approvals, times: policy.times, ...numberMatch, ...recoveryCode };
  return Object.keys(onCall).length === 0 ? kept : { ...kept, onCall };
}

/** Whether the sponsor of the card is among those whom the rule asks. */
export function asksSponsor({ approvals }: Pick<Rule, 'approvals'>): boolean {
  return approvals.some((stage) => allSources(stage).includes('card-sponsor'));
}

/** Who is on call at this instant (ms since 1970), by each rota that these rules name: as the policy names people. */
export function onCallNames(policy: Policy, rules: readonly Rule[], at: number): OnCall {
  const named = rules.flatMap(({ approvals }) => approvals.flatMap(({ from }) => from.flatMap((source) => rotaOf(source) ?? [])));
  return Object.fromEntries(named.map((name) => [nameKey(name), onCallAt(policy, name, at)]));
}

/** The same for the circles that these rules would ask later, at the time when they would, for an opening at `at`. */
export function onCallLaterNames(policy: Policy, rules: readonly Rule[], at: number): OnCall {
  const named = rules.flatMap(({ approvals }) =>
    approvals.flatMap(({ escalateTo = [], escalateMinutes = 0 }) => escalateTo.flatMap((source) => rotaAt(source, at + escalateMinutes * MINUTE_MS))),
  );
  const names = [...new Set(named.map(({ name }) => nameKey(name)))];
  const peopleOf = (key: string): string[] => named.filter(({ name }) => nameKey(name) === key).flatMap(({ name, at: then }) => onCallAt(policy, name, then));
  return Object.fromEntries(names.map((key) => [key, [...new Set(peopleOf(key))]]));
}

function rotaAt(source: ApproverSource, at: number): readonly { readonly name: string; readonly at: number }[] {
  const name = rotaOf(source);
  return name === null ? [] : [{ name, at }];
}

/**
 * The same, and somebody at the helpdesk must be among those who agree: one place that they could fill with others
 * becomes theirs alone, or else one more is added.
 */
export function withHelpdesk(requirement: Requirement): Requirement {
  if (asksHelpdesk(requirement)) return requirement;
  const shared = requirement.stages.findIndex((stage) => stage.from.includes('helpdesk'));
  const stages = requirement.stages.flatMap((stage, at) => {
    if (at !== shared) return [stage];
    return stage.count > 1 ? [withoutOnePlace(stage)] : [];
  });
  return { ...requirement, stages: [...stages, { from: ['helpdesk'], count: 1 }] };
}

/**
 * The same with sealed codes: these people fill the only places that there are. Who was asked before may still deny, and
 * nobody else has to agree.
 */
export function withBreakGlass(requirement: Requirement, people: readonly string[]): Requirement {
  const before = requirement.stages.map((stage) => ({ ...stage, count: 0 }));
  return { ...requirement, stages: [...before, { from: [BREAK_GLASS], count: people.length }], breakGlass: people };
}

/** Whether there is a place that only the helpdesk can fill. */
export function asksHelpdesk({ stages }: Pick<Requirement, 'stages'>): boolean {
  return stages.some((stage) => {
    const { count, distinctGroups } = stage;
    if (count === 0) return false;
    const from = allSources(stage);
    if (from.every((source) => source === 'helpdesk')) return true;
    return distinctGroups === true && from.includes('helpdesk') && count === differentSources(from).length;
  });
}

/** Where each stands for another group, the helpdesk has its place already. */
function withoutOnePlace(stage: Stage): Stage {
  const from = stage.distinctGroups === true ? stage.from.filter((source) => groupMeant(source) !== HELPDESK_GROUP) : stage.from;
  return { ...stage, from, count: stage.count - 1 };
}
