// Who decides in whose place while somebody is away. Their say moves as a whole, one step far, and counts once.
import type { StandIn } from '../directory/person.js';
import type { Approver, Requester, Vote } from './approver.js';

/** Somebody who may vote, and all in whose name they do: themselves, unless their say is elsewhere, and whom they stand in for. */
export interface Voter extends Approver {
  readonly says: readonly Approver[];
}

/**
 * What everyone's vote stands for. A vote that was given stands as it stood then. Whoever's say moved has it back for a
 * request in which the stand-in has a part; and a say that was used in a request, by either of the two, is not used again.
 */
export function votersAmong(people: readonly Approver[], requester: Requester, votes: readonly Vote[]): readonly Voter[] {
  const voteOf = new Map(votes.map((vote) => [vote.approverId, vote.at.getTime()]));
  const byId = new Map(people.map((person) => [person.id, person]));
  const away = people.filter(({ standIn }) => standIn !== undefined);
  return people.map((person) => {
    const at = voteOf.get(person.id);
    const mine = isAway(person, at) && canStandIn(byId.get(person.standIn?.personId ?? ''), requester) ? [] : [person];
    const theirs = away.filter((owner) => owner.standIn?.personId === person.id && isAway(owner, at) && !isBefore(voteOf.get(owner.id), at));
    const own = isBefore(usedAt(person, voteOf), at) ? [] : mine;
    return { ...person, says: canStandIn(person, requester) ? [...own, ...theirs] : own };
  });
}

/** `at`: when they, or their stand-in, voted; undefined: not yet. */
function isAway({ standIn }: Approver, at: number | undefined): boolean {
  if (standIn === undefined) return false;
  return at === undefined ? standIn.now : covers(standIn, at);
}

function covers({ from, until }: StandIn, at: number): boolean {
  return from <= at && at < until;
}

/** Nobody passes their say to the requester, nor to whoever else has a part in the request. */
function canStandIn(person: Approver | undefined, { id, excluded }: Requester): boolean {
  return person !== undefined && person.active && person.id !== id && !excluded.includes(person.id);
}

/** When the stand-in voted while standing in: whoever comes back finds their say used. */
function usedAt({ standIn }: Approver, voteOf: ReadonlyMap<string, number>): number | undefined {
  const at = standIn === undefined ? undefined : voteOf.get(standIn.personId);
  return standIn !== undefined && at !== undefined && covers(standIn, at) ? at : undefined;
}

/** `at` undefined: not yet, and so after all that was. */
function isBefore(vote: number | undefined, at: number | undefined): boolean {
  return vote !== undefined && (at === undefined || vote < at);
}
