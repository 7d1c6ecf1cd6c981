// What chat shows, as plain data. A platform draws it (blocks, Adaptive Card, page); nobody else knows how.
// "Card" always means the smart card; what chat shows is a Message or a Form (a dialog).
import type { Language } from '../lib/language.js';

export type Tone = 'neutral' | 'waiting' | 'good' | 'bad' | 'warning';

export type Block =
  | { readonly kind: 'text'; readonly text: string; readonly style?: 'strong' | 'subtle' | 'warning' }
  | { readonly kind: 'facts'; readonly rows: readonly { readonly label: string; readonly value: string }[] }
  | { readonly kind: 'steps'; readonly items: readonly string[] }
  /** Something to read off and copy: large monospace groups, and the same without blanks to copy. Only in a Form. */
  | { readonly kind: 'code'; readonly label: string; readonly groups: string; readonly copyLabel: string; readonly copy: string }
  /** Lines to keep (recovery codes). Only in a Form. */
  | { readonly kind: 'keep'; readonly label: string; readonly lines: readonly string[] }
  /** A QR code, drawn by the platform from the text it carries; `instead` is said where it cannot draw one. Only in a Form. */
  | { readonly kind: 'qr'; readonly alt: string; readonly instead: string; readonly text: string };

/** What a button does. The words on it are `label`; authority and state are checked again at every press. */
export type ActionName =
  | 'start-unblock'
  | 'show-response'
  | 'give-new-challenge'
  | 'cancel'
  | 'approve'
  | 'deny'
  | 'revoke'
  | 'show-number'
  | 'not-my-report'
  | 'it-worked'
  | 'it-was-refused'
  | 'not-me'
  | 'my-authenticator'
  | 'my-recovery-codes'
  | 'link-account'
  | 'help-caller'
  | 'sealed-codes'
  | 'acknowledge'
  | 'vouch'
  | 'delegate'
  | 'end-delegation';

export interface Button {
  readonly action: ActionName;
  readonly label: string;
  /** What it is about (a request's id), or '' for none. Nothing in it is trusted. */
  readonly target: string;
  readonly style?: 'primary' | 'danger';
}

export interface Message {
  readonly title: string;
  readonly tone: Tone;
  readonly blocks: readonly Block[];
  readonly buttons: readonly Button[];
  /** Stands below it where it goes out as a letter, which nobody can answer. */
  readonly footer?: string;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface Field {
  readonly id: 'person' | 'card' | 'request' | 'challenge' | 'code' | 'otherCode' | 'newCode' | 'number' | 'reason' | 'invitation' | 'first' | 'last';
  readonly label: string;
  /** 'person': a picker of people where the platform has one, else their e-mail address as text. 'date': one such as 2026-12-24. */
  readonly kind: 'line' | 'lines' | 'one-time-code' | 'choice' | 'person' | 'date';
  readonly hint?: string;
  readonly value?: string;
  readonly choices?: readonly Choice[];
  readonly optional?: boolean;
  readonly maxLength: number;
}

export type FormName =
  | 'unblock'
  | 'show-response'
  | 'response'
  | 'new-challenge'
  | 'approve'
  | 'deny'
  | 'not-me'
  | 'enroll'
  | 'enroll-prove'
  | 'recovery-codes'
  | 'link'
  | 'caller'
  | 'assist'
  | 'sealed-codes'
  | 'acknowledge'
  | 'vouch'
  | 'delegate'
  | 'notice';

/** What the platform itself says around the content of a dialog. */
export interface Frame {
  readonly language: Language;
  readonly close: string;
  /** At a field that must not stay empty. */
  readonly fillIn: string;
}

/** A dialog. `formId` (128 random bits, made by the server) ties every delivery of one submission together. */
export interface Form {
  readonly name: FormName;
  readonly formId: string;
  /** What it is about (a request's id), or ''. */
  readonly target: string;
  readonly title: string;
  readonly blocks: readonly Block[];
  readonly fields: readonly Field[];
  /** The words on the button that sends it; null: nothing to send, only to read. */
  readonly submit: string | null;
  readonly buttons: readonly Button[];
  readonly frame: Frame;
  /** When the platform must empty it by itself (ISO 8601): a response is shown for minutes only. */
  readonly emptyAt?: string;
}
