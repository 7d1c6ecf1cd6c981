// Opens the installation that the environment names, for one command.
import { openParts, type Parts } from '../app/parts.js';
import { readConfig, readEnv } from '../config.js';
import { systemClock } from '../lib/clock.js';
import { openLog } from '../lib/log.js';

/** Lends the opened parts to a command. */
export type WithParts = (use: (parts: Parts) => Promise<void>) => Promise<void>;

export const withParts: WithParts = async (use) => {
  const parts = await openConfigured();
  try {
    await use(parts);
  } finally {
    await parts.close();
  }
};

/** As withParts, for a command that changes something: that has its place in the audit before the command ends. */
export const changingParts: WithParts = (use) =>
  withParts(async (parts) => {
    await use(parts);
    await parts.sequencer.sequence();
  });

/** The caller closes the parts. */
export async function openConfigured(): Promise<Parts> {
  const config = readConfig(readEnv());
  return await openParts(config, { clock: systemClock, log: openLog(config.logLevel) });
}
