// What a policy means for the people there are: whom it would wake, whom it counts on, and who is there twice.
import type { Person } from '../directory/person.js';
import type { Requester } from './approver.js';
import { standings, unsatisfiable } from './decide.js';
import { escalate } from './escalation.js';
import { hasName, nameKey } from './name-key.js';
import { groupMeant, type Policy, type Rule } from './policy.js';
import { requirementOf } from './requirement.js';
import { isPersonNamed } from './rota.js';
import { allSources } from './stages.js';

/** So many are asked one by one, and hardly anybody feels meant. */
const MANY_PEOPLE = 20;

/** One sentence a finding; the people are all of the directory, each with who stands in for them. */
export function directoryWarnings(policy: Policy, everybody: readonly Person[]): string[] {
  const people = everybody.filter(({ active }) => active);
  return [
    ...policy.rules.flatMap((rule) => [...emptyGroups(rule, people), ...tooFew(policy, rule, people), ...tooMany(rule, people)]),
    ...strangersOnCall(policy, people),
    ...twice(policy, people),
  ];
}

function groupsOf(rule: Rule, sources: 'all' | 'asked in person'): string[] {
  const named = rule.approvals.flatMap(allSources).filter((source) => sources === 'all' || source !== 'helpdesk');
  return [...new Set(named.flatMap((source) => groupMeant(source) ?? []))];
}

function emptyGroups(rule: Rule, people: readonly Person[]): string[] {
  return groupsOf(rule, 'all')
    .filter((group) => !people.some(({ groups }) => hasName(groups, group)))
    .map((group) => `Rule "${rule.name}" counts on the group ${group}, and nobody is in it.`);
}

/** Of a rule that asks groups alone: whoever is on call is not known yet, and each requester has a manager of their own. */
function tooFew(policy: Policy, rule: Rule, people: readonly Person[]): string[] {
  const asked = rule.approvals.flatMap(allSources);
  if (asked.some((source) => groupMeant(source) === null) || emptyGroups(rule, people).length > 0) return [];
  const requirement = requirementOf(policy, rule);
  const widest = escalate(requirement, { since: 0, at: 0, why: 'nobody' }) ?? requirement;
  const lacking = unsatisfiable(widest, { id: '', managerId: null, managersManagerId: null, excluded: [] }, people);
  return lacking === null ? [] : [`Rule "${rule.name}" can never be complete: there are too few people in ${lacking.missing.join(', ')}.`];
}

/** The helpdesk is asked in its channel; the members of other groups one by one. */
function tooMany(rule: Rule, people: readonly Person[]): string[] {
  const named = groupsOf(rule, 'asked in person');
  const asked = people.filter(({ groups }) => named.some((group) => hasName(groups, group)));
  if (asked.length <= MANY_PEOPLE) return [];
  return [`Rule "${rule.name}" asks ${asked.length} people one by one: name a smaller group, or a rota.`];
}

function strangersOnCall({ rotas }: Policy, people: readonly Person[]): string[] {
  return rotas.flatMap(({ name, shifts, weekly, titles }) => {
    const named = new Set([...shifts, ...weekly, ...titles].map(({ person }) => person));
    return [...named]
      .filter((one) => !people.some((person) => isPersonNamed(one, person)))
      .map((one) => `Rota "${name}" names ${one}, who is not in the directory or not active: nobody is asked in their place.`);
  });
}

/** A second account of the same human: the one may approve what the other asks for, in whosever place. */
function twice(policy: Policy, people: readonly Person[]): string[] {
  return pairsOfOneName(people).flatMap(([asks, decides]) => {
    const rule = policy.rules.find((one) => mayDecide(policy, one, { asks, decides, people }));
    if (rule === undefined) return [];
    const accounts = `${asks.name} is there twice (${asks.id}, ${decides.id})`;
    return [`${accounts}: if that is one human, rule "${rule.name}" lets ${decides.id} approve what ${asks.id} asks for.`];
  });
}

/** Each pair both ways round. */
function pairsOfOneName(people: readonly Person[]): (readonly [Person, Person])[] {
  const byName = new Map<string, Person[]>();
  for (const person of people) {
    const key = nameKey(person.name);
    byName.set(key, [...(byName.get(key) ?? []), person]);
  }
  return [...byName.values()].flatMap((namesakes) =>
    namesakes.flatMap((one) => namesakes.filter((other) => other !== one).map((other) => [one, other] as const)),
  );
}

function mayDecide(
  policy: Policy,
  rule: Rule,
  { asks, decides, people }: { readonly asks: Person; readonly decides: Person; readonly people: readonly Person[] },
): boolean {
  const managersManagerId = people.find(({ id }) => id === asks.managerId)?.managerId ?? null;
  const requester: Requester = { id: asks.id, managerId: asks.managerId, managersManagerId, excluded: [] };
  return standings(requirementOf(policy, rule), requester, people).has(decides.id);
}
