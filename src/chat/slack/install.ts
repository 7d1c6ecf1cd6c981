// Several workspaces: the OAuth flow that installs the app in each, and the tokens that come of it.
import { type Installation, InstallProvider, type InstallProviderOptions } from '@slack/oauth';
import { Router } from 'express';
import { addMs, type Clock, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/clock.js';
import { newToken } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { RateLimit } from '../../lib/rate-limit.js';
import { SCOPE_NAMES } from './scopes.js';
import { boltLogger, type Caller, type SlackApi } from './slack-api.js';
import { SlackFault } from './slack-fault.js';
import type { Source, Workspace, Workspaces } from './workspaces.js';

const STATE_MS = 10 * MINUTE_MS;
/** A token that ends sooner than this is exchanged first (tokens that rotate live twelve hours). */
const REFRESH_BEFORE_MS = 2 * HOUR_MS;
/** After a failure the next exchange waits so long: events must not wait for each. */
const REFRESH_AGAIN_MS = MINUTE_MS;
const CALLBACK = '/slack/oauth_redirect';
/** Each one that is begun is a row for ten minutes. */
const BEGINNINGS = { max: 20, perMs: MINUTE_MS };

/** An installation as it is kept. */
export interface Installed {
  /** The organisation's id where the app is installed on all of it, else the workspace's. */
  readonly place: string;
  readonly teamId: string | null;
  readonly enterpriseId: string | null;
  readonly orgWide: boolean;
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly scopes: readonly string[];
  readonly installedBy: string;
  readonly tokens: { readonly bot: string; readonly refresh: string | null; readonly expiresAt: number | null };
}

export interface Installations {
  saveInstallation(installed: Installed): Promise<void>;
  /** New tokens; nothing where it was removed meanwhile. */
  renewInstallation(installed: Installed): Promise<void>;
  installationFrom(source: Source): Promise<Installed | null>;
  installationAt(place: string): Promise<Installed | null>;
  installationsReaching(tenant: string): Promise<readonly Installed[]>;
  keepState(state: string, expiresAt: Date): Promise<void>;
  takeState(state: string): Promise<boolean>;
}

export interface InstallParts {
  readonly oauth: { readonly clientId: string; readonly clientSecret: string; readonly workspaces: readonly string[] };
  readonly publicUrl: string;
  readonly apiUrl: string;
  readonly installations: Installations;
  readonly api: SlackApi;
  readonly clock: Clock;
  readonly log: Log;
}

export class InstalledWorkspaces implements Workspaces {
  readonly #parts: InstallParts;
  readonly #provider: InstallProvider;
  /** Exchanges tokens that end soon. What was removed meanwhile must not come back with them. */
  readonly #renewing: InstallProvider;
  /** By place: what exchanges a token works once, so one exchange runs at a time. */
  readonly #exchanges = new Map<string, Promise<string>>();
  readonly #failedAt = new Map<string, Date>();

  constructor(parts: InstallParts) {
    this.#parts = parts;
    const { installations } = parts;
    this.#provider = providerFor(parts, (installed) => installations.saveInstallation(installed));
    this.#renewing = providerFor(parts, (installed) => installations.renewInstallation(installed));
  }

  async from(source: Source): Promise<Workspace | null> {
    const installed = await this.#parts.installations.installationFrom(source);
    return installed === null ? null : this.#current(installed);
  }

  async at(place: string): Promise<Workspace | null> {
    const installed = await this.#parts.installations.installationAt(place);
    return installed === null ? null : this.#current(installed);
  }

  async reaching(tenant: string): Promise<readonly Workspace[]> {
    const installed = await this.#parts.installations.installationsReaching(tenant);
    return await Promise.all(installed.map((one) => this.#current(one)));
  }

  /** GET /slack/install begins; Slack leads back to /slack/oauth_redirect. */
  routes(): Router {
    const redirectUri = `${this.#parts.publicUrl}${CALLBACK}`;
    const limit = new RateLimit(BEGINNINGS, this.#parts.clock);
    const router = Router();
    router.get('/slack/install', async (req, res) => {
      if (limit.allows(req.ip ?? '')) await this.#provider.handleInstallPath(req, res, {}, { scopes: [...SCOPE_NAMES], redirectUri });
      else res.status(429).type('text').send('Too many installations were begun. Try again in a minute.');
    });
    router.get(CALLBACK, (req, res) =>
      this.#provider.handleCallback(req, res, {
        afterInstallation: (installation) => this.#mayInstall(installation, (status, text) => void res.status(status).type('text').send(text)),
        success: () => void res.type('text').send('Countersign is installed. You can close this page.'),
        failure: (error) => {
          this.#parts.log.warn({ err: error }, 'an installation in Slack failed');
          res.status(400).type('text').send('Countersign was not installed. Begin again at /slack/install.');
        },
      }),
    );
    return router;
  }

  /** Anyone in the world may follow the address; only the workspaces that were named are let in. */
  async #mayInstall(installation: Installation, answer: (status: number, text: string) => void): Promise<boolean> {
    const { place, enterpriseId, tokens } = installedFrom(installation);
    const { oauth: { workspaces }, log } = this.#parts;
    if (workspaces.includes(place) || (enterpriseId !== null && workspaces.includes(enterpriseId))) return true;
    log.warn({ place }, 'a workspace that may not install the app tried to');
    await this.#giveBack({ place, botToken: tokens.bot });
    answer(403, 'This workspace may not install Countersign here. Its administrator has to be named in SLACK_WORKSPACES.');
    return false;
  }

  /** A token that we will not use must not work for anybody else. */
  async #giveBack(caller: Caller): Promise<void> {
    const { api, log } = this.#parts;
    try {
      await api.call('auth.revoke', caller, (client) => client.auth.revoke());
    } catch (error) {
      log.warn({ err: error, place: caller.place }, 'the token of a workspace that was not let in could not be given back');
    }
  }

  async #current(installed: Installed): Promise<Workspace> {
    const { place, teamId, enterpriseId, botId, botUserId, tokens } = installed;
    const endsSoon = tokens.expiresAt !== null && tokens.expiresAt * SECOND_MS - this.#parts.clock().getTime() < REFRESH_BEFORE_MS;
    const botToken = endsSoon ? await this.#refreshed(installed) : tokens.bot;
    return { place, tenant: enterpriseId ?? place, teamId, enterpriseId, botToken, botId, botUserId };
  }

  /** A new token; the present one, which is good for a while yet, where Slack gives none just now. */
  async #refreshed(installed: Installed): Promise<string> {
    const { clock, log } = this.#parts;
    const { place, tokens } = installed;
    if (clock().getTime() - (this.#failedAt.get(place)?.getTime() ?? -Infinity) < REFRESH_AGAIN_MS) return tokens.bot;
    const exchange = this.#exchanges.get(place) ?? this.#exchange(installed).finally(() => this.#exchanges.delete(place));
    this.#exchanges.set(place, exchange);
    const token = await exchange;
    if (token === tokens.bot) {
      this.#failedAt.set(place, clock());
      log.warn({ place }, 'a token that ends soon could not be exchanged yet');
    }
    return token;
  }

  /** The provider exchanges the token and saves both new ones; where Slack gives none it says so in the log, and keeps the old one. */
  async #exchange({ teamId, enterpriseId, orgWide }: Source): Promise<string> {
    const source = orgWide
      ? { teamId: undefined, enterpriseId: enterpriseId ?? '', isEnterpriseInstall: true as const }
      : { teamId: teamId ?? '', enterpriseId: enterpriseId ?? undefined, isEnterpriseInstall: false as const };
    const { botToken } = await this.#renewing.authorize(source);
    if (botToken === undefined) throw new SlackFault('not-installed', 'the installation has no bot token');
    return botToken;
  }
}

