// Opens what both the server and the command line need: the database, the vault, and what is kept in them.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_POLICY_TEXT } from '../approval/default-policy.js';
import { policyHash } from '../approval/policy.js';
import { type CalendarTexts, parsePolicy } from '../approval/policy-file.js';
import { parseProfiles } from '../card/profile-file.js';
import { BUILT_IN_PROFILES, type CardProfiles, withOwnProfiles } from '../card/profiles.js';
import type { Config } from '../config.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import { withPlace } from '../lib/yaml-file.js';
import { Enrolment } from '../stepup/enrolment.js';
import { StepUp } from '../stepup/step-up.js';
import { AuditFile } from '../store/audit-file.js';
import { openAuditKey } from '../store/audit-key.js';
import { isSealed } from '../store/audit-seal.js';
import { AuditSequencer } from '../store/audit-sequencer.js';
import { PrismaAuthenticators } from '../store/authenticators.js';
import { PrismaCards } from '../store/cards.js';
import { type Database, openDatabase } from '../store/database.js';
import { openEmbedded } from '../store/embedded/embedded.js';
import { migrate } from '../store/migrate.js';
import { PrismaPeople } from '../store/people.js';
import { openStoredRowMac } from '../store/vault-keys.js';
import type { LoadedPolicy } from '../unblock/decision.js';
import type { Keks } from '../vault/kek.js';
import { KeyVault } from '../vault/key-vault.js';
import type { RowMac } from '../vault/row-mac.js';
import { openKeks } from './keks.js';
import { readPolicyCalendars } from './policy-calendars.js';
import { StartProblem } from './problem.js';

export interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly url: string;
  readonly database: Database;
  readonly keks: Keks;
  readonly vault: KeyVault;
  readonly rowMac: RowMac;
  readonly profiles: CardProfiles;
  readonly people: PrismaPeople;
  readonly cards: PrismaCards;
  readonly authenticators: PrismaAuthenticators;
  readonly stepUp: StepUp;
  readonly enrolment: Enrolment;
  readonly sequencer: AuditSequencer;
  close(): Promise<void>;
}

export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** The database of this configuration: the server that DATABASE_URL names, or the embedded one. Migrated. */
export async function openMigrated(config: Config, log: Log): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server =
    config.databaseUrl === null
      ? await openEmbedded({ dataFolder: config.dataFolder, log })
      : { url: config.databaseUrl, close: () => Promise.resolve() };
  try {
    await migrate(server.url, MIGRATIONS_FOLDER);
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

export async function openParts(config: Config, { clock, log }: { readonly clock: Clock; readonly log: Log }): Promise<Parts> {
  const server = await openMigrated(config, log);
  // After the embedded database, which makes this folder so that the user it runs as can reach its own part.
  await mkdir(config.dataFolder, { recursive: true, mode: 0o700 });
  const database = openDatabase(server.url);
  const close = async (): Promise<void> => {
    await database.$disconnect();
    await server.close();
  };
  try {
    const keks = await openKeks(config, database);
    const rowMac = await openStoredRowMac(database, keks);
    const key = await openAuditKey(config.auditKeyFile, { createIfMissing: (await database.auditCheckpoint.count()) === 0 });
    const vault = new KeyVault(keks);
    const profiles = await loadProfiles(config);
    const authenticators = new PrismaAuthenticators({ database, rowMac });
    const stepUp = new StepUp({ store: authenticators, vault, rowMac });
    return {
      config,
      clock,
      log,
      url: server.url,
      database,
      keks,
      vault,
      rowMac,
      profiles,
      people: new PrismaPeople({ database, rowMac, clock }),
      cards: new PrismaCards({ database, rowMac, profiles, vault, clock }),
      authenticators,
      stepUp,
      enrolment: new Enrolment({ store: authenticators, authenticators, stepUp, vault, rowMac, issuer: config.issuer }),
      sequencer: new AuditSequencer({ database, key, file: await AuditFile.open(config.auditFile), isGenuine: (entry) => isSealed(entry, rowMac), log }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A policy with the texts that it was read from. */
export interface PolicyRead extends LoadedPolicy {
  readonly text: string;
  readonly calendars: CalendarTexts;
}

/** The policy of this process's file. Throws a StartProblem that lists what is wrong with the file. */
export async function loadPolicy(config: Pick<Config, 'policyFile'>): Promise<PolicyRead> {
  const { policyFile } = config;
  const text = policyFile === null ? DEFAULT_POLICY_TEXT : await readSetting(policyFile, 'policy', 'COUNTERSIGN_POLICY');
  const calendars = policyFile === null ? new Map<string, string>() : await readPolicyCalendars(policyFile, text, (path) => readFile(path, 'utf8'));
  const parsed = parsePolicy(text, calendars);
  if ('policy' in parsed) return { policy: parsed.policy, hash: policyHash(text), text, calendars };
  const problems = parsed.problems.map((problem) => `${policyFile ?? 'policy'}:${withPlace(problem)}`);
  throw new StartProblem(problems.join('\n'));
}

/** The built-in card profiles and those of the site's own file. Throws a StartProblem that lists what is wrong with it. */
export async function loadProfiles({ cardProfilesFile: path }: Pick<Config, 'cardProfilesFile'>): Promise<CardProfiles> {
  if (path === null) return BUILT_IN_PROFILES;
  const parsed = parseProfiles(await readSetting(path, 'card profiles', 'COUNTERSIGN_CARD_PROFILES'));
  if ('profiles' in parsed) return withOwnProfiles(parsed.profiles);
  throw new StartProblem(parsed.problems.map((problem) => `${path}:${withPlace(problem)}`).join('\n'));
}

async function readSetting(path: string, what: string, variable: string): Promise<string> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    throw new StartProblem(`The ${what} file ${path} cannot be read: check ${variable}.`, { cause: error });
  });
}

export function inData(config: Config, name: string): string {
  return join(config.dataFolder, name);
}
