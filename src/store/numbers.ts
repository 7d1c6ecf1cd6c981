// The numbers of a month, read from the audit, and sent once to whoever leads the helpdesk.
import { z } from 'zod';
import { hasName } from '../approval/name-key.js';
import { HELPDESK_LEADS_GROUP, type Policy } from '../approval/policy.js';
import { auditDraft } from '../audit/entry.js';
import { DAY_MS } from '../lib/clock.js';
import { COUNTED_KINDS, type CountedEntry, firstWorkingMorning, type Month, monthAt, monthBefore, type MonthNumbers, numbersOf, type Span, spanOf } from '../unblock/numbers.js';
import type { RecipientName } from '../unblock/recipients.js';
import type { RowMac } from '../vault/row-mac.js';
import { isSealed } from './audit-seal.js';
import { type Database, inTransaction, type Queries } from './database.js';
import { toPerson } from './rows.js';
import { writeEntries, writeEvents } from './tell.js';

interface NumbersParts {
  readonly database: Database;
  readonly rowMac: RowMac;
}

/** No request lives longer than a week: what became of the last of the month is known by then. */
const AFTERMATH_MS = 8 * DAY_MS;
const BATCH = 5_000;
const NUMBERS_LOCK = 7_263_409n;

const bodySchema = z.object({ kind: z.string(), requestId: z.string().nullable(), facts: z.record(z.string(), z.unknown()) });

/** Of the month on the calendars of this zone; null for what is no month. Entries without their seal are not counted. */
export async function readNumbers({ database, rowMac }: NumbersParts, month: Month, zone: string): Promise<MonthNumbers | null> {
  const span = spanOf(month, zone);
  return span === null ? null : numbersOf(month, span, await entriesOf(database, span, rowMac));
}

/**
 * On the first working morning of a month, or as soon as the bot runs after it: the numbers of the month before, told
 * once, however many processes look. Returns the month that nobody has to be told of any more, or null before that morning.
 */
export async function tellNumbers(parts: NumbersParts, { policy, zone, at }: { readonly policy: Policy; readonly zone: string; readonly at: Date }): Promise<Month | null> {
  const now = at.getTime();
  const month = monthBefore(zone, now);
  if (now < firstWorkingMorning(policy, zone, monthAt(zone, now))) return null;
  const { database, rowMac } = parts;
  const since = spanOf(month, zone)?.to ?? now;
  if (await isTold(database, month, since)) return month;
  const numbers = await readNumbers(parts, month, zone);
  await inTransaction(database, async (tx) => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(${NUMBERS_LOCK})::text`;
    if (await isTold(tx, month, since)) return;
    const params = { numbers: JSON.stringify(numbers) };
    await writeEntries(tx, [auditDraft('numbers-told', 'system', {}, { month })], { at, rowMac });
    await writeEvents(tx, (await leads(tx, rowMac)).map((recipient) => ({ kind: 'monthly-numbers', recipient, params })), at);
  });
  return month;
}

/** Also where this installation is younger than the month's end: it has no numbers of it. */
async function isTold(tx: Queries, month: Month, since: number): Promise<boolean> {
  const first = await tx.auditEntry.findFirst({ orderBy: { id: 'asc' }, select: { at: true } });
  if (first === null || first.at.getTime() >= since) return true;
  const told = await tx.auditEntry.findFirst({
    where: { at: { gte: new Date(since) }, AND: [{ body: { contains: '"kind":"numbers-told"' } }, { body: { contains: `"month":"${month}"` } }] },
    select: { id: true },
  });
  return told !== null;
}

/** The helpdesk's channel where nobody leads it. */
async function leads(tx: Queries, rowMac: RowMac): Promise<readonly RecipientName[]> {
  const people = (await tx.person.findMany({ where: { active: true } })).map((row) => toPerson(row, rowMac));
  const found = people.filter(({ groups }) => hasName(groups, HELPDESK_LEADS_GROUP));
  return found.length === 0 ? ['channel:helpdesk'] : found.map(({ id }): RecipientName => `person:${id}`);
}

async function entriesOf(database: Database, { from, to }: Span, rowMac: RowMac): Promise<readonly CountedEntry[]> {
  const entries: CountedEntry[] = [];
  const where = { at: { gte: new Date(from), lt: new Date(to + AFTERMATH_MS) }, OR: COUNTED_KINDS.map((kind) => ({ body: { contains: `"kind":"${kind}"` } })) };
  for (let last = 0n; ; ) {
    const rows = await database.auditEntry.findMany({ where: { ...where, id: { gt: last } }, orderBy: { id: 'asc' }, take: BATCH });
    for (const row of rows) if (isSealed(row, rowMac)) entries.push({ at: row.at.getTime(), ...bodySchema.parse(JSON.parse(row.body)) });
    const end = rows.at(-1);
    if (end === undefined || rows.length < BATCH) return entries;
    last = end.id;
  }
}
