// The floor of verification: SHA-256 over the bytes of all entries, from memory, and while bare `pg` reads them.
import { createHash } from 'node:crypto';
import type pg from 'pg';

const BATCH = 2_000;

export function hashBytes(leaves: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const leaf of leaves) hash.update(leaf);
  return hash.digest('hex');
}

/** Reads whole rows in the order of their place, as verification does. */
export async function readAndHash(client: pg.Client): Promise<string> {
  const hash = createHash('sha256');
  for (let next = 0; ; next += BATCH) {
    const { rows } = await client.query<{ body: string }>(
      'SELECT id, at, body, "index", leaf FROM "AuditEntry" WHERE "index" >= $1 ORDER BY "index" LIMIT $2',
      [next, BATCH],
    );
    for (const { body } of rows) hash.update(body);
    if (rows.length < BATCH) return hash.digest('hex');
  }
}
