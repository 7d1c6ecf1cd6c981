// Teams as a chat platform: chats with people and channels, posted and brought up to date by the courier.
import { type Clock, MINUTE_MS } from '../../lib/clock.js';
import { CHANNELS, type ChannelName } from '../../unblock/recipients.js';
import type { Message } from '../message.js';
import { type Address, type ChatPlatform, type Recipient, TryLater, Undeliverable } from '../platform.js';
import { drawForChannel, drawMessage, toActivity } from './cards.js';
import type { Connector, OutgoingActivity, TeamsMember } from './connector.js';
import { isOutsider } from './members.js';
import type { Place, TeamsMemory } from './memory.js';
import { isTeamsFault } from './teams-fault.js';

/** For so long who is in a channel is believed, and that somebody does not have the app. */
const BELIEVED_MS = 5 * MINUTE_MS;
const ROSTER_MAX = 2_000;
const PEOPLE_KEPT = 5_000;

export interface TeamsPlatformParts {
  readonly connector: Connector;
  readonly memory: TeamsMemory;
  readonly tenantId: string;
  /** The Bot Connector to begin with. */
  readonly serviceUrl: string;
  /** `19:…@thread.tacv2`; null: nobody is told there. */
  readonly channels: Readonly<Record<ChannelName, string | null>>;
  /** Entra object ids of those who may decide what is posted to a channel. */
  readonly deciders: (channel: ChannelName) => Promise<ReadonlySet<string>>;
  readonly clock: Clock;
}

/** An address is a conversation's id. */
export class TeamsPlatform implements ChatPlatform {
  readonly name = 'teams';
  readonly #parts: TeamsPlatformParts;
  readonly #rosters = new Map<Address, { readonly members: readonly TeamsMember[]; readonly at: number }>();
  readonly #unreachableSince = new Map<string, number>();

  constructor(parts: TeamsPlatformParts) {
    this.#parts = parts;
  }

  async addressOf(recipient: Recipient): Promise<Address | null> {
    const { channels, memory, tenantId } = this.#parts;
    if (recipient.kind === 'channel') return channels[recipient.channel];
    if (recipient.tenant !== tenantId) return null;
    const known = await memory.personalPlace(tenantId, recipient.userId);
    return known === null ? await this.#openChat(recipient.userId) : known.conversationId;
  }

  async post(address: Address, message: Message): Promise<string> {
    const place = await this.#place(address);
    const activity = await this.#draw(place, message);
    return await this.#send(address, () => this.#parts.connector.post(place, activity));
  }

  async update(address: Address, messageId: string, message: Message): Promise<'updated' | 'gone'> {
    const place = await this.#place(address);
    const activity = await this.#draw(place, message);
    try {
      await this.#parts.connector.update(place, messageId, activity);
      return 'updated';
    } catch (error) {
      if (isTeamsFault(error, 'gone')) return 'gone';
      throw await this.#inCouriersWords(error, address);
    }
  }

  async #draw(place: Place, message: Message): Promise<OutgoingActivity> {
    const channel = this.#channelAt(place.conversationId);
    const card = channel === null ? drawMessage(message) : drawForChannel(message, await this.#decidersIn(place, channel));
    return toActivity(card, message.title);
  }

  /** What Teams calls those in a channel who may decide. Everyone in it reads along, so guests and people of other organisations must not be. */
  async #decidersIn(place: Place, channel: ChannelName): Promise<readonly string[]> {
    const members = await this.#roster(place);
    if (members.some((member) => isOutsider(member, this.#parts.tenantId))) throw new Undeliverable(`people of another organisation are in the ${channel} channel: name one without them`);
    const deciders = await this.#parts.deciders(channel);
    return members.filter(({ aadObjectId, objectId }) => deciders.has((aadObjectId ?? objectId ?? '').toLowerCase())).map(({ id }) => id);
  }

  async #roster(place: Place): Promise<readonly TeamsMember[]> {
    const now = this.#parts.clock().getTime();
    const known = this.#rosters.get(place.conversationId);
    if (known !== undefined && now - known.at < BELIEVED_MS) return known.members;
    const members = await this.#send(place.conversationId, () => this.#parts.connector.members(place, ROSTER_MAX));
    this.#rosters.set(place.conversationId, { members, at: now });
    return members;
  }

  /** For people who have the app (an administrator gave it to them) and never wrote; null where they do not. */
  async #openChat(userId: string): Promise<Address | null> {
    const { memory, connector, tenantId, clock } = this.#parts;
    const now = clock().getTime();
    if (now - (this.#unreachableSince.get(userId) ?? -Infinity) < BELIEVED_MS) return null;
    const serviceUrl = await this.#serviceUrl();
    try {
      const conversationId = await connector.openChat(serviceUrl, { tenantId, userId });
      await memory.keepPlace(tenantId, { conversationId, serviceUrl }, userId);
      return conversationId;
    } catch (error) {
      if (!isTeamsFault(error, 'refused') && !isTeamsFault(error, 'gone')) throw await this.#inCouriersWords(error, '');
      if (this.#unreachableSince.size >= PEOPLE_KEPT) this.#unreachableSince.clear();
      this.#unreachableSince.set(userId, now);
      return null;
    }
  }

  async #place(address: Address): Promise<Place> {
    const known = await this.#parts.memory.place(address);
    if (known !== null) return known;
    if (this.#channelAt(address) === null) throw new Undeliverable('the app was removed from this chat');
    return { conversationId: address, serviceUrl: await this.#serviceUrl() };
  }

  async #serviceUrl(): Promise<string> {
    const { memory, tenantId, serviceUrl } = this.#parts;
    return (await memory.latestServiceUrl(tenantId)) ?? serviceUrl;
  }

  #channelAt(conversationId: string): ChannelName | null {
    return CHANNELS.find((name) => this.#parts.channels[name] === conversationId) ?? null;
  }

  async #send<T>(address: Address, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw await this.#inCouriersWords(error, address);
    }
  }

  /** Later, never, or a fault that may pass. */
  async #inCouriersWords(error: unknown, address: Address): Promise<unknown> {
    if (isTeamsFault(error, 'wait')) return new TryLater(error.message, error.afterMs, { cause: error });
    if (isTeamsFault(error, 'mistaken')) return new Undeliverable('Teams does not take it as it is', { cause: error });
    if (!isTeamsFault(error, 'refused') && !isTeamsFault(error, 'gone') && !isTeamsFault(error, 'address')) return error;
    // The app was removed or is blocked: where they are reached is learned again when they come back.
    if (address !== '' && this.#channelAt(address) === null) await this.#parts.memory.forgetPlace(address);
    return new Undeliverable('Teams takes nothing there', { cause: error });
  }
}
