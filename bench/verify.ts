// Part three: `audit verify` over many entries, beside SHA-256 over the same bytes.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type AuditDraft, auditBody, canonicalEntry } from '../src/audit/entry.js';
import { utf8 } from '../src/lib/bytes.js';
import { newId } from '../src/lib/ids.js';
import { sealEntry } from '../src/store/audit-seal.js';
import { openAuditReader } from '../src/store/audit-verify.js';
import { BenchClock, makeKeys, openDesk, type OpenDesk } from './desk.js';
import { hashBytes, readAndHash } from './floors/hash.js';
import { timed } from './round.js';
import type { BenchServer } from './server.js';
import { type Line, median } from './table.js';

const ENTRIES = 100_000;
const INSERT_BATCH = 10_000;
const ROUNDS = 3;

export async function benchVerify(server: BenchServer): Promise<readonly Line[]> {
  const folder = join(server.folder, 'audit');
  await mkdir(folder);
  const keys = await makeKeys(folder);
  const url = await server.migrated('audit');
  const open = await openDesk(url, keys, new BenchClock());
  const client = new pg.Client({ connectionString: url, options: '-c timezone=UTC' });
  await client.connect();
  try {
    await insertEntries(client, open);
    const sequencing = await timed(() => open.sequencer.sequence());
    const leaves = await readLeafBytes(open);
    const verify = async () => {
      const verdict = await openAuditReader(open.database).verify(keys.auditKey.verifier, keys.auditFile.path);
      if (!verdict.ok || verdict.size !== ENTRIES) throw new Error('the audit of the bench does not verify');
    };
    const ours: number[] = [];
    const floor: number[] = [];
    const readingFloor: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await timed(verify));
      floor.push(await timed(() => Promise.resolve(hashBytes(leaves))));
      readingFloor.push(await timed(() => readAndHash(client)));
    }
    return [
      { what: 'audit verify, 100,000 entries; SHA-256', unit: 'ms', ours: median(ours), floor: median(floor), better: 'less' },
      { what: '  the same; rows read by pg and SHA-256', unit: 'ms', ours: median(ours), floor: median(readingFloor), better: 'less' },
      { what: '  entries sequenced and anchored', unit: '/s', ours: (ENTRIES / sequencing) * 1_000, floor: null, better: 'more' },
    ];
  } finally {
    await client.end();
    await open.close();
  }
}

async function insertEntries(client: pg.Client, { clock, rowMac }: OpenDesk): Promise<void> {
  const at = clock.now();
  for (let done = 0; done < ENTRIES; done += INSERT_BATCH) {
    const bodies = Array.from({ length: INSERT_BATCH }, () => sealEntry(auditBody(someVote()), at, rowMac));
    await client.query('INSERT INTO "AuditEntry" (at, body) SELECT $1, body FROM unnest($2::text[]) AS e (body)', [at, bodies]);
  }
}

function someVote(): AuditDraft {
  return {
    kind: 'vote',
    actor: 'manager-1',
    requestId: newId(),
    cardId: newId(),
    personId: 'employee-1',
    policyHash: 'f'.repeat(64),
    facts: { verdict: 'approve', as: 'manager', factor: 'totp', state: 'approved' },
  };
}

/** The bytes that verification hashes, entry by entry. */
async function readLeafBytes({ database }: OpenDesk): Promise<readonly Uint8Array[]> {
  const leaves: Uint8Array[] = [];
  for await (const entry of openAuditReader(database).entries()) leaves.push(utf8(canonicalEntry(entry)));
  return leaves;
}
