// Where a reply is shown: in a modal, on the Home tab, in a direct message, or beside the message, to one person alone.
import type { RespondFn } from '@slack/bolt';
import { inTime, TooSlow } from '../../lib/in-time.js';
import { addMs, type Clock, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/clock.js';
import { newToken } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { ChatAccount, Reply } from '../event.js';
import type { Form, Message } from '../message.js';
import { sentenceOf, textsOf } from '../replies.js';
import { plainMessage } from '../views.js';
import type { Wording } from '../wording.js';
import { drawMessage, inertMrkdwn, section } from './blocks.js';
import { homeView, isSentence, type SentView, viewAgain } from './dialog-view.js';
import { type Dialogs, isClosed, NONCE_BITS, type Shown } from './dialogs.js';
import type { HeldErrands } from './held.js';
import { accountOf } from './listener.js';
import type { SlackApi } from './slack-api.js';
import type { Workspace } from './workspaces.js';

/** A trigger and an acknowledgement live three seconds: what is not ready by now is announced by a modal that waits. */
const SOON_MS = 1.5 * SECOND_MS;
/** So long a person looks at a dialog or a page in which nothing happens. */
const SEEN_MS = MINUTE_MS;
/** A message is read whenever it comes. */
const READ_LATER_MS = HOUR_MS;

/** Who is shown something. */
export interface Person {
  readonly workspace: Workspace;
  readonly userId: string;
}

/** Where somebody did something. */
export interface Place extends Person {
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
  readonly held: HeldErrands;
  /** In the language of who has this account, as far as it is known. */
  readonly wordsFor: (account: ChatAccount) => Wording;
  readonly clock: Clock;
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

  async onHome(reply: Reply, person: Person): Promise<void> {
    if (reply.kind !== 'message') return;
    const { api } = this.#parts;
    const { workspace, userId } = person;
    const view = homeView(reply.message);
    await this.#send({
      place: `home:${workspace.tenant}/${userId}`,
      keptMs: SEEN_MS,
      send: () => api.call('views.publish', workspace, (client) => client.views.publish({ user_id: userId, view })),
      instead: nothing,
    });
  }

  /** A reply to words in the direct chat, which is this channel. */
  async inDirectMessage(reply: Reply, { channel, ...person }: Person & { readonly channel: string }): Promise<void> {
    const sentence = sentenceOf(reply);
    if (reply.kind !== 'message' && sentence === '') return;
    const message = reply.kind === 'message' ? reply.message : plainMessage(this.#words(person).say.welcome.title, sentence);
    await this.#post(message, { ...person, channel });
  }

  /** A reply inside a modal that is there already. */
  async inDialog(reply: Reply, { viewId, ...person }: Person & { readonly viewId: string }): Promise<void> {
    await this.#put(this.drawn(reply, person), { ...person, viewId });
  }

  /** What was wrong with a dialog that was sent, once another one stands in its place: it comes back as it was filled in. */
  async sentBack(sent: SentView, errors: Readonly<Record<string, string>>, person: Person): Promise<void> {
    const { language } = this.#words(person).frame;
    await this.#put({ view: viewAgain(sent, errors, newToken(NONCE_BITS)), emptyAt: null, language }, { ...person, viewId: sent.id });
  }

  /** A reply as a modal. */
  drawn(reply: Reply, person: Person): Shown {
    const { dialogs } = this.#parts;
    return reply.kind === 'form' ? dialogs.draw(reply.form) : dialogs.sentence(sentenceOf(reply), this.#words(person));
  }

  /** What stands in for a reply that takes its time. */
  waiting(person: Person): Shown {
    return this.#parts.dialogs.waiting(this.#words(person));
  }

  /** What stands in for a reply that could not be shown. */
  notShown(person: Person): Shown {
    const words = this.#words(person);
    return this.#parts.dialogs.sentence(words.say.tooSlow, words);
  }

  /** Into a modal that is there. Where Slack does not take it, the person is told in the direct chat. */
  async #put(shown: Shown, { viewId, ...person }: Person & { readonly viewId: string }): Promise<void> {
    const { dialogs, log } = this.#parts;
    const instead = () => this.#tell(this.#words(person).say.tooSlow, person);
    try {
      await this.#send({ place: viewId, keptMs: SEEN_MS, send: () => dialogs.replace(person.workspace, viewId, shown), instead });
    } catch (error) {
      log.warn({ err: error }, 'a dialog could not be filled');
      if (!isClosed(error)) await instead();
    }
  }

  /** In this channel, or in the direct chat where that is not known. */
  async #post(message: Message, { workspace, userId, channel }: Person & { readonly channel: string | null }): Promise<void> {
    const { api } = this.#parts;
    const drawn = { ...drawMessage(message), parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;
    const directChat = async () => {
      const opened = await api.call('conversations.open', workspace, (client) => client.conversations.open({ users: userId }));
      return opened.channel?.id ?? '';
    };
    const send = async () => {
      const there = channel ?? (await directChat());
      await api.call('chat.postMessage', workspace, (client) => client.chat.postMessage({ channel: there, ...drawn }));
    };
    await this.#send({ place: null, keptMs: READ_LATER_MS, send, instead: nothing });
  }

  /** In the direct chat, where there is no other place for it. */
  async #tell(said: Message | string, person: Person): Promise<void> {
    const message = typeof said === 'string' ? plainMessage(this.#words(person).say.welcome.title, said) : said;
    await this.#post(message, { ...person, channel: null });
  }

  async #send({ place, keptMs, send, instead }: Sending): Promise<void> {
    const until = addMs(this.#parts.clock(), keptMs);
    await this.#parts.held.send({ place, until, send, instead });
  }

  #words({ workspace, userId }: Person): Wording {
    return this.#parts.wordsFor(accountOf(workspace, userId));
  }

  /** Null where it could not be opened: the reply is then shown in another way. */
  async #openWaiting({ workspace, userId, triggerId }: Place): Promise<string | null> {
    const { dialogs, log } = this.#parts;
    if (triggerId === null) return null;
    try {
      return await dialogs.open(workspace, triggerId, this.waiting({ workspace, userId }));
    } catch (error) {
      log.warn({ err: error }, 'no dialog could be opened to wait in');
      return null;
    }
  }

  async #show(reply: Reply, place: Place): Promise<void> {
    if (reply.kind === 'nothing') return;
    const { workspace, userId, viewId } = place;
    if (viewId !== null) { await this.inDialog(reply, { workspace, userId, viewId }); return; }
    if (reply.kind === 'message' && place.respond !== null) { await this.#beside(place.respond, reply.message, place); return; }
    const sentence = reply.kind === 'form' ? sentenceIn(reply.form) : sentenceOf(reply);
    // What only tells something needs no dialog, and stands beside the button that was pressed.
    if (sentence !== null && place.respond !== null) { await this.#beside(place.respond, sentence, place); return; }
    await this.#open(reply, place);
  }

  async #open(reply: Reply, { workspace, userId, triggerId, respond }: Place): Promise<void> {
    if (triggerId === null) return;
    const person = { workspace, userId };
    const shown = this.drawn(reply, person);
    const viewId = await this.#opened(shown, { ...person, triggerId, respond });
    if (viewId !== null && shown.emptyAt !== null) await this.#put(shown, { ...person, viewId });
  }

  /** Its id; null where it could not be opened, which the person is told. */
  async #opened(shown: Shown, { triggerId, respond, ...person }: Person & Pick<Place, 'respond'> & { readonly triggerId: string }): Promise<string | null> {
    try {
      return await this.#parts.dialogs.open(person.workspace, triggerId, shown);
    } catch (error) {
      // Its trigger was over, or Slack takes no more just now: either way another press is all it needs.
      this.#parts.log.warn({ err: error }, 'a dialog could not be opened');
      const { tooSlow } = this.#words(person).say;
      if (respond === null) await this.#tell(tooSlow, person);
      else await this.#beside(respond, tooSlow, person);
      return null;
    }
  }

  /** To this person alone; in the direct chat where Slack does not take it beside what was pressed or typed. */
  async #beside(respond: RespondFn, said: Message | string, { workspace, userId }: Person): Promise<void> {
    const drawn = typeof said === 'string' ? { text: inertMrkdwn(said), blocks: [section(said)] } : drawMessage(said);
    try {
      await respond({ response_type: 'ephemeral', replace_original: false, ...drawn });
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'an answer was not taken beside what was pressed');
      await this.#tell(said, { workspace, userId });
    }
  }
}

interface Sending {
  readonly place: string | null;
  /** How long it is worth to wait with it. */
  readonly keptMs: number;
  readonly send: () => Promise<unknown>;
  readonly instead: () => Promise<void>;
}

/** There is no other way, or no need of one. */
function nothing(): Promise<void> {
  return Promise.resolve();
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
