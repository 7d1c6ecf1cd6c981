// Who may agree to a request, and whether enough of them have.
import type { Approver, Requester, Vote } from './approver.js';
import { fillPlaces } from './places.js';
import { hasName, nameKey } from './name-key.js';
import { type ApproverSource, BREAK_GLASS, differentSources, groupMeant, rotaOf, type Stage } from './policy.js';
import type { Requirement } from './requirement.js';
import { type Voter, votersAmong } from './stand-in.js';

/** How many more people a stage needs. */
export interface OpenStage {
  readonly needs: number;
  readonly from: readonly ApproverSource[];
}

export type ApprovalVerdict =
  /** By these people, one for each place, in the order of their votes. Empty where the rule asks nobody. */
  | { readonly kind: 'granted'; readonly by: readonly string[] }
  /** By these people, the first first. */
  | { readonly kind: 'denied'; readonly by: readonly string[] }
  | { readonly kind: 'waiting'; readonly stages: readonly OpenStage[] };

/**
 * What the votes come to. Deny beats approve; the requester's votes and those of people who are not entitled
 * (any more) count for nothing; one person fills one place over all stages, whatever the order of the votes.
 * `people` are the voters and all who could still be asked, as they stand now; revoked votes are left out by the caller.
 */
export function decideApproval(
  requirement: Requirement,
  requester: Requester,
  votes: readonly Vote[],
  people: readonly Approver[],
): ApprovalVerdict {
  const entitled = standings(requirement, requester, people, votes);
  const counted = votes.filter((vote) => entitled.has(vote.approverId)).sort(byTime);
  const denied = votersOf(counted, 'deny');
  if (denied.length > 0) return { kind: 'denied', by: denied };
  const approved = votersOf(counted, 'approve');
  const placed = placeApprovers(requirement, approved, entitled);
  const stages = openStages(requirement, placed);
  if (stages.length > 0) return { kind: 'waiting', stages };
  const standing = placed.flatMap(({ by }) => by);
  return { kind: 'granted', by: approved.filter((id) => standing.includes(id)) };
}

/** Why somebody may approve. */
export interface Standing {
  readonly source: ApproverSource;
  /** The id of the person in whose place they do; null: in their own. */
  readonly inPlaceOf: string | null;
}

/** Every standing by which each may approve, in the order of the requirement, by their ids in order; nobody without one. */
export function standings(
  requirement: Requirement,
  requester: Requester,
  people: readonly Approver[],
  votes: readonly Vote[] = [],
): ReadonlyMap<string, readonly Standing[]> {
  const voters = votersAmong(people, requester, votes).map((voter) => [voter.id, standingsOf(requirement, requester, voter)] as const);
  return new Map(voters.filter(([, own]) => own.length > 0).sort(([a], [b]) => compareText(a, b)));
}

/** The ids of those to be asked. */
export function candidates(requirement: Requirement, requester: Requester, people: readonly Approver[]): string[] {
  return [...standings(requirement, requester, people).keys()];
}

/** Whether even the consent of all `people` would not do: then the sources in which somebody is missing. */
export function unsatisfiable(
  requirement: Requirement,
  requester: Requester,
  people: readonly Approver[],
): { readonly missing: readonly ApproverSource[] } | null {
  const entitled = standings(requirement, requester, people);
  const placed = placeApprovers(requirement, [...entitled.keys()], entitled);
  const short = openStages(requirement, placed).flatMap((stage) => stage.from);
  if (short.length === 0) return null;
  const empty = short.filter((source) => ![...entitled.values()].some((own) => isEntitledBy(source, own)));
  return { missing: [...new Set(empty.length > 0 ? empty : short)] };
}

type Entitled = ReadonlyMap<string, readonly Standing[]>;

function standingsOf(requirement: Requirement, requester: Requester, voter: Voter): readonly Standing[] {
  if (!hasNoPart(voter, requester)) return [];
  const says = voter.says.filter((one) => hasNoPart(one, requester));
  const sources = requirement.stages.flatMap((stage) => stage.from);
  return sources.flatMap((source) => {
    // Whose codes are sealed gives them in person: nobody stands in for them, away or not.
    const owner = (source === BREAK_GLASS ? [voter] : says).find((one) => isIn(source, { requirement, requester }, one));
    return owner === undefined ? [] : [{ source, inPlaceOf: owner.id === voter.id ? null : owner.id }];
  });
}

/** Neither the requester nor anyone else with a part in the request decides it, nor in whose place it would be decided. */
function hasNoPart({ id, active }: Approver, requester: Requester): boolean {
  return active && id !== requester.id && !requester.excluded.includes(id);
}

