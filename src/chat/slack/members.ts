// Who somebody is in Slack: a full member of the organisation, or a guest, a stranger, an app, somebody who has left.
import type { webApi } from '@slack/bolt';
import { type Clock, MINUTE_MS } from '../../lib/clock.js';
import { isRefusedFor, type SlackApi } from './slack-api.js';
import type { Workspace, Workspaces } from './workspaces.js';

/** How long an answer of users.info is believed. */
const BELIEVED_MS = 5 * MINUTE_MS;
const KEPT = 5_000;

export interface Member {
  readonly full: boolean;
  /** Lower case; null where Slack has none or has not confirmed it. */
  readonly email: string | null;
  /** Of what Slack shows them (BCP 47), where it says. */
  readonly locale: string | null;
}

const NOBODY: Member = { full: false, email: null, locale: null };

/** A workspace does not know the people of another one. */
const NOT_THERE = ['user_not_found', 'user_not_visible', 'team_not_found'];

type SlackUser = NonNullable<webApi.UsersInfoResponse['user']>;

export class Members {
  readonly #api: SlackApi;
  readonly #workspaces: Workspaces;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly member: Member; readonly at: number }>();
  /** Whom Slack is being asked about: once, however much they do meanwhile. */
  readonly #asking = new Map<string, Promise<Member>>();

  constructor(api: SlackApi, workspaces: Workspaces, clock: Clock) {
    this.#api = api;
    this.#workspaces = workspaces;
    this.#clock = clock;
  }

  /** `seenIn`: where they are known to be; else each workspace of the tenant is asked. Throws a SlackFault when Slack does not say. */
  async find(tenant: string, userId: string, seenIn: Workspace | null = null): Promise<Member> {
    const key = `${tenant}/${userId}`;
    const at = this.#clock().getTime();
    const known = this.#known.get(key);
    if (known !== undefined && at - known.at < BELIEVED_MS) return known.member;
    const workspaces = seenIn === null ? await this.#workspaces.reaching(tenant) : [seenIn];
    if (workspaces.length === 0) return NOBODY;
    const asking = this.#asking.get(key) ?? this.#ask(userId, workspaces).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    const member = await asking;
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(key, { member, at });
    return member;
  }

  async #ask(userId: string, [workspace, ...others]: readonly Workspace[]): Promise<Member> {
    if (workspace === undefined) return NOBODY;
    try {
      const { user } = await this.#api.call('users.info', workspace, (client) => client.users.info({ user: userId, include_locale: true }));
      return user === undefined ? NOBODY : memberIn(user, workspace);
    } catch (error) {
      if (isRefusedFor(error, NOT_THERE)) return await this.#ask(userId, others);
      throw error;
    }
  }

  /** As Slack last said it; null where it did not, or was not asked yet. */
  localeOf(tenant: string, userId: string): string | null {
    return this.#known.get(`${tenant}/${userId}`)?.member.locale ?? null;
  }
}

export function memberIn(user: SlackUser, workspace: Pick<Workspace, 'teamId' | 'enterpriseId'>): Member {
  const { profile, is_email_confirmed: confirmed } = user;
  const email = confirmed === true ? (profile?.email ?? null) : null;
  return { full: isFullMember(user) && belongsTo(user, workspace), email: email?.normalize('NFC').toLowerCase() ?? null, locale: user.locale ?? null };
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
