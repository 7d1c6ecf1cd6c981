// Where a reply is shown: in a modal, on the Home tab, in a direct message, or beside the message, to one person alone.
import type { RespondFn } from '@slack/bolt';
import { inTime, TooSlow } from '../../lib/in-time.js';
import { SECOND_MS } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Reply } from '../event.js';
import type { Form, Message } from '../message.js';
import { sentenceOf, textsOf } from '../replies.js';
import { plainMessage } from '../views.js';
import type { Wording } from '../wording.js';
import { drawMessage, inertMrkdwn, section } from './blocks.js';
import { homeView, isSentence } from './dialog-view.js';
import type { Dialogs, Shown } from './dialogs.js';
import type { SlackApi } from './slack-api.js';
import type { Workspace } from './workspaces.js';

/** A trigger and an acknowledgement live three seconds: what is not ready by now is announced by a modal that waits. */
const SOON_MS = 1.5 * SECOND_MS;

/** Where somebody did something. */
export interface Place {
  readonly workspace: Workspace;
  readonly userId: string;
  /** Opens one modal, within three seconds; null where there is none. */
  readonly triggerId: string | null;
  /** The modal that it was done in. */
  readonly viewId: string | null;
  /** Answers beside what was pressed or typed, to that person alone; null where Slack gave no way to. */
  readonly respond: RespondFn | null;
}

export interface ShowingParts {
  readonly api: SlackApi;
  readonly dialogs: Dialogs;
  readonly words: Wording;
  readonly log: Log;
}

export class Showing {
  readonly #parts: ShowingParts;

  constructor(parts: ShowingParts) {
    this.#parts = parts;
  }

  /** Shows a reply when it comes; where it takes too long for the trigger, a modal waits for it. */
  async whenReady(pending: Promise<Reply>, place: Place): Promise<void> {
    const reply = await soon(pending);
    if (reply !== null) { await this.#show(reply, place); return; }
    const viewId = place.viewId ?? (await this.#openWaiting(place));
    await this.#show(await pending, { ...place, viewId });
  }

  async onHome(reply: Reply, { workspace, userId }: Pick<Place, 'workspace' | 'userId'>): Promise<void> {
    const { api, words } = this.#parts;
    if (reply.kind !== 'message') return;
    const view = homeView(reply.message, words);
    await api.call('views.publish', workspace, (client) => client.views.publish({ user_id: userId, view }));
  }

  /** A reply to words in the direct chat, which is this channel. */
  async inDirectMessage(reply: Reply, { workspace, channel }: { readonly workspace: Workspace; readonly channel: string }): Promise<void> {
    const { api, words } = this.#parts;
    const sentence = sentenceOf(reply);
    if (reply.kind !== 'message' && sentence === '') return;
    const message = reply.kind === 'message' ? reply.message : plainMessage(words.say.welcome.title, sentence);
    await api.call('chat.postMessage', workspace, (client) =>
      client.chat.postMessage({ channel, ...drawMessage(message, words), parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false }),
    );
  }

  /** A posted message as it is now. */
  async again(message: Message, { workspace, channel, ts }: { readonly workspace: Workspace; readonly channel: string; readonly ts: string }): Promise<void> {
    const { api, words } = this.#parts;
    await api.call('chat.update', workspace, (client) => client.chat.update({ channel, ts, ...drawMessage(message, words), parse: 'none', link_names: false }));
  }

  /** A reply inside a modal that is there already. */
  async inDialog(reply: Reply, { workspace, viewId }: { readonly workspace: Workspace; readonly viewId: string }): Promise<void> {
    await this.#parts.dialogs.replace(workspace, viewId, this.#drawn(reply));
  }

  /** A reply as a modal. */
  #drawn(reply: Reply): Shown {
    const { dialogs } = this.#parts;
    return reply.kind === 'form' ? dialogs.draw(reply.form) : dialogs.sentence(sentenceOf(reply));
  }

  /** Null where it could not be opened: the reply is then shown in another way. */
  async #openWaiting({ workspace, triggerId }: Place): Promise<string | null> {
    const { dialogs, log } = this.#parts;
    if (triggerId === null) return null;
    try {
      return await dialogs.open(workspace, triggerId, dialogs.waiting());
    } catch (error) {
      log.warn({ err: error }, 'no dialog could be opened to wait in');
      return null;
    }
  }

  async #show(reply: Reply, place: Place): Promise<void> {
    if (reply.kind === 'nothing') return;
    if (place.viewId !== null) { await this.inDialog(reply, { workspace: place.workspace, viewId: place.viewId }); return; }
    if (reply.kind === 'message' && place.respond !== null) {
      await place.respond({ response_type: 'ephemeral', replace_original: false, ...drawMessage(reply.message, this.#parts.words) });
      return;
    }
    const sentence = reply.kind === 'form' ? sentenceIn(reply.form) : sentenceOf(reply);
    // What only tells something needs no dialog, and stands beside the button that was pressed.
    if (sentence !== null && place.respond !== null) { await whisper(place.respond, sentence); return; }
    await this.#open(reply, place);
  }

  async #open(reply: Reply, { workspace, triggerId, respond }: Place): Promise<void> {
    if (triggerId === null) return;
    try {
      await this.#parts.dialogs.open(workspace, triggerId, this.#drawn(reply));
    } catch (error) {
      const { log, words } = this.#parts;
      // Its trigger was over, or Slack takes no more just now: either way another press is all it needs.
      log.warn({ err: error }, 'a dialog could not be opened');
      if (respond !== null) await whisper(respond, words.say.tooSlow);
    }
  }
}

/** The outcome if it is there soon, or null. */
export async function soon(pending: Promise<Reply>): Promise<Reply | null> {
  try {
    return await inTime(pending, SOON_MS);
  } catch (error) {
    if (error instanceof TooSlow) return null;
    throw error;
  }
}

/** Null for a dialog with anything in it but words. */
function sentenceIn(form: Form): string | null {
  return isSentence(form) ? textsOf(form) : null;
}

async function whisper(respond: RespondFn, sentence: string): Promise<void> {
  await respond({ response_type: 'ephemeral', replace_original: false, text: inertMrkdwn(sentence), blocks: [section(sentence)] });
}