type Save = (installed: Installed) => Promise<void>;

function providerFor(parts: InstallParts, save: Save): InstallProvider {
  const { oauth: { clientId, clientSecret }, apiUrl, api, log } = parts;
  return new InstallProvider({
    clientId,
    clientSecret,
    installationStore: storeFor(parts, save),
    stateStore: statesFor(parts),
    authorizationUrl: new URL('/oauth/v2/authorize', apiUrl).href,
    directInstall: true,
    clientOptions: api.clientOptions,
    logger: boltLogger(log),
  });
}

function statesFor({ installations, publicUrl, clock }: InstallParts): NonNullable<InstallProviderOptions['stateStore']> {
  return {
    async generateStateParam() {
      const state = newToken();
      await installations.keepState(state, addMs(clock(), STATE_MS));
      return state;
    },
    async verifyStateParam(_now, state) {
      if (!(await installations.takeState(state))) throw new SlackFault('refused', 'this installation was not begun here, or its time is over');
      return { scopes: [...SCOPE_NAMES], redirectUri: `${publicUrl}${CALLBACK}` };
    },
  };
}

function storeFor({ installations }: InstallParts, save: Save): NonNullable<InstallProviderOptions['installationStore']> {
  return {
    storeInstallation: (installation) => save(installedFrom(installation)),
    async fetchInstallation({ teamId, enterpriseId, isEnterpriseInstall }) {
      const place = isEnterpriseInstall ? enterpriseId : teamId;
      const installed = place === undefined ? null : await installations.installationAt(place);
      if (installed === null) throw new SlackFault('not-installed', 'the app is not installed there');
      return installationOf(installed);
    },
  };
}

/** Throws a SlackFault for an installation without a bot. */
function installedFrom(installation: Installation): Installed {
  const { team, enterprise, bot, user, appId = '', isEnterpriseInstall = false } = installation;
  const place = isEnterpriseInstall ? enterprise?.id : team?.id;
  if (bot === undefined || place === undefined) throw new SlackFault('refused', 'the installation names no bot or no workspace');
  return {
    place,
    teamId: team?.id ?? null,
    enterpriseId: enterprise?.id ?? null,
    orgWide: isEnterpriseInstall,
    appId,
    botId: bot.id,
    botUserId: bot.userId,
    scopes: bot.scopes,
    installedBy: user.id,
    tokens: { bot: bot.token, refresh: bot.refreshToken ?? null, expiresAt: bot.expiresAt ?? null },
  };
}

function installationOf({ teamId, enterpriseId, orgWide, appId, botId, botUserId, scopes, installedBy, tokens }: Installed): Installation<'v2'> {
  const rotating = tokens.refresh === null || tokens.expiresAt === null ? {} : { refreshToken: tokens.refresh, expiresAt: tokens.expiresAt };
  return {
    team: teamId === null ? undefined : { id: teamId },
    enterprise: enterpriseId === null ? undefined : { id: enterpriseId },
    user: { token: undefined, scopes: undefined, id: installedBy },
    bot: { token: tokens.bot, scopes: [...scopes], id: botId, userId: botUserId, ...rotating },
    appId,
    tokenType: 'bot',
    isEnterpriseInstall: orgWide,
    authVersion: 'v2',
  };
}
