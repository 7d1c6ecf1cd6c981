// `countersign delegation …`: who decides in whose place while somebody is away.
import type { Command } from 'commander';
import { loadPolicy, type Parts } from '../app/parts.js';
import { timeZoneOf } from '../approval/hours.js';
import { normaliseEmail, type Person } from '../directory/person.js';
import { isRefused } from '../lib/refusal.js';
import { PrismaDelegations } from '../store/delegations.js';
import { readDelegation } from '../unblock/delegating.js';
import { CliFailure, type Io, printJson } from './io.js';
import { changingParts, withParts } from './with-parts.js';

const SENTENCES = {
  'delegate-self': 'Nobody stands in for themselves: name a colleague.',
  'delegate-away': 'This colleague is away for some of that time too: see delegation list, and name somebody else.',
  'no-reason': 'Say why, in a few words: --reason.',
  'delegate-first': 'The first day is not right: give it as a date, such as 2026-12-24.',
  'delegate-last': 'The last day is not right: give it as a date, such as 2027-01-06, not before the first one and not in the past.',
  'delegate-too-long': 'That is too long: at most 92 days from now. For longer, change the manager or the group in the directory.',
};

interface Given {
  readonly first: string;
  readonly last: string;
  readonly reason: string;
}

export function delegationCommands(program: Command, io: Io): void {
  const delegation = program.command('delegation').description('who decides in whose place while somebody is away');
  delegation
    .command('list')
    .description('list what holds or will hold')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: true }) => withParts((parts) => list(parts, json === true, io)));
  delegation
    .command('give')
    .description("let a colleague decide in a person's place; there is one for each person, and a new one takes its place")
    .argument('<email>', 'who is away')
    .argument('<colleague>', "the colleague's e-mail address")
    .requiredOption('--first <date>', "the first day where the person works, such as 2026-12-24; today: from now on")
    .requiredOption('--last <date>', 'the last day')
    .requiredOption('--reason <text>', 'why, for the audit')
    .action((email: string, colleague: string, given: Given) => changingParts((parts) => give(parts, { ...given, email, colleague }, io)));
  delegation
    .command('end')
    .description('let the person decide again, from now on')
    .argument('<email>', 'who is back')
    .action((email: string) => changingParts((parts) => end(parts, email, io)));
}

async function list(parts: Parts, json: boolean, io: Io): Promise<void> {
  const found = await new PrismaDelegations(parts).all(parts.clock());
  const names = new Map((await parts.people.all()).map(({ id, email }) => [id, email]));
  const shown = found.map(({ personId, standInId, from, until, reason }) => ({
    away: names.get(personId) ?? personId,
    standIn: names.get(standInId) ?? standInId,
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    reason,
  }));
  if (json) { printJson(io, shown); return; }
  for (const { away, standIn, from, until, reason } of shown) io.stdout(`${away}  ->  ${standIn}  ${from} to ${until}  ${reason}\n`);
  if (shown.length === 0) io.stdout('Nobody is away.\n');
}

async function give(parts: Parts, { email, colleague, ...typed }: Given & { readonly email: string; readonly colleague: string }, io: Io): Promise<void> {
  const [person, standIn] = [await activeOne(parts, email), await activeOne(parts, colleague)];
  const at = parts.clock();
  const { policy } = await loadPolicy(parts.config);
  const store = new PrismaDelegations(parts);
  const zone = timeZoneOf(policy.sites, person.site) ?? parts.config.timeZone;
  const delegation = await readDelegation({ giver: person, standIn, ...typed }, { store, zone, at });
  if (isRefused(delegation)) throw new CliFailure(1, delegation.refused, SENTENCES[delegation.refused]);
  if ((await store.give(delegation, null, at)) !== 'given') throw nobody(`${email} or ${colleague}`);
  const [from, until] = [delegation.from, delegation.until].map((time) => new Date(time).toISOString());
  io.stdout(`${standIn.name} decides in the place of ${person.name} from ${from} to ${until}. Both are told.\n`);
}

async function end(parts: Parts, email: string, io: Io): Promise<void> {
  const person = await parts.people.findByEmail(normaliseEmail(email));
  if (person === null) throw nobody(email);
  if (!(await new PrismaDelegations(parts).end(person.id, 'cli', parts.clock()))) {
    throw new CliFailure(1, 'no-delegation', `Nobody stands in for ${person.name}: see delegation list.`);
  }
  io.stdout(`${person.name} decides again. Both are told.\n`);
}

async function activeOne(parts: Parts, email: string): Promise<Person> {
  const person = await parts.people.findByEmail(normaliseEmail(email));
  if (person?.active !== true) throw nobody(email);
  return person;
}

function nobody(email: string): CliFailure {
  return new CliFailure(1, 'no-such-person', `Nobody who is active has the e-mail address ${email}: see people list.`);
}
