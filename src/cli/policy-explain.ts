// `countersign policy explain`: which rule a request would fall under, why, and who would be asked.
import { type Command, Option } from 'commander';
import { PLATFORMS } from '../approval/policy-shape.js';
import type { Rota } from '../approval/rota.js';
import { ROSTER_MAX_AGE_MS, schedulesOf } from '../approval/schedules.js';
import { OnCallSchedules } from '../app/on-call-schedules.js';
import { loadPolicy } from '../app/parts.js';
import type { Parts } from '../app/parts.js';
import { normaliseEmail, type Person } from '../directory/person.js';
import { factsForOpening } from '../store/opening-facts.js';
import { type Explanation, explainOpening, type RuleExplained } from '../unblock/explain.js';
import type { Guard } from '../unblock/guards.js';
import { CliFailure, type Io, printJson } from './io.js';
import { withParts } from './with-parts.js';

interface ExplainOptions {
  readonly person: string;
  readonly card: string;
  readonly at?: string;
  readonly platform?: string;
  readonly json?: true;
}

export function policyExplainCommand(policy: Command, io: Io): void {
  policy
    .command('explain')
    .description('tell which rule a request would fall under, why, and who would be asked; nothing is changed')
    .requiredOption('--person <email>', 'the e-mail address of whoever would ask')
    .requiredOption('--card <serial>', "the serial of that person's card")
    .option('--at <time>', 'when, such as 2026-12-24T23:00:00+01:00; without it, now')
    .addOption(new Option('--platform <name>', 'the chat that the request is opened in').choices(PLATFORMS))
    .option('--json', 'print JSON')
    .action((options: ExplainOptions) => withParts((parts) => explain(parts, options, io)));
}

async function explain(parts: Parts, options: ExplainOptions, io: Io): Promise<void> {
  const json = options.json === true;
  const fail = (code: string, sentence: string): CliFailure => new CliFailure(1, code, sentence, { json });
  const at = options.at === undefined ? parts.clock() : readInstant(options.at, json);
  const read = await loadPolicy(parts.config);
  const schedules = new OnCallSchedules(parts);
  await schedules.look(read.policy);
  const policy = { ...read.policy, schedules: schedules.current() };
  const person = await parts.people.findByEmail(normaliseEmail(options.person));
  if (person === null) throw fail('no-such-person', `Nobody has the address ${options.person}: see \`people list\`.`);
  const facts = await factsForOpening(parts, { serial: options.card, requesterId: person.id, policy, at });
  if (facts === null) throw fail('no-such-card', `There is no card ${options.card}: see \`cards list\`.`);
  if (facts.card.holderId !== person.id) throw fail('not-their-card', `The card ${options.card} is not assigned to ${person.name}.`);
  for (const note of notesOn({ policyInForce: facts.policyInForce, hash: read.hash, rotas: read.policy.rotas, awayMs: Math.abs(at.getTime() - parts.clock().getTime()) })) io.stderr(`Note: ${note}\n`);
  const explanation = explainOpening(facts, { policy, person, platform: options.platform ?? null, requesterId: person.id });
  const names = (id: string): string => facts.people.get(id)?.name ?? id;
  if (json) printJson(io, asJson(explanation, at, names));
  else io.stdout(`${sentences(explanation, { at, person, card: options.card, names, hasSites: policy.sites.length > 0 }).join('\n')}\n`);
}

/** What the answer is not about. */
function notesOn({ policyInForce, hash, rotas, awayMs }: { readonly policyInForce: string | null; readonly hash: string; readonly rotas: readonly Rota[]; readonly awayMs: number }): string[] {
  const isElsewhere = awayMs > ROSTER_MAX_AGE_MS && rotas.some((rota) => schedulesOf(rota).length > 0);
  return [
    ...(policyInForce === null || policyInForce === hash ? [] : ['this is the policy file that is set here (COUNTERSIGN_POLICY); another policy is in force, until this one is applied.']),
    ...(isElsewhere ? ['PagerDuty and Opsgenie say who is on call now, and not who is at that time: their schedules name nobody here.'] : []),
  ];
}

/** With a time zone, since the local one of the terminal is nobody's site. */
function readInstant(text: string, json: boolean): Date {
  const at = new Date(text);
  const isWhole = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  if (!isWhole || Number.isNaN(at.getTime())) {
    throw new CliFailure(2, 'time-not-read', `${text} is not a time with its zone: write 2026-12-24T23:00:00+01:00, or Z for UTC.`, { json });
  }
  return at;
}

