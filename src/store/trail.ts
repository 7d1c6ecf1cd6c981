// The latest audit entries, for the playground to show what just happened.
import { z } from 'zod';
import { toHex } from '../lib/bytes.js';
import type { Database } from './database.js';

const bodySchema = z.object({ kind: z.string(), actor: z.string().nullable(), facts: z.record(z.string(), z.unknown()) });

export interface TrailEntry {
  readonly at: Date;
  readonly kind: string;
  readonly actor: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface Trail {
  /** Newest first. */
  readonly entries: readonly TrailEntry[];
  readonly size: number;
  readonly root: string | null;
}

export async function readTrail(database: Database, limit: number): Promise<Trail> {
  const rows = await database.auditEntry.findMany({ orderBy: { id: 'desc' }, take: limit });
  const newest = await database.auditCheckpoint.findFirst({ orderBy: { size: 'desc' } });
  const entries = rows.map(({ at, body }) => ({ at, ...bodySchema.parse(JSON.parse(body)) }));
  return { entries, size: newest?.size ?? 0, root: newest === null ? null : toHex(newest.root).toLowerCase() };
}
