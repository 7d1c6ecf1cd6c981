// Slack as a chat platform: direct messages and channels, posted and brought up to date by the courier.
import { type Clock, MINUTE_MS } from '../../lib/clock.js';
import type { ChannelName } from '../../unblock/recipients.js';
import type { Message } from '../message.js';
import { type Address, type ChatPlatform, type Recipient, TryLater, Undeliverable } from '../platform.js';
import { drawMessage } from './blocks.js';
import type { Members } from './members.js';
import { isRefusedFor, type SlackApi } from './slack-api.js';
import { SlackFault } from './slack-fault.js';
import type { Workspace, Workspaces } from './workspaces.js';

/** For so long a channel that was not shared is believed not to be. */
const UNSHARED_MS = 5 * MINUTE_MS;
const PEOPLE_KEPT = 5_000;

// The message is not there any more, or cannot be edited: a new one takes its place.
const GONE = ['message_not_found', 'cant_update_message', 'edit_window_closed'];
// Trying again changes nothing until somebody does something in Slack.
const NOWHERE = [
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'user_not_found',
  'user_disabled',
  'users_not_found',
  'cannot_dm_bot',
  'messages_tab_disabled',
  'user_not_visible',
  'restricted_action',
];

export interface SlackPlatformParts {
  readonly api: SlackApi;
  readonly workspaces: Workspaces;
  readonly members: Pick<Members, 'find'>;
  /** `C…`, or `T…/C…` where there are several workspaces; null: nobody is told there. */
  readonly channels: Readonly<Record<ChannelName, string | null>>;
  /** The workspace of a channel that is named without one. */
  readonly home: string | null;
  readonly clock: Clock;
}

export class SlackPlatform implements ChatPlatform {
  readonly name = 'slack';
  readonly #parts: SlackPlatformParts;
  readonly #directAddresses = new Map<string, Address>();
  readonly #unsharedAt = new Map<Address, number>();

  constructor(parts: SlackPlatformParts) {
    this.#parts = parts;
  }

  /** `place/channel`. */
  async addressOf(recipient: Recipient): Promise<Address | null> {
    if (recipient.kind === 'channel') return this.#channelAddress(recipient.channel);
    const { tenant, userId } = recipient;
    const workspaces = await this.#parts.workspaces.reaching(tenant);
    if (workspaces.length > 0) await this.#refuseOutsider(tenant, userId);
    const known = this.#directAddresses.get(`${tenant}/${userId}`);
    // The app may have been taken out of that workspace since.
    if (known !== undefined && workspaces.some(({ place }) => known.startsWith(`${place}/`))) return known;
    return await this.#directAddress(userId, workspaces);
  }

  async post(address: Address, message: Message): Promise<string> {
    const { workspace, channel } = await this.#place(address);
    const { api } = this.#parts;
    await this.#refuseShared(workspace, address, channel);
    const drawn = drawMessage(message);
    const posted = await this.#send('chat.postMessage', () =>
      api.call('chat.postMessage', workspace, (client) =>
        client.chat.postMessage({ channel, ...drawn, parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false }),
      ),
    );
    return posted.ts ?? '';
  }

  async update(address: Address, messageId: string, message: Message): Promise<'updated' | 'gone'> {
    const { workspace, channel } = await this.#place(address);
    const { api } = this.#parts;
    await this.#refuseShared(workspace, address, channel);
    const drawn = drawMessage(message);
    try {
      await this.#send('chat.update', () =>
        api.call('chat.update', workspace, (client) => client.chat.update({ channel, ts: messageId, ...drawn, parse: 'none', link_names: false })),
      );
      return 'updated';
    } catch (error) {
      if (error instanceof Error && isRefusedFor(error.cause ?? error, GONE)) return 'gone';
      throw error;
    }
  }

  #channelAddress(name: ChannelName): Address | null {
    const { channels, home } = this.#parts;
    const channel = channels[name];
    if (channel === null) return null;
    if (channel.includes('/')) return channel;
    return home === null ? null : `${home}/${channel}`;
  }

  /** In the first workspace that knows the person; null where there is none. */
  async #directAddress(userId: string, [workspace, ...others]: readonly Workspace[]): Promise<Address | null> {
    if (workspace === undefined) return null;
    const { api } = this.#parts;
    try {
      const opened = await this.#send('conversations.open', () =>
        api.call('conversations.open', workspace, (client) => client.conversations.open({ users: userId })),
      );
      const address = `${workspace.place}/${opened.channel?.id ?? ''}`;
      if (this.#directAddresses.size >= PEOPLE_KEPT) this.#directAddresses.clear();
      this.#directAddresses.set(`${workspace.tenant}/${userId}`, address);
      return address;
    } catch (error) {
      if (others.length > 0 && error instanceof Undeliverable) return await this.#directAddress(userId, others);
      throw error;
    }
  }

  async #place(address: Address): Promise<{ readonly workspace: Workspace; readonly channel: string }> {
    const [place = '', channel = ''] = address.split('/');
    const workspace = await this.#parts.workspaces.at(place);
    if (workspace === null) throw new Undeliverable(`the app is not installed in ${place}`);
    return { workspace, channel };
  }

  /** Slack takes messages for guests, and for whoever was deactivated too; an account may have become one of theirs. */
  async #refuseOutsider(tenant: string, userId: string): Promise<void> {
    const { full } = await this.#send('users.info', () => this.#parts.members.find(tenant, userId));
    if (!full) throw new Undeliverable(`account ${userId} is no full member of the organisation`);
  }

  /** Everyone in a channel that is shared with another organisation reads along, so nothing is posted or changed there. */
  async #refuseShared(workspace: Workspace, address: Address, channel: string): Promise<void> {
    if (channel.startsWith('D')) return;
    const now = this.#parts.clock().getTime();
    if (now - (this.#unsharedAt.get(address) ?? -Infinity) < UNSHARED_MS) return;
    const { channel: facts } = await this.#send('conversations.info', () =>
      this.#parts.api.call('conversations.info', workspace, (client) => client.conversations.info({ channel })),
    );
    if (facts?.is_ext_shared === true || facts?.is_pending_ext_shared === true) {
      throw new Undeliverable(`channel ${channel} is shared with another organisation: name one that is not`);
    }
    this.#unsharedAt.set(address, now);
  }

  /** In the courier's words: later, never, or a fault that may pass. */
  async #send<T>(method: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof SlackFault && error.code === 'rate-limited') throw new TryLater(error.message, error.retryAfterMs, { cause: error });
      if (isRefusedFor(error, NOWHERE)) throw new Undeliverable(`${method} can never succeed there`, { cause: error });
      throw error;
    }
  }
}
