// Notices on their way: what is to be told to whom, and where each posted copy stands.
import type { NamedRecipient } from './recipients.js';
import type { EventNoticeKind } from './request-store.js';

export interface Copy {
  /** The chat platform's name. */
  readonly platform: string;
  /** Where the copy stands there, in the platform's own words. */
  readonly address: string;
  readonly messageId: string;
  /** The version that it shows. */
  readonly sent: number;
}

/** A copy of a request, or one event that is told once. */
export type Subject =
  | { readonly kind: 'request'; readonly requestId: string }
  | { readonly kind: EventNoticeKind; readonly params: Readonly<Record<string, string>> };

export interface ClaimedNotice {
  readonly id: string;
  readonly subject: Subject;
  readonly recipient: NamedRecipient;
  /** The version that must be shown. */
  readonly wanted: number;
  /** How often it could not be delivered. */
  readonly attempts: number;
  readonly copies: readonly Copy[];
}

/** A claim is a short transaction of its own, and so is each result: no lock is held while a platform is spoken to. */
export interface Outbox {
  /** Notices that are behind, not claimed by anyone else, oldest first; claimed for `claimMs`. */
  claim(at: Date, limit: number): Promise<readonly ClaimedNotice[]>;
  keepCopy(noticeId: string, copy: Copy, at: Date): Promise<void>;
  /** `sent`: the version that all copies show now. */
  settle(noticeId: string, sent: number): Promise<void>;
  /**
   * Settles a copy of a request for somebody whom no chat reaches. Where no copy shows `sent`, the helpdesk's channel has
   * the request from now on, and its picture names them.
   */
  settleUnreached(noticeId: string, sent: number, at: Date): Promise<void>;
  /** Tries again later; `why` is for the log and the administrator, and holds no secret. */
  postpone(noticeId: string, until: Date, why: string): Promise<void>;
}
