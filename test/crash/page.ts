// The playground's page without a browser: the same requests, with the same headers and cookie.
import { isNativeError } from 'node:util/types';
import type { AdaptiveCard, ActionPayload } from '../../src/chat/adaptive-card.js';
import type { ActionName } from '../../src/chat/message.js';
import type { CodeView, FeedItem, ReplyView, World } from '../../src/chat/playground/page/wire.js';
import { newId } from '../../src/lib/ids.js';

/** The connection broke before the whole answer was there: nobody knows what became of the request. */
export class ServerGone extends Error {
  override readonly name = 'ServerGone';
}

/** A button that was pressed or a dialog that was sent. Delivered again, it is the same one again. */
export interface Delivery {
  readonly path: 'press' | 'submit';
  readonly body: Readonly<Record<string, unknown>>;
}

const ANSWERED_WITHIN_MS = 60_000;

export function pressing(personId: string, action: ActionName, target: string): Delivery {
  return { path: 'press', body: { personId, deliveryId: newId(), action, target } };
}

export interface Dialog {
  readonly form: string;
  readonly formId: string;
  readonly target: string;
}

export function submitting(personId: string, dialog: Dialog, inputs: Readonly<Record<string, string>>): Delivery {
  const { form, formId, target } = dialog;
  return { path: 'submit', body: { personId, deliveryId: newId(), form, formId, target, inputs } };
}

/** What the dialog in a reply sends back. Throws with the reply when there is none. */
export function dialogIn(reply: ReplyView): Dialog {
  const actions = reply.kind === 'form' ? cardOf(reply.form.drawing).actions : [];
  const data = actions.map((action) => action.data).find(isSubmission);
  if (data === undefined) throw new Error(`no dialog came: ${JSON.stringify(reply)}`);
  return data;
}

function isSubmission(data: ActionPayload): data is Extract<ActionPayload, { kind: 'submitted' }> {
  return data.kind === 'submitted';
}

/** All that a message in the feed shows, as one text. */
export function textOf(item: FeedItem): string {
  return item.kind === 'words' ? item.text : JSON.stringify(item.drawing);
}

/** The drawing is typed as an object, because the page hands it on unread. */
function cardOf(drawing: object): AdaptiveCard {
  return drawing as AdaptiveCard;
}

export class Page {
  readonly #origin: string;
  #cookie = '';

  private constructor(origin: string) {
    this.#origin = origin;
  }

  /** Opens the address that the server printed: its token becomes a cookie. */
  static async open(address: string): Promise<Page> {
    const { origin, hash } = new URL(address);
    const page = new Page(origin);
    const answer = await page.#ask('POST', '/playground/session', { token: hash.slice(1) });
    page.#cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    return page;
  }

  async deliver({ path, body }: Delivery): Promise<ReplyView> {
    return JSON.parse((await this.#ask('POST', `/playground/${path}`, body)).text) as ReplyView;
  }

  /** Every chat as the page shows it. */
  async places(): Promise<World['places']> {
    const { text } = await this.#ask('GET', '/playground/world?parts=places');
    return (JSON.parse(text) as World).places;
  }

  /** What the authenticator pane shows. */
  async codes(): Promise<readonly CodeView[]> {
    return JSON.parse((await this.#ask('GET', '/playground/codes')).text) as readonly CodeView[];
  }

  /** Whether the server says that it may be given work; if not, throws with what it says. */
  async ready(): Promise<void> {
    await this.#ask('GET', '/ready');
  }

  async #ask(method: string, path: string, body?: object): Promise<{ readonly headers: Headers; readonly text: string }> {
    const headers = { Origin: this.#origin, Cookie: this.#cookie, 'Content-Type': 'application/json' };
    const signal = AbortSignal.timeout(ANSWERED_WITHIN_MS);
    try {
      const answer = await fetch(this.#origin + path, { method, headers, signal, body: body === undefined ? null : JSON.stringify(body) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
      return { headers: answer.headers, text };
    } catch (cause) {
      if (isBrokenConnection(cause)) throw new ServerGone(path, { cause });
      throw cause;
    }
  }
}

/** fetch says TypeError for everything that the network did, before the answer and in the middle of it. */
function isBrokenConnection(error: unknown): boolean {
  return isNativeError(error) && error.name === 'TypeError';
}
