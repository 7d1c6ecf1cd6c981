// The only reader of the environment: variables in, a checked configuration or all problems at once out.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadEnvFile } from 'node:process';
import { KEK_VARIABLES, type KekConfig, readKekConfig } from './config-kek.js';
import { readTeams, TEAMS_OVERRIDES, TEAMS_VARIABLES, type TeamsConfig } from './config-teams.js';

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
  { name: 'COUNTERSIGN_TIME_ZONE', about: 'The time zone of times in messages, for example Europe/Berlin.', unset: "the machine's" },
  { name: 'COUNTERSIGN_LOG_LEVEL', about: 'debug, info, warn or error. The log goes to standard error.', unset: 'info' },
  { name: 'NODE_ENV', about: 'production refuses the playground and every override that decides who is believed.', unset: 'not production' },
  { name: 'SLACK_BOT_TOKEN', about: "The Slack app's bot token (xoxb-…): for one workspace.", unset: 'no Slack, or several workspaces' },
  { name: 'SLACK_SIGNING_SECRET', about: "The Slack app's signing secret: for HTTP.", unset: 'no Slack, or Socket Mode alone' },
  { name: 'SLACK_APP_TOKEN', about: 'The app-level token (xapp-…), for Socket Mode.', unset: 'no Socket Mode' },
  { name: 'SLACK_CLIENT_ID', about: "The Slack app's client id: for several workspaces, each installed at /slack/install.", unset: 'one workspace' },
  {
    name: 'SLACK_WORKSPACES',
    about: 'The ids of the workspaces (T…) and organisations (E…) that may install the app, with commas between. Needed beside SLACK_CLIENT_ID.',
    unset: 'one workspace',
  },
  { name: 'SLACK_CLIENT_SECRET', about: "The Slack app's client secret, beside SLACK_CLIENT_ID.", unset: 'one workspace' },
  {
    name: 'SLACK_HELPDESK_CHANNEL',
    about: 'The id of the channel where the helpdesk is asked (C…; T…/C… with several workspaces). The bot must be in it.',
    unset: 'the helpdesk is not asked in Slack',
  },
  { name: 'SLACK_SECURITY_CHANNEL', about: 'The id of the channel where security is alerted.', unset: 'security is not told in Slack' },
  {
    name: 'SLACK_LINK_BY_EMAIL',
    about: "yes: whoever's confirmed e-mail address in Slack is in the directory may link their account with a one-time code.",
    unset: 'accounts are linked at the command line alone',
  },
  { name: 'SLACK_API_URL', about: 'Another address for the Slack API, loopback only, for tests.', unset: 'https://slack.com/api/' },
  ...TEAMS_VARIABLES,
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
  readonly timeZone: string;
  readonly logLevel: string;
  readonly production: boolean;
  /** Null where none of Slack's variables is set. */
  readonly slack: SlackConfig | null;
  /** Null where none of Teams' variables is set. */
  readonly teams: TeamsConfig | null;
  /** The chat platforms whose variables are set. */
  readonly platforms: readonly ('slack' | 'teams')[];
  /** Things that work and should not stay as they are. */
  readonly warnings: readonly string[];
}

export interface SlackOauthConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Ids of the workspaces and organisations that may install the app. */
  readonly workspaces: readonly string[];
}

export interface SlackConfig {
  /** One workspace's bot token, or null where the app is installed in several by OAuth. */
  readonly botToken: string | null;
  readonly oauth: SlackOauthConfig | null;
  /** For HTTP. */
  readonly signingSecret: string | null;
  /** For Socket Mode, which takes the place of HTTP. */
  readonly appToken: string | null;
  readonly apiUrl: string;
  readonly channels: { readonly helpdesk: string | null; readonly security: string | null };
  readonly linkByEmail: boolean;
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
  const timeZone = readTimeZone(value('COUNTERSIGN_TIME_ZONE'), problems);
  const slack = readSlack(value, problems);
  const teams = readTeams(value, problems);
  const kekFile = resolve(value('COUNTERSIGN_KEK_FILE') ?? join(dataFolder, 'kek.key'));
  const kek = readKekConfig(value, problems, { kekFile, isLoopback });
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
    timeZone,
    logLevel: value('COUNTERSIGN_LOG_LEVEL') ?? 'info',
    production,
    slack,
    teams,
    platforms: [...(slack === null ? [] : ['slack' as const]), ...(teams === null ? [] : ['teams' as const])],
    warnings: kek.current.kind === 'file' && value('COUNTERSIGN_KEK_FILE') === null ? [KEK_BESIDE_DATA] : [],
  };
}

const KEK_BESIDE_DATA =
  'The key-encryption key lies beside the database. Move it elsewhere and name it with COUNTERSIGN_KEK_FILE before real cards are imported.';

