// An administrator at the terminal proves with a one-time code who they are. A code is never an argument.
import { createInterface } from 'node:readline/promises';
import type { Parts } from '../app/parts.js';
import { ADMINISTRATORS_GROUP } from '../approval/policy.js';
import { auditDraft } from '../audit/entry.js';
import { normaliseEmail, type Person } from '../directory/person.js';
import { newId } from '../lib/ids.js';
import { importScope } from '../stepup/throttle.js';
import type { Proof } from '../store/card-import-alone.js';
import { writeEntries } from '../store/tell.js';
import { CliFailure, type Io, systemIo } from './io.js';

/**
 * Asks each of them for a code, in this order, and checks it: counted before it is looked at, as everywhere. A code is
 * spent only with what it pays for; `purpose` is for the audit. Throws a CliFailure.
 */
export async function proveAdministrators(parts: Parts, emails: readonly string[], io: Io, purpose = 'import'): Promise<readonly Proof[]> {
  // Standard input may be a pipe that nobody closes.
  if (emails.length === 0) return [];
  const people: Person[] = [];
  for (const email of emails) people.push(await administratorOf(parts, email));
  const ask = await askingOn(io);
  const proofs: Proof[] = [];
  try {
    for (const person of people) proofs.push(await prove(parts, person, { purpose, code: await ask(`One-time code of ${person.name}: `) }));
    return proofs;
  } catch (failure) {
    for (const { spend } of proofs) await parts.stepUp.giveBack(spend);
    throw failure;
  }
}

/** Asks one question after the other: at the terminal, or of the lines of standard input, where there is none any more ''. */
export async function askingOn(io: Io): Promise<(question: string) => Promise<string>> {
  return io === systemIo && process.stdin.isTTY ? askTerminal : await linesOfStdin(io);
}

async function administratorOf({ people }: Parts, email: string): Promise<Person> {
  const person = await people.findByEmail(normaliseEmail(email));
  if (person === null) throw new CliFailure(1, 'no-such-person', `Nobody has the e-mail ${email}: import the people first, or correct it.`);
  if (person.active && person.groups.includes(ADMINISTRATORS_GROUP)) return person;
  throw new CliFailure(1, 'not-administrator', `${person.name} is not in the group ${ADMINISTRATORS_GROUP}: name an administrator.`);
}

async function askTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

async function linesOfStdin(io: Io): Promise<(question: string) => Promise<string>> {
  const lines = (await io.readStdin()).split(/\r?\n/).filter((line) => line.trim() !== '');
  return () => Promise.resolve(lines.shift() ?? '');
}

async function prove({ stepUp, database, rowMac, clock }: Parts, { id, name }: Person, { code, purpose }: { readonly code: string; readonly purpose: string }): Promise<Proof> {
  const at = clock();
  const attempt = { formId: newId(), actorId: id };
  const verdict = await stepUp.check({ personId: id, code, scopes: [importScope(id, at)], attempt, at });
  if (verdict.kind === 'proof') return { personId: id, spend: verdict.spend };
  await writeEntries(database, [auditDraft('code-refused', id, { personId: id }, { purpose })], { at, rowMac });
  const next = verdict.scopeExhausted ? 'There were too many today: try again tomorrow.' : 'Wait for the next one and run the command again.';
  throw new CliFailure(1, 'code-not-accepted', `The code of ${name} was not accepted. ${next}`);
}
