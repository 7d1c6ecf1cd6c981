// Sealed codes for a test: two administrators who have them printed, and the sheets.
import { newId } from '../../src/lib/ids.js';
import { DAY_MS } from '../../src/lib/clock.js';
import { isRefused } from '../../src/lib/refusal.js';
import { newSealedCodes } from '../../src/stepup/sealed-codes.js';
import { currentCode, newSeed, TOTP_ALGORITHM } from '../../src/stepup/totp.js';
import type { Parts } from '../../src/app/parts.js';
import { PrismaBreakGlass } from '../../src/store/break-glass.js';
import type { Proof } from '../../src/store/card-import-alone.js';
import { readPeopleFile } from '../../src/directory/people-file.js';

export const ADMINISTRATORS_CSV = `id,name,e-mail,manager,groups,site,locale
ada,Ada Admin,ada@example.com,,administrators,,
bo,Bo Admin,bo@example.com,,administrators,,
`;

/** The seed of a new authenticator of half a year ago. */
export async function enrolAnew(parts: Parts, personId: string): Promise<Uint8Array> {
  const seed = newSeed();
  await parts.database.authenticator.deleteMany({ where: { personId } });
  const content = { authenticatorId: newId(), personId, algorithm: TOTP_ALGORITHM };
  const sealed = await parts.vault.sealSeed(content, seed);
  const createdAt = new Date(parts.clock().getTime() - 180 * DAY_MS);
  await parts.authenticators.addSample({ id: content.authenticatorId, personId, algorithm: TOTP_ALGORITHM, sealed, createdAt }, parts.clock());
  return seed;
}

/** A right code of a person's new authenticator, not spent yet. */
export async function proofOf(parts: Parts, personId: string): Promise<Proof> {
  const at = parts.clock();
  const code = currentCode(await enrolAnew(parts, personId), at);
  const verdict = await parts.stepUp.check({ personId, code, scopes: [], attempt: { formId: newId(), actorId: personId }, at });
  if (verdict.kind !== 'proof') throw new Error(`the code of ${personId} was not accepted`);
  return { personId, spend: verdict.spend };
}

/** Brings ada and bo in, who are administrators. */
export async function addAdministrators(parts: Parts): Promise<void> {
  const imported = await parts.people.import(readPeopleFile(ADMINISTRATORS_CSV).people, ({ id }) => ({ platform: 'playground', tenant: 'local', userId: id }));
  if ('problems' in imported) throw new Error(JSON.stringify(imported.problems));
}

/** Prints a sheet for each of these two, by ada and bo, in the place of the one before: the codes, by person. */
export async function printSheets(parts: Parts, people: readonly [string, string]): Promise<ReadonlyMap<string, readonly string[]>> {
  const id = newId();
  const { sheets, rows } = await newSealedCodes(id, people, parts.rowMac);
  const refused = await new PrismaBreakGlass(parts).issue({ id, people, rows }, [await proofOf(parts, 'ada'), await proofOf(parts, 'bo')], parts.clock());
  if (refused !== null && isRefused(refused)) throw new Error(refused.refused);
  return new Map(sheets.map(({ personId, codes }) => [personId, codes]));
}
