// Keeps every posted copy true: carries notices to the platforms, drawn from the committed state when they are sent.
import { addMs, type Clock, MINUTE_MS, SECOND_MS } from '../lib/clock.js';
import { inTime } from '../lib/in-time.js';
import type { Log } from '../lib/log.js';
import type { ClaimedNotice, Copy, Outbox } from '../unblock/outbox.js';
import type { NamedRecipient } from '../unblock/recipients.js';
import type { RequestPicture } from '../unblock/request-store.js';
import type { ChatAccount } from './event.js';
import type { Message } from './message.js';
import { type Address, type ChatPlatform, type Recipient, TryLater, Undeliverable } from './platform.js';
import { agentMessage, approverMessage, eventMessage, requesterMessage, type Speech } from './views.js';

const BATCH = 20;
/** A platform that does not answer in this time counts as failed; well below the time of a claim. */
const SEND_MS = 10 * SECOND_MS;
const FIRST_WAIT_MS = 2 * SECOND_MS;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;

export interface CourierParts {
  readonly outbox: Outbox;
  readonly platforms: readonly ChatPlatform[];
  readonly accountsOf: (personId: string) => Promise<readonly ChatAccount[]>;
  readonly picture: (requestId: string, viewerId: string | null) => Promise<RequestPicture | null>;
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
    const { outbox, clock, log } = this.#parts;
    try {
      const drawn = await this.#draw(notice);
      if (drawn !== null) await this.#bringUpToDate(notice, drawn);
      await outbox.settle(notice.id, drawn?.version ?? notice.wanted);
      return true;
    } catch (error) {
      if (error instanceof Undeliverable) return await this.#giveUp(notice, error);
      log.warn({ err: error, notice: notice.id }, 'a notice was not delivered and will be tried again');
      const wait = Math.max(Math.min(FIRST_WAIT_MS * 2 ** notice.attempts, LONGEST_WAIT_MS), error instanceof TryLater ? error.afterMs : 0);
      await outbox.postpone(notice.id, addMs(clock(), wait), error instanceof Error ? error.name : 'unknown');
      return false;
    }
  }

  /** Until the request changes again: then it is tried once more. */
  async #giveUp(notice: ClaimedNotice, error: Undeliverable): Promise<boolean> {
    const { outbox, log } = this.#parts;
    log.error({ err: error, notice: notice.id }, 'a notice cannot be delivered');
    await outbox.settle(notice.id, notice.wanted);
    return false;
  }

  /** Null where there is nothing left to show. */
  async #draw({ subject, recipient, wanted }: ClaimedNotice): Promise<Drawn | null> {
    const { speech, picture, namesFor } = this.#parts;
    const viewerId = recipient.kind === 'person' ? recipient.personId : null;
    if (subject.kind !== 'request') {
      const mine = viewerId !== null && subject.params.person === viewerId;
      return { message: eventMessage(subject.kind, { ...(await namesFor(subject.params)), mine }, speech), version: wanted };
    }
    const seen = await picture(subject.requestId, viewerId);
    if (seen === null) return null;
    return { message: requestMessage(seen, viewerId, speech), version: seen.request.version };
  }

  async #bringUpToDate(notice: ClaimedNotice, drawn: Drawn): Promise<void> {
    const { targets, failed: unknown } = await this.#targets(notice.recipient);
    if (targets.length === 0 && unknown.length === 0) this.#parts.log.warn({ notice: notice.id, recipient: notice.recipient }, 'no chat platform reaches this recipient');
    const behind = targets.flatMap(({ platform, address }) => {
      const copy = notice.copies.find((one) => one.platform === platform.name && one.address === address);
      return copy !== undefined && copy.sent >= drawn.version ? [] : [this.#send(notice, platform, { address, copy, drawn })];
    });
    // Every platform gets its turn before the first failure is told.
    const failed = [...unknown, ...(await Promise.allSettled(behind)).filter((outcome) => outcome.status === 'rejected')];
    // What may still go through decides whether it is tried again.
    const worst = failed.find(({ reason }) => !(reason instanceof Undeliverable)) ?? failed[0];
    if (worst !== undefined) throw worst.reason;
  }

  async #send(
    notice: ClaimedNotice,
    platform: ChatPlatform,
    { address, copy, drawn }: { readonly address: Address; readonly copy: Copy | undefined; readonly drawn: Drawn },
  ): Promise<void> {
    const { message, version } = drawn;
    const updated = copy !== undefined && (await inTime(platform.update(address, copy.messageId, message), SEND_MS)) === 'updated';
    const messageId = updated ? copy.messageId : await inTime(platform.post(address, message, notice.id), SEND_MS);
    await this.#parts.outbox.keepCopy(notice.id, { platform: platform.name, address, messageId, sent: version }, this.#parts.clock());
  }

  /** A platform that cannot tell its address must not keep the others from being written to. */
  async #targets(recipient: NamedRecipient): Promise<{ readonly targets: readonly Target[]; readonly failed: readonly PromiseRejectedResult[] }> {
    const { accountsOf, platforms } = this.#parts;
    const accounts = recipient.kind === 'person' ? await accountsOf(recipient.personId) : [];
    const found = await Promise.allSettled(platforms.map((platform) => targetOn(platform, recipient, accounts)));
    const targets = found.flatMap((outcome) => (outcome.status === 'fulfilled' && outcome.value !== null ? [outcome.value] : []));
    return { targets, failed: found.filter((outcome) => outcome.status === 'rejected') };
  }
}

/** A request's copy as this person sees it; `viewerId` null: as it stands in a channel. */
export function requestMessage(seen: RequestPicture, viewerId: string | null, speech: Speech): Message {
  if (viewerId === seen.request.requesterId) return requesterMessage(seen, speech);
  if (viewerId !== null && viewerId === seen.request.agentId) return agentMessage(seen, speech);
  return approverMessage(seen, viewerId, speech);
}

interface Target {
  readonly platform: ChatPlatform;
  readonly address: Address;
}

async function targetOn(platform: ChatPlatform, recipient: NamedRecipient, accounts: readonly ChatAccount[]): Promise<Target | null> {
  const there = toRecipient(platform, recipient, accounts);
  const address = there === null ? null : await platform.addressOf(there);
  return address === null ? null : { platform, address };
}

function toRecipient(platform: ChatPlatform, recipient: NamedRecipient, accounts: readonly ChatAccount[]): Recipient | null {
  if (recipient.kind === 'channel') return recipient;
  const account = accounts.find((one) => one.platform === platform.name);
  return account === undefined ? null : { kind: 'account', tenant: account.tenant, userId: account.userId };
}
