// What the bot has to remember in Teams across restarts and between processes: where it may speak, and what it took.

/** A conversation and the Bot Connector that leads to it (Teams gives each region one of its own). */
export interface Place {
  readonly conversationId: string;
  readonly serviceUrl: string;
}

export interface TeamsMemory {
  /** Remembers where somebody (by Entra object id), or a channel (null), is reached; a later place takes the place of the earlier one. */
  keepPlace(tenant: string, place: Place, userId: string | null): Promise<void>;
  /** The app was removed from there. */
  forgetPlace(conversationId: string): Promise<void>;
  /** The chat between the bot and one person. */
  personalPlace(tenant: string, userId: string): Promise<Place | null>;
  place(conversationId: string): Promise<Place | null>;
  /** The Bot Connector that this tenant was last heard through. */
  latestServiceUrl(tenant: string): Promise<string | null>;
  /** False when an activity of this key was taken before. */
  takeDelivery(key: string, at: Date): Promise<boolean>;
}
