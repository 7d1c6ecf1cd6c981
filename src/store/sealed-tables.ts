// The tables that keep sealed secrets: how a row's secret is bound, and how many stand under which KEK.
import { z } from 'zod';
import { authenticatorBinding, type Binding, cardBinding, masterKeyBinding, slackTokensBinding, vaultKeyBinding } from '../vault/binding.js';
import type { Database } from './database.js';
import { Prisma } from './generated/client.js';

/** A row's data key. */
export interface WrappedRow {
  readonly id: string;
  readonly kekId: string;
  readonly wrappedKey: Uint8Array;
  readonly binding: Binding;
}

export interface SealedTable {
  readonly name: string;
  /** What its rows are called, in the plural. */
  readonly label: string;
  /** The primary key's column, and its type in PostgreSQL. */
  readonly id: { readonly column: string; readonly type: 'uuid' | 'text' };
  /** What is read of a row, beside its data key. */
  readonly columns: readonly string[];
  readonly toRow: (row: unknown) => WrappedRow;
}

interface Description<Facts extends z.ZodRawShape> extends Omit<SealedTable, 'columns' | 'toRow'> {
  /** The columns that the secret is bound to, the primary key among them. */
  readonly facts: Facts;
  readonly binding: (facts: z.output<z.ZodObject<Facts>>) => Binding;
}

const wrapped = z.object({ rowId: z.string(), kekId: z.string(), wrappedKey: z.instanceof(Uint8Array) });

function sealedTable<Facts extends z.ZodRawShape>({ facts, binding, ...table }: Description<Facts>): SealedTable {
  const schema = z.object(facts);
  return {
    ...table,
    columns: Object.keys(facts),
    toRow: (row) => {
      const { rowId, ...key } = wrapped.parse(row);
      return { id: rowId, ...key, binding: binding(schema.parse(row)) };
    },
  };
}

const UUID = { column: 'id', type: 'uuid' } as const;

/** The vault's own keys first, the many cards last. A test finds a table that is missing here. */
export const SEALED_TABLES: readonly SealedTable[] = [
  sealedTable({
    name: 'VaultKey',
    label: 'vault keys',
    id: { column: 'name', type: 'text' },
    facts: { name: z.string() },
    binding: ({ name }) => vaultKeyBinding(name),
  }),
  sealedTable({
    name: 'MasterKey',
    label: 'master keys',
    id: UUID,
    facts: { id: z.string(), name: z.string(), version: z.number(), scheme: z.string() },
    binding: ({ id, ...facts }) => masterKeyBinding({ masterKeyId: id, ...facts }),
  }),
  sealedTable({
    name: 'SlackInstallation',
    label: 'Slack installations',
    id: UUID,
    facts: { id: z.string(), tenant: z.string() },
    binding: ({ id, tenant }) => slackTokensBinding({ installationId: id, tenant }),
  }),
  sealedTable({
    name: 'Authenticator',
    label: 'authenticators',
    id: UUID,
    facts: { id: z.string(), personId: z.string(), algorithm: z.string() },
    binding: ({ id, ...facts }) => authenticatorBinding({ authenticatorId: id, ...facts }),
  }),
  sealedTable({
    name: 'Card',
    label: 'cards',
    id: UUID,
    facts: { id: z.string(), serial: z.string(), profile: z.string(), unlock: z.string(), keyVersion: z.number() },
    binding: ({ id, ...facts }) => cardBinding({ cardId: id, ...facts }),
  }),
];

export interface SealedCount {
  readonly table: SealedTable;
  readonly kekId: string;
  readonly keys: number;
}

/** How many data keys of each table are under each KEK. Rows without a secret of their own do not count. */
export async function countSealed(database: Database): Promise<readonly SealedCount[]> {
  const counts: SealedCount[] = [];
  for (const table of SEALED_TABLES) {
    const rows = await database.$queryRaw<{ kekId: string; keys: number }[]>`
      SELECT "kekId", count(*)::int AS keys FROM ${identifier(table.name)} WHERE "kekId" IS NOT NULL GROUP BY "kekId" ORDER BY "kekId"`;
    counts.push(...rows.map(({ kekId, keys }) => ({ table, kekId, keys })));
  }
  return counts;
}

export function identifier(name: string): Prisma.Sql {
  return Prisma.raw(`"${name}"`);
}
