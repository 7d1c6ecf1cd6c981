// Notices on their way: what is to be told to whom, and where each posted copy stands.
import type { RecipientName } from './request-store.js';

export interface Copy {
  /** The chat platform's name. */
  readonly platform: string;
  /** Where the copy stands there, in the platform's own words. */
  readonly address: string;
  readonly messageId: string;
  /** The version that it shows. */
  readonly sent: number;
}

export interface ClaimedNotice {
  readonly id: string;
  /** 'request': the copy of a request; else the kind of an event. */
  readonly kind: string;
  readonly requestId: string | null;
  readonly recipient: RecipientName;
  readonly params: Readonly<Record<string, string>>;
  readonly wanted: number;
  readonly copies: readonly Copy[];
}

/** A claim is a short transaction of its own, and so is each result: no lock is held while a platform is spoken to. */
export interface Outbox {
  /** Notices that are behind, not claimed by anyone else, oldest first; claimed for `claimMs`. */
  claim(at: Date, limit: number): Promise<readonly ClaimedNotice[]>;
  keepCopy(noticeId: string, copy: Copy, at: Date): Promise<void>;
  /** `sent`: the version that all copies show now. */
  settle(noticeId: string, sent: number): Promise<void>;
  /** Tries again later; `why` is for the log and the administrator, and holds no secret. */
  postpone(noticeId: string, until: Date, why: string): Promise<void>;
}
