// Who somebody is in Slack: a full member of the organisation, or a guest, a stranger, an app, somebody who has left.
import type { webApi } from '@slack/bolt';
import { type Clock, MINUTE_MS } from '../../lib/clock.js';
import type { SlackApi } from './slack-api.js';
import type { Workspace, Workspaces } from './workspaces.js';

/** How long an answer of users.info is believed. */
const BELIEVED_MS = 5 * MINUTE_MS;
const KEPT = 5_000;

export interface Member {
  readonly full: boolean;
  /** Lower case; null where Slack has none or has not confirmed it. */
  readonly email: string | null;
}

type SlackUser = NonNullable<webApi.UsersInfoResponse['user']>;

export class Members {
  readonly #api: SlackApi;
  readonly #workspaces: Workspaces;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly member: Member; readonly at: number }>();

  constructor(api: SlackApi, workspaces: Workspaces, clock: Clock) {
    this.#api = api;
    this.#workspaces = workspaces;
    this.#clock = clock;
  }

  /** Throws a SlackFault when Slack does not say. */
  async find(tenant: string, userId: string): Promise<Member> {
    const key = `${tenant}/${userId}`;
    const at = this.#clock().getTime();
    const known = this.#known.get(key);
    if (known !== undefined && at - known.at < BELIEVED_MS) return known.member;
    const workspace = await this.#workspaces.of(tenant);
    if (workspace === null) return { full: false, email: null };
    const { user } = await this.#api.call('users.info', workspace, (client) => client.users.info({ user: userId }));
    const member = user === undefined ? { full: false, email: null } : memberIn(user, workspace);
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(key, { member, at });
    return member;
  }
}

export function memberIn(user: SlackUser, workspace: Pick<Workspace, 'teamId' | 'enterpriseId'>): Member {
  const { profile, is_email_confirmed: confirmed } = user;
  const email = confirmed === true ? (profile?.email ?? null) : null;
  return { full: isFullMember(user) && belongsTo(user, workspace), email: email?.normalize('NFC').toLowerCase() ?? null };
}

// docs.slack.dev, "User object": the two kinds of guests, people of other organisations, apps, and who was deactivated.
function isFullMember(user: SlackUser): boolean {
  const other = [user.deleted, user.is_bot, user.is_restricted, user.is_ultra_restricted, user.is_stranger, user.is_invited_user];
  return user.id !== 'USLACKBOT' && other.every((flag) => flag !== true);
}

function belongsTo({ team_id: teamId, enterprise_user: enterprise }: SlackUser, workspace: Pick<Workspace, 'teamId' | 'enterpriseId'>): boolean {
  if (workspace.enterpriseId !== null && enterprise?.enterprise_id === workspace.enterpriseId) return true;
  return workspace.teamId !== null && teamId === workspace.teamId;
}
