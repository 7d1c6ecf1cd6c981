// Breadth first through every world that can be reached in so many steps; worlds with the same key are looked at once.
import { hash } from 'node:crypto';
import type { Attempt, Played, Reason } from './attempt.js';
import { type Asked, firstBroken } from './invariants.js';
import { keyOf, type Setting, type World } from './world.js';

export interface Start {
  readonly world: World;
  readonly setting: Setting;
  readonly asked: Asked;
  readonly attempts: readonly Attempt[];
}

export interface Explored {
  /** Different worlds, by the number of steps that they are away. */
  readonly states: readonly number[];
  /** Attempts, and those that changed something. */
  readonly tried: number;
  readonly taken: number;
  readonly refusals: ReadonlyMap<Reason, number>;
  /** `kind: state > state` of requests, with how often; `stopped` where the step found that the request may not go on. */
  readonly moves: ReadonlyMap<string, number>;
  /** How often each invariant had something to say. */
  readonly heard: ReadonlyMap<string, number>;
  /** The first invariant that did not hold, with the steps to it. */
  readonly broken: { readonly invariant: string; readonly story: readonly string[] } | null;
}

interface Node {
  readonly world: World;
  readonly last: string;
  readonly from: Node | null;
}

export function explore({ world: first, setting, asked, attempts }: Start, depth: number): Explored {
  const seen = new Set([keyed(first)]);
  const [refusals, moves, heard] = [new Map<Reason, number>(), new Map<string, number>(), new Map<string, number>()];
  const states = [1];
  let [tried, taken] = [0, 0];
  let frontier: Node[] = [{ world: first, last: '', from: null }];
  for (let steps = 1; steps <= depth; steps += 1) {
    const next: Node[] = [];
    let found = 0;
    for (const node of frontier) {
      for (const attempt of attempts) {
        const played = attempt.play(node.world, setting);
        tried += 1;
        note(played, attempt, { refusals, moves });
        const after = 'refused' in played ? node.world : played.world;
        const invariant = firstBroken({ attempt, before: node.world, after, played, setting, asked }, (name) => count(heard, name));
        if (invariant !== null) return { states, tried, taken, refusals, moves, heard, broken: { invariant, story: [...storyOf(node), attempt.name] } };
        if (after === node.world) continue;
        taken += 1;
        const key = keyed(after);
        if (seen.has(key)) continue;
        seen.add(key);
        found += 1;
        // The last ones are looked at and not gone on from.
        if (steps < depth) next.push({ world: after, last: attempt.name, from: node });
      }
    }
    states.push(found);
    frontier = next;
  }
  return { states, tried, taken, refusals, moves, heard, broken: null };
}

/** 160 bits: two worlds in millions share one by chance less than once in 10^30 runs. */
function keyed(world: World): string {
  return hash('sha1', keyOf(world), 'binary');
}

function note(played: Played, { kind }: Attempt, { refusals, moves }: { readonly refusals: Map<Reason, number>; readonly moves: Map<string, number> }): void {
  if ('refused' in played) return count(refusals, played.refused);
  for (const { before, change } of played.steps) {
    count(moves, `${change.ended === true ? 'stopped' : kind}: ${before?.state ?? 'none'} > ${change.request.state}`);
    if (change.refuses !== undefined) count(refusals, change.refuses);
  }
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function storyOf({ last, from }: Node): string[] {
  return from === null ? [] : [...storyOf(from), last];
}
