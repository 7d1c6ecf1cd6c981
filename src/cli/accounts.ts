// `countersign accounts …`: which chat account is whose.
import type { Command } from 'commander';
import type { Parts } from '../app/parts.js';
import { normaliseEmail, type Person } from '../directory/person.js';
import { CliFailure, type Io, printJson } from './io.js';
import { changingParts, withParts } from './with-parts.js';

const PLATFORMS = ['slack', 'teams'];

export function accountCommands(program: Command, io: Io): void {
  const accounts = program.command('accounts').description('which chat account is whose');
  accounts
    .command('list')
    .description("list a person's accounts")
    .argument('<email>', "the person's e-mail address")
    .option('--json', 'print JSON')
    .action((email: string, { json }: { json?: true }) => withParts((parts) => list(parts, email, json === true, io)));
  accounts
    .command('link')
    .description('bind a chat account to a person')
    .argument('<email>', "the person's e-mail address")
    .argument('<platform>', PLATFORMS.join(' or '))
    .argument('<account>', "Slack: the organisation's id (E…), or without one the workspace's (T…), and the user's, such as T0123ABCD/U0456EFGH; Teams: tenant id/object id")
    .action((email: string, platform: string, account: string) => changingParts((parts) => link(parts, { email, platform, account }, io)));
  accounts
    .command('unlink')
    .description("take a person's accounts on a platform away")
    .argument('<email>', "the person's e-mail address")
    .argument('<platform>', PLATFORMS.join(' or '))
    .action((email: string, platform: string) => changingParts((parts) => unlink(parts, { email, platform }, io)));
}

async function list(parts: Parts, email: string, json: boolean, io: Io): Promise<void> {
  const accounts = await parts.people.accountsOf((await personOf(parts, email)).id);
  if (json) { printJson(io, accounts); return; }
  for (const { platform, tenant, userId } of accounts) io.stdout(`${platform}  ${tenant}/${userId}\n`);
}

async function link(parts: Parts, { email, platform, account }: { readonly email: string; readonly platform: string; readonly account: string }, io: Io): Promise<void> {
  requirePlatform(platform);
  // Entra's ids are kept in lower case, whichever page they were copied from.
  const [tenant = '', userId = '', ...rest] = (platform === 'teams' ? account.toLowerCase() : account).split('/');
  if (!/^[\w-]+$/.test(tenant) || !/^[\w-]+$/.test(userId) || rest.length > 0) {
    throw new CliFailure(2, 'account-form', `"${account}" is no account: give both ids with a slash between, such as T0123ABCD/U0456EFGH.`);
  }
  const person = await personOf(parts, email);
  if (!(await parts.people.linkByHand({ platform, tenant, userId }, person.id))) {
    throw new CliFailure(1, 'account-taken', 'This account, or this person there, is bound already: see accounts list, and unlink first.');
  }
  io.stdout(`${account} is the account of ${person.name} now.\n`);
}

async function unlink(parts: Parts, { email, platform }: { readonly email: string; readonly platform: string }, io: Io): Promise<void> {
  requirePlatform(platform);
  const person = await personOf(parts, email);
  const count = await parts.people.unlink(platform, person.id);
  io.stdout(`${count} account(s) of ${person.name} taken away.\n`);
}

function requirePlatform(platform: string): void {
  if (!PLATFORMS.includes(platform)) throw new CliFailure(2, 'platform', `"${platform}" is no platform: it is ${PLATFORMS.join(' or ')}.`);
}

async function personOf(parts: Parts, email: string): Promise<Person> {
  const person = await parts.people.findByEmail(normaliseEmail(email));
  if (person === null) throw new CliFailure(1, 'no-such-person', `Nobody has the e-mail ${email}: import the people first.`);
  return person;
}
