// Puts Teams together: how the bot proves itself, whom it believes, what it draws, and the way in over HTTP.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { HELPDESK_GROUP } from '../approval/policy.js';
import type { Newcomers } from '../chat/newcomers.js';
import { TeamsAdapter } from '../chat/teams/adapter.js';
import { TeamsBot } from '../chat/teams/bot.js';
import { Connector } from '../chat/teams/connector.js';
import { Graph } from '../chat/teams/graph.js';
import { Members } from '../chat/teams/members.js';
import { OwnChats } from '../chat/teams/own-chats.js';
import { TeamsPlatform } from '../chat/teams/platform.js';
import { teamsRoutes } from '../chat/teams/receiver.js';
import { serviceUrlCheck } from '../chat/teams/service-urls.js';
import { GRAPH_SCOPE, MICROSOFT, type TeamsCredentials, type TeamsSettings } from '../chat/teams/settings.js';
import { tokenSource } from '../chat/teams/tokens.js';
import type { TeamsConfig } from '../config-teams.js';
import { type Clock, MINUTE_MS } from '../lib/clock.js';
import type { Person } from '../directory/person.js';
import { PrismaRequestReader } from '../store/request-reader.js';
import { PrismaTeams } from '../store/teams.js';
import { roleOf } from '../unblock/standing.js';
import type { ChannelName } from '../unblock/recipients.js';
import type { ChatSide } from './chat-side.js';
import type { Parts } from './parts.js';
import { StartProblem } from './problem.js';
import { everyHour, languagesOf } from './service.js';

/** Throws a StartProblem when the certificate cannot be read. */
export async function openTeams(parts: Parts, config: TeamsConfig): Promise<ChatSide> {
  const { clock, log, database, rowMac } = parts;
  const settings = await settingsOf(config);
  const { tenantId, serviceUrl } = settings;
  const memory = new PrismaTeams({ database, rowMac, clock });
  const isKnown = serviceUrlCheck(serviceUrl);
  const tokens = tokenSource(settings, clock);
  const connector = new Connector({ tokens, isKnown, clock });
  const ownChats = new OwnChats({ connector, memory, tenantId, serviceUrl });
  const members = new Members({ connector, ownChats, tenantId, clock });
  const adapter = new TeamsAdapter(settings);
  const closing = new AbortController();
  const pause = (ms: number): Promise<void> => setTimeout(ms, undefined, { signal: closing.signal }).catch(() => undefined);
  let bot: TeamsBot | null = null;
  return {
    platform: new TeamsPlatform({ connector, ownChats, members, memory, tenantId, channels: config.channels, deciders: decidersIn(parts, tenantId), graph: graphOf(config, settings, clock), clock, log }),
    newcomers: config.linkByEmail ? newcomersOf(parts, members) : null,
    chores: { 'teams sweep': everyHour(clock, () => memory.sweep()) },
    routes({ conversation }) {
      const heard = new TeamsBot({ tenantId, conversation, connector, members, memory, languages: languagesOf(parts), pause, clock, log });
      bot = heard;
      return teamsRoutes({ adapter, rules: { ...settings, isKnown }, hear: (activity) => heard.hear(activity), isClosing: () => closing.signal.aborted, clock, log });
    },
    start: () => Promise.resolve(),
    async stop() {
      closing.abort();
      await bot?.settle();
    },
  };
}

/** With Microsoft's own addresses where the configuration names none. */
export async function settingsOf(config: TeamsConfig): Promise<TeamsSettings> {
  const { appId, tenantId, openIdMetadata, issuer, loginUrl, serviceUrl } = config;
  return {
    appId,
    tenantId,
    credentials: await readCredentials(config.credentials),
    openIdMetadata: openIdMetadata ?? MICROSOFT.openIdMetadata,
    issuer: issuer ?? MICROSOFT.issuer,
    loginUrl: loginUrl ?? MICROSOFT.loginUrl,
    serviceUrl: serviceUrl ?? MICROSOFT.serviceUrl,
    graphUrl: config.graphUrl ?? MICROSOFT.graphUrl,
  };
}

/** Null where nobody is to be given the app. */
export function graphOf({ catalogAppId }: TeamsConfig, settings: TeamsSettings, clock: Clock): Graph | null {
  if (catalogAppId === null) return null;
  return new Graph({ tokens: tokenSource(settings, clock, GRAPH_SCOPE), graphUrl: settings.graphUrl, catalogAppId });
}

