// What a platform hands in, and what it gets back. No platform's types: Slack, Teams and the playground all speak this.
import type { ActionName, FormName, Form, Message } from './message.js';

export type PlatformName = 'playground' | 'slack' | 'teams';

/** An immutable account: Slack enterprise or team and user id; Entra tenant and object id. */
export interface ChatAccount {
  readonly platform: PlatformName;
  readonly tenant: string;
  readonly userId: string;
}

interface EventBase {
  readonly from: ChatAccount;
  /** The platform's id of this delivery, for the log. Repeats may come with a new one. */
  readonly deliveryId: string;
  /** In which language the platform shows itself to them (BCP 47), where it says. */
  readonly locale?: string;
}

export type ChatEvent =
  /** Words to the bot: a direct message or what follows a slash command. `opensDialog`: the platform can open one for it. */
  | (EventBase & { readonly kind: 'said'; readonly text: string; readonly opensDialog?: boolean })
  /** The person looks at the bot's own page (Slack's Home tab). */
  | (EventBase & { readonly kind: 'looked' })
  /** A posted copy asks how its request (`target`) stands now, for the person who looks at it. */
  | (EventBase & { readonly kind: 'refreshed'; readonly target: string })
  | (EventBase & { readonly kind: 'pressed'; readonly action: ActionName; readonly target: string })
  | (EventBase & {
      readonly kind: 'submitted';
      readonly form: FormName;
      readonly formId: string;
      readonly target: string;
      readonly inputs: Readonly<Record<string, string>>;
    });

/** A value, so that each platform keeps its own clock for acknowledging. */
export type Reply =
  | { readonly kind: 'nothing' }
  /** Shown to this person alone, in their chat with the bot. */
  | { readonly kind: 'message'; readonly message: Message }
  /** Opens a dialog, or replaces the one that was submitted. */
  | { readonly kind: 'form'; readonly form: Form }
  /** The dialog stays open; each sentence stands at its field. */
  | { readonly kind: 'field-errors'; readonly errors: Readonly<Record<string, string>> }
  /** The dialog closes; the sentence, if any, is shown briefly to this person alone. */
  | { readonly kind: 'done'; readonly say?: string };

export type Conversation = (event: ChatEvent) => Promise<Reply>;
