// Who is let in: a person taken out loses everything at the next decision, and comes back by two administrators.
import { auditDraft } from '../audit/entry.js';
import type { Person } from '../directory/person.js';
import { refuse, type Refused } from '../lib/refusal.js';
import type { RowMac } from '../vault/row-mac.js';
import type { Proof } from './card-import-alone.js';
import { disableAuthenticators } from './code-columns.js';
import { type Database, holdOrganisation, inTransaction, type Queries } from './database.js';
import { endDelegationsAbout } from './delegations.js';
import { personMac, toPerson } from './rows.js';
import { wakeOthers, writeEntries } from './tell.js';
import { byTwoAdministrators, type PairRefusal } from './two-administrators.js';

export interface StandingParts {
  readonly database: Database;
  readonly rowMac: RowMac;
}

/**
 * Takes a person out: whatever they asked for, agreed to or vouched for ends when the next step looks at it. Their
 * authenticator and what was begun for them stop at once. Needs no code, since it fails safe. False: they were out.
 */
export async function deactivatePerson({ database, rowMac }: StandingParts, personId: string, at: Date): Promise<boolean> {
  return await inTransaction(database, async (tx) => {
    const person = await setActive(tx, personId, { active: false, rowMac });
    if (person === null) return false;
    await disableAuthenticators(tx, personId, { rowMac, at });
    await writeEntries(tx, [auditDraft('person-deactivated', 'cli', { personId })], { at, rowMac });
    await wakeOthers(tx);
    return true;
  });
}

/** Lets a person in again, who then sets up a new authenticator. What was passed on before they left, by them or to them, has ended. */
export async function activatePerson(parts: StandingParts, { personId, proofs, at }: { readonly personId: string; readonly proofs: readonly Proof[]; readonly at: Date }): Promise<Refused<PairRefusal | 'already-active'> | null> {
  const { rowMac } = parts;
  const by = proofs.map((proof) => proof.personId);
  return await byTwoAdministrators(parts, proofs, async (tx) => {
    if ((await setActive(tx, personId, { active: true, rowMac })) === null) return refuse('already-active');
    await endDelegationsAbout(tx, personId, { actor: by[0] ?? null, at, rowMac });
    await writeEntries(tx, [auditDraft('person-activated', by[0] ?? null, { personId }, { administrators: by })], { at, rowMac });
    return null;
  });
}

/** Null where there is nothing to change, or nobody. */
async function setActive(tx: Queries, id: string, { active, rowMac }: { readonly active: boolean; readonly rowMac: RowMac }): Promise<Person | null> {
  // Nobody is let in or taken out between a check and what the check allowed.
  await holdOrganisation(tx);
  const row = await tx.person.findUnique({ where: { id } });
  if (row === null) return null;
  const person = toPerson(row, rowMac);
  if (person.active === active) return null;
  const changed = { ...person, active };
  await tx.person.update({ where: { id }, data: { active, mac: personMac(changed, rowMac) } });
  return changed;
}