async function readCredentials(credentials: TeamsConfig['credentials']): Promise<TeamsCredentials> {
  if (credentials.kind !== 'certificate') return credentials;
  const { certificateFile, keyFile } = credentials;
  const certificatePem = await readPem(certificateFile, 'TEAMS_CERTIFICATE_FILE');
  const privateKeyPem = await readPem(keyFile, 'TEAMS_CERTIFICATE_KEY_FILE');
  const problem = certificateProblem(certificatePem, privateKeyPem);
  if (problem !== null) throw new StartProblem(problem);
  return { kind: 'certificate', certificatePem, privateKeyPem };
}

/** What Entra would refuse without saying it as plainly; null: nothing. */
function certificateProblem(certificatePem: string, privateKeyPem: string): string | null {
  try {
    const key = createPrivateKey(privateKeyPem);
    if (key.asymmetricKeyType !== 'rsa') return 'The key in TEAMS_CERTIFICATE_KEY_FILE is no RSA key, and Entra takes no other: make a certificate with one.';
    if (new X509Certificate(certificatePem).checkPrivateKey(key)) return null;
    return 'The key in TEAMS_CERTIFICATE_KEY_FILE is not that of the certificate in TEAMS_CERTIFICATE_FILE: give the two that were made together.';
  } catch {
    // Its message may quote what it read.
    return 'TEAMS_CERTIFICATE_FILE or TEAMS_CERTIFICATE_KEY_FILE cannot be understood: give a certificate, and its key without a password.';
  }
}

async function readPem(path: string, variable: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new StartProblem(`${path} cannot be read: check ${variable}.`, { cause: error });
  });
  if (!text.includes('-----BEGIN ')) throw new StartProblem(`${path} is not in PEM format: check ${variable}.`);
  return text;
}

/** So long a list of the helpdesk's people serves: who may decide is asked anew at every press. */
const DECIDERS_KEPT_MS = MINUTE_MS;

type Deciders = (channel: ChannelName, requestId: string) => Promise<ReadonlySet<string>>;

/** The helpdesk's own people, without those who may not decide this request; nobody decides in the channel where security is told. */
function decidersIn(parts: Parts, tenantId: string): Deciders {
  const { clock } = parts;
  const reader = new PrismaRequestReader(parts);
  let kept: { readonly accounts: readonly Helper[]; readonly at: number } | null = null;
  return async (channel, requestId) => {
    if (channel !== 'helpdesk') return new Set();
    const at = clock().getTime();
    if (kept === null || at - kept.at >= DECIDERS_KEPT_MS) kept = { accounts: await helpersIn(parts, tenantId), at };
    const picture = await reader.picture(requestId, null);
    if (picture === null) return new Set();
    const { request, people } = picture;
    const known = new Map([...people, ...kept.accounts.map(({ person }) => [person.id, person] as const)]);
    return new Set(kept.accounts.filter(({ person }) => roleOf(request, known, person.id) !== null).map(({ userId }) => userId));
  };
}

interface Helper {
  readonly person: Person;
  readonly userId: string;
}

async function helpersIn({ people }: Parts, tenantId: string): Promise<readonly Helper[]> {
  const helpdesk = (await people.all()).filter(({ active, groups }) => active && groups.includes(HELPDESK_GROUP));
  const accounts = await Promise.all(
    helpdesk.map(async (person) => (await people.accountsOf(person.id)).map((account) => ({ ...account, person }))),
  );
  return accounts.flat().flatMap(({ platform, tenant, userId, person }) => (platform === 'teams' && tenant === tenantId ? [{ person, userId }] : []));
}

/** By the sign-in name or e-mail address that Entra has; their one-time code decides. */
function newcomersOf({ people, stepUp, clock }: Parts, members: Members): Newcomers {
  return {
    stepUp,
    clock,
    async candidate({ platform, userId }) {
      if (platform !== 'teams') return null;
      const member = await members.find(userId);
      for (const email of member?.emails ?? []) {
        const person = await people.findByEmail(email);
        if (person?.active === true) return person;
      }
      return null;
    },
    bind: (account, spend, at) => people.bind(account, spend, at),
  };
}
