#!/usr/bin/env node
// The command line: adds every command, runs one, and turns whatever happens into an exit code.
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { loadProfiles } from '../app/parts.js';
import { StartProblem } from '../app/problem.js';
import { AuditError } from '../audit/audit-error.js';
import { PlaygroundError } from '../chat/playground/playground-error.js';
import { ConfigError, readEnv } from '../config.js';
import type { Person } from '../directory/person.js';
import { publicKeyFile } from '../store/audit-key.js';
import { openAuditReader } from '../store/audit-verify.js';
import { PrismaDelegations, withStandIns } from '../store/delegations.js';
import { EmbeddedError } from '../store/embedded/embedded-error.js';
import { MigrationError } from '../store/migrate.js';
import { VaultError } from '../vault/vault-error.js';
import { accountCommands } from './accounts.js';
import { type AuditDesk, auditCommands } from './audit.js';
import { breakerCommands } from './breaker.js';
import { breakGlassCommands } from './break-glass.js';
import { authenticatorCommands } from './authenticators.js';
import { cardCommands } from './card.js';
import { cardsCommands } from './cards.js';
import { databaseCommands } from './database.js';
import { delegationCommands } from './delegation.js';
import { doctorCommand } from './doctor.js';
import { CliFailure, type Io, systemIo, tellFailure } from './io.js';
import { keysCommands } from './keys.js';
import { manifestCommands } from './manifest.js';
import { numbersCommand } from './numbers.js';
import { peopleCommands } from './people.js';
import { policyCommands } from './policy.js';
import { startCommand } from './start.js';
import { openConfigured } from './with-parts.js';

/** Runs one command. 0: done; 1: refused or failed, with a sentence on stderr; 2: used in a wrong way. */
export async function runCli(args: readonly string[], io: Io = systemIo): Promise<number> {
  try {
    await programFor(io).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return exitCodeOf(error, io);
  }
}

function programFor(io: Io): Command {
  const program = new Command('countersign')
    .description("unblocks a smart card's PIN by challenge-response, in chat, with codes and approvals")
    .version(version(), '--version')
    .showHelpAfterError('(run it with --help for what it takes)')
    .configureOutput({ writeOut: (text) => io.stdout(text), writeErr: (text) => io.stderr(text) })
    .exitOverride();
  startCommand(program, io);
  doctorCommand(program, io);
  manifestCommands(program, io);
  peopleCommands(program, io);
  accountCommands(program, io);
  delegationCommands(program, io);
  authenticatorCommands(program, io);
  cardsCommands(program, io);
  cardCommands(program, io);
  auditCommands(program, openAudit, io);
  policyCommands(program, io, {
    policyFile: readEnv().COUNTERSIGN_POLICY?.trim() || null,
    profiles: () => loadProfiles({ cardProfilesFile: readEnv().COUNTERSIGN_CARD_PROFILES?.trim() || null }),
    people: everybody,
  });
  breakerCommands(program, io);
  breakGlassCommands(program, io);
  numbersCommand(program, io);
  databaseCommands(program, io);
  keysCommands(program, io);
  return program;
}

/** Everyone in the directory, with whoever stands in for them now. */
async function everybody(): Promise<readonly Person[]> {
  const parts = await openConfigured();
  try {
    const at = parts.clock();
    return withStandIns(await parts.people.all(), await new PrismaDelegations(parts).all(at), at.getTime());
  } finally {
    await parts.close();
  }
}

async function openAudit(): Promise<AuditDesk> {
  const parts = await openConfigured();
  const { config } = parts;
  const reader = openAuditReader(parts.database);
  return {
    verify: (key, file) => reader.verify(key, file),
    entries: () => reader.entries(),
    publicKeyFile: publicKeyFile(config.auditKeyFile),
    auditFile: config.auditFile,
    close: () => parts.close(),
  };
}

function exitCodeOf(error: unknown, io: Io): number {
  if (error instanceof CliFailure) return tellFailure(io, error);
  // Commander has said what is wrong; --help and --version come this way with exit code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  io.stderr(`${isForPeople(error) ? error.message : unexpected(error)}\n`);
  return 1;
}

const FOR_PEOPLE = [StartProblem, ConfigError, EmbeddedError, MigrationError, VaultError, AuditError, PlaygroundError];

function isForPeople(error: unknown): error is Error {
  return FOR_PEOPLE.some((kind) => error instanceof kind);
}

function unexpected(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const reason = /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|28P01|3D000/.exec(message)?.[0];
  if (reason !== undefined) return `The database of DATABASE_URL cannot be used (${reason}): check the address, the password and that it runs.`;
  return `Something unexpected went wrong (${name}): ${message.split('\n').at(-1) ?? ''}`;
}

function version(): string {
  const file = fileURLToPath(new URL('../../package.json', import.meta.url));
  const { version: text } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return text;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await runCli(process.argv.slice(2));
}
