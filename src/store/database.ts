// The connection to PostgreSQL through Prisma, and the few things every store file needs of it.
import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from './generated/client.js';

export type Database = PrismaClient;
/** What works inside a transaction and outside. */
export type Queries = Omit<PrismaClient, '$connect' | '$disconnect' | '$on' | '$use' | '$extends' | '$transaction'>;

const POOL_SIZE = 20;
const TRANSACTION_LIMITS = { maxWait: 15_000, timeout: 20_000 };
const ATTEMPTS = 5;

/** The adapter sends and reads times without their offset, so every session must be UTC. */
export function openDatabase(url: string): Database {
  return new PrismaClient({
    adapter: new PrismaPg(
      { connectionString: url, max: POOL_SIZE, options: '-c timezone=UTC' },
      { statementNameGenerator: statementNames() },
    ),
    // The longer formats quote a query's values.
    errorFormat: 'minimal',
  });
}

const MOST_NAMES = 500;

/** Named statements are parsed and planned once a connection. Lists of every length would make ever more: the rest has no name. */
function statementNames(): (query: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= MOST_NAMES) return known ?? '';
    const name = `countersign_${names.size}`;
    names.set(sql, name);
    return name;
  };
}

/** One transaction, run again when PostgreSQL broke it up (deadlock, serialisation failure: SQLSTATE 40P01, 40001). */
export async function inTransaction<T>(database: Database, work: (tx: Queries) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.$transaction(work, TRANSACTION_LIMITS);
    } catch (error) {
      if (attempt >= ATTEMPTS || !isConflict(error)) throw error;
    }
  }
}

function isConflict(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return error.code === 'P2034' || /\b(40P01|40001)\b/.test(JSON.stringify(error.meta ?? {}) + error.message);
}

/** Whether a row broke a unique index. */
export function isDuplicate(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return error.code === 'P2002' || /\b23505\b/.test(JSON.stringify(error.meta ?? {}) + error.message);
}

// The organisation's lock (transaction-level advisory). Ordinary steps share it; whoever changes people, identities
// or cards for everybody takes it alone, so that nothing slips between a check and what the check allowed.
export const ORGANISATION_LOCK = 7_263_401n;

export async function holdOrganisation(tx: Queries): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(${ORGANISATION_LOCK})::text`;
}

// Releases wait for one another, so that the limits on responses are exact.
export const RELEASE_LOCK = 7_263_403n;

/** Prisma wants bytes that own their buffer. */
export function toColumn(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
