// The only reader of the environment: variables in, a checked configuration or all problems at once out.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadEnvFile } from 'node:process';
import { KEK_VARIABLES, type KekConfig, readKekConfig } from './config-kek.js';
import { MAIL_VARIABLES, type MailConfig, readMail } from './config-mail.js';
import { readRotas, ROTA_VARIABLES, type RotasConfig } from './config-rotas.js';
import { readSlack, SLACK_OVERRIDES, SLACK_VARIABLES, type SlackConfig } from './config-slack.js';
import { readTeams, TEAMS_OVERRIDES, TEAMS_VARIABLES, type TeamsConfig } from './config-teams.js';
import { type Language, LANGUAGES } from './lib/language.js';
import { isLoopback } from './lib/loopback.js';

export interface Variable {
  readonly name: string;
  /** One or two plain sentences, as .env.example shows them. */
  readonly about: string;
  /** What holds when it is not set, in words or as the value. */
  readonly unset: string;
}

/** Every variable that is read, in the order of .env.example. */
export const VARIABLES = [
  { name: 'COUNTERSIGN_DATA', about: 'Folder for everything that is kept on this machine.', unset: './data' },
  {
    name: 'DATABASE_URL',
    about: 'A PostgreSQL server (14 or newer), for example postgresql://user:password@host:5432/countersign.',
    unset: 'an embedded PostgreSQL in COUNTERSIGN_DATA',
  },
  { name: 'HOST', about: 'The address to listen on. The playground listens on a loopback address only.', unset: '127.0.0.1' },
  { name: 'PORT', about: 'The port to listen on.', unset: '3978' },
  ...KEK_VARIABLES,
  {
    name: 'COUNTERSIGN_AUDIT_KEY_FILE',
    about: 'The Ed25519 key that signs the audit checkpoints.',
    unset: 'audit.key in COUNTERSIGN_DATA, made at the first start',
  },
  {
    name: 'COUNTERSIGN_AUDIT_FILE',
    about: 'The audit file outside the database. Best on another disk, or one that only appends.',
    unset: 'audit.log in COUNTERSIGN_DATA',
  },
  { name: 'COUNTERSIGN_POLICY', about: 'The policy file, see docs/policy.yaml.', unset: 'the built-in policy: the manager or the helpdesk' },
  { name: 'COUNTERSIGN_CARD_PROFILES', about: 'Your own card profiles, see docs/card-profiles.yaml.', unset: 'the built-in ones, see docs/cards.md' },
  {
    name: 'COUNTERSIGN_IMPORT_FOUR_EYES',
    about: 'yes: imported cards wait until a second administrator commits them with a one-time code.',
    unset: 'whoever may run the command line imports alone',
  },
  { name: 'COUNTERSIGN_ISSUER', about: 'The name beside the code in authenticator apps.', unset: 'Countersign' },
  { name: 'COUNTERSIGN_PUBLIC_URL', about: 'Where people reach this server, for example https://unblock.example.com.', unset: 'http://HOST:PORT' },
  {
    name: 'COUNTERSIGN_LANGUAGE',
    about: `The language of channels, and of people whose own is not known: ${LANGUAGES.join(' or ')}.`,
    unset: 'en',
  },
  { name: 'COUNTERSIGN_TIME_ZONE', about: 'The time zone of times in messages, for example Europe/Berlin.', unset: "the machine's" },
  { name: 'COUNTERSIGN_LOG_LEVEL', about: 'debug, info, warn or error. The log goes to standard error.', unset: 'info' },
  { name: 'NODE_ENV', about: 'production refuses the playground and every override that decides who is believed.', unset: 'not production' },
  ...SLACK_VARIABLES,
  ...TEAMS_VARIABLES,
  ...MAIL_VARIABLES,
  ...ROTA_VARIABLES,
] as const satisfies readonly Variable[];

type VariableName = (typeof VARIABLES)[number]['name'];
export type Env = Readonly<Partial<Record<string, string>>>;

export interface Config {
  readonly dataFolder: string;
  readonly databaseUrl: string | null;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  readonly kek: KekConfig;
  readonly auditKeyFile: string;
  readonly auditFile: string;
  readonly policyFile: string | null;
  /** Whether an import needs a second administrator. */
  readonly importFourEyes: boolean;
  readonly cardProfilesFile: string | null;
  readonly issuer: string;
  /** Of channels, and of people whose own is not known. */
  readonly language: Language;
  readonly timeZone: string;
  readonly logLevel: string;
  readonly production: boolean;
  /** Null where none of Slack's variables is set. */
  readonly slack: SlackConfig | null;
  /** Null where none of Teams' variables is set. */
  readonly teams: TeamsConfig | null;
  /** Null where no mail server is named. */
  readonly mail: MailConfig | null;
  /** Where on-call rotas are kept elsewhere. */
  readonly rotas: RotasConfig;
  /** The chat platforms whose variables are set. */
  readonly platforms: readonly ('slack' | 'teams')[];
  /** Things that work and should not stay as they are. */
  readonly warnings: readonly string[];
}

/** Everything that is wrong with the configuration, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** The environment of this process, with a file `.env` in the working folder behind it. */
export function readEnv(): Env {
  if (existsSync('.env')) loadEnvFile('.env');
  return process.env;
}

