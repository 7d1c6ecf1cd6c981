// The requests of the past as the audit tells of their opening, for trying another policy on them.
import { z } from 'zod';
import type { Stage } from '../approval/policy.js';
import { beforeEscalation } from '../approval/stages.js';
import { isId } from '../lib/ids.js';
import { isSealed } from './audit-seal.js';
import type { Database } from './database.js';
import { type RowReading, toRequest } from './rows.js';

const factsSchema = z.object({
  rule: z.string(),
  profile: z.string(),
  // Of before there were tags.
  cardTags: z.array(z.string()).default([]),
  groups: z.array(z.string()),
  site: z.string().nullable(),
  platform: z.string().nullable(),
  requestsInDay: z.number(),
  requestsInWeek: z.number(),
  requestsInMonth: z.number(),
  authenticatorDays: z.number().nullable(),
});

const entrySchema = z.object({
  kind: z.literal('request-opened'),
  requestId: z.string(),
  cardId: z.string(),
  personId: z.string(),
  facts: z.unknown(),
});

export interface PastOpening {
  readonly requestId: string;
  readonly at: Date;
  readonly personId: string;
  readonly cardSerial: string;
  /** What the request asked for from its opening on. */
  readonly stages: readonly Stage[];
  readonly facts: z.infer<typeof factsSchema>;
}

export interface PastOpenings {
  /** Newest first. */
  readonly openings: readonly PastOpening[];
  /** Entries that do not say enough: of an older version, or whose request or card is gone. */
  readonly untold: number;
}

/** The last `limit` of them; an entry without its seal is not one of them. Throws VaultError `row-tampered`. */
export async function readPastOpenings(reading: RowReading & { readonly database: Database }, limit: number): Promise<PastOpenings> {
  const { database, rowMac } = reading;
  const rows = await database.auditEntry.findMany({
    where: { body: { contains: '"kind":"request-opened"' } },
    orderBy: { id: 'desc' },
    take: limit,
  });
  const entries = rows.flatMap((row) => {
    const read = entrySchema.safeParse(JSON.parse(row.body));
    return read.success && isSealed(row, rowMac) ? [{ at: row.at, ...read.data }] : [];
  });
  const found = await findStages(reading, entries.map(({ requestId }) => requestId));
  const openings = entries.flatMap(({ at, requestId, personId, facts }): PastOpening[] => {
    const read = factsSchema.safeParse(facts);
    const kept = found.get(requestId);
    return read.success && kept !== undefined ? [{ requestId, at, personId, ...kept, facts: read.data }] : [];
  });
  return { openings, untold: entries.length - openings.length };
}

async function findStages(
  { database, rowMac }: RowReading & { readonly database: Database },
  ids: readonly string[],
): Promise<ReadonlyMap<string, Pick<PastOpening, 'stages' | 'cardSerial'>>> {
  const rows = await database.request.findMany({ where: { id: { in: ids.filter(isId) } }, include: { card: { select: { serial: true } } } });
  return new Map(rows.map(({ card, ...row }) => [row.id, { stages: toRequest(row, rowMac).requirement.stages.map(beforeEscalation), cardSerial: card.serial }]));
}
