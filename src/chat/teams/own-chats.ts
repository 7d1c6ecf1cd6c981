// The chat between the bot and one person: where it is known, and opened where Teams lets us.
import type { Connector } from './connector.js';
import type { Place, TeamsMemory } from './memory.js';
import { isTeamsFault } from './teams-fault.js';

export interface OwnChatsParts {
  readonly connector: Pick<Connector, 'openChat'>;
  readonly memory: Pick<TeamsMemory, 'personalPlace' | 'keepPlace' | 'latestServiceUrl'>;
  readonly tenantId: string;
  /** The Bot Connector to begin with. */
  readonly serviceUrl: string;
}

export class OwnChats {
  readonly #parts: OwnChatsParts;

  constructor(parts: OwnChatsParts) {
    this.#parts = parts;
  }

  /** By Entra object id; null where it was not heard of. */
  known(userId: string): Promise<Place | null> {
    const { memory, tenantId } = this.#parts;
    return memory.personalPlace(tenantId, userId);
  }

  /** Null where they do not have the app, or block it. Throws a TeamsFault otherwise. */
  async open(userId: string): Promise<Place | null> {
    const { memory, connector, tenantId } = this.#parts;
    const serviceUrl = await this.serviceUrl();
    try {
      const place = { conversationId: await connector.openChat(serviceUrl, { tenantId, userId }), serviceUrl };
      await memory.keepPlace(tenantId, place, userId);
      return place;
    } catch (error) {
      if (isTeamsFault(error, 'refused') || isTeamsFault(error, 'gone')) return null;
      throw error;
    }
  }

  /** The Bot Connector that the tenant was last heard through. */
  async serviceUrl(): Promise<string> {
    const { memory, tenantId, serviceUrl } = this.#parts;
    return (await memory.latestServiceUrl(tenantId)) ?? serviceUrl;
  }
}
