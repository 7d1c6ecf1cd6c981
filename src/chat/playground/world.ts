// What a page may see: people, chats, simulated cards, the audit's tale and the sample authenticators' codes.
import type { Clock } from '../../lib/clock.js';
import { messageCard } from '../adaptive-card.js';
import type { Cast } from './cast.js';
import type { CodeView, FeedItem, World, WorldPart } from './page/wire.js';
import type { Place, PlaygroundState, PostedMessage } from './state.js';

/** More would only make the page slow; the command line exports the whole. */
const TRAIL_ENTRIES_SHOWN = 100;

/** The current one-time code of a base32 seed, and for how many more seconds it is the current one. */
export type CodeOf = (seedBase32: string, at: Date) => { readonly code: string; readonly secondsLeft: number };

/** The parts of the world that were asked for. */
export async function viewWorld(
  parts: readonly WorldPart[],
  { state, cast }: { readonly state: PlaygroundState; readonly cast: Cast },
): Promise<Partial<World>> {
  const views: Record<WorldPart, () => Promise<Partial<World>>> = {
    people: async () => ({ people: await cast.people() }),
    places: () => Promise.resolve({ places: viewPlaces(state) }),
    cards: () => Promise.resolve({ cards: state.cards() }),
    trail: async () => ({ trail: await viewTrail(cast) }),
  };
  const seen = await Promise.all(parts.map((part) => views[part]()));
  return seen.reduce((whole, part) => ({ ...whole, ...part }), {});
}

/** One code for each authenticator that is a sample or was made on the page, in the people's order. */
export async function viewCodes(
  { state, cast }: { readonly state: PlaygroundState; readonly cast: Cast },
  codeOf: CodeOf,
  clock: Clock,
): Promise<readonly CodeView[]> {
  const people = await cast.people();
  const at = clock();
  const seeds = new Map(state.seeds().map((entry) => [entry.personId, entry]));
  return people.flatMap(({ id, name }) => {
    const { inUse = null, beingSetUp = null } = seeds.get(id) ?? {};
    const shown = [
      { seed: inUse, isNew: false },
      { seed: beingSetUp, isNew: inUse !== null },
    ];
    return shown.flatMap(({ seed, isNew }) =>
      seed === null ? [] : [{ personId: id, name, isNew, ...codeOf(seed, at) }],
    );
  });
}

function viewPlaces(state: PlaygroundState): Record<Place, FeedItem[]> {
  return Object.fromEntries(state.places().map((place) => [place, viewFeed(state, place)]));
}

function viewFeed(state: PlaygroundState, place: Place): FeedItem[] {
  const words = state.wordsAt(place).map((spoken): FeedItem => ({ kind: 'words', ...spoken }));
  return [...words, ...state.messagesAt(place).map(viewMessage)].sort((a, b) => a.at.localeCompare(b.at));
}

function viewMessage({ id, at, edited, message }: PostedMessage): FeedItem {
  return { kind: 'bot', id, at, edited, title: message.title, drawing: messageCard(message) };
}

async function viewTrail(cast: Cast): Promise<World['trail']> {
  const trail = await cast.trail();
  return { ...trail, entries: trail.entries.slice(0, TRAIL_ENTRIES_SHOWN) };
}
