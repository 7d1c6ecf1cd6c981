// One chat platform as the server sees it, from the opened database until the process leaves.
import type { Router } from 'express';
import type { Newcomers } from '../chat/newcomers.js';
import type { ChatPlatform } from '../chat/platform.js';
import type { Service } from './service.js';

export interface ChatSide {
  readonly platform: ChatPlatform;
  /** How strangers on it become known; null: not by themselves. */
  readonly newcomers: Newcomers | null;
  /** What it does at every beat, by name. */
  readonly chores: Readonly<Record<string, () => Promise<unknown>>>;
  /** Its addresses in our server, once the service runs. */
  routes(service: Service): Router;
  /** Begins to listen, once the server answers. */
  start(): Promise<void>;
  /** Takes nothing more. */
  stop(): Promise<void>;
}

/** Whom an account may belong to is for its own platform to say; linking it is the same on all. */
export function newcomersOf(sides: readonly ChatSide[]): Newcomers | null {
  const bySide = new Map(sides.flatMap(({ platform, newcomers }) => (newcomers === null ? [] : [[platform.name, newcomers] as const])));
  const [first] = bySide.values();
  if (first === undefined) return null;
  return { ...first, candidate: async (account) => (await bySide.get(account.platform)?.candidate(account)) ?? null };
}

export function choresOf(sides: readonly ChatSide[]): ChatSide['chores'] {
  return Object.fromEntries(sides.flatMap(({ chores }) => Object.entries(chores)));
}
