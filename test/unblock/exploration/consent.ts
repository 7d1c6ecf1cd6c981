// Who may agree to what, told a second time and in other words than src/approval tells it, to check that by this.
import { type CardIndex, isName, type Name, NAMES, type Told, type World, type Yes } from './world.js';

export type Role = 'manager' | 'helpdesk';
/** A place that one person fills, who has one of these roles. */
export type Place = readonly Role[];

/** So few tries left, and the helpdesk has to agree: a card of unknown limit counts as five. */
const NEAR_LIMIT = 3;

export function isNearLimit(world: World, card: CardIndex): boolean {
  return world.cards[card].refusedResponses >= NEAR_LIMIT;
}

/** The places with one of them for the helpdesk alone. */
export function withHelpdesk(places: readonly Place[]): readonly Place[] {
  if (places.some((roles) => roles.every((role) => role === 'helpdesk'))) return places;
  const shared = places.findIndex((roles) => roles.includes('helpdesk'));
  return [...places.filter((_, at) => at !== shared), ['helpdesk']];
}

/** Whoever has a part in a request has no say in it: who asks, for whom, and who took themselves off it. */
function hasPart({ request, story }: Told, name: Name): boolean {
  return name === request.requesterId || name === request.agentId || story.steppedDown.includes(name);
}

function has(role: Role, name: Name, { people }: World, { request }: Told): boolean {
  if (role === 'helpdesk') return people[name].groups.includes('helpdesk');
  return isName(request.requesterId) && people[request.requesterId].managerId === name;
}

/** Whose say this person gives by a vote now: their own, unless it is passed on or used, and those passed on to them. */
export function saysOf(world: World, told: Told, name: Name): readonly Name[] {
  const used = told.story.yes.flatMap(({ says }) => says);
  return NAMES.filter((owner) => {
    if (used.includes(owner) || told.story.yes.some(({ by }) => by === owner)) return false;
    const { away } = world.people[owner];
    const speaker = away?.until === null && mayCarry(world, told, away.to) ? away.to : owner;
    return speaker === name;
  });
}

/** Whether this person may say no now: whoever could fill a place, or has. */
export function maySayNo(world: World, told: Told, name: Name, places: readonly Place[]): boolean {
  const voted = told.story.yes.find(({ by }) => by === name);
  const says = voted?.says ?? saysOf(world, told, name);
  return fits(world, told, { by: name, says }, places.flat());
}

/** Whether the votes that still count fill the places, each person one of them. */
export function isEnough(world: World, told: Told, places: readonly Place[]): boolean {
  return filled(world, told, places, told.story.yes);
}

function filled(world: World, told: Told, [place, ...others]: readonly Place[], votes: readonly Yes[]): boolean {
  if (place === undefined) return true;
  return votes.some((vote) => fits(world, told, vote, place) && filled(world, told, others, votes.filter(({ by }) => by !== vote.by)));
}

function fits(world: World, told: Told, vote: Yes, roles: readonly Role[]): boolean {
  const { by } = vote;
  if (!world.people[by].active || hasPart(told, by)) return false;
  const says = hasSayBack(world, told, by) ? [...vote.says, by] : vote.says;
  return says.some((owner) => world.people[owner].active && !hasPart(told, owner) && roles.some((role) => has(role, owner, world, told)));
}

/** Whoever passed their say on has it back when the other cannot carry it any more, unless it was used. */
function hasSayBack(world: World, told: Told, name: Name): boolean {
  const { away } = world.people[name];
  return away !== null && !mayCarry(world, told, away.to) && !told.story.yes.some(({ says }) => says.includes(name));
}

function mayCarry({ people }: World, told: Told, name: Name): boolean {
  return people[name].active && !hasPart(told, name);
}