/** Throws a ConfigError that lists every problem. */
export function readConfig(env: Env): Config {
  const problems: string[] = [];
  const value = (name: VariableName): string | null => {
    const text = env[name]?.trim();
    return text === undefined || text === '' ? null : text;
  };
  const dataFolder = resolve(value('COUNTERSIGN_DATA') ?? 'data');
  const host = value('HOST') ?? '127.0.0.1';
  const port = readPort(value('PORT') ?? '3978', problems);
  const production = value('NODE_ENV') === 'production';
  checkDatabaseUrl(value('DATABASE_URL'), problems);
  checkLogLevel(value('COUNTERSIGN_LOG_LEVEL'), problems);
  checkOverrides(value, production, problems);
  const publicUrl = readPublicUrl(value('COUNTERSIGN_PUBLIC_URL'), problems);
  const language = readLanguage(value('COUNTERSIGN_LANGUAGE'), problems);
  const timeZone = readTimeZone(value('COUNTERSIGN_TIME_ZONE'), problems);
  const slack = readSlack(value, problems);
  const teams = readTeams(value, problems);
  const mail = readMail(value, problems);
  const rotas = readRotas(value, problems);
  const kekFile = resolve(value('COUNTERSIGN_KEK_FILE') ?? join(dataFolder, 'kek.key'));
  const kek = readKekConfig(value, problems, { kekFile });
  const importFourEyes = readYes('COUNTERSIGN_IMPORT_FOUR_EYES', value, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    dataFolder,
    databaseUrl: value('DATABASE_URL'),
    host,
    port,
    publicUrl: publicUrl ?? `http://${urlHost(host)}:${port}`,
    kek,
    auditKeyFile: resolve(value('COUNTERSIGN_AUDIT_KEY_FILE') ?? join(dataFolder, 'audit.key')),
    auditFile: resolve(value('COUNTERSIGN_AUDIT_FILE') ?? join(dataFolder, 'audit.log')),
    policyFile: value('COUNTERSIGN_POLICY'),
    importFourEyes,
    cardProfilesFile: value('COUNTERSIGN_CARD_PROFILES'),
    issuer: value('COUNTERSIGN_ISSUER') ?? 'Countersign',
    language,
    timeZone,
    logLevel: value('COUNTERSIGN_LOG_LEVEL') ?? 'info',
    production,
    slack,
    teams,
    mail,
    rotas,
    platforms: [...(slack === null ? [] : ['slack' as const]), ...(teams === null ? [] : ['teams' as const])],
    warnings: kek.current.kind === 'file' && value('COUNTERSIGN_KEK_FILE') === null ? [KEK_BESIDE_DATA] : [],
  };
}

const KEK_BESIDE_DATA =
  'The key-encryption key lies beside the database. Move it elsewhere and name it with COUNTERSIGN_KEK_FILE before real cards are imported.';

/** The host as an address has it: IPv6 in brackets. */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function readYes(name: VariableName, value: ReadValue, problems: string[]): boolean {
  const text = value(name);
  if (text !== null && text !== 'yes' && text !== 'no') problems.push(`${name} is yes or no.`);
  return text === 'yes';
}

function readPort(text: string, problems: string[]): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) problems.push(`PORT is "${text}": give a number from 0 to 65535.`);
  return port;
}

function checkDatabaseUrl(url: string | null, problems: string[]): void {
  if (url === null) return;
  // Never quoted: it holds a password.
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    problems.push('DATABASE_URL is not a PostgreSQL address: give postgresql://user:password@host:5432/name.');
  }
}

/** Without a slash at its end: paths are put behind it. */
function readPublicUrl(text: string | null, problems: string[]): string | null {
  if (text !== null && !(/^https?:\/\//.test(text) && URL.canParse(text))) {
    problems.push(`COUNTERSIGN_PUBLIC_URL is "${text}": give an address such as https://unblock.example.com.`);
  }
  return text === null ? null : text.replace(/\/+$/, '');
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'];

function checkLogLevel(level: string | null, problems: string[]): void {
  if (level !== null && !LOG_LEVELS.includes(level)) {
    problems.push(`COUNTERSIGN_LOG_LEVEL is "${level}": give ${LOG_LEVELS.join(', ')}.`);
  }
}

// They decide who is believed: a stranger's key server would make anyone anyone.
const OVERRIDES = [...SLACK_OVERRIDES, ...TEAMS_OVERRIDES] as const;

function checkOverrides(value: (name: VariableName) => string | null, production: boolean, problems: string[]): void {
  for (const name of OVERRIDES) {
    const text = value(name);
    if (text === null) continue;
    if (production) problems.push(`${name} is for tests: remove it where NODE_ENV is production.`);
    else if (!URL.canParse(text) || !isLoopback(new URL(text).hostname.replace(/^\[|\]$/g, ''))) {
      problems.push(`${name} may only name an address on this machine (127.0.0.1 or localhost).`);
    }
  }
}

function readLanguage(name: string | null, problems: string[]): Language {
  const language = LANGUAGES.find((one) => one === (name ?? 'en'));
  if (language === undefined) problems.push(`COUNTERSIGN_LANGUAGE is "${name ?? ''}": give ${LANGUAGES.join(' or ')}.`);
  return language ?? 'en';
}

function readTimeZone(name: string | null, problems: string[]): string {
  try {
    return new Intl.DateTimeFormat('en', name === null ? {} : { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    problems.push(`COUNTERSIGN_TIME_ZONE is "${name ?? ''}": give a name such as Europe/Berlin.`);
    return 'UTC';
  }
}

type ReadValue = (name: VariableName) => string | null;

