// Keeps every posted copy true: carries notices to the platforms, drawn from the committed state when they are sent.
import { addMs, type Clock, MINUTE_MS, SECOND_MS } from '../lib/clock.js';
import { inTime } from '../lib/in-time.js';
import type { Log } from '../lib/log.js';
import type { ClaimedNotice, Copy, Outbox } from '../unblock/outbox.js';
import type { NamedRecipient } from '../unblock/recipients.js';
import type { RequestPicture } from '../unblock/request-store.js';
import { roleOf } from '../unblock/standing.js';
import type { Languages } from './languages.js';
import type { Message } from './message.js';
import { type Address, type ChatPlatform, type Mailbox, type Recipient, TryLater, Undeliverable } from './platform.js';
import type { Speech } from './speech.js';
import { agentMessage, approverMessage, eventMessage, type EventNames, requesterMessage } from './views.js';

const BATCH = 20;
/** A platform that does not answer in this time counts as failed; well below the time of a claim. */
const SEND_MS = 10 * SECOND_MS;
const FIRST_WAIT_MS = 2 * SECOND_MS;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;

export interface CourierParts {
  readonly outbox: Outbox;
  readonly platforms: readonly ChatPlatform[];
  readonly accountsOf: (personId: string) => Promise<readonly Mailbox[]>;
  readonly picture: (requestId: string, viewerId: string | null) => Promise<RequestPicture | null>;
  /** How a person and a card are called in a notice that is not about a request. */
  readonly namesFor: (params: Readonly<Record<string, string>>) => Promise<EventNames>;
  readonly languages: Languages;
  readonly clock: Clock;
  readonly log: Log;
}

/** A state to show, to each reader in their own language. */
interface Drawn {
  readonly messageIn: (speech: Speech) => Message;
  readonly version: number;
  /** The person it is for is asked to decide: somebody must tell them, where no chat reaches them. */
  readonly asks: boolean;
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
    let drawn: Drawn | null = null;
    try {
      drawn = await this.#draw(notice);
      const reached = drawn === null || (await this.#bringUpToDate(notice, drawn));
      if (reached) await outbox.settle(notice.id, drawn?.version ?? notice.wanted);
      else await this.#settleUnreached(notice, drawn);
      return true;
    } catch (error) {
      if (error instanceof Undeliverable) return await this.#giveUp(notice, drawn, error);
      log.warn({ err: error, notice: notice.id }, 'a notice was not delivered and will be tried again');
      const wait = Math.max(Math.min(FIRST_WAIT_MS * 2 ** notice.attempts, LONGEST_WAIT_MS), error instanceof TryLater ? error.afterMs : 0);
      await outbox.postpone(notice.id, addMs(clock(), wait), error instanceof Error ? error.name : 'unknown');
      return false;
    }
  }