/** Whether an address is this machine's own and nobody else's. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

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
const OVERRIDES = ['SLACK_API_URL', ...TEAMS_OVERRIDES] as const;

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

function readTimeZone(name: string | null, problems: string[]): string {
  try {
    return new Intl.DateTimeFormat('en', name === null ? {} : { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    problems.push(`COUNTERSIGN_TIME_ZONE is "${name ?? ''}": give a name such as Europe/Berlin.`);
    return 'UTC';
  }
}

type ReadValue = (name: VariableName) => string | null;

const SLACK_VARIABLES = [
  'SLACK_BOT_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_APP_TOKEN',
  'SLACK_CLIENT_ID',
  'SLACK_CLIENT_SECRET',
  'SLACK_WORKSPACES',
  'SLACK_HELPDESK_CHANNEL',
  'SLACK_SECURITY_CHANNEL',
  'SLACK_LINK_BY_EMAIL',
] as const satisfies readonly VariableName[];

function readSlack(value: ReadValue, problems: string[]): SlackConfig | null {
  if (SLACK_VARIABLES.every((name) => value(name) === null)) return null;
  const [clientId, clientSecret] = [value('SLACK_CLIENT_ID'), value('SLACK_CLIENT_SECRET')];
  checkSlackAccess(value, problems);
  checkSlackForms(value, problems);
  return {
    botToken: value('SLACK_BOT_TOKEN'),
    oauth: clientId === null || clientSecret === null ? null : { clientId, clientSecret, workspaces: idsIn(value('SLACK_WORKSPACES') ?? '') },
    signingSecret: value('SLACK_SIGNING_SECRET'),
    appToken: value('SLACK_APP_TOKEN'),
    apiUrl: value('SLACK_API_URL') ?? 'https://slack.com/api/',
    channels: { helpdesk: value('SLACK_HELPDESK_CHANNEL'), security: value('SLACK_SECURITY_CHANNEL') },
    linkByEmail: value('SLACK_LINK_BY_EMAIL') === 'yes',
  };
}

function idsIn(list: string): readonly string[] {
  return list.split(',').map((id) => id.trim()).filter((id) => id !== '');
}

function checkSlackAccess(value: ReadValue, problems: string[]): void {
  const several = value('SLACK_CLIENT_ID') !== null || value('SLACK_CLIENT_SECRET') !== null;
  const one = value('SLACK_BOT_TOKEN') !== null;
  if (!one && !several) problems.push('SLACK_BOT_TOKEN is missing: Slack needs it beside its other variables (or SLACK_CLIENT_ID for several workspaces).');
  if (one && several) problems.push('SLACK_BOT_TOKEN is for one workspace and SLACK_CLIENT_ID for several: remove one of them.');
  if (several && (value('SLACK_CLIENT_ID') === null || value('SLACK_CLIENT_SECRET') === null)) {
    problems.push('SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together: give both.');
  }
  if (several && idsIn(value('SLACK_WORKSPACES') ?? '').length === 0) problems.push('SLACK_WORKSPACES is missing: name the workspaces that may install the app, such as T0123ABCD.');
  if (several && value('COUNTERSIGN_PUBLIC_URL') === null) problems.push('COUNTERSIGN_PUBLIC_URL is missing: installing in several workspaces leads through it.');
  if (value('SLACK_SIGNING_SECRET') === null && value('SLACK_APP_TOKEN') === null) {
    problems.push('Slack needs SLACK_SIGNING_SECRET (for HTTP) or SLACK_APP_TOKEN (for Socket Mode).');
  }
}

/** Never quotes a value: whatever was put into the wrong variable may be a secret. */
function checkSlackForms(value: ReadValue, problems: string[]): void {
  const wrong = (name: VariableName, form: RegExp) => !form.test(value(name) ?? '') && value(name) !== null;
  if (wrong('SLACK_BOT_TOKEN', /^xoxb-/)) problems.push('SLACK_BOT_TOKEN does not begin with xoxb-: take the Bot User OAuth Token.');
  if (wrong('SLACK_APP_TOKEN', /^xapp-/)) problems.push('SLACK_APP_TOKEN does not begin with xapp-: make an app-level token with connections:write.');
  for (const name of ['SLACK_HELPDESK_CHANNEL', 'SLACK_SECURITY_CHANNEL'] as const) {
    if (wrong(name, /^([TE][A-Z0-9]+\/)?[CG][A-Z0-9]+$/)) problems.push(`${name} is no channel id: open the channel's details and copy the id at the bottom (C…).`);
  }
  if (wrong('SLACK_WORKSPACES', /^[TE][A-Z0-9]+(\s*,\s*[TE][A-Z0-9]+)*$/)) problems.push('SLACK_WORKSPACES lists ids that begin with T or E, with commas between.');
  if (wrong('SLACK_LINK_BY_EMAIL', /^(yes|no)$/)) problems.push('SLACK_LINK_BY_EMAIL is yes or no.');
}
