// Seeds out of another system: everybody's of a file become authenticators in one transaction, or nobody's.
import { auditDraft } from '../audit/entry.js';
import type { Clock } from '../lib/clock.js';
import type { FileProblem } from '../lib/csv-table.js';
import { toHex } from '../lib/bytes.js';
import { newId } from '../lib/ids.js';
import type { Refused } from '../lib/refusal.js';
import { algorithmName } from '../stepup/algorithm.js';
import type { NewAuthenticator } from '../stepup/enrolment-store.js';
import type { SeedDraft } from '../stepup/seed-file.js';
import type { KeyVault } from '../vault/key-vault.js';
import type { RowMac } from '../vault/row-mac.js';
import { insertAuthenticator } from './authenticator-rows.js';
import { GivenUp, type ImportRefusal, orGivenUp, type Proof, spendProofs } from './card-import-alone.js';
import { type Database, holdOrganisation, isDuplicate, inTransaction, type Queries, toColumn } from './database.js';
import { toPerson } from './rows.js';
import { writeEntries, writeEvents } from './tell.js';

export interface SeedImportParts {
  readonly database: Database;
  readonly vault: KeyVault;
  readonly rowMac: RowMac;
  readonly clock: Clock;
}

/** A seed and the id of its person. */
interface Owned extends SeedDraft {
  readonly personId: string;
}

interface Checked {
  readonly owned: readonly Owned[];
  readonly problems: readonly FileProblem[];
}

/** What the directory and the authenticators of now have against these seeds; nothing is changed. */
export async function checkSeeds({ database, rowMac }: SeedImportParts, seeds: readonly SeedDraft[]): Promise<readonly FileProblem[]> {
  return (await lookUp(database, seeds, rowMac)).problems;
}

/**
 * Seals the seeds and saves them as active authenticators, all or none; the codes of the administrators who agree are
 * spent with it. Each person is told. Their authenticator counts as new: it was set up by somebody else.
 */
export async function importSeeds(
  parts: SeedImportParts,
  seeds: readonly SeedDraft[],
  proofs: readonly Proof[],
): Promise<readonly FileProblem[] | Refused<ImportRefusal>> {
  const { database, rowMac, clock } = parts;
  const found = await lookUp(database, seeds, rowMac);
  if (found.problems.length > 0) return found.problems;
  const at = clock();
  const sealed: NewAuthenticator[] = [];
  for (const owned of found.owned) sealed.push(await seal(parts, owned, at));
  const saved = inTransaction(database, async (tx) => {
    await holdOrganisation(tx);
    const { problems } = await lookUp(tx, seeds, rowMac);
    if (problems.length > 0) return problems;
    await spendProofs(tx, proofs, rowMac);
    await save(tx, sealed, { at, rowMac, by: proofs.map(({ personId }) => personId) });
    return [];
  });
  return await orGivenUp(saved.catch((error: unknown) => {
    // Somebody brought the same file in a moment ago.
    throw isDuplicate(error) ? new GivenUp('file-changed') : error;
  }));
}

interface Saving {
  readonly at: Date;
  readonly rowMac: RowMac;
  readonly by: readonly string[];
}

async function save(tx: Queries, authenticators: readonly NewAuthenticator[], { at, rowMac, by }: Saving): Promise<void> {
  for (const authenticator of authenticators) await insertAuthenticator(tx, authenticator, { state: 'active', rowMac });
  const actor = by[0] ?? 'cli';
  const each = authenticators.map(({ id, personId, algorithm }) => auditDraft('enrolled', actor, { personId }, { authenticator: id, algorithm, by: 'import' }));
  const all = auditDraft('authenticators-imported', actor, {}, { authenticators: authenticators.length, administrators: by });
  await writeEntries(tx, [all, ...each], { at, rowMac });
  await writeEvents(tx, authenticators.map(({ personId }) => ({ kind: 'enrolled', recipient: `person:${personId}`, params: { person: personId } })), at);
}

async function seal({ vault, rowMac }: SeedImportParts, { personId, seed, algorithm, lastStep }: Owned, at: Date): Promise<NewAuthenticator> {
  const id = newId();
  const name = algorithmName(algorithm);
  const sealed = await vault.sealSeed({ authenticatorId: id, personId, algorithm: name }, seed);
  return { id, personId, algorithm: name, sealed, createdAt: at, lastStep, seedDigest: digestOf(seed, rowMac) };
}

async function lookUp(tx: Queries, seeds: readonly SeedDraft[], rowMac: RowMac): Promise<Checked> {
  const names = seeds.map(({ person }) => person);
  const rows = await tx.person.findMany({ where: { OR: [{ id: { in: names } }, { email: { in: names } }] } });
  const people = rows.map((row) => toPerson(row, rowMac));
  const personOf = new Map(people.flatMap((person) => [[person.email, person] as const, [person.id, person] as const]));
  const ids = people.map(({ id }) => id);
  const active = new Set((await tx.authenticator.findMany({ where: { personId: { in: ids }, state: 'active' } })).map(({ personId }) => personId));
  const known = await knownDigests(tx, seeds, rowMac);
  const read = seeds.map((seed) => {
    const person = personOf.get(seed.person);
    if (person === undefined) return { line: seed.line, problem: 'This person is not in the directory: import the people first, or correct the line.' };
    if (!person.active) return { line: seed.line, problem: `${person.name} is not active.` };
    if (active.has(person.id)) return { line: seed.line, problem: `${person.name} has an authenticator that works: leave this line out.` };
    if (known.has(toHex(digestOf(seed.seed, rowMac)))) return { line: seed.line, problem: 'This secret was imported before: give this person a new authenticator instead.' };
    return { ...seed, personId: person.id };
  });
  const owned = read.flatMap((one) => ('personId' in one ? [one] : []));
  const problems = read.flatMap((one) => ('personId' in one ? [] : [one]));
  return { owned, problems: [...problems, ...named(owned)] };
}

/** Somebody who is named by address in one line and by id in another. */
function named(owned: readonly Owned[]): readonly FileProblem[] {
  const first = new Map<string, number>();
  return owned.flatMap(({ personId, line }) => {
    const before = first.get(personId);
    if (before === undefined) first.set(personId, line);
    return before === undefined ? [] : [{ line, problem: `This person stands in line ${before} already.` }];
  });
}

async function knownDigests(tx: Queries, seeds: readonly SeedDraft[], rowMac: RowMac): Promise<ReadonlySet<string>> {
  const digests = seeds.map(({ seed }) => toColumn(digestOf(seed, rowMac)));
  const rows = await tx.authenticator.findMany({ where: { seedDigest: { in: digests } }, select: { seedDigest: true } });
  return new Set(rows.flatMap(({ seedDigest }) => (seedDigest === null ? [] : [toHex(seedDigest)])));
}

function digestOf(seed: Uint8Array, rowMac: RowMac): Uint8Array {
  return rowMac.digest('authenticator-seed', seed);
}