function isEntitledBy(source: ApproverSource, own: readonly Standing[] = []): boolean {
  return own.some((standing) => standing.source === source);
}

interface Asked {
  readonly requirement: Requirement;
  readonly requester: Requester;
}

function isIn(source: ApproverSource, { requirement, requester }: Asked, person: Approver): boolean {
  if (source === 'manager') return person.id === requester.managerId;
  if (source === 'manager-of-manager') return person.id === requester.managersManagerId;
  if (source === 'card-sponsor') return person.id === requirement.sponsor;
  if (source === BREAK_GLASS) return requirement.breakGlass?.includes(person.id) === true;
  const rota = rotaOf(source);
  if (rota !== null) return onCallBy(requirement, rota).includes(person.id);
  const group = groupMeant(source);
  return group !== null && hasName(person.groups, group);
}

// Looked up among its own names: a rota may be called `constructor`.
function onCallBy({ onCall = {} }: Requirement, rota: string): readonly string[] {
  return Object.entries(onCall).find(([name]) => name === nameKey(rota))?.[1] ?? [];
}

/** The slots with the approvers that stand in their places, nobody in two. */
function placeApprovers(requirement: Requirement, approved: readonly string[], entitled: Entitled): readonly Placed[] {
  const slots = slotsOf(requirement);
  const idle = idlersOf(requirement);
  const voted = new Set(approved);
  // Those who have not voted are placed after those who have: then an approver stands where they leave the
  // places that the others can still fill, and what is said to be waited for can come.
  const others = [...entitled.keys()].filter((id) => !voted.has(id));
  const placed = fillPlaces(slots.map(({ count }) => count), [...idle.keys(), ...approved, ...others], (id, at) => {
    const slot = slots[at];
    const idlesIn = idle.get(id);
    if (idlesIn !== undefined) return slot?.stage === idlesIn;
    return slot?.from.some((source) => isEntitledBy(source, entitled.get(id))) === true;
  });
  return slots.map((slot, at) => ({ ...slot, by: (placed[at] ?? []).filter((id) => voted.has(id)) }));
}

/** Places that the same people can fill, and the index of their stage. */
interface Slot extends Pick<Stage, 'from' | 'count'> {
  readonly stage: number;
}

/** A slot with those of the voters who stand in it. */
interface Placed extends Slot {
  readonly by: readonly string[];
}

/** One a stage; one for each source where each approver has to stand for another. */
function slotsOf({ stages }: Requirement): readonly Slot[] {
  return stages.flatMap((stage, index): Slot[] =>
    stage.distinctGroups === true
      ? differentSources(stage.from).map((source) => ({ stage: index, from: [source], count: 1 }))
      : [{ stage: index, from: stage.from, count: stage.count }],
  );
}

/**
 * Stand-ins for the slots that a stage with one for each source does not need, by the index of that stage. They take
 * theirs first, wherever the others leave room, so that no more than `count` people stand in the stage.
 */
function idlersOf({ stages }: Requirement): ReadonlyMap<string, number> {
  return new Map(
    stages.flatMap((stage, index) => {
      const spare = stage.distinctGroups === true ? Math.max(0, differentSources(stage.from).length - stage.count) : 0;
      // A line break stands in nobody's id.
      return Array.from({ length: spare }, (_, at) => [`\n${index}.${at}`, index] as const);
    }),
  );
}

/** Of a stage with a slot for each source, those that nobody stands in; one by one where all of them are needed. */
function openStages(requirement: Requirement, placed: readonly Placed[]): OpenStage[] {
  return requirement.stages.flatMap((stage, index): OpenStage[] => {
    const slots = placed.filter((slot) => slot.stage === index);
    const needs = stage.count - slots.reduce((sum, { by }) => sum + by.length, 0);
    if (needs <= 0) return [];
    if (stage.distinctGroups !== true) return [{ needs, from: stage.from }];
    const left = slots.filter(({ by }) => by.length === 0).flatMap(({ from }) => from);
    return left.length === needs ? left.map((source) => ({ needs: 1, from: [source] })) : [{ needs, from: left }];
  });
}

function votersOf(votes: readonly Vote[], verdict: Vote['verdict']): string[] {
  return [...new Set(votes.filter((vote) => vote.verdict === verdict).map((vote) => vote.approverId))];
}

function byTime(a: Vote, b: Vote): number {
  return a.at.getTime() - b.at.getTime() || compareText(a.approverId, b.approverId);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
