// One thing that somebody may try, and what comes of it: the decision of the rules, saved as storage would save it.
import { isRefused } from '../../../src/lib/refusal.js';
import type { DeskRefusal } from '../../../src/unblock/decision.js';
import type { Change, Decision, Facts } from '../../../src/unblock/request-store.js';
import type { UnblockRequest } from '../../../src/unblock/request.js';
import { type CardIndex, CLOSED_STATES, factsOf, isName, type Name, saved, type Setting, type Story, type Told, type World } from './world.js';

export type Kind =
  | 'open'
  | 'prove'
  | 'codes-spent'
  | 'approve'
  | 'draw-number'
  | 'miss-number'
  | 'deny'
  | 'step-down'
  | 'challenge'
  | 'reveal'
  | 'outcome'
  | 'cancel'
  | 'give-up'
  | 'freeze'
  | 'tick'
  | 'time'
  | 'directory'
  | 'trouble';

/** `outside`: refused by storage or the desk before any rule is asked. */
export type Reason = DeskRefusal | 'code-not-accepted' | 'outside';

export interface Step {
  readonly card: CardIndex;
  readonly before: UnblockRequest | null;
  readonly change: Change;
}

export type Played = { readonly refused: Reason } | { readonly world: World; readonly steps: readonly Step[] };

export interface Attempt {
  readonly name: string;
  readonly kind: Kind;
  readonly card: CardIndex | null;
  readonly who: Name | null;
  readonly play: (world: World, setting: Setting) => Played;
}

/** What a decision is made on. */
export interface Scene {
  readonly told: Told;
  readonly facts: Facts;
  readonly world: World;
  readonly setting: Setting;
}

export type Decide = (scene: Scene) => Decision<DeskRefusal | 'code-not-accepted'>;
/** What the step adds to the story, where it had the effect that was asked for. */
export type Tell = (story: Story, scene: Scene) => Story;

export interface About {
  readonly kind: Kind;
  readonly card: CardIndex;
  readonly who: Name | null;
  /** Whose code it needs. */
  readonly code?: Name;
  /** The challenge that is typed. */
  readonly challenge?: (world: World) => string;
  readonly detail?: string;
}

export const OUTSIDE = { refused: 'outside' } as const;

/** An attempt on the latest request for a card. */
export function attempt(about: About, decide: Decide, tell: Tell = (story) => story): Attempt {
  const { kind, card, who, code, detail } = about;
  const play = (world: World, setting: Setting): Played => {
    const told = world.told[card];
    if (told === null || (code !== undefined && !world.people[code].hasCode)) return OUTSIDE;
    const scene = { told, world, setting, facts: factsFor(about, told, { world, setting }) };
    const decision = decide(scene);
    return isRefused(decision) ? decision : { world: after(scene, card, { change: decision, tell }), steps: [{ card, before: told.request, change: decision }] };
  };
  return { name: [kind, card + 1, who, detail].filter((part) => part !== null && part !== undefined).join(' '), kind, card, who, play };
}

function factsFor({ card, challenge }: About, { request }: Told, { world, setting }: { readonly world: World; readonly setting: Setting }): Facts {
  const own = 'challenge' in request ? request.challenge : null;
  const personId = isName(request.requesterId) ? request.requesterId : null;
  return factsOf(world, setting, { card, challenge: challenge?.(world) ?? own, personId });
}

function after(scene: Scene, card: CardIndex, { change, tell }: { readonly change: Change; readonly tell: Tell }): World {
  const { told, world } = scene;
  const story = noted(told.story, change, world);
  // A step that ended the request instead, or that was wrong, had not the effect that was asked for.
  const hadEffect = change.ended !== true && change.refuses === undefined;
  const next = saved(world, card, change, hadEffect ? tell(story, scene) : story);
  return { ...counted(next, card, told), at: world.at + 1 };
}

/** What any step may bring: an answer, a wider circle, an end. */
export function noted(story: Story, { request, answered, entries }: Change, { at }: World): Story {
  const first = answered === undefined ? {} : { answers: story.answers + 1, firstAnswerAt: story.firstAnswerAt ?? at };
  const wider = entries.some(({ kind }) => kind === 'escalated') ? { wider: true } : {};
  return { ...story, ...first, ...wider, ...(CLOSED_STATES.includes(request.state) ? { endings: story.endings + 1 } : {}) };
}

/** A request that its requester's code stands behind counts from now on as one of theirs. */
function counted(world: World, card: CardIndex, before: Told): World {
  const { requesterId } = before.request;
  if (before.story.proved || world.told[card]?.story.proved !== true || !isName(requesterId)) return world;
  const [proved, unproved] = [world.proved[requesterId] + 1, world.unproved[requesterId] - 1];
  return { ...world, proved: { ...world.proved, [requesterId]: proved }, unproved: { ...world.unproved, [requesterId]: unproved } };
}
