// The workspaces that the app is installed in, and the token for each.
import type { Authorize, AuthorizeResult } from '@slack/bolt';
import type { Caller, SlackApi } from './slack-api.js';
import { SlackFault } from './slack-fault.js';

/** Where the app is installed: one workspace, or a whole Enterprise Grid organisation. */
export interface Workspace extends Caller {
  /** What the installation is known by: the organisation's id where the app is installed on all of it, else the workspace's. */
  readonly place: string;
  /**
   * The organisation's id where there is one, else the workspace's: people are bound by it and their user id, which is
   * the same in all workspaces of an organisation.
   */
  readonly tenant: string;
  readonly teamId: string | null;
  readonly enterpriseId: string | null;
  readonly botToken: string;
  readonly botId: string;
  readonly botUserId: string;
}

/** Where an event comes from, as Slack says. */
export interface Source {
  readonly teamId: string | null;
  readonly enterpriseId: string | null;
  readonly orgWide: boolean;
}

export interface Workspaces {
  /** Null where the app is not installed. */
  from(source: Source): Promise<Workspace | null>;
  /** The one that is known by this id; null where the app is not installed there. */
  at(place: string): Promise<Workspace | null>;
  /** Those that may reach a person of this tenant: in an organisation, each workspace may reach other people. */
  reaching(tenant: string): Promise<readonly Workspace[]>;
}

/** The one workspace of a bot token. Throws a SlackFault when the token does not work. */
export async function oneWorkspace(botToken: string, api: SlackApi): Promise<Workspaces & { readonly only: Workspace }> {
  const answer = await api.call('auth.test', { place: '', botToken }, (client) => client.auth.test());
  const { team_id: teamId = null, enterprise_id: enterpriseId = null, bot_id: botId = '', user_id: botUserId = '' } = answer;
  if (teamId === null) throw new SlackFault('refused', 'auth.test names no workspace');
  const place = enterpriseId ?? teamId;
  const only: Workspace = { place, tenant: place, teamId, enterpriseId, botToken, botId, botUserId };
  return {
    only,
    from: (source) => Promise.resolve(isFrom(source, only) ? only : null),
    at: (id) => Promise.resolve(id === place || id === teamId ? only : null),
    reaching: (tenant) => Promise.resolve(tenant === only.tenant ? [only] : []),
  };
}

/** An organisation's event names the workspace that it happened in, which may be any of the organisation's. */
function isFrom({ teamId, enterpriseId }: Source, only: Workspace): boolean {
  return teamId === only.teamId || (only.enterpriseId !== null && enterpriseId === only.enterpriseId);
}

/** Bolt's way to ask for a token. */
export function authorizeWith(workspaces: Workspaces): Authorize<boolean> {
  return async ({ teamId, enterpriseId, isEnterpriseInstall }): Promise<AuthorizeResult> => {
    const source = { teamId: teamId ?? null, enterpriseId: enterpriseId ?? null, orgWide: isEnterpriseInstall };
    const workspace = await workspaces.from(source);
    if (workspace === null) throw new SlackFault('not-installed', `the app is not installed in ${source.teamId ?? source.enterpriseId ?? 'this workspace'}`);
    const { botToken, botId, botUserId } = workspace;
    return {
      botToken,
      botId,
      botUserId,
      ...(workspace.teamId === null ? {} : { teamId: workspace.teamId }),
      ...(workspace.enterpriseId === null ? {} : { enterpriseId: workspace.enterpriseId }),
    };
  };
}