interface Telling {
  readonly at: Date;
  readonly person: Person;
  readonly card: string;
  readonly names: (id: string) => string;
  readonly hasSites: boolean;
}

function sentences({ looked, passedOver, refusedAsFederalPiv, decides }: Explanation, { at, person, card, names, hasSites }: Telling): string[] {
  const { requestsIn } = looked;
  const hours = !hasSites ? 'and the policy has no opening hours' : `${looked.open ? 'in opening hours' : 'outside of opening hours'}${looked.holiday ? ', on a holiday' : ''}`;
  return [
    `${person.name} asks for the card ${card} at ${at.toISOString()}, ${hours} (site ${looked.site ?? 'none'}).`,
    `Before this: ${requestsIn[1]} requests in a day, ${requestsIn[7]} in 7 days, ${requestsIn[30]} in 30 days.`,
    ...(looked.cardTags.length === 0 ? [] : [`The card has the tags ${looked.cardTags.join(', ')}.`]),
    ...(refusedAsFederalPiv ? ['It may be a federal PIV card: `fips201: refuse` ends this at once, whatever the rules say.'] : []),
    ...passedOver.map(({ rule, because }) => `Rule "${rule}" does not match: ${because}.`),
    ...(decides === null ? ['No rule matches: the request is refused.'] : ruleSentences(decides, names)),
  ];
}

const GUARD_SENTENCES: Readonly<Record<Guard, string>> = {
  'near-limit': 'The card is near its limit: the helpdesk has to agree.',
  'new-authenticator': 'The authenticator is new: the helpdesk has to agree until it has cooled off.',
};

function ruleSentences({ requirement, guards, asked, missing, remindsAt, expiresAt, escalates }: RuleExplained, names: Telling['names']): string[] {
  const stages = requirement.stages.map(({ count, from }) => `  ${count} of: ${from.join(', ')}`);
  return [
    `Rule "${requirement.rule}" decides. It asks ${stages.length === 0 ? 'nobody: the one-time code alone is enough.' : 'for'}`,
    ...stages,
    ...guards.map((guard) => GUARD_SENTENCES[guard]),
    ...(requirement.numberMatch === true ? ['Each of them also types a number that only the requester sees.'] : []),
    ...(requirement.recoveryCode === true ? ['The requester gives a recovery code beside the code.'] : []),
    ...(stages.length === 0 ? [] : [`May decide: ${asked.map((one) => askedWords(one, names)).join('; ') || 'nobody'}.`]),
    ...escalates.map(({ at, to }) => `From ${isoTime(at)} on, or at once where those are not there, also: ${to.join(', ')}.`),
    ...(missing.length === 0 ? [] : [`The request is refused at once: somebody is missing in ${missing.join(', ')}.`]),
    `${remindsAt === null ? 'Nobody is reminded' : `They are reminded at ${isoTime(remindsAt)}`}; it expires at ${isoTime(expiresAt)}.`,
  ];
}

function askedWords({ id, as, inPlaceOf }: RuleExplained['asked'][number], names: Telling['names']): string {
  const place = inPlaceOf.length === 0 ? '' : ` in the place of ${inPlaceOf.map(names).join(', ')}`;
  return `${names(id)} (${as.join(', ')}${place})`;
}

function asJson({ looked, passedOver, refusedAsFederalPiv, decides }: Explanation, at: Date, names: Telling['names']) {
  if (decides === null) return { at: at.toISOString(), looked, passedOver, refusedAsFederalPiv, rule: null };
  const { requirement, guards, asked, missing, remindsAt, expiresAt, escalates } = decides;
  return {
    at: at.toISOString(),
    looked,
    passedOver,
    refusedAsFederalPiv,
    rule: requirement.rule,
    stages: requirement.stages,
    guards,
    asked: asked.map(({ id, as, inPlaceOf }) => ({ id, name: names(id), as, ...(inPlaceOf.length === 0 ? {} : { inPlaceOf }) })),
    missing,
    numberMatch: requirement.numberMatch === true,
    escalates: escalates.map(({ at: then, to }) => ({ at: isoTime(then), to })),
    remindsAt: remindsAt === null ? null : isoTime(remindsAt),
    expiresAt: isoTime(expiresAt),
  };
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
