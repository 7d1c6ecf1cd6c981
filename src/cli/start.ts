// `countersign start`: runs the server until it is told to stop.
import type { Command } from 'commander';
import { startServer } from '../app/server.js';
import { readConfig, readEnv } from '../config.js';
import { systemClock } from '../lib/clock.js';
import { openLog } from '../lib/log.js';
import type { Io } from './io.js';

export function startCommand(program: Command, io: Io): void {
  program
    .command('start')
    .description('run the server (and, where no chat platform is set up, the playground)')
    .option('--playground', 'open the playground on the server of DATABASE_URL too')
    .action(async (options: { playground?: true }) => {
      const config = readConfig(readEnv());
      const log = openLog(config.logLevel);
      const stopped = stopSignal();
      const server = await startServer({ config, clock: systemClock, log, playground: options.playground === true });
      for (const warning of config.warnings) log.warn(warning);
      io.stdout(server.playground ? `Countersign playground: ${server.address}\n` : `Countersign runs: ${server.address}\n`);
      await stopped;
      await server.stop();
    });
}

/** The first Ctrl+C or SIGTERM lets what is going on end; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
