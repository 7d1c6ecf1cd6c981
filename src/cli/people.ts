// `countersign people …`: who there is, and invitations to enrol an authenticator.
import type { Command } from 'commander';
import type { Parts } from '../app/parts.js';
import { playgroundAccount } from '../chat/playground/platform.js';
import { normaliseEmail, type Person } from '../directory/person.js';
import { readPeopleFile } from '../directory/people-file.js';
import { isRefused } from '../lib/refusal.js';
import { installationKind } from '../store/installation.js';
import { CliFailure, type Io, printJson } from './io.js';
import { standingCommands } from './people-standing.js';
import { readInput } from './read-input.js';
import { changingParts, withParts } from './with-parts.js';

interface Json {
  readonly json?: true;
}

export function peopleCommands(program: Command, io: Io): void {
  const people = program.command('people').description('the people who hold cards, approve and help');
  people
    .command('import')
    .description("add or change people from a CSV file: id, name, e-mail, manager's e-mail, groups, site, locale, Slack account")
    .argument('<file>', 'the CSV file, or - for standard input')
    .option('--json', 'print JSON')
    .action((file: string, options: Json) => changingParts((parts) => importPeople(parts, { file, json: options.json === true, io })));
  people
    .command('list')
    .description('list the people')
    .option('--json', 'print JSON')
    .action((options: Json) => withParts((parts) => listPeople(parts, options.json === true, io)));
  people
    .command('enroll')
    .description('make a one-time invitation to set up an authenticator (ten minutes)')
    .argument('<email>', "the person's e-mail address")
    .option('--show-seed', 'print the seed itself: only for the very first authenticator of an installation')
    .option('--json', 'print JSON')
    .action((email: string, options: Json & { showSeed?: true }) =>
      changingParts((parts) => enroll(parts, { email, showSeed: options.showSeed === true, json: options.json === true, io })),
    );
  standingCommands(people, io);
}

async function importPeople(parts: Parts, { file, json, io }: { readonly file: string; readonly json: boolean; readonly io: Io }): Promise<void> {
  const { people, problems } = readPeopleFile(await readInput(file, io));
  const isPlayground = (await installationKind(parts.database)) === 'playground';
  const accounts = isPlayground ? ({ id }: Person) => playgroundAccount(id) : null;
  const outcome = problems.length > 0 ? { problems } : await parts.people.import(people, accounts);
  if ('problems' in outcome) {
    for (const { line, problem } of outcome.problems) if (!json) io.stderr(`${file}:${line}: ${problem}\n`);
    if (json) printJson(io, { imported: 0, problems: outcome.problems });
    throw new CliFailure(1, 'import-refused', `Nobody was imported: correct the ${outcome.problems.length} line(s) above and run it again.`);
  }
  const { added, changed, unchanged, linked } = outcome;
  if (json) printJson(io, { imported: added + changed, added, changed, unchanged, linked });
  else io.stdout(`${added} added, ${changed} changed, ${unchanged} as before.${linked === 0 ? '' : ` ${linked} Slack account(s) linked.`}\n`);
}

async function listPeople(parts: Parts, json: boolean, io: Io): Promise<void> {
  const everyone = await parts.people.all();
  if (json) { printJson(io, everyone); return; }
  const emailOf = new Map(everyone.map(({ id, email }) => [id, email]));
  for (const { id, name, email, managerId, groups, active } of everyone) {
    const manager = managerId === null ? '' : `  manager ${emailOf.get(managerId) ?? managerId}`;
    const member = groups.length === 0 ? '' : `  groups ${groups.join(', ')}`;
    io.stdout(`${id}  ${name}  ${email}${manager}${member}${active ? '' : '  (not active)'}\n`);
  }
}

async function enroll(
  parts: Parts,
  { email, showSeed, json, io }: { readonly email: string; readonly showSeed: boolean; readonly json: boolean; readonly io: Io },
): Promise<void> {
  const person = await parts.people.findByEmail(normaliseEmail(email));
  if (person === null) throw new CliFailure(1, 'no-such-person', `Nobody has the e-mail ${email}: import the people first.`, { json });
  if (!person.active) throw new CliFailure(1, 'person-inactive', `${person.name} is not active.`, { json });
  if (showSeed) return showFirstSeed(parts, { person, json, io });
  const invitation = await parts.enrolment.invite(person.id, parts.clock());
  const page = `${parts.config.publicUrl}/enroll`;
  if (json) { printJson(io, { person: person.id, invitation, page, minutes: 10 }); return; }
  io.stdout(`${invitation}\n`);
  io.stderr(`Give this invitation to ${person.name} in person or by phone. It works once, for ten minutes, at ${page} or in the bot ("Set up my authenticator").\n`);
}

async function showFirstSeed(parts: Parts, { person, json, io }: { readonly person: Person; readonly json: boolean; readonly io: Io }): Promise<void> {
  const shown = await parts.enrolment.enrolWithShownSeed({ personId: person.id, account: person.email, at: parts.clock() });
  if (isRefused(shown)) {
    throw new CliFailure(1, 'already-enrolled', 'Someone has an authenticator already, so no seed is shown any more. Run it without --show-seed for an invitation.', { json });
  }
  if (json) { printJson(io, { person: person.id, seed: shown.seedBase32, uri: shown.provisioningUri }); return; }
  io.stdout(`${shown.seedGroups}\n`);
  io.stderr(`The authenticator of ${person.name} is active. Whoever has this seed has their codes: clear this screen.\n`);
}
