// What is open about sealed codes: reports that nobody acknowledged, envelopes that run out, people who have left.
import { type Finding, ok, problem, warning } from '../chat/finding.js';
import type { SealedSet } from '../stepup/sealed-codes.js';
import { PrismaBreakGlass } from '../store/break-glass.js';
import type { GlassUsed } from '../unblock/break-glass.js';
import type { Parts } from './parts.js';

/** With so few left an envelope is as good as empty. */
const FEW_LEFT = 1;
const MOST_SHOWN = 100;

/** What the operator should know of; null: no report is open. */
export async function openReports(parts: Pick<Parts, 'database' | 'rowMac'>): Promise<string | null> {
  return toldOf(await new PrismaBreakGlass(parts).uses({ openOnly: true, limit: MOST_SHOWN }));
}

export async function examineBreakGlass(parts: Pick<Parts, 'database' | 'rowMac' | 'people'>): Promise<readonly Finding<'break-glass'>[]> {
  const set = await new PrismaBreakGlass(parts).inForce();
  const reports = await openReports(parts);
  const open: readonly Finding<'break-glass'>[] = reports === null ? [] : [warning('break-glass', `${reports[0]?.toUpperCase() ?? ''}${reports.slice(1)}.`)];
  if (set === null) return [...open, ok('break-glass', 'There are no sealed codes. `countersign break-glass issue` makes some.')];
  const people = await Promise.all(set.people.map((id) => examineEnvelope(parts, set, id)));
  return [...open, ...people];
}

async function examineEnvelope({ people }: Pick<Parts, 'people'>, { codes }: SealedSet, personId: string): Promise<Finding<'break-glass'>> {
  const person = await people.find(personId);
  if (person?.active !== true) return problem('break-glass', `${person?.name ?? personId} has left and has sealed codes: run \`countersign break-glass issue\` for two others.`);
  const left = codes.filter((code) => code.personId === personId && !code.used).length;
  const text = `${person.name} has ${left} sealed codes left`;
  return left > FEW_LEFT ? ok('break-glass', `${text}.`) : warning('break-glass', `${text}: run \`countersign break-glass issue\`, and replace both envelopes.`);
}

function toldOf(open: readonly GlassUsed[]): string | null {
  const oldest = open.at(-1);
  if (oldest === undefined) return null;
  const whose = open.length === 1 ? 'one use of sealed codes is' : `${open.length} uses of sealed codes are`;
  return `${whose} not acknowledged, the oldest of ${oldest.at.toISOString()}: see \`countersign break-glass list\``;
}
