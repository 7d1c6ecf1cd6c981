// What the courier needs of a platform: to post a message somewhere and to bring it up to date later.
import type { ChannelName } from '../unblock/recipients.js';
import type { PlatformName } from './event.js';
import type { Message } from './message.js';

/** Where a message goes on one platform. The text is the platform's own (a JSON text, a channel id); opaque above it. */
export type Address = string;

export type Recipient =
  /** `asked`: they are asked to decide, so that it is worth giving them the app where that can be done for them. */
  | { readonly kind: 'account'; readonly tenant: string; readonly userId: string; readonly asked?: boolean }
  | { readonly kind: 'channel'; readonly channel: ChannelName };

/** Where notices go: the chat platforms, and e-mail beside them, which nobody can answer. */
export type SinkName = PlatformName | 'mail';

/** Where a person is reached. */
export interface Mailbox {
  readonly platform: SinkName;
  readonly tenant: string;
  readonly userId: string;
  /** Of who reads there; null where nobody knows. */
  readonly locale: string | null;
}

export interface ChatPlatform {
  readonly name: SinkName;
  /** Takes what is told once, and no copies of requests, which would have to be kept true. */
  readonly eventsOnly?: boolean;
  /** The address of a recipient, or null if this platform cannot reach them. */
  addressOf(recipient: Recipient): Promise<Address | null>;
  /** Posts and returns the platform's id of the message. `copyId` names the copy, so that an unknown one can be adopted. */
  post(address: Address, message: Message, copyId: string): Promise<string>;
  /** 'gone' if the message no longer exists there. */
  update(address: Address, messageId: string, message: Message): Promise<'updated' | 'gone'>;
}

/** The platform asks to wait: it takes no more before `afterMs` milliseconds have passed. */
export class TryLater extends Error {
  override readonly name = 'TryLater';
  readonly afterMs: number;

  constructor(message: string, afterMs: number, options?: ErrorOptions) {
    super(message, options);
    this.afterMs = afterMs;
  }
}

/** It never arrives there: the place is gone, or nothing may be posted to it. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';
}
