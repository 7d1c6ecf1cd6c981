// `countersign people deactivate` and `activate`: who is taken out, and let in again.
import type { Command } from 'commander';
import type { Parts } from '../app/parts.js';
import { normaliseEmail, type Person } from '../directory/person.js';
import { activatePerson, deactivatePerson } from '../store/people-standing.js';
import { CliFailure, type Io, printJson } from './io.js';
import { asTwoAdministrators, type PairOptions } from './two-administrators.js';
import { changingParts } from './with-parts.js';

export function standingCommands(people: Command, io: Io): void {
  people
    .command('deactivate')
    .description('take a person out: requests, approvals and vouchers of theirs end, and their authenticator stops')
    .argument('<email>', "the person's e-mail address")
    .option('--json', 'print JSON')
    .action((email: string, { json }: { json?: true }) => changingParts((parts) => deactivate(parts, { email, json: json === true, io })));
  people
    .command('activate')
    .description('let a person in again; two administrators give their codes, on standard input or when asked')
    .argument('<email>', "the person's e-mail address")
    .requiredOption('--as <e-mail>', 'the first administrator')
    .requiredOption('--with <e-mail>', 'the second administrator')
    .option('--json', 'print JSON')
    .action((email: string, options: PairOptions) => changingParts((parts) => activate(parts, { email, options, io })));
}

async function deactivate(parts: Parts, { email, json, io }: { readonly email: string; readonly json: boolean; readonly io: Io }): Promise<void> {
  const person = await personOf(parts, email, json);
  const changed = await deactivatePerson(parts, person.id, parts.clock());
  if (json) printJson(io, { person: person.id, active: false, changed });
  else io.stdout(changed ? `${person.name} is not active any more. What they had open ends at its next step.\n` : `${person.name} was not active.\n`);
}

async function activate(parts: Parts, { email, options, io }: { readonly email: string; readonly options: PairOptions; readonly io: Io }): Promise<void> {
  const json = options.json === true;
  const person = await personOf(parts, email, json);
  await asTwoAdministrators(parts, {
    options,
    io,
    purpose: 'activate',
    sentences: { 'already-active': `${person.name} is active already.` },
    work: (proofs) => activatePerson(parts, { personId: person.id, proofs, at: parts.clock() }),
  });
  if (json) printJson(io, { person: person.id, active: true, changed: true });
  else io.stdout(`${person.name} is active again, and needs a new authenticator: countersign people enroll ${person.email}\n`);
}

async function personOf(parts: Parts, email: string, json: boolean): Promise<Person> {
  const person = await parts.people.findByEmail(normaliseEmail(email));
  if (person === null) throw new CliFailure(1, 'no-such-person', `Nobody has the e-mail ${email}: look it up with people list.`, { json });
  return person;
}
