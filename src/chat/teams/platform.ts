// Teams as a chat platform: chats with people and channels, posted and brought up to date by the courier.
import { type Clock, MINUTE_MS, SECOND_MS } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { CHANNELS, type ChannelName } from '../../unblock/recipients.js';
import type { Message } from '../message.js';
import { type Address, type ChatPlatform, type Recipient, TryLater, Undeliverable } from '../platform.js';
import { drawForChannel, drawMessage, toActivity } from './cards.js';
import type { Connector, OutgoingActivity, TeamsMember } from './connector.js';
import type { Graph } from './graph.js';
import { isOutsider, type Members, objectIdOf } from './members.js';
import type { Place, TeamsMemory } from './memory.js';
import type { OwnChats } from './own-chats.js';
import { isTeamsFault } from './teams-fault.js';

/** For so long who is in a channel is believed, and that somebody does not have the app. */
const BELIEVED_MS = 5 * MINUTE_MS;
/** Ten pages, which is less than a conversation gives in a second. Whoever stands behind them is not known. */
export const ROSTER_MAX = 5_000;
/** An app that was just installed is there a little later. */
const INSTALLING_MS = 5 * SECOND_MS;
const PEOPLE_KEPT = 5_000;

export interface TeamsPlatformParts {
  readonly connector: Pick<Connector, 'post' | 'update' | 'members'>;
  readonly ownChats: OwnChats;
  readonly members: Pick<Members, 'learn'>;
  readonly memory: Pick<TeamsMemory, 'place' | 'forgetPlace'>;
  readonly tenantId: string;
  /** `19:…@thread.tacv2`; null: nobody is told there. */
  readonly channels: Readonly<Record<ChannelName, string | null>>;
  /** Entra object ids of those who may decide a request that is posted to a channel. */
  readonly deciders: (channel: ChannelName, requestId: string) => Promise<ReadonlySet<string>>;
  /** Gives the app to those who must be asked; null: an administrator does. */
  readonly graph: Pick<Graph, 'install'> | null;
  readonly clock: Clock;
  readonly log: Log;
}

interface SeenRoster {
  readonly members: readonly TeamsMember[];
  /** When Teams said so, in milliseconds. */
  readonly at: number;
}

/** An address is a conversation's id. */
export class TeamsPlatform implements ChatPlatform {
  readonly name = 'teams';
  readonly #parts: TeamsPlatformParts;
  readonly #rosters = new Map<Address, SeenRoster>();
  readonly #unreachableSince = new Map<string, number>();
  readonly #installedAt = new Map<string, number>();

  constructor(parts: TeamsPlatformParts) {
    this.#parts = parts;
  }

  async addressOf(recipient: Recipient): Promise<Address | null> {
    const { channels, ownChats, tenantId } = this.#parts;
    if (recipient.kind === 'channel') return channels[recipient.channel];
    if (recipient.tenant !== tenantId) return null;
    const known = await ownChats.known(recipient.userId);
    return known === null ? await this.#openChat(recipient.userId, recipient.asked === true) : known.conversationId;
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
    const card = channel === null ? drawMessage(message) : drawForChannel(message, await this.#decidersIn(place, channel, targetOf(message)));
    return toActivity(card, message.title);
  }

  /** What Teams calls those in a channel who may decide. Everyone in it reads along, so guests and people of other organisations must not be. */
  async #decidersIn(place: Place, channel: ChannelName, requestId: string): Promise<readonly string[]> {
    const { members, at } = await this.#roster(place);
    if (members.some((member) => isOutsider(member, this.#parts.tenantId))) throw new Undeliverable(`people of another organisation are in the ${channel} channel: name one without them`);
    if (requestId === '') return [];
    const deciders = await this.#parts.deciders(channel, requestId);
    const asked = members.filter((member) => deciders.has(objectIdOf(member)));
    // All of them ask for their copies at once, more often than Teams lets us look them up one by one.
    this.#parts.members.learn(asked, at);
    return asked.map(({ id }) => id);
  }

  async #roster(place: Place): Promise<SeenRoster> {
    const now = this.#parts.clock().getTime();
    const known = this.#rosters.get(place.conversationId);
    if (known !== undefined && now - known.at < BELIEVED_MS) return known;
    const { members, complete } = await this.#send(place.conversationId, () => this.#parts.connector.members(place, ROSTER_MAX));
    if (!complete) throw new Undeliverable(`more than ${ROSTER_MAX} people are in the channel, and nobody knows whether all are ours: name a smaller one`);
    const seen: SeenRoster = { members, at: now };
    this.#rosters.set(place.conversationId, seen);
    return seen;
  }

  /** For people who have the app and never wrote, or are given it now; null for the others. */
  async #openChat(userId: string, asked: boolean): Promise<Address | null> {
    if (this.#isRecent(this.#unreachableSince, userId)) return null;
    const opened = await this.#tryChat(userId);
    if (opened !== null) return opened;
    if (asked && (await this.#install(userId))) {
      const there = await this.#tryChat(userId);
      if (there !== null) return there;
      throw new TryLater('the app was just installed for them', INSTALLING_MS);
    }
    this.#note(this.#unreachableSince, userId);
    return null;
  }

  /** Null where they do not have the app, or block it. */
  async #tryChat(userId: string): Promise<Address | null> {
    const opened = await this.#send('', () => this.#parts.ownChats.open(userId));
    return opened?.conversationId ?? null;
  }

  /** True where they have just been given the app. A fault of Graph's keeps nobody waiting: the channel is asked meanwhile. */
  async #install(userId: string): Promise<boolean> {
    const { graph, log } = this.#parts;
    if (graph === null || this.#isRecent(this.#installedAt, userId)) return false;
    try {
      const installing = await graph.install(userId);
      if (installing !== 'installed') {
        log.warn({ userId, installing }, 'the app was not installed for somebody who is asked');
        return false;
      }
      this.#note(this.#installedAt, userId);
      return true;
    } catch (error) {
      if (isTeamsFault(error, 'wait')) throw new TryLater(error.message, error.afterMs, { cause: error });
      log.warn({ err: error, userId }, 'the app was not installed for somebody who is asked');
      return false;
    }
  }

  #isRecent(noted: ReadonlyMap<string, number>, userId: string): boolean {
    return this.#parts.clock().getTime() - (noted.get(userId) ?? -Infinity) < BELIEVED_MS;
  }

  #note(noted: Map<string, number>, userId: string): void {
    if (noted.size >= PEOPLE_KEPT) noted.clear();
    noted.set(userId, this.#parts.clock().getTime());
  }

  async #place(address: Address): Promise<Place> {
    const known = await this.#parts.memory.place(address);
    if (known !== null) return known;
    if (this.#channelAt(address) === null) throw new Undeliverable('the app was removed from this chat');
    return { conversationId: address, serviceUrl: await this.#parts.ownChats.serviceUrl() };
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

/** The request that a message is about and that can still be decided by its buttons, or ''. */
function targetOf({ buttons }: Message): string {
  return buttons.find(({ target }) => target !== '')?.target ?? '';
}
