// Puts the playground together: its memory, its sample people, and what its page may read of the world behind it.
import type { Cast } from '../chat/playground/cast.js';
import { systemAlarm } from '../chat/playground/live.js';
import { PlaygroundPlatform } from '../chat/playground/platform.js';
import { playgroundRoutes } from '../chat/playground/server.js';
import { PlaygroundState } from '../chat/playground/state.js';
import type { Wording } from '../chat/wording.js';
import { currentCode, secondsLeft, seedFromBase32 } from '../stepup/totp.js';
import { readTrail, type TrailEntry } from '../store/trail.js';
import type { ChatSide } from './chat-side.js';
import { inData, type Parts } from './parts.js';
import { addSamples } from './samples.js';
import { languagesOf, type Service } from './service.js';

const TRAIL_ENTRIES = 60;

/** `token` opens its page; `closing` ends what the page listens to. */
export async function openPlayground(parts: Parts, token: string, closing: AbortSignal): Promise<ChatSide> {
  const { clock, log } = parts;
  const state = new PlaygroundState(inData(parts.config, 'playground.json'));
  await addSamples(parts, state);
  return {
    platform: new PlaygroundPlatform(state, clock),
    newcomers: null,
    chores: {},
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    routes: (service) =>
      playgroundRoutes({
        conversation: service.conversation,
        state,
        cast: castOf(parts, service),
        token,
        codeOf: (seed, at) => ({ code: currentCode(seedFromBase32(seed), at), secondsLeft: secondsLeft(at) }),
        clock,
        alarm: systemAlarm,
        log,
        closing,
      }),
  };
}

function castOf(parts: Parts, service: Service): Cast {
  const { words } = languagesOf(parts).byDefault;
  const listeners = new Set<() => void>();
  service.onBeat(() => {
    for (const listener of listeners) listener();
  });
  return {
    async people() {
      const everyone = (await parts.people.all()).filter(({ active }) => active);
      const managers = new Set(everyone.map(({ managerId }) => managerId));
      return everyone.map(({ id, name, groups }) => ({ id, name, roles: managers.has(id) ? ['manager', ...groups] : groups }));
    },
    async trail() {
      const { entries, size, root } = await readTrail(parts.database, TRAIL_ENTRIES);
      const names = new Map((await parts.people.all()).map(({ id, name }) => [id, name]));
      return { size, root, entries: entries.map((entry) => ({ at: entry.at.toISOString(), text: trailText(entry, names, words) })) };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

// The facts that say something to a person; the command line exports the rest.
const TOLD_FACTS = ['why', 'rule', 'factor', 'worked', 'added', 'as', 'by'];

function trailText({ kind, actor, facts }: TrailEntry, names: ReadonlyMap<string, string>, words: Wording): string {
  const sentence = Object.entries(words.trail).find(([name]) => name === kind)?.[1] ?? kind;
  const who = actor === null ? '' : ` · ${names.get(actor) ?? actor}`;
  const told = TOLD_FACTS.flatMap((name) => {
    const value = facts[name];
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [`${name}: ${String(value)}`] : [];
  });
  return `${sentence}${who}${told.length > 0 ? ` (${told.join(', ')})` : ''}`;
}
