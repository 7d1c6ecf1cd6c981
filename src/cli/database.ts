// `countersign db …`: the database by hand.
import type { Command } from 'commander';
import { MIGRATIONS_FOLDER, openMigrated } from '../app/parts.js';
import { readConfig, readEnv } from '../config.js';
import { openLog } from '../lib/log.js';
import type { Io } from './io.js';

export function databaseCommands(program: Command, io: Io): void {
  const db = program.command('db').description('the database');
  db.command('migrate')
    .description('bring the database to this version (the server does it at every start)')
    .action(() => withServer(() => io.stdout(`The database has every migration of ${MIGRATIONS_FOLDER}.\n`)));
  db.command('url')
    .description('print the address of the database, with its password')
    .action(() => withServer((url) => io.stdout(`${url}\n`)));
}

async function withServer(use: (url: string) => void): Promise<void> {
  const config = readConfig(readEnv());
  const server = await openMigrated(config, openLog(config.logLevel));
  try {
    use(server.url);
  } finally {
    await server.close();
  }
}
