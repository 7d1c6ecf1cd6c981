// Keeps every posted copy true: carries notices to the platforms, drawn from the committed state when they are sent.
import { addMs, type Clock, MINUTE_MS, SECOND_MS } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { ClaimedNotice, Copy, Outbox } from '../unblock/outbox.js';
import type { EventNoticeKind, RequestPicture } from '../unblock/request-store.js';
import type { ChatAccount } from './event.js';
import type { Message } from './message.js';
import type { Address, ChatPlatform, Recipient } from './platform.js';
import { approverMessage, eventMessage, requesterMessage, type Speech } from './views.js';

const BATCH = 20;
const FIRST_WAIT_MS = 2 * SECOND_MS;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;

export interface CourierParts {
  readonly outbox: Outbox;
  readonly platforms: readonly ChatPlatform[];
  readonly accountsOf: (personId: string) => Promise<readonly ChatAccount[]>;
  readonly picture: (requestId: string) => Promise<RequestPicture | null>;
  /** How a person and a card are called in a notice that is not about a request. */
  readonly namesFor: (params: Readonly<Record<string, string>>) => Promise<{ readonly person: string; readonly card: string }>;
  readonly speech: Speech;
  readonly clock: Clock;
  readonly log: Log;
}

interface Drawn {
  readonly message: Message;
  readonly version: number;
}

export class Courier {
  readonly #parts: CourierParts;
  #failures = new Map<string, number>();

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** Carries all that is behind now. Several couriers may run at once: each notice is claimed by one. */
  async deliver(): Promise<number> {
    const { outbox, clock } = this.#parts;
    let carried = 0;
    for (;;) {
      const claimed = await outbox.claim(clock(), BATCH);
      // One failure must not keep the others from being told.
      const results = await Promise.all(claimed.map((notice) => this.#carry(notice)));
      carried += results.filter(Boolean).length;
      if (claimed.length < BATCH) return carried;
    }
  }

  async #carry(notice: ClaimedNotice): Promise<boolean> {
    const { outbox, log } = this.#parts;
    try {
      const drawn = await this.#draw(notice);
      if (drawn !== null) await this.#bringUpToDate(notice, drawn);
      await outbox.settle(notice.id, drawn?.version ?? notice.wanted);
      this.#failures.delete(notice.id);
      return true;
    } catch (error) {
      log.warn({ err: error, notice: notice.id }, 'a notice was not delivered and will be tried again');
      await outbox.postpone(notice.id, this.#nextTry(notice.id), error instanceof Error ? error.name : 'unknown');
      return false;
    }
  }

  /** Null where there is nothing left to show. */
  async #draw({ kind, requestId, recipient, params, wanted }: ClaimedNotice): Promise<Drawn | null> {
    const { speech, picture, namesFor } = this.#parts;
    if (requestId === null) {
      return { message: eventMessage(kind as EventNoticeKind, await namesFor(params), speech), version: wanted };
    }
    const seen = await picture(requestId);
    if (seen === null) return null;
    const personId = recipient.startsWith('person:') ? recipient.slice('person:'.length) : null;
    const mine = personId === seen.request.requesterId;
    const message = mine ? requesterMessage(seen, speech) : approverMessage(seen, personId, speech);
    return { message, version: seen.request.version };
  }

  async #bringUpToDate(notice: ClaimedNotice, drawn: Drawn): Promise<void> {
    const targets = await this.#targets(notice);
    for (const { platform, address } of targets) {
      const copy = notice.copies.find((one) => one.platform === platform.name && one.address === address);
      if (copy !== undefined && copy.sent >= drawn.version) continue;
      await this.#send(notice, platform, { address, copy, drawn });
    }
  }

  async #send(
    notice: ClaimedNotice,
    platform: ChatPlatform,
    { address, copy, drawn }: { readonly address: Address; readonly copy: Copy | undefined; readonly drawn: Drawn },
  ): Promise<void> {
    const { message, version } = drawn;
    const updated = copy !== undefined && (await platform.update(address, copy.messageId, message)) === 'updated';
    const messageId = updated ? copy.messageId : await platform.post(address, message, notice.id);
    await this.#parts.outbox.keepCopy(notice.id, { platform: platform.name, address, messageId, sent: version }, this.#parts.clock());
  }

  async #targets(notice: ClaimedNotice): Promise<readonly { platform: ChatPlatform; address: Address }[]> {
    const { accountsOf, platforms } = this.#parts;
    const [kind, name = ''] = notice.recipient.split(/:(.*)/s);
    const accounts = kind === 'person' ? await accountsOf(name) : [];
    const found = await Promise.all(
      platforms.map(async (platform) => {
        const recipient: Recipient | undefined =
          kind === 'channel'
            ? { kind: 'channel', channel: name === 'security' ? 'security' : 'helpdesk' }
            : accounts.filter((account) => account.platform === platform.name).map((account) => ({ kind: 'account' as const, ...account }))[0];
        const address = recipient === undefined ? null : await platform.addressOf(recipient);
        return address === null ? [] : [{ platform, address }];
      }),
    );
    return found.flat();
  }

  #nextTry(noticeId: string): Date {
    const failures = (this.#failures.get(noticeId) ?? 0) + 1;
    this.#failures.set(noticeId, failures);
    return addMs(this.#parts.clock(), Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS));
  }
}
