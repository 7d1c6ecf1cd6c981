// One chat event from Slack: whether its sender may speak to us at all, and what the conversation answers.
import { SECOND_MS } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { newToken } from '../../lib/ids.js';
import type { ChatAccount, ChatEvent, Conversation, Reply } from '../event.js';
import type { Languages } from '../languages.js';
import { say } from '../replies.js';
import type { Members } from './members.js';
import { SlackFault } from './slack-fault.js';
import type { Workspace } from './workspaces.js';

export interface ListenerParts {
  readonly conversation: Conversation;
  readonly members: Members;
  readonly languages: Languages;
  readonly log: Log;
}

export class Listener {
  readonly #parts: ListenerParts;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
  }

  /** The reply to one event; never throws. Guests, strangers, apps and whoever has left are turned away here. */
  async hear(event: ChatEvent, workspace: Workspace): Promise<Reply> {
    const { conversation, members, languages, log } = this.#parts;
    const { tenant, userId } = event.from;
    try {
      const { full, locale } = await members.find(tenant, userId, workspace);
      if (full) return await conversation(locale === null ? event : { ...event, locale });
      const speech = languages.speechFor(locale);
      return say(event, speech.words.refusal['not-a-member']({}), speech);
    } catch (error) {
      const speech = languages.speechFor(members.localeOf(tenant, userId));
      if (error instanceof SlackFault && error.code === 'rate-limited') {
        log.warn({ err: error, delivery: event.deliveryId }, 'a Slack event came while Slack asks to wait');
        return say(event, speech.words.say.busy(Math.ceil(error.retryAfterMs / SECOND_MS)), speech);
      }
      const reference = newToken(48);
      log.error({ err: error, reference, delivery: event.deliveryId, event: event.kind }, 'a Slack event failed');
      return say(event, speech.words.say.fault(reference), speech);
    }
  }
}

export function accountOf(workspace: Workspace, userId: string): ChatAccount {
  return { platform: 'slack', tenant: workspace.tenant, userId };
}
