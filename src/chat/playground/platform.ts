// The playground as a chat platform: posts go into its own memory, which tells the page of them.
import type { Clock } from '../../lib/clock.js';
import type { ChatAccount } from '../event.js';
import type { Message } from '../message.js';
import type { Address, ChatPlatform, Recipient } from '../platform.js';
import type { PlaygroundState } from './state.js';

/** Every account of the playground lies in this one tenant. */
export const PLAYGROUND_TENANT = 'local';

export class PlaygroundPlatform implements ChatPlatform {
  readonly name = 'playground';
  readonly #state: PlaygroundState;
  readonly #clock: Clock;

  constructor(state: PlaygroundState, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  addressOf(recipient: Recipient): Promise<Address | null> {
    if (recipient.kind === 'channel') return Promise.resolve(`channel:${recipient.channel}`);
    return Promise.resolve(recipient.tenant === PLAYGROUND_TENANT ? personPlace(recipient.userId) : null);
  }

  post(address: Address, message: Message, copyId: string): Promise<string> {
    return Promise.resolve(this.#state.post(address, message, { copyId, at: this.#clock() }));
  }

  update(address: Address, messageId: string, message: Message): Promise<'updated' | 'gone'> {
    return Promise.resolve(this.#state.update(address, messageId, message) ? 'updated' : 'gone');
  }
}

/** The account that a person uses here: their own id, for on the playground anyone is anyone. */
export function playgroundAccount(personId: string): ChatAccount {
  return { platform: 'playground', tenant: PLAYGROUND_TENANT, userId: personId };
}

/** Where a person's chat with the bot lies. */
export function personPlace(personId: string): Address {
  return `person:${personId}`;
}
