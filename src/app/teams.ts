// Puts Teams together: how the bot proves itself, whom it believes, what it draws, and the way in over HTTP.
import { readFile } from 'node:fs/promises';
import { HELPDESK_GROUP } from '../approval/policy.js';
import type { Newcomers } from '../chat/newcomers.js';
import { TeamsAdapter } from '../chat/teams/adapter.js';
import { TeamsBot } from '../chat/teams/bot.js';
import { Connector } from '../chat/teams/connector.js';
import { Members } from '../chat/teams/members.js';
import { TeamsPlatform } from '../chat/teams/platform.js';
import { teamsRoutes } from '../chat/teams/receiver.js';
import { serviceUrlCheck } from '../chat/teams/service-urls.js';
import { MICROSOFT, type TeamsCredentials, type TeamsSettings } from '../chat/teams/settings.js';
import { tokenSource } from '../chat/teams/tokens.js';
import type { TeamsConfig } from '../config-teams.js';
import { MINUTE_MS } from '../lib/clock.js';
import { PrismaTeams } from '../store/teams.js';
import type { ChannelName } from '../unblock/recipients.js';
import type { ChatSide } from './chat-side.js';
import type { Parts } from './parts.js';
import { StartProblem } from './problem.js';
import { everyHour, speechOf } from './service.js';

/** Throws a StartProblem when the certificate cannot be read. */
export async function openTeams(parts: Parts, config: TeamsConfig): Promise<ChatSide> {
  const { clock, log, database, rowMac } = parts;
  const settings = await settingsOf(config);
  const { tenantId, serviceUrl } = settings;
  const memory = new PrismaTeams({ database, rowMac, clock });
  const isKnown = serviceUrlCheck(serviceUrl);
  const tokens = tokenSource(settings, clock);
  const connector = new Connector({ tokens, isKnown, clock });
  const members = new Members({ connector, memory, tenantId, clock });
  const adapter = new TeamsAdapter(settings);
  return {
    platform: new TeamsPlatform({ connector, memory, tenantId, serviceUrl, channels: config.channels, deciders: decidersIn(parts, tenantId), clock }),
    newcomers: config.linkByEmail ? newcomersOf(parts, members) : null,
    chores: { 'teams sweep': everyHour(clock, () => memory.sweep()) },
    routes({ conversation }) {
      const bot = new TeamsBot({ tenantId, conversation, connector, members, memory, speech: speechOf(parts), clock, log });
      return teamsRoutes({ adapter, rules: { ...settings, isKnown }, hear: (activity) => bot.hear(activity), clock, log });
    },
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
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
  };
}

async function readCredentials(credentials: TeamsConfig['credentials']): Promise<TeamsCredentials> {
  if (credentials.kind !== 'certificate') return credentials;
  const { certificateFile, keyFile } = credentials;
  return {
    kind: 'certificate',
    certificatePem: await readPem(certificateFile, 'TEAMS_CERTIFICATE_FILE'),
    privateKeyPem: await readPem(keyFile, 'TEAMS_CERTIFICATE_KEY_FILE'),
  };
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

/** The helpdesk's own people; nobody decides in the channel where security is told. */
function decidersIn({ people, clock }: Parts, tenantId: string): (channel: ChannelName) => Promise<ReadonlySet<string>> {
  let kept: { readonly ids: ReadonlySet<string>; readonly at: number } | null = null;
  return async (channel) => {
    if (channel !== 'helpdesk') return new Set();
    const at = clock().getTime();
    if (kept !== null && at - kept.at < DECIDERS_KEPT_MS) return kept.ids;
    const helpdesk = (await people.all()).filter(({ active, groups }) => active && groups.includes(HELPDESK_GROUP));
    const accounts = await Promise.all(helpdesk.map(({ id }) => people.accountsOf(id)));
    const ids = accounts.flat().flatMap(({ platform, tenant, userId }) => (platform === 'teams' && tenant === tenantId ? [userId] : []));
    kept = { ids: new Set(ids), at };
    return kept.ids;
  };
}

/** By the sign-in name or e-mail address that Entra has; their one-time code decides. */
function newcomersOf({ people, stepUp, clock }: Parts, members: Members): Newcomers {
  return {
    stepUp,
    clock,
    async candidate({ platform, userId }) {
      if (platform !== 'teams') return null;
      const { emails } = await members.find(userId);
      for (const email of emails) {
        const person = await people.findByEmail(email);
        if (person?.active === true) return person;
      }
      return null;
    },
    bind: (account, spend, at) => people.bind(account, spend, at),
  };
}