  /** Until the request changes again: then it is tried once more. */
  async #giveUp(notice: ClaimedNotice, drawn: Drawn | null, error: Undeliverable): Promise<boolean> {
    this.#parts.log.error({ err: error, notice: notice.id }, 'a notice cannot be delivered');
    await this.#settleUnreached(notice, drawn);
    return false;
  }

  /** Whoever is asked and is reached in no chat is named in the helpdesk's channel. */
  async #settleUnreached(notice: ClaimedNotice, drawn: Drawn | null): Promise<void> {
    const { outbox, clock } = this.#parts;
    if (drawn?.asks === true) await outbox.settleUnreached(notice.id, notice.wanted, clock());
    else await outbox.settle(notice.id, notice.wanted);
  }

  /** Null where there is nothing left to show. */
  async #draw({ subject, recipient, wanted }: ClaimedNotice): Promise<Drawn | null> {
    const { picture, namesFor } = this.#parts;
    const viewerId = recipient.kind === 'person' ? recipient.personId : null;
    if (subject.kind !== 'request') {
      const mine = viewerId !== null && subject.params.person === viewerId;
      const { request: requestId } = subject.params;
      const about = { ...(await namesFor(subject.params)), mine, ...(requestId === undefined ? {} : { requestId }), details: subject.params };
      return { messageIn: (speech) => eventMessage(subject.kind, about, speech), version: wanted, asks: false };
    }
    const seen = await picture(subject.requestId, viewerId);
    if (seen === null) return null;
    return { messageIn: (speech) => requestMessage(seen, viewerId, speech), version: seen.request.version, asks: isAsked(seen, viewerId) };
  }

  /** False where no chat reaches the recipient. */
  async #bringUpToDate(notice: ClaimedNotice, drawn: Drawn): Promise<boolean> {
    const { targets, failed: unknown } = await this.#targets(notice, drawn.asks);
    if (targets.length === 0 && unknown.length === 0) this.#parts.log.warn({ notice: notice.id, recipient: notice.recipient }, 'no chat platform reaches this recipient');
    const behind = targets.flatMap((target) => {
      const copy = notice.copies.find((one) => one.platform === target.platform.name && one.address === target.address);
      return copy !== undefined && copy.sent >= drawn.version ? [] : [this.#send(notice, target, { copy, drawn })];
    });
    // Every platform gets its turn before the first failure is told.
    const failed = [...unknown, ...(await Promise.allSettled(behind)).filter((outcome) => outcome.status === 'rejected')];
    // What may still go through decides whether it is tried again.
    const worst = failed.find(({ reason }) => !(reason instanceof Undeliverable)) ?? failed[0];
    if (worst !== undefined) throw worst.reason;
    return targets.length > 0;
  }

  async #send(
    notice: ClaimedNotice,
    { platform, address, locale }: Target,
    { copy, drawn: { messageIn, version } }: { readonly copy: Copy | undefined; readonly drawn: Drawn },
  ): Promise<void> {
    const message = messageIn(this.#parts.languages.speechFor(locale));
    const updated = copy !== undefined && (await inTime(platform.update(address, copy.messageId, message), SEND_MS)) === 'updated';
    const messageId = updated ? copy.messageId : await inTime(platform.post(address, message, notice.id), SEND_MS);
    await this.#parts.outbox.keepCopy(notice.id, { platform: platform.name, address, messageId, sent: version }, this.#parts.clock());
  }

  /** A platform that cannot tell its address must not keep the others from being written to. */
  async #targets({ recipient, subject }: ClaimedNotice, asked: boolean): Promise<{ readonly targets: readonly Target[]; readonly failed: readonly PromiseRejectedResult[] }> {
    const { accountsOf } = this.#parts;
    const platforms = this.#parts.platforms.filter(({ eventsOnly = false }) => !eventsOnly || subject.kind !== 'request');
    const accounts = recipient.kind === 'person' ? await accountsOf(recipient.personId) : [];
    const found = await Promise.allSettled(platforms.map((platform) => targetOn(platform, { recipient, asked }, accounts)));
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

function isAsked({ request, people }: RequestPicture, viewerId: string | null): boolean {
  return request.state === 'awaiting-approval' && viewerId !== null && roleOf(request, people, viewerId) !== null;
}

interface Target {
  readonly platform: ChatPlatform;
  readonly address: Address;
  /** Null for a channel, and where nobody knows. */
  readonly locale: string | null;
}

interface Addressee {
  readonly recipient: NamedRecipient;
  readonly asked: boolean;
}

async function targetOn(platform: ChatPlatform, { recipient, asked }: Addressee, accounts: readonly Mailbox[]): Promise<Target | null> {
  const account = accounts.find((one) => one.platform === platform.name) ?? null;
  const there = recipient.kind === 'channel' ? recipient : toRecipient(account, asked);
  const address = there === null ? null : await platform.addressOf(there);
  return address === null ? null : { platform, address, locale: account?.locale ?? null };
}

function toRecipient(account: Mailbox | null, asked: boolean): Recipient | null {
  return account === null ? null : { kind: 'account', tenant: account.tenant, userId: account.userId, asked };
}
